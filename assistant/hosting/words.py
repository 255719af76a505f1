"""A line for a shell, cut into its commands to be looked at; nothing here runs or expands anything. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.commands.characters import MAX_LINE_BYTES
from assistant.commands.shell_syntax import PROMPT

_SEPARATORS = frozenset({"&&", ";", "||", "&"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_SUDO_WITH_VALUE = frozenset({"-u", "-g", "-h", "-p", "-C", "--user", "--group"})


@dataclass(frozen=True, slots=True)
class HostCommand:
    """One command of a line: its words without ``sudo`` and assignments, and where its output goes.

    ``fed_by`` is the command whose output it reads through a pipe; ``out`` the file after ``>`` or ``>>``.
    """

    words: tuple[str, ...]
    fed_by: HostCommand | None = None
    out: str | None = None

    @property
    def program(self) -> str:
        """The program, without its folder."""
        return self.words[0].rpartition("/")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """The words after the program that are no options."""
        return tuple(word for word in self.words[1:] if not word.startswith("-"))


def commands_of(line: str) -> tuple[HostCommand, ...]:
    """The last command of each pipeline of a line, in order; none where its quotes do not close."""
    if len(line) > MAX_LINE_BYTES:
        return ()
    text = PROMPT.sub("", re.sub(r"\\\r?\n|(?<=\s)\\\s", " ", line.strip()), count=1)
    try:
        tokens = list(_tokens(text))
    except ValueError:
        return ()
    return tuple(_pipelines(tokens))


def _tokens(text: str) -> Iterator[str]:
    lexer = shlex.shlex(text.replace("\n", " ; "), posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    for word in lexer:
        if word == "#":  # the rest is a comment
            return
        yield word


def _pipelines(tokens: list[str]) -> Iterator[HostCommand]:
    last: HostCommand | None = None
    words: list[str] = []
    for token in [*tokens, ";"]:
        if token not in _SEPARATORS and token not in {"|", "|&"}:
            words.append(token)
            continue
        command = _command(words, last)
        words = []
        last = command if token in {"|", "|&"} else None
        if last is None and command is not None:
            yield command


def _command(words: list[str], fed_by: HostCommand | None) -> HostCommand | None:
    kept, out = _without_redirections(words)
    at = 0
    while at < len(kept):
        if _ASSIGNMENT.match(kept[at]) or kept[at] in {"env", "nohup", "time"}:
            at += 1
        elif kept[at] in {"sudo", "doas"}:
            at = _after_sudo(kept, at + 1)
        else:
            break
    return HostCommand(tuple(kept[at:]), fed_by, out) if at < len(kept) else None


def _after_sudo(words: list[str], at: int) -> int:
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _SUDO_WITH_VALUE else 1
    return at


def _without_redirections(words: list[str]) -> tuple[list[str], str | None]:
    kept: list[str] = []
    out: str | None = None
    at = 0
    while at < len(words):
        if set(words[at]) <= set("<>&|") and words[at][:1] in {"<", ">", "&"}:
            # A number before it belongs to it.
            number = kept.pop() if kept and kept[-1] in {"1", "2"} else "1"
            if ">" in words[at] and number == "1" and at + 1 < len(words):
                out = words[at + 1]
            at += 2
            continue
        kept.append(words[at])
        at += 1
    return kept, out
