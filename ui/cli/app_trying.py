"""The words of `docknotes rehearse` and `docknotes verify-notes`: names, options and help."""

# No postponed annotations here: Typer reads them, and they name options made in this function.
from collections.abc import Callable
from typing import Annotated, Any

import typer

from ui.cli.show import Screen
from ui.settings import Settings


def add_trying(
    app: typer.Typer,
    t: Callable[[str, str], str],
    *,
    screen: Screen,
    read: Callable[[], Settings],
    json_option: Any,
) -> None:
    """Adds the commands, their help in the language of ``t``."""
    yes_option = typer.Option("--yes", help=t("Do not ask.", "不再询问。"))

    def rehearse(
        sources: Annotated[
            list[str],
            typer.Argument(
                metavar="FILE|-|LINE...",
                help=t(
                    "A file of lines, a note, '-' for standard input, or the lines themselves.",
                    "命令文件、笔记、“-”（标准输入），或命令本身。",
                ),
            ),
        ],
        image: Annotated[
            str | None,
            typer.Option(help=t("The image to try them in.", "使用的镜像。"), show_default=False),
        ] = None,
        offline: Annotated[
            bool, typer.Option("--offline", help=t("Without a network.", "不使用网络。"))
        ] = False,
        yes: Annotated[bool, yes_option] = False,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import rehearsing

        raise typer.Exit(
            rehearsing.run(read(), screen, sources, image=image, offline=offline, yes=yes, as_json=as_json)
        )

    app.command(
        help=t(
            "Try lines for a shell in a throwaway container.  "
            "Example: docknotes rehearse 'sudo apt-get update' 'sudo apt-get install -y curl'",
            "在一次性容器中演练 shell 命令。  "
            "例：docknotes rehearse 'sudo apt-get update' 'sudo apt-get install -y curl'",
        )
    )(rehearse)
