"""Text to the lines a person would enter one after the other. Pure.

Only where one line ends and the next begins is looked at here; what a line means is the shell's matter,
in the container.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from assistant.commands.characters import check_characters
from assistant.commands.host_lines import first_program
from assistant.errors import CommandSyntaxError
from assistant.rehearsal.values import LeftOut
from knowledge.language import Text

MOST_LINES = 100
_SIGN = re.compile(r"\s*(?:[\w.-]+@[\w.-]+(?::[^\s$#]*)?)?[$#][ \t]+(?=\S)")
_DOLLAR = re.compile(r"\s*(?:[\w.-]+@[\w.-]+(?::[^\s$#]*)?)?\$[ \t]+\S")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_PAIRS = (("do", "done"), ("if", "fi"), ("case", "esac"), ("{", "}"))


def lines_of(text: str) -> tuple[str, ...]:
    """The lines in order, each whole: with what continues it, an open quote, a loop, or a here-document.

    Blank lines and comments go. Where lines bear a prompt sign, the others are output and go too.

    Raises:
        CommandSyntaxError: there are too many, or one holds characters that cannot be seen.
    """
    physical = text.replace("\r\n", "\n").split("\n")
    if any(_DOLLAR.match(line) for line in physical):
        physical = list(_prompted(physical))
    found = tuple(_whole(physical))
    if len(found) > MOST_LINES:
        raise CommandSyntaxError(
            Text(
                f"There are {len(found)} lines; at most {MOST_LINES} are rehearsed at once.",
                f"共有 {len(found)} 行；一次最多演练 {MOST_LINES} 行。",
            )
        )
    for line in found:
        check_characters(line)
    return found


def sorted_out(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """The lines to rehearse, and those that are docker's, for which the sandbox itself is the place."""
    left = tuple(LeftOut(line, _DOCKER) for line in lines if first_program(line)[0] == "docker")
    return tuple(line for line in lines if first_program(line)[0] != "docker"), left


def _prompted(physical: Sequence[str]) -> Iterator[str]:
    """Lines after a prompt sign, without it, and what continues them."""
    goes_on = False
    for line in physical:
        sign = _SIGN.match(line)
        if sign or goes_on:
            text = line[sign.end() :] if sign else re.sub(r"^\s*> ", "", line)
            goes_on = text.rstrip().endswith("\\")
            yield text


def _whole(physical: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(physical):
        line = physical[at].strip()
        at += 1
        if not line or line.startswith("#"):
            continue
        line = _SIGN.sub("", line, count=1) if line.startswith("$ ") else line
        while at < len(physical) and _goes_on(line):
            line = f"{line}\n{physical[at]}"
            at += 1
        yield line


def _goes_on(line: str) -> bool:
    last = line.rstrip()
    if last.endswith("\\") or re.search(r"(?:\||&&)$", last):
        return True
    heredoc = _HEREDOC.search(line)
    if heredoc is not None:
        rest = line[heredoc.end() :].split("\n")[1:]
        return not any(part.strip() == heredoc[2] for part in rest)
    try:
        words = shlex.split(re.sub(r"[;\n]", " ; ", line), comments=True)
    except ValueError:  # a quote is open
        return True
    return any(words.count(begin) > words.count(end) for begin, end in _PAIRS)


_DOCKER = Text(
    "A docker line; `docknotes run` carries it out in the sandbox.",
    "这是 docker 命令；请用 `docknotes run` 在沙箱中执行。",
)
