"""The judged question sets, typed, and their division into a dev and a test part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["zh", "en", "mixed"]
Kind = Literal["plain", "cross", "typo", "keyword", "paraphrase", "followup", "unanswerable"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
KINDS: tuple[Kind, ...] = get_args(Kind)

PERSON = Path(__file__).with_name("retrieval_person.jsonl")
"""Questions about a person's notes, which are not part of the project."""

SHIPPED = Path(__file__).with_name("retrieval_shipped.jsonl")
"""Questions about the notes in ``knowledge/notes``."""

TRAIN_PERSON = Path(__file__).with_name("train_person.jsonl")
"""More questions about those notes, for learning only."""

TRAIN_SHIPPED = Path(__file__).with_name("train_shipped.jsonl")
"""More questions about the shipped notes, for learning only."""

ANSWERS_PERSON = Path(__file__).with_name("train_answers_person.jsonl")
"""Questions that ask for a command of a person's notes, for learning only."""

ANSWERS_SHIPPED = Path(__file__).with_name("train_answers_shipped.jsonl")
"""Questions that ask for a command of the shipped notes, for learning only."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what shows that it was answered.

    Attributes:
        id: unique in its set, never given to another question.
        text: as a person would type it.
        language: of the question, not of the notes; ``mixed`` also for bare flags and commands.
        kind: why the question is hard.
        note: file that answers. In the shipped set without a folder where either language may answer;
            ``zh/…`` or ``en/…`` for kind ``cross``, to be searched with that language's notes alone
            or with both. Empty for kind ``unanswerable``.
        quotes: exact pieces of the note, one line each, alternatives: a hit's text contains any of them.
            Empty for kind ``unanswerable``.
        before: the question asked just before in the same conversation.
        command: the line the answer should recommend first, mended where the note has a slip; a leading
            ``sudo`` before ``docker`` is left out.
        also: other lines that answer as well.
        facts: each must be in the answer; ``|`` parts alternatives of one fact.
    """

    id: str
    text: str
    language: Language
    kind: Kind
    note: str
    quotes: tuple[str, ...]
    before: str | None = None
    command: str | None = None
    facts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the notes answer the question."""
        return self.kind != "unanswerable"

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines any of which the answer should recommend; none where no command is asked for."""
        return (self.command, *self.also) if self.command else ()

    def hit_by(self, text: str) -> bool:
        """Whether a returned text shows the passage that answers."""
        return any(quote in text for quote in self.quotes)


def load(path: Path) -> list[Question]:
    """All questions of a set, in the file's order.

    Args:
        path: a JSONL file in UTF-8, such as ``PERSON`` or ``SHIPPED``.

    Raises:
        ValueError: a line is no JSON object, or its language or kind is none of ours.
        KeyError: a line lacks a required field.
    """
    return [_question(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def plain(line: str) -> str:
    """A command as it is compared: without ``sudo`` and without what is only spacing."""
    return " ".join(line.split()).removeprefix("sudo ")


def split(questions: Iterable[Question]) -> tuple[list[Question], list[Question]]:
    """A third for tuning and the rest for reporting, the same at each call; each in the given order.

    Each kind is divided by itself: its questions are put in the order of their ids' hashes, and the
    first third is dev.

    Returns:
        dev and test, together all questions.
    """
    asked = list(questions)
    dev: set[str] = set()
    for kind in KINDS:
        ids = sorted((question.id for question in asked if question.kind == kind), key=_hash)
        dev.update(ids[: round(len(ids) / 3)])
    return (
        [question for question in asked if question.id in dev],
        [question for question in asked if question.id not in dev],
    )


def _hash(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()


def _question(entry: dict[str, Any]) -> Question:
    if entry["language"] not in LANGUAGES or entry["kind"] not in KINDS:
        raise ValueError(f"{entry['id']}: unknown language {entry['language']!r} or kind {entry['kind']!r}")
    return Question(
        id=entry["id"],
        text=entry["q"],
        language=entry["language"],
        kind=entry["kind"],
        note=entry["note"],
        quotes=tuple(entry["quotes"]),
        before=entry.get("before"),
        command=entry.get("command"),
        facts=tuple(entry.get("facts", ())),
        also=tuple(entry.get("also", ())),
    )
