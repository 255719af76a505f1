"""The words of `docknotes rehearse` and `docknotes verify-notes`: names, options and help."""

# No postponed annotations here: Typer reads them, and they name options made in this function.
from collections.abc import Callable
from pathlib import Path
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
    chosen: Callable[[list[Path] | None], Settings],
    notes_option: Any,
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

    def verify_notes(
        section: Annotated[
            str | None,
            typer.Argument(
                help=t("Only below headings with this text.", "只验证标题含此文字的章节。"),
                show_default=False,
            ),
        ] = None,
        notes: Annotated[list[Path] | None, notes_option] = None,
        seconds: Annotated[
            float,
            typer.Option(min=1.0, help=t("Most seconds for each command.", "每条命令最多几秒。")),
        ] = 60.0,
        yes: Annotated[bool, yes_option] = False,
        as_json: Annotated[bool, json_option] = False,
    ) -> None:
        from ui.cli import verifying

        raise typer.Exit(
            verifying.run(chosen(notes), screen, section, seconds=seconds, yes=yes, as_json=as_json)
        )

    app.command(
        "verify-notes",
        help=t(
            "Try the docker commands of the notes in the sandbox, and keep which of them work here.  "
            "Example: docknotes verify-notes 'Named volumes' --notes ~/notes",
            "在沙箱中试运行笔记里的 docker 命令，并记录哪些在本机可用。  "
            "例：docknotes verify-notes 数据卷 --notes ~/notes",
        ),
    )(verify_notes)
    app.command(
        help=t(
            "Try lines for a shell in a throwaway container.  "
            "Example: docknotes rehearse 'sudo apt-get update' 'sudo apt-get install -y curl'",
            "在一次性容器中演练 shell 命令。  "
            "例：docknotes rehearse 'sudo apt-get update' 'sudo apt-get install -y curl'",
        )
    )(rehearse)
