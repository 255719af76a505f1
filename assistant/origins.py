"""Where a command that a chat model wrote comes from: the notes it was given, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.commands.find import find_commands
from assistant.values import Command, Origin
from knowledge.library import Library
from knowledge.notes import note_from_text
from knowledge.values import Hit

_PART = re.compile(r"[^:=,@/]+|[:=,@/]")


_ALIKE = 0.3
"""The share of their words two lines of one docker command must have in common to be told together."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command of the notes, and the headings it stands under."""

    command: Command
    headings: tuple[str, ...]


@dataclass(slots=True)
class Origins:
    """The commands of the hits that a model was given, to tell its own from them."""

    question: str
    library: Library
    known: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, question: str, hits: Sequence[Hit], library: Library) -> Origins:
        """The origins for one question and the hits that were given, in order."""
        origins = cls(question, library)
        for hit in hits:
            note = library.notes[hit.chunk.note]
            for command in find_commands(note, hit.chunk.first_line, hit.chunk.last_line):
                origins.known.setdefault(_plain(command.text), Known(command, hit.chunk.headings))
                origins.known.setdefault(_plain(command.written), Known(command, hit.chunk.headings))
        return origins

    def commands_in(self, text: str) -> list[Known]:
        """Each command a text holds, once; before one of the model's own the notes' line most like it."""
        answer = note_from_text(text, "answer")
        found: dict[str, Known] = {}
        for said in find_commands(answer, 1, len(answer.lines)):
            known = self.origin_of(said)
            if known.command.origin is Origin.MODEL and (noted := self._most_like(known.command.text)):
                found.setdefault(noted.command.text, noted)
            found.setdefault(known.command.text, known)
        return list(found.values())

    def origin_of(self, said: Command) -> Known:
        """A command with its origin: verbatim or corrected, adapted, or the model's own."""
        for written in (said.text, said.written):
            if known := self.known.get(_plain(written)) or self._elsewhere(_plain(written)):
                return known
        for known in self.known.values():
            if self._adapts(known.command.text, said.text):
                adapted = replace(known.command, text=said.text, origin=Origin.ADAPTED)
                return Known(adapted, known.headings)
        own = replace(said, origin=Origin.MODEL, note=None, first_line=0, last_line=0, written=said.text)
        return Known(own, ())

    def _elsewhere(self, line: str) -> Known | None:
        """The same line in a note that was not among the hits: then it may not be called the model's."""
        words = [word for word in line.split(" ") if len(word) > 2]
        for note in self.library.notes.values():
            whole = "\n".join(note.lines)
            if not words or not all(word in whole for word in words):
                continue
            for command in find_commands(note, 1, len(note.lines)):
                if line in (_plain(command.text), _plain(command.written)):
                    return Known(command, self._headings(command))
        return None

    def _headings(self, command: Command) -> tuple[str, ...]:
        """The headings a command of the notes stands under."""
        for section in self.library.sections(command.note or ""):
            if section.first_line <= command.first_line <= section.last_line:
                return section.headings
        return ()

    def _most_like(self, line: str) -> Known | None:
        """The notes' line of the same docker command that has most words in common."""
        words = set(_words(line))
        best: tuple[float, Known] | None = None
        for known in self.known.values():
            noted = set(_words(known.command.text))
            if _words(known.command.text)[:2] != _words(line)[:2]:
                continue
            alike = len(words & noted) / len(words | noted)
            if alike >= _ALIKE and (best is None or alike > best[0]):
                best = (alike, known)
        return best[1] if best else None

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
