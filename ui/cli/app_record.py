"""The words of the commands over policy and record: names, options and help, in one language."""

# No postponed annotations here: Typer reads them, and they name options made in this function.
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from knowledge.language import Language, Text
from ui.cli.show import Screen
from ui.settings import Settings


def record_commands(
    read: Callable[[], Settings], screen: Screen, language: Language
) -> dict[Callable[..., None], str]:
    """``runs``, ``undo``, ``cleanup`` and ``policy``, each with its help."""

    def t(en: str, zh: str) -> str:
        return Text(en, zh).said_in(language)

    json_option = typer.Option("--json", help=t("Print JSON, for scripts.", "输出 JSON，供脚本使用。"))

    def policy(
        what: Annotated[
            Literal["show", "check"],
            typer.Argument(
                help=t(
                    "'show' the one in force, or 'check' a file.", "“show” 显示当前策略，“check” 检查文件。"
                )
            ),
        ] = "show",
        file: Annotated[
            Path | None,
            typer.Argument(
                help=t(
                    "The file to check; without it your own.", "要检查的文件；不指定则为你自己的策略文件。"
                ),
                show_default=False,
            ),
        ] = None,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import policy as policies

        if what == "show":
            policies.show(read(), screen, as_json=as_json)
        else:
            raise typer.Exit(policies.check(read(), screen, file, as_json=as_json))

    def runs(
        what: Annotated[
            Literal["list", "show", "logs", "verify"],
            typer.Argument(
                help=t(
                    "'list' them, 'show' one, its container's 'logs', or 'verify' the record.",
                    "“list” 列出，“show” 查看一次，“logs” 查看其容器日志，“verify” 检查记录是否被改动。",
                )
            ),
        ] = "list",
        run: Annotated[
            str | None,
            typer.Argument(
                help=t("The run's id, for 'show' and 'logs'.", "运行的编号，用于 “show” 和 “logs”。"),
                show_default=False,
            ),
        ] = None,
        *,
        follow: Annotated[
            bool, typer.Option("--follow", help=t("'logs': go on.", "“logs”：持续显示。"))
        ] = False,
        limit: Annotated[int, typer.Option(min=1, help=t("Most runs.", "数量上限。"))] = 50,
        export: Annotated[
            Path | None,
            typer.Option(
                help=t("Write all into a new file instead.", "改为全部写入一个新文件。"), show_default=False
            ),
        ] = None,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import background, record

        if what == "show":
            background.show(read(), screen, run, as_json=as_json)
            return
        if what == "logs":
            raise typer.Exit(background.logs(read(), screen, run, follow=follow, as_json=as_json))
        if what == "verify":
            raise typer.Exit(record.verify(read(), screen, as_json=as_json))
        record.runs(read(), screen, limit=limit, export=export, as_json=as_json)

    yes_option = typer.Option("--yes", help=t("Do not ask.", "不再询问。"))

    def undo(
        run: Annotated[
            str | None,
            typer.Argument(help=t("The run's id.", "运行的编号。")),
        ] = None,
        conversation: Annotated[
            str | None,
            typer.Option(
                "--all-of-conversation",
                help=t("All runs of a conversation.", "一个会话的全部运行。"),
                show_default=False,
            ),
        ] = None,
        yes: Annotated[bool, yes_option] = False,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import record

        raise typer.Exit(record.undo(read(), screen, run, conversation, yes=yes, as_json=as_json))

    def cleanup(
        yes: Annotated[bool, yes_option] = False, as_json: Annotated[bool, json_option] = False
    ) -> None:
        from ui.cli import record

        raise typer.Exit(record.cleanup(read(), screen, yes=yes, as_json=as_json))

    return {
        runs: t(
            "List what was run, show one, or verify the record.  Example: docknotes runs verify",
            "列出执行过的命令、查看其中一次，或检查记录。  例：docknotes runs verify",
        ),
        undo: t("Remove what a run made.", "删除一次运行创建的对象。"),
        cleanup: t("Remove everything docknotes made on the Engine.", "删除 docknotes 在引擎上创建的一切。"),
        policy: t(
            "Show what docker lines may do, or check a policy file.  Example: docknotes policy check my.toml",
            "显示 docker 命令可以做什么，或检查策略文件。  例：docknotes policy check my.toml",
        ),
    }
