"""The line ``docker compose …``: its own options, its subcommand, and what is said where it is none.

Source: ``docker compose COMMAND --help`` of docker compose 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from assistant.commands.flag_forms import Grammar, grammar_of
from assistant.commands.lexer import Word
from assistant.commands.subcommands import replaced
from assistant.errors import CommandSyntaxError, UnsupportedCommandError
from knowledge.language import Text

OWN = grammar_of(
    "compose",
    """
    bool all-resources compatibility dry-run verbose
    list file,f profile env-file
    int parallel
    string ansi progress project-directory project-name,p
    """,
    least=0,
    most=None,
    options_first=True,
)
"""What stands between ``compose`` and its subcommand."""

UP = grammar_of(
    "compose up",
    """
    bool abort-on-container-exit always-recreate-deps build detach,d force-recreate no-build no-color no-deps
    bool no-log-prefix no-recreate no-start quiet-pull remove-orphans timestamps wait watch,w yes,y
    list attach no-attach scale
    int timeout,t wait-timeout
    string exit-code-from pull
    """,
    least=0,
    most=None,
)
DOWN = grammar_of(
    "compose down",
    """
    bool remove-orphans volumes,v
    int timeout,t
    string rmi
    """,
    least=0,
    most=None,
)
PS = grammar_of(
    "compose ps",
    """
    bool all,a no-trunc orphans quiet,q services
    list filter status
    string format
    """,
    least=0,
    most=None,
)
LOGS = grammar_of(
    "compose logs",
    """
    bool follow,f no-color no-log-prefix timestamps,t
    int index
    string since tail,n until
    """,
    least=0,
    most=None,
)
CONFIG = grammar_of(
    "compose config",
    """
    bool environment hash images no-consistency no-env-resolution no-interpolate no-normalize
    bool no-path-resolution profiles quiet,q resolve-image-digests services variables volumes networks
    string format output,o
    """,
    least=0,
    most=None,
)
KNOWN: dict[str, Grammar] = {
    "up": UP,
    "down": DOWN,
    "ps": PS,
    "logs": LOGS,
    "config": CONFIG,
    "convert": CONFIG,
}
OTHERS = frozenset(
    [
        "alpha",
        "attach",
        "bridge",
        "build",
        "commit",
        "cp",
        "create",
        "events",
        "exec",
        "export",
        "images",
        "kill",
        "ls",
        "pause",
        "port",
        "publish",
        "pull",
        "push",
        "restart",
        "rm",
        "run",
        "scale",
        "start",
        "stats",
        "stop",
        "top",
        "unpause",
        "version",
        "volumes",
        "wait",
        "watch",
    ]
)
"""Subcommands compose has that are not carried out here."""

Read = Callable[[Grammar, Sequence[Word], int], tuple[dict[str, list[str]], list[str], int]]
"""Reads flags and arguments from a place on: the flags, the arguments, and where the arguments begin."""


def read_line(
    words: Sequence[Word], at: int, read: Read
) -> tuple[Grammar, dict[str, list[str]], tuple[str, ...]]:
    """The grammar of the subcommand, its flags (compose's own as ``compose file`` …) and the services.

    Raises:
        CommandSyntaxError: compose would not take the line.
        UnsupportedCommandError: it would, and it is not carried out here.
    """
    own, _, start = read(OWN, words, at)
    if start >= len(words):
        raise CommandSyntaxError(
            Text(
                f"`docker compose` needs one of these after it: {', '.join(KNOWN)}.",
                f"`docker compose` 后面需要以下之一：{'、'.join(KNOWN)}。",
            ),
            word="compose",
        )
    name = words[start].text
    if name not in KNOWN:
        raise _not_carried_out(words, start, name)
    flags, args, _ = read(KNOWN[name], words, start + 1)
    _refuse(own, OWN.name, ("project-directory", "all-resources", "dry-run"))
    return KNOWN[name], {**flags, **{f"compose {key}": values for key, values in own.items()}}, tuple(args)


def _refuse(flags: dict[str, list[str]], name: str, refused: Sequence[str]) -> None:
    for flag in refused:
        if flag in flags:
            raise UnsupportedCommandError(
                Text(
                    f"`docker {name} --{flag}` is not carried out here.",
                    f"这里不支持 `docker {name} --{flag}`。",
                ),
                word=f"--{flag}",
            )


def _not_carried_out(words: Sequence[Word], at: int, name: str) -> Exception:
    if name in OTHERS:
        return UnsupportedCommandError(
            Text(
                f"`docker compose {name}` is not carried out here; {', '.join(KNOWN)} are.",
                f"这里不执行 `docker compose {name}`；支持的有 {'、'.join(KNOWN)}。",
            ),
            word=name,
        )
    near = difflib.get_close_matches(name.lower(), sorted({*KNOWN, *OTHERS}), n=1, cutoff=0.6)
    return CommandSyntaxError(
        Text(
            f"`docker compose {name}` is no command." + (f" Did you mean `{near[0]}`?" if near else ""),
            f"没有 `docker compose {name}` 这个命令。" + (f"是否想写 `{near[0]}`？" if near else ""),
        ),
        word=name,
        suggestion=replaced(words, at, near[0]) if near else None,
    )
