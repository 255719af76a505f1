"""The command line's words: names, options and help, in one language."""

# No postponed annotations here: Typer reads them, and they name options made in this function.
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from knowledge.language import Language, Text
from ui.cli.app_keeping import add_gaps_and_save, add_talks
from ui.cli.app_linting import add_linting
from ui.cli.app_record import record_commands
from ui.cli.app_trying import add_trying
from ui.cli.show import Screen
from ui.settings import Settings

Read = Callable[[], Settings]
"""Reads the settings when a command runs, so that --help works whatever they are."""


def build_cli(read: Read, language: Language) -> typer.Typer:
    """The ``docknotes`` command with its help in one language."""

    def t(en: str, zh: str) -> str:
        return Text(en, zh).said_in(language)

    app = typer.Typer(
        name="docknotes",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help=t(
            "Answers Docker questions from your own notes and runs the commands in a sandbox.",
            "根据你自己的笔记回答 Docker 问题，并在沙箱中执行命令。",
        ),
    )
    screen = Screen(language)
    notes_help = t(
        "Notes: a file or folder, repeatable. Without it the shipped notes.",
        "笔记文件或文件夹，可重复。不指定则使用自带的笔记。",
    )
    json_help = t("Print JSON, for scripts.", "输出 JSON，供脚本使用。")
    batch_help = t("'-' reads one JSON object a line.", "“-”表示从标准输入逐行读取 JSON。")
    notes_option = typer.Option("--notes", help=notes_help, show_default=False)
    json_option = typer.Option("--json", help=json_help)

    def chosen(notes: list[Path] | None) -> Settings:
        settings = read()
        if not notes:
            return settings
        return replace(settings, knowledge=replace(settings.knowledge, sources=tuple(notes), own=None))

    def serve(
        notes: Annotated[list[Path] | None, notes_option] = None,
        port: Annotated[
            int | None, typer.Option(help=t("Port; 0 takes a free one.", "端口；0 表示任选空闲端口。"))
        ] = None,
        open_browser: Annotated[
            bool, typer.Option("--open", help=t("Open the page in your browser.", "在浏览器中打开页面。"))
        ] = False,
    ) -> None:
        from ui.cli import doing

        doing.serve(chosen(notes), screen, port=port, open_browser=open_browser)

    def index(
        notes: Annotated[list[Path] | None, notes_option] = None,
        watch: Annotated[
            bool,
            typer.Option(
                "--watch",
                help=t("Go on until Ctrl+C: index what is saved.", "持续运行，笔记保存后即更新索引。"),
            ),
        ] = False,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import reading

        reading.index(chosen(notes), screen, as_json=as_json, watch=watch)

    def search(
        query: Annotated[str, typer.Argument(help=t("What to look for. ", "要查找的内容。") + batch_help)],
        notes: Annotated[list[Path] | None, notes_option] = None,
        limit: Annotated[int, typer.Option(min=1, max=100, help=t("Most hits.", "结果数量上限。"))] = 10,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import reading

        reading.search(chosen(notes), screen, query, limit=limit, as_json=as_json)

    def ask(
        question: Annotated[str, typer.Argument(help=t("The question. ", "问题。") + batch_help)],
        notes: Annotated[list[Path] | None, notes_option] = None,
        conversation: Annotated[
            str,
            typer.Option(
                help=t("Go on with a conversation, or begin one.", "继续或新建一个对话。"), show_default=False
            ),
        ] = "",
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import reading

        reading.ask(chosen(notes), screen, question, conversation=conversation, as_json=as_json)

    def plan(
        command: Annotated[
            str, typer.Argument(help=t("The docker line, quoted. ", "docker 命令，加引号。") + batch_help)
        ],
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import reading

        raise typer.Exit(reading.plan(read(), screen, command, as_json=as_json))

    def run(
        command: Annotated[str, typer.Argument(help=t("The docker line, quoted.", "docker 命令，加引号。"))],
        approve: Annotated[
            bool,
            typer.Option(
                "--approve",
                help=t(
                    "Yes to what `docknotes plan` shows for this line.",
                    "批准 `docknotes plan` 对这一行给出的计划。",
                ),
            ),
        ] = False,
        confirm: Annotated[
            list[str] | None,
            typer.Option(
                "--confirm",
                help=t(
                    "Name an object docknotes did not make, to let it be changed.",
                    "指名一个不是由 docknotes 创建的对象，允许改动它。",
                ),
                show_default=False,
            ),
        ] = None,
        conversation: Annotated[
            str,
            typer.Option(
                help=t("A name for runs that belong together.", "属于同一组的运行的名称。"),
                show_default=False,
            ),
        ] = "",
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import doing

        code = doing.run(
            read(),
            screen,
            command,
            approve=approve,
            confirm=confirm or (),
            conversation=conversation,
            as_json=as_json,
        )
        raise typer.Exit(code)

    def gpu(
        approve: Annotated[
            bool,
            typer.Option(
                "--approve", help=t("Let the checks run their containers.", "允许检查运行所需的容器。")
            ),
        ] = False,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import doing

        raise typer.Exit(doing.gpu(read(), screen, approve=approve, as_json=as_json))

    def doctor(as_json: Annotated[bool, json_option] = False) -> None:
        from ui.cli import reading

        reading.doctor(read(), screen, as_json=as_json)

    helps: Mapping[Callable[..., None], str] = {
        serve: t("Serve the web chat on this machine.", "在本机启动网页聊天。"),
        index: t("Bring the index of the notes up to date.", "更新笔记的索引。"),
        search: t("Find passages in the notes.", "在笔记中查找段落。"),
        ask: t(
            "Answer a question from the notes.  Example: docknotes ask 'how do I list all containers?'",
            "根据笔记回答问题。  例：docknotes ask '怎么查看所有容器？'",
        ),
        plan: t(
            "Show what a docker line would do.  Example: docknotes plan 'docker run --rm busybox true'",
            "显示一行 docker 命令会做什么。  例：docknotes plan 'docker run --rm busybox true'",
        ),
        run: t(
            "Run a docker line in the sandbox.  Example: docknotes run 'docker ps -a'",
            "在沙箱中执行一行 docker 命令。  例：docknotes run 'docker ps -a'",
        ),
        gpu: t("Check step by step whether Docker can use the GPU.", "逐步检查 Docker 能否使用 GPU。"),
        **record_commands(read, screen, language),
        doctor: t("Say what is there and what is missing.", "说明已具备什么、还缺什么。"),
    }
    for function, text in helps.items():
        app.command(help=text)(function)
    add_linting(app, t, screen=screen, chosen=chosen, notes_option=notes_option, json_option=json_option)
    add_trying(
        app, t, screen=screen, read=read, chosen=chosen, notes_option=notes_option, json_option=json_option
    )
    add_talks(app, t, screen=screen, read=read)
    add_gaps_and_save(
        app, t, screen=screen, chosen=chosen, notes_option=notes_option, json_option=json_option
    )
    return app
