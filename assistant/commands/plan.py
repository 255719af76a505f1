"""One line to a plan: the typed action, and the requests the real docker CLI would send for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.commands import change_plans, read_plans, run_plan
from assistant.commands.grammar import Parsed, parse
from assistant.commands.lexer import Lexed, Word, lex
from assistant.commands.other_plans import OTHERS
from assistant.commands.plan_parts import Draft, Parts
from assistant.commands.references import parse_reference
from assistant.commands.shell_syntax import before_filter
from assistant.commands.subcommands import replaced
from assistant.compose.plans import BUILDERS as COMPOSE
from assistant.errors import CommandSyntaxError, UnreadableFileError, UnsupportedCommandError
from assistant.values import Placeholder, Plan
from knowledge.language import Text

_BUILDERS: dict[str, Draft] = {
    "run": run_plan.run,
    "ps": read_plans.ps,
    "images": read_plans.images,
    "logs": read_plans.logs,
    "version": read_plans.version,
    "info": read_plans.info,
    "inspect": read_plans.inspect,
    "container inspect": read_plans.inspect,
    "image inspect": read_plans.inspect,
    "volume inspect": read_plans.inspect,
    "network inspect": read_plans.inspect,
    "stop": change_plans.stop,
    "rm": change_plans.rm,
    "pull": change_plans.pull,
    "create": run_plan.create,
    **OTHERS,
    **COMPOSE,
}
_MOST_SLIPS = 6
"""A line with more slips than this is not mended."""

_SUDO_SWITCHES = frozenset(
    {"-E", "-H", "-n", "-k", "-b", "--preserve-env", "--non-interactive", "--set-home", "--"}
)
_SUDO_NOTE = Text(
    en="`sudo` is left out: docknotes talks to the Engine itself and needs no root.",
    zh="已去掉 `sudo`：docknotes 直接与引擎通信，不需要 root 权限。",
)


def plan_line(line: str, *, workspace: Path, now: float | None = None) -> Plan:
    """The plan of one docker line; ``now`` (seconds since the epoch) is what ``10m`` ago counts from.

    Raises:
        CommandSyntaxError: the docker CLI would not take the line, or it needs a shell.
        UnsupportedCommandError: the line is a docker line, but not one that is carried out.
    """
    try:
        return _planned(line, workspace, time.time() if now is None else now)
    except UnreadableFileError:  # no slip of the line
        raise
    except CommandSyntaxError as error:
        raise _checked(error, line, workspace) from error


def _planned(line: str, workspace: Path, now: float) -> Plan:
    lexed = lex(line, workspace=workspace)
    words, notes = without_sudo(lexed.words)
    if words and words[0].text == "docker-compose":  # its name before it became docker's own
        words = [Word("docker", "docker"), Word("compose", "compose"), *words[1:]]
    if not words or words[0].text != "docker":
        raise _not_docker(words)
    parsed = parse(words)
    try:
        parts = _BUILDERS[parsed.grammar.name](parsed, workspace, now)
    except UnreadableFileError:
        raise
    except CommandSyntaxError as error:
        raise _with_mend(error, words) from error
    found = "".join(placeholder.text for placeholder in parts.placeholders)
    asked = tuple(Placeholder(name, "text") for name in lexed.variables if name not in found)
    parts = replace(parts, placeholders=(*parts.placeholders, *asked))
    return _assemble(words, parsed, parts, (*lexed.mends, *notes))


def _checked(error: CommandSyntaxError, line: str, workspace: Path) -> CommandSyntaxError:
    """The error with a suggestion that is a docker line itself, all its slips mended; or with none."""
    text = error.suggestion or before_filter(line, error.word)
    for _ in range(_MOST_SLIPS):
        if text is None:
            break
        try:
            _planned(text, workspace, 0.0)
        except CommandSyntaxError as next_error:
            text = next_error.suggestion
        except UnsupportedCommandError:
            break
        else:
            break
    else:
        text = None
    return CommandSyntaxError(error.text, word=error.word, suggestion=text)


def _assemble(words: Sequence[Word], parsed: Parsed, parts: Parts, notes: Sequence[Text]) -> Plan:
    return Plan(
        line=Lexed(tuple(words)).line,
        argv=tuple(word.text for word in words[1:]),
        action=parts.action,
        operations=parts.operations,
        placeholders=tuple(dict.fromkeys(parts.placeholders)),
        client_notes=(*notes, *parts.client_notes),
    )


def _with_mend(error: CommandSyntaxError, words: Sequence[Word]) -> CommandSyntaxError:
    """The error of an image named in capitals, with the line that has it in lower case.

    A dash by itself is no image either: it belongs to the word after it (``- it``).
    """
    if error.word == "-":
        return _joined_dash(error, words)
    at = next((i for i, word in enumerate(words) if word.text == error.word and word.raw == error.word), None)
    lower = error.word.lower()
    if at is None or lower == error.word:
        return error
    try:
        parse_reference(error.word)
    except CommandSyntaxError as same:
        if same.text != error.text:
            return error
    try:
        parse_reference(lower)
    except CommandSyntaxError:
        return error
    return CommandSyntaxError(error.text, word=error.word, suggestion=replaced(words, at, lower))


def _joined_dash(error: CommandSyntaxError, words: Sequence[Word]) -> CommandSyntaxError:
    raw = [word.raw for word in words]
    at = raw.index("-") if "-" in raw[:-1] else -1
    if at < 0 or not raw[at + 1].isalpha():
        return error
    line = " ".join([*raw[:at], f"-{raw[at + 1]}", *raw[at + 2 :]])
    return CommandSyntaxError(error.text, word="-", suggestion=line)


def without_sudo(words: Sequence[Word]) -> tuple[Sequence[Word], tuple[Text, ...]]:
    """The words after ``sudo`` and its simple switches."""
    if not words or words[0].text != "sudo":
        return words, ()
    at = 1
    while at < len(words):
        if words[at].text in _SUDO_SWITCHES:
            at += 1
        elif words[at].text in {"-u", "--user"} and at + 1 < len(words) and words[at + 1].text == "root":
            at += 2
        else:
            break
    return words[at:], (_SUDO_NOTE,)


def is_docker(word: str) -> bool:
    """Whether a word is docker's name, or that name with one slip of the keys (``dokcer``)."""
    return _NEARLY_DOCKER.fullmatch(word.lower()) is not None


def _not_docker(words: Sequence[Word]) -> CommandSyntaxError:
    first = words[0].text if words else ""
    return CommandSyntaxError(
        Text(
            en=f"`{first}` is not docker; only docker lines are run."
            if first
            else "There is no command here.",
            zh=f"`{first}` 不是 docker；这里只运行 docker 命令。" if first else "这里没有命令。",
        ),
        word=first,
        suggestion=" ".join(["docker", *(word.raw for word in words[1:])]) if is_docker(first) else None,
    )


def _slips_of(name: str) -> Iterator[str]:
    """A name and what one slip makes of it: a letter left out, struck twice, or two exchanged."""
    yield name
    for at in range(1, len(name)):
        yield name[:at] + name[at + 1 :]
        yield name[:at] + name[at] + name[at:]
    for at in range(len(name) - 1):
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]


_NEARLY_DOCKER = re.compile("|".join(dict.fromkeys((*_slips_of("docker"), "dokker"))))
