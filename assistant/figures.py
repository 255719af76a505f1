"""Numbers, versions and flags: what a sentence claims of them, and whether a text has them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.commands.flags import COMMANDS

_FREE = re.compile(r"(?<![\w.-])(--?[A-Za-z][\w-]*|v?\d+(?:[.:]\d+)*[A-Za-z%]*)(?![\w-]|\.\d)")
_GLUED = re.compile(r"(?<=[A-Za-z:=-])v?(\d+(?:\.\d+)+)(?![\d.:]*[\d:])")  # TensorFlow2.15, ubuntu:22.04-slim
_COUNTED = re.compile(
    r"(?<=[a-z]:)(\d)(?![\w.:])|(?<![\w.:/-])(\d)\s*(?:[KMGT]i?B|CPUs?|seconds?|minutes?|hours?|days?|times|attempts|秒|分钟|小时|天|次|核)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")
_UNIT = re.compile(r"\s?([A-Za-z%]+)|\s*(秒|毫秒|分|小时|天)")
_FLAGS = re.compile(r"(?<![\w.-])--?[A-Za-z][\w-]*")
_CHINESE_UNITS = {"秒": "s", "毫": "m", "分": "m", "小": "h", "天": "d"}
_LIST_MARK = re.compile(r"^[ \t>]*\d{1,2}[.)][ \t]", re.MULTILINE)


def claimed(text: str) -> list[str]:
    """The figures of a sentence that say something, as written, each once.

    A single digit alone is none (it counts, or numbers a list), one with a unit is.
    """
    found = {
        **{m.start(): m[1] or m[2] for m in _COUNTED.finditer(text)},
        **{m.start(1): m[1] for m in _GLUED.finditer(text)},
        **{m.start(): m[1] for m in _FREE.finditer(text) if not re.fullmatch(r"\d", m[1])},
    }
    return list(dict.fromkeys(found[at] for at in sorted(found)))


def without_figures(text: str) -> str:
    """A text without its numbers, also those at the end of a name."""
    return re.sub(r"(?<![\w.-])v?\d+(?:[.:]\d+)*(?![\w-])|(?<=[A-Za-z])\d+(?:\.\d+)+(?![\w-])", " ", text)


class Figures:
    """All figures of a text: a version also as its beginning, each port by itself, a flag by both names."""

    def __init__(self, text: str) -> None:
        text = _LIST_MARK.sub("", text)
        self._numbers: set[str] = set()
        self._units: dict[str, set[str]] = {}
        for found in _DIGITS.finditer(text):
            self._numbers.update(_readings(found[0]))
            unit = _UNIT.match(text, found.end())
            said = (unit[1] or _CHINESE_UNITS.get(unit[2][0], "")) if unit else ""
            self._units.setdefault(found[0], set()).add(said[:1].lower())
        self._flags = {name for flag in _FLAGS.findall(text) for name in _names(flag)}

    def has(self, figure: str) -> bool:
        """Whether the text has one of `claimed`, as 512m for 512MB or ``-d`` for ``--detach`` too."""
        if figure.startswith("-"):
            letters = _letters(figure)
            return figure in self._flags or (bool(letters) and letters <= self._flags)
        plain = figure.removeprefix("v")
        number = re.match(r"[\d.:]*\d", plain)
        if number is None:
            return False
        unit = plain[number.end() :][:1].lower()
        if not unit:
            return plain in self._numbers
        return bool({unit, ""} & self._units.get(number[0], set()))

    def of_kind(self, figure: str) -> list[str]:
        """Figures of the text that could stand in the place of one: two flags, two versions, two amounts."""
        if figure.startswith("-"):
            return sorted(flag for flag in self._flags if _shape(flag) == _shape(figure))
        written = {n + u for n, units in self._units.items() for u in units}
        return sorted(one for one in written if _shape(one) == _shape(figure))


def _readings(number: str) -> Iterator[str]:
    """What a written number says: itself, its parts between colons, and of a version each beginning."""
    parts = number.split(":")
    for first in range(len(parts)):
        for last in range(first + 1, len(parts) + 1):
            yield ":".join(parts[first:last])
    for part in parts:
        pieces = part.split(".")
        yield from (".".join(pieces[:end]) for end in range(1, len(pieces)))


def _names(flag: str) -> Iterator[str]:
    """A flag by all its names; the letters of short ones written together by themselves."""
    yield flag
    yield from _letters(flag)
    for one in _letters(flag) or {flag}:
        yield from _other_names().get(one, ())


def _letters(flag: str) -> set[str]:
    return {f"-{letter}" for letter in flag[1:]} if re.fullmatch(r"-[A-Za-z]{2,4}", flag) else set()


@lru_cache(maxsize=1)
def _other_names() -> dict[str, frozenset[str]]:
    """The long names of each short flag, whatever the subcommand, and the short one of each long."""
    names: dict[str, set[str]] = {}
    for grammar in COMMANDS.values():
        for flag in grammar.flags.values():
            if flag.short:
                names.setdefault(f"-{flag.short}", set()).add(f"--{flag.name}")
                names.setdefault(f"--{flag.name}", set()).add(f"-{flag.short}")
    return {name: frozenset(others) for name, others in names.items()}


def _shape(value: str) -> str:
    if value.startswith("-"):
        return value[: len(value) - len(value.lstrip("-"))]
    return re.sub(r"\d+", "9", value.removeprefix("v"))
