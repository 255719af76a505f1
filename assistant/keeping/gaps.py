"""What was asked and stands in no note: kept, counted, and shown with where it would belong."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import KeepingError
from assistant.followups import understood
from assistant.keeping.database import Database
from assistant.kinds import is_greeting
from assistant.values import AnswerDone, AnswerPart, Turn
from knowledge.answerable import CANDIDATES
from knowledge.language import Text
from knowledge.library import Library

_SCHEMA = (
    """CREATE TABLE gaps (
        key TEXT PRIMARY KEY,
        question TEXT NOT NULL,
        count INTEGER NOT NULL,
        last_asked REAL NOT NULL
    )""",
)
_WHAT = Text("The record of unanswered questions", "未答问题的记录")
_HEADED = 0.4  # the part of a question an empty heading must hold to be named for it
_MOST_PLACES = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """A question the notes did not answer; how often it was asked, and when last (seconds, epoch)."""

    question: str
    count: int
    last_asked: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer would stand: a heading, and whether nothing is written under it yet."""

    note: str
    headings: tuple[str, ...]
    line: int
    is_empty: bool


class Gaps:
    """The unanswered questions kept in one file; opened at the first use.

    All methods raise KeepingError where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _WHAT, [_SCHEMA])

    def note(self, question: str) -> None:
        """Counts a question; those that differ in case, spaces or punctuation alone are one."""
        key = normal(question)
        if not key:
            return
        with self._database.writing() as database:
            database.execute(
                "INSERT INTO gaps VALUES (?, ?, 1, ?) ON CONFLICT (key) DO UPDATE "
                "SET count = count + 1, last_asked = excluded.last_asked",
                (key, " ".join(question.split())[:500], time.time()),
            )

    def all(self) -> list[Gap]:
        """The questions, the most asked first, of equals the last one."""
        with self._database.reading() as database:
            rows = database.execute(
                "SELECT question, count, last_asked FROM gaps ORDER BY count DESC, last_asked DESC"
            ).fetchall()
        return [Gap(*row) for row in rows]

    def forget(self, question: str | None = None) -> int:
        """Deletes a question, or all of them, for good; gives how many."""
        where, values = ("WHERE key = ?", (normal(question),)) if question is not None else ("", ())
        with self._database.writing() as database:
            gone = database.execute(f"DELETE FROM gaps {where}", values).rowcount  # noqa: S608 - constants
        if gone:
            self._database.forget_deleted()
        return int(gone)

    def close(self) -> None:
        """Closes the file; the next use opens it again."""
        self._database.close()


def normal(question: str) -> str:
    """A question without case, width, spaces and punctuation."""
    plain = unicodedata.normalize("NFKC", question).casefold()
    return "".join(char for char in plain if char.isalnum())


def noting(
    gaps: Gaps, question: str, transcript: Sequence[Turn], library: Library, parts: Iterator[AnswerPart]
) -> Iterator[AnswerPart]:
    """The parts as they come; a question they leave unanswered is kept, if it says by itself what it asks."""
    for part in parts:
        if isinstance(part, AnswerDone) and not part.answer.answered and part.answer.model is None:
            whole = understood(question, transcript)
            if not (whole.follows or is_greeting(question)) and library.asked(question).things:
                with suppress(KeepingError):  # the answer is worth more than its record
                    gaps.note(question)
        yield part


class OpenGaps:
    """The gaps the notes still have, looked up again when either changes."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps
        self._seen: tuple[object, ...] = ()
        self._found: list[tuple[Gap, list[Place]]] = []

    def of(self, library: Library) -> list[tuple[Gap, list[Place]]]:
        """As `still_open`."""
        seen = (library, *self._gaps.all())
        if seen != self._seen:
            self._found = still_open(self._gaps, library)
            self._seen = (library, *self._gaps.all())
        return self._found


def still_open(gaps: Gaps, library: Library) -> list[tuple[Gap, list[Place]]]:
    """The gaps the notes still have, each with where an answer would stand; filled ones are forgotten.

    Raises:
        StoreError, EmbeddingError: the notes cannot be searched.
    """
    found = []
    for gap in gaps.all():
        hits = library.matches(gap.question, limit=CANDIDATES)
        if library.answers(library.asked(gap.question), hits):
            gaps.forget(gap.question)
        else:
            found.append((gap, places(gap.question, library)))
    return found


def places(question: str, library: Library) -> list[Place]:
    """Where an answer would stand: empty headings about it, else the headings of the nearest passages."""
    asked = library.asked(question)
    scored = [
        (asked.share(asked.words_in(" ".join(section.headings))), section)
        for section in library.outline()
        if section.is_empty and section.headings
    ]
    best = sorted((pair for pair in scored if pair[0] >= _HEADED), key=lambda pair: -pair[0])
    if best:
        return [Place(s.note, s.headings, s.first_line, is_empty=True) for _, s in best[:_MOST_PLACES]]
    near: dict[tuple[str, tuple[str, ...]], Place] = {}
    for hit in library.matches(question, limit=CANDIDATES):
        chunk = hit.chunk
        if chunk.headings and asked.words_in(f"{' '.join(chunk.headings)}\n{chunk.text}"):
            place = Place(chunk.note, chunk.headings, chunk.first_line, is_empty=False)
            near.setdefault((chunk.note, chunk.headings), place)
    return list(near.values())[:_MOST_PLACES]
