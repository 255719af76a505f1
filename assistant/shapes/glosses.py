"""What the notes say a command is for: the line that introduces it, wherever it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.docker_words import GROUPS
from assistant.flag_meanings import Part, parts_of
from assistant.placed import Placed, placed_in
from assistant.shapes.found import Place
from assistant.statements import LEAD
from assistant.values import Command
from knowledge.language import Language
from knowledge.values import Note

_LEAST = 6  # characters a line says besides the command
_SUDO = re.compile(r"^sudo\s+")
_WORDS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Gloss:
    """A command with the exact words that introduce it and their line.

    ``is_whole`` where it is the very line asked for; ``is_headed`` where the heading names its subcommand.
    """

    note: Note
    headings: tuple[str, ...]
    line: int
    text: str
    written: Command
    is_whole: bool
    is_headed: bool

    @property
    def command(self) -> str:
        """The command as docker gets it."""
        return self.written.text


def gloss_of(line: str, places: Sequence[Place], language: Language) -> Gloss | None:
    """What the notes say a docker line is for: this very line, or the simplest of its subcommand.

    ``line`` may be a subcommand alone (``docker exec``). None where no line of that subcommand is introduced.
    """
    wanted = _plain(line)
    name = _name(wanted)
    if not name:
        return None
    found = [gloss for place in places for gloss in _in_place(place, wanted, name)]
    return max(
        found,
        key=lambda g: (g.is_whole, g.note.language == language, g.is_headed, -len(_plain(g.command).split())),
        default=None,
    )


def whole_gloss(line: str, places: Sequence[Place], language: Language) -> Gloss | None:
    """What the notes say of this very line, or else of one with the same flags and the same first word."""
    wanted, name, shape = _plain(line), _name(_plain(line)), _shape(line)
    found = [gloss for place in places for gloss in _in_place(place, wanted, name)] if name else []
    same = [gloss for gloss in found if gloss.is_whole or (shape and _shape(gloss.command) == shape)]
    return max(same, key=lambda g: (g.is_whole, g.note.language == language), default=None)


def flag_gloss(part: Part, subcommand: str, places: Sequence[Place], language: Language) -> Gloss | None:
    """What the notes say of a line of a subcommand that has this flag alone."""
    name = f"docker {subcommand}"
    found = [
        gloss
        for place in places
        for gloss in _in_place(place, name, name)
        if [own.names for own in parts_of(gloss.command)[1]] == [part.names]
    ]
    return max(found, key=lambda g: (g.note.language == language, -len(g.command)), default=None)


def glosses_with(names: Collection[str], places: Sequence[Place], language: Language) -> list[Gloss]:
    """The lines one of these flags stands in, the shortest first, in one language where there are some."""
    found = {
        gloss.command: gloss
        for place in places
        for gloss in _in_place(place, "", "docker")
        if any(re.search(rf"(?<!\S){re.escape(name)}(?![\w-])", gloss.command) for name in names)
    }
    own = [gloss for gloss in found.values() if gloss.note.language == language]
    return sorted(own or found.values(), key=lambda gloss: len(gloss.command))


def _shape(line: str) -> tuple[str, frozenset[frozenset[str]], str] | None:
    """A line's subcommand, flags and last word but those of a value; None where it has no flags."""
    subcommand, parts = parts_of(line)
    words = [word for word in _plain(line).split(" ") if not word.startswith("-")]
    return (subcommand, frozenset(part.names for part in parts), words[-1]) if parts else None


def _in_place(place: Place, wanted: str, name: str) -> Iterator[Gloss]:
    all_ = placed_in(place.note, place.section)
    introduced = Counter(placed.introduced_at for placed in all_)
    is_headed = re.search(rf"{re.escape(name)}(?![\w-])", place.heading) is not None
    for placed in all_:
        if not placed.remark and placed.introduced_at and introduced[placed.introduced_at] > 1:
            continue  # it tells of several
        command = _plain(placed.command.text)
        is_whole = command == wanted or _plain(placed.command.written) == wanted
        if not is_whole and not (command + " ").startswith(name + " "):
            continue
        said = _said(placed, place.note)
        if said is not None:
            yield Gloss(place.note, placed.headings, *said, placed.command, is_whole, is_headed)


def _said(placed: Placed, note: Note) -> tuple[int, str] | None:
    """The line that introduces a command and its words without the colon at their end; None without any."""
    if placed.remark:
        return placed.remark_at, placed.remark
    line = placed.introduced_at or placed.command.first_line
    text = LEAD.sub("", note.lines[line - 1]).strip(" \t>")
    rest = text.replace(placed.command.written, "").strip(" `*:：.。")
    if len(rest) < _LEAST or text.startswith(("```", "~~~", "#", "|")):
        return None
    return line, text.rstrip(" :：")


def _plain(line: str) -> str:
    return _SUDO.sub("", _WORDS.sub(" ", line.strip()))


def _name(line: str) -> str:
    """The subcommand with ``docker`` before it: its second word too where the first is a group of others."""
    words = [word for word in line.split(" ") if word]
    if len(words) < 2 or words[0] not in {"docker", "kubectl", "docker-compose"}:
        return ""
    grouped = len(words) > 2 and words[1] in GROUPS and re.fullmatch(r"[a-z]+", words[2])
    return " ".join(words[: 3 if grouped else 2])
