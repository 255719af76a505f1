"""Which subcommand a line means, and what is said where it is none, or none that is carried out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from assistant.commands import flags as table
from assistant.commands.lexer import Word
from assistant.errors import CommandError, CommandSyntaxError, UnsupportedCommandError
from knowledge.language import Text


def skip_global_flags(words: Sequence[Word]) -> int:
    """Where the subcommand stands, after docker's own options.

    Raises:
        UnsupportedCommandError: an option that would talk to another Engine.
        CommandSyntaxError: an option docker does not have.
    """
    at = 1
    while at < len(words) and words[at].text.startswith("-") and len(words[at].text) > 1:
        name, equals, _ = words[at].text.lstrip("-").partition("=")
        if name in table.GLOBAL_REFUSED or words[at].text[1:2] in {"H", "c"}:
            raise UnsupportedCommandError(
                Text(
                    en=f"`{words[at].text}` would talk to another Engine or use other credentials; "
                    "docknotes only talks to the Engine it was set up with.",
                    zh=f"`{words[at].text}` 会连接另一个 Docker 引擎或使用别的凭据；docknotes "
                    "只连接所配置的引擎。",
                ),
                word=words[at].text,
            )
        if name not in table.GLOBAL_FLAGS:
            raise _unknown_global(words, at)
        at += 1 if equals or table.GLOBAL_FLAGS[name] == "bool" else 2
    return at


def _unknown_global(words: Sequence[Word], at: int) -> CommandError:
    word = words[at].text
    if word in {"-v", "--version"}:
        return UnsupportedCommandError(
            Text(
                en=f"`docker {word}` asks docker's client for its own version; there is no client here. "
                "`docker version` shows the Engine's.",
                zh=f"`docker {word}` 查询的是 docker 客户端自身的版本；这里没有客户端。`docker "
                "version` 会显示引擎的版本。",
            ),
            word=word,
            suggestion="docker version",
        )
    return CommandSyntaxError(
        Text(
            en=f"`{word}` is no option that docker takes before its subcommand here.",
            zh=f"`{word}` 不是这里子命令之前可用的 docker 选项。",
        ),
        word=word,
        suggestion=_moved(words, at),
    )


def _moved(words: Sequence[Word], at: int) -> str | None:
    """The line with the options that stand before the subcommand put after it; None where none follows."""
    for i in range(at + 1, len(words)):
        if (words[i].text,) in table.COMMANDS:
            order = (*words[:at], words[i], *words[at:i], *words[i + 1 :])
            return " ".join(word.raw for word in order)
    return None


def subcommand(words: Sequence[Word], start: int) -> tuple[tuple[str, ...], int]:
    """The words of the subcommand, and where its flags begin.

    Raises:
        UnsupportedCommandError: a subcommand that is not carried out.
        CommandSyntaxError: docker has no such subcommand.
    """
    first = words[start].text
    second = words[start + 1].text if start + 1 < len(words) else ""
    if (first,) in table.COMMANDS:
        return (first,), start + 1
    if (first, second) in table.COMMANDS:
        return (first, second), start + 2
    if first in table.NEVER or (first, second) == ("volume", "update"):
        raise UnsupportedCommandError(
            Text(
                en=f"`docker {first}` is refused: it deals with credentials, other machines or code "
                "inside the Engine, which the sandbox never touches.",
                zh=f"拒绝执行 `docker {first}`：它涉及凭据、其他机器或引擎内部的代码，沙箱从不触碰这些。",
            ),
            word=first,
        )
    if first in table.OTHER:
        raise UnsupportedCommandError(
            Text(
                en=f"`docker {first}` is a plugin of docker's client, and docknotes does not run it yet; "
                "copy the line to a terminal of your own.",
                zh=f"`docker {first}` 是 docker 客户端的插件，docknotes 目前还不执行它；"
                "请把这一行复制到自己的终端运行。",
            ),
            word=first,
        )
    raise _unknown_subcommand(words, start, first, second)


def _unknown_subcommand(words: Sequence[Word], start: int, first: str, second: str) -> CommandSyntaxError:
    at, known = (
        start,
        sorted({name[0] for name in table.COMMANDS} | set(table.OTHER) | table.NEVER | {"compose"}),
    )
    if first in table.MANAGEMENT:
        at = start + 1
        known = sorted({name[1] for name in table.COMMANDS if name[0] == first and name[1:]})
    word = second if at > start else first
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6) if word else []
    shown = f"docker {first} {second}".strip() if at > start else f"docker {first}"
    if at > start and (not word or word.startswith("-")):
        return CommandSyntaxError(
            Text(
                en=f"`docker {first}` needs one of these after it: {', '.join(known)}.",
                zh=f"`docker {first}` 后面需要以下之一：{'、'.join(known)}。",
            ),
            word=first,
        )
    return CommandSyntaxError(
        Text(
            en=f"`{shown}` is no docker command." + (f" Did you mean `{near[0]}`?" if near else ""),
            zh=f"`{shown}` 不是 docker 命令。" + (f"是否想写 `{near[0]}`？" if near else ""),
        ),
        word=word or first,
        suggestion=replaced(words, at, near[0]) if near else None,
    )


def replaced(words: Sequence[Word], at: int, raw: str) -> str:
    """The line with one word written differently."""
    return " ".join(raw if i == at else word.raw for i, word in enumerate(words))
