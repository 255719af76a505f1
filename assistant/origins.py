"""Where a command that a chat model wrote comes from: the notes it was given, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assistant.commands.find import find_commands
from assistant.values import Command, Origin
from knowledge.library import Library
from knowledge.notes import note_from_text
from knowledge.values import Hit

_PART = re.compile(r"[^:=,@/]+|[:=,@/]")


@dataclass(frozen=True, slots=True)
class Known:
    """A command of the notes, and the hit (from 1) it stands in."""

    command: Command
    hit: int


@dataclass(slots=True)
class Origins:
    """The commands of the hits that a model was given, to tell its own from them."""

    question: str
    known: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, question: str, hits: Sequence[Hit], library: Library) -> Origins:
        """The origins for one question and the hits that were given, in order."""
        origins = cls(question)
        for number, hit in enumerate(hits, start=1):
            note = library.notes[hit.chunk.note]
            for command in find_commands(note, hit.chunk.first_line, hit.chunk.last_line):
                origins.known.setdefault(_plain(command.text), Known(command, number))
                origins.known.setdefault(_plain(command.written), Known(command, number))
        return origins

    def commands_in(self, text: str) -> Iterable[tuple[Command, int]]:
        """Each command a text holds, once, with the number of the hit it comes from (0: none)."""
        answer = note_from_text(text, "answer")
        found: dict[str, tuple[Command, int]] = {}
        for said in find_commands(answer, 1, len(answer.lines)):
            command, hit = self.origin_of(said)
            found.setdefault(command.text, (command, hit))
        return found.values()

    def origin_of(self, said: Command) -> tuple[Command, int]:
        """A command with its origin: verbatim or corrected, adapted, or the model's own."""
        for written in (said.text, said.written):
            if known := self.known.get(_plain(written)):
                return known.command, known.hit
        for known in self.known.values():
            if self._adapts(known.command.text, said.text):
                command = replace(known.command, text=said.text, origin=Origin.ADAPTED)
                return command, known.hit
        own = replace(said, origin=Origin.MODEL, note=None, first_line=0, last_line=0, written=said.text)
        return own, 0

    def _adapts(self, noted: str, said: str) -> bool:
        """Whether a line is the notes' with nothing but values changed, to ones the question names.

        Only the person's own words count: a value that stands in an excerpt alone may have been put
        there to be taken up.
        """
        before, after = _words(noted), _words(said)
        if len(before) != len(after) or before[:2] != after[:2]:
            return False
        changed = [(b, a) for b, a in zip(before, after, strict=True) if b != a]
        asked = set(re.findall(r"[A-Za-z0-9_.-]+", self.question))
        return bool(changed) and all(_is_filled(b, a, asked) for b, a in changed)


def _is_filled(before: str, after: str, asked: set[str]) -> bool:
    """Whether one word only took values the person named in place of the notes' own."""
    if before.startswith("-") or after.startswith("-"):
        return False
    olds, news = _PART.findall(before), _PART.findall(after)
    if len(olds) != len(news):
        return after in asked
    return all(old == new or new in asked for old, new in zip(olds, news, strict=True))


def _words(line: str) -> list[str]:
    return _plain(line).split(" ")


def _plain(line: str) -> str:
    return " ".join(line.split()).removeprefix("$ ").removeprefix("sudo ")
