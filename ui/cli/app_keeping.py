"""The command line's words for what is kept: `docknotes talks`, `docknotes gaps`, `docknotes save`."""

# No postponed annotations here: Typer reads them, and they name options made in this function.
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.show import Screen
from ui.settings import Settings


def add_talks(
    app: typer.Typer, t: Callable[[str, str], str], *, screen: Screen, read: Callable[[], Settings]
) -> None:
    """Adds `docknotes talks`, its help in the language of ``t``."""
    group = typer.Typer(no_args_is_help=False, rich_markup_mode=None)
    json_option = typer.Option("--json", help=t("Print JSON, for scripts.", "输出 JSON，供脚本使用。"))
    name = typer.Argument(help=t("Its id or title.", "编号或标题。"), show_default=False)

    def list_all(context: typer.Context, as_json: Annotated[bool, json_option] = False) -> None:
        from ui.cli import talks

        if context.invoked_subcommand is None:
            talks.listed(read(), screen, "", as_json=as_json)

    def list_them(as_json: Annotated[bool, json_option] = False) -> None:
        from ui.cli import talks

        talks.listed(read(), screen, "", as_json=as_json)

    def search(
        words: Annotated[str, typer.Argument(help=t("Words it holds.", "其中包含的词。"))],
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import talks

        talks.listed(read(), screen, words, as_json=as_json)

    def show(name: Annotated[str, name], as_json: Annotated[bool, json_option] = False) -> None:
        from ui.cli import talks

        talks.show(read(), screen, name, as_json=as_json)

    def rename(
        name: Annotated[str, name],
        title: Annotated[str, typer.Argument(help=t("The new title.", "新标题。"))],
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import talks

        talks.rename(read(), screen, name, title, as_json=as_json)

    def export(
        name: Annotated[str, name],
        file: Annotated[
            Path | None,
            typer.Option(
                help=t("A new file; without it, standard output.", "新文件；不指定则输出到标准输出。"),
                show_default=False,
            ),
        ] = None,
    ) -> None:
        from ui.cli import talks

        talks.export(read(), screen, name, file)

    def delete(
        name: Annotated[str, name],
        yes: Annotated[bool, typer.Option("--yes", help=t("Do not ask.", "不再询问。"))] = False,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import talks

        raise typer.Exit(talks.delete(read(), screen, name, yes=yes, as_json=as_json))

    group.callback(invoke_without_command=True)(list_all)
    for word, function, text in (
        ("list", list_them, t("List the conversations.", "列出所有对话。")),
        ("search", search, t("List those that hold some words.", "列出包含某些词的对话。")),
        ("show", show, t("Show one in full.", "显示一个对话的全部内容。")),
        ("rename", rename, t("Give one another title.", "给对话换一个标题。")),
        (
            "export",
            export,
            t(
                "Write one as Markdown, with sources, commands and outcomes.",
                "导出为 Markdown，附出处、命令和运行结果。",
            ),
        ),
        ("delete", delete, t("Delete one for good.", "永久删除一个对话。")),
    ):
        group.command(word, help=text)(function)
    app.add_typer(
        group,
        name="talks",
        help=t(
            "List, search, rename, export or delete conversations.  Example: docknotes talks show shop",
            "列出、搜索、重命名、导出或删除对话。  例：docknotes talks show shop",
        ),
    )


def add_gaps_and_save(
    app: typer.Typer,
    t: Callable[[str, str], str],
    *,
    screen: Screen,
    chosen: Callable[[list[Path] | None], Settings],
    notes_option: Any,
    json_option: Any,
) -> None:
    """Adds `docknotes gaps` and `docknotes save`, their help in the language of ``t``."""

    def gaps(
        notes: Annotated[list[Path] | None, notes_option] = None,
        forget: Annotated[
            str,
            typer.Option(
                help=t("Forget this question, or 'all'.", "忘掉这个问题；“all” 表示全部。"),
                show_default=False,
            ),
        ] = "",
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import gaps as kept

        if forget:
            raise typer.Exit(kept.forget(chosen(notes), screen, forget, as_json=as_json))
        kept.gaps(chosen(notes), screen, as_json=as_json)

    def option(en: str, zh: str) -> Any:
        return typer.Option(help=t(en, zh), show_default=False)

    def save(
        *,
        file: Annotated[
            str, typer.Argument(help=t("The .md file, below your notes.", "笔记文件夹里的 .md 文件。"))
        ],
        conversation: Annotated[str, option("An answer of this conversation.", "这个对话里的回答。")] = "",
        turn: Annotated[
            int | None, option("Which; without it the last.", "第几个；不指定则为最后一个。")
        ] = None,
        run: Annotated[str, option("A run, by its id.", "一次运行的编号。")] = "",
        text: Annotated[str, option("A text of your own.", "你自己的文字。")] = "",
        title: Annotated[str, option("The section's heading.", "新章节的标题。")] = "",
        under: Annotated[str, option("Below this heading.", "放在这个标题下。")] = "",
        yes: Annotated[bool, typer.Option("--yes", help=t("Do not ask.", "不再询问。"))] = False,
        notes: Annotated[list[Path] | None, notes_option] = None,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import saving

        code = saving.save_section(
            chosen(notes), screen, file, conversation=conversation, turn=turn, run=run, text=text,
            title=title, under=under, yes=yes, as_json=as_json,
        )  # fmt: skip
        raise typer.Exit(code)

    app.command(
        help=t(
            "List what was asked and stands in no note, with where it would belong.",
            "列出问过但笔记里没有的内容，以及它该写在哪里。",
        )
    )(gaps)
    app.command(
        help=t(
            "Save an answer, a run or a text to your notes.  Example: docknotes save docker.md --run 1a2b3c",
            "把回答、运行结果或文字存进笔记。  例：docknotes save docker.md --run 1a2b3c",
        )
    )(save)
