"""The command line's words for `docknotes lint` and `docknotes commands`."""

# No postponed annotations here: Typer reads them, and they name options made in this function.
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.show import Screen
from ui.settings import Settings


def add_linting(
    app: typer.Typer,
    t: Callable[[str, str], str],
    *,
    screen: Screen,
    chosen: Callable[[list[Path] | None], Settings],
    notes_option: Any,
    json_option: Any,
) -> None:
    """Adds both commands, their help in the language of ``t``."""

    def lint(
        *,
        notes: Annotated[list[Path] | None, notes_option] = None,
        only: Annotated[
            list[str] | None,
            typer.Option(
                "--only",
                help=t("Only this rule, repeatable.", "只检查这条规则，可重复。"),
                show_default=False,
            ),
        ] = None,
        fix: Annotated[
            bool,
            typer.Option(
                "--fix", help=t("Mend what is certain; asks first.", "修正可以确定的问题；会先询问。")
            ),
        ] = False,
        yes: Annotated[bool, typer.Option("--yes", help=t("Do not ask.", "不再询问。"))] = False,
        hints: Annotated[
            bool, typer.Option("--hints/--no-hints", help=t("Show hints too.", "是否显示提示。"))
        ] = True,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import linting

        settings = chosen(notes)
        raise typer.Exit(
            linting.lint(settings, screen, only=only or [], as_json=as_json, fix=fix, yes=yes, hints=hints)
        )

    def commands(
        notes: Annotated[list[Path] | None, notes_option] = None,
        section: Annotated[
            str | None,
            typer.Option(
                "--section", help=t("Only below headings with this text.", "只列标题含此文字的章节。")
            ),
        ] = None,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import linting

        linting.commands(chosen(notes), screen, section=section, as_json=as_json)

    app.command(
        help=t(
            "Say what is wrong in the notes.  Example: docknotes lint --notes ~/notes --fix",
            "指出笔记中的问题。  例：docknotes lint --notes ~/notes --fix",
        )
    )(lint)
    app.command(
        help=t(
            "List every command in the notes with its place and verdict.",
            "列出笔记中的所有命令及其位置和判定。",
        )
    )(commands)
