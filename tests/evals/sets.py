"""The judged question sets, typed, and their division into a dev and a test part."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["zh", "en", "mixed"]
Kind = Literal["plain", "cross", "typo", "keyword", "paraphrase", "followup", "unanswerable"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
KINDS: tuple[Kind, ...] = get_args(Kind)

FIELDS = frozenset(
    {"id", "q", "before", "language", "kind", "note", "quotes"}
    | {"command", "also", "facts", "forbidden", "forbidden_commands"}
)
"""The fields of a line."""

_MARKS = re.compile(r"\*\*|`|==")

PERSON = Path(__file__).with_name("retrieval_person.jsonl")
"""Questions about a person's notes, which are not part of the project."""

SHIPPED = Path(__file__).with_name("retrieval_shipped.jsonl")
"""Questions about the notes in ``knowledge/notes``."""

OTHER = Path(__file__).with_name("other.jsonl")
"""Questions about the notes in ``OTHER_NOTES``: for figures only, nothing is tuned on them."""

OTHER_NOTES = Path(__file__).parents[1] / "data" / "notes_other"
"""Another person's notes, written for measuring what becomes of notes nobody tuned on."""

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
        forbidden: what a wrong answer would say: none may be in the answer; ``|`` parts alternatives.
        forbidden_commands: beginnings of lines, in whole words, that the answer may not offer.
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
    forbidden: tuple[str, ...] = ()
    forbidden_commands: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the notes answer the question."""
        return self.kind != "unanswerable"

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines any of which the answer should recommend; none where no command is asked for."""
        return (self.command, *self.also) if self.command else ()

    def claims_forbidden(self, text: str) -> tuple[str, ...]:
        """The forbidden claims an answer's text makes; marks of emphasis and code and case do not count."""
        said = _bare(text)
        return tuple(c for c in self.forbidden if any(_bare(words) in said for words in c.split("|")))

    def offers_forbidden(self, lines: Iterable[str]) -> tuple[str, ...]:
        """Those of the lines that begin like a forbidden command; ``sudo`` and spacing do not count."""
        banned = [plain(line).split() for line in self.forbidden_commands]
        return tuple(
            line for line in lines if any(plain(line).split()[: len(words)] == words for words in banned)
        )

    def hit_by(self, text: str) -> bool:
        """Whether a returned text shows the passage that answers."""
        return any(quote in text for quote in self.quotes)


def load(path: Path) -> list[Question]:
    """All questions of a set, in the file's order.

    Args:
        path: a JSONL file in UTF-8, such as ``PERSON`` or ``SHIPPED``.

    Raises:
        ValueError: a line is no JSON object, has a field, language or kind that is none of ours, or
            forbids what it requires.
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


def _bare(text: str) -> str:
    """A text as claims are looked for in it: on one line, without marks of emphasis and code, in one case."""
    return " ".join(_MARKS.sub("", text).split()).casefold()


def _question(entry: dict[str, Any]) -> Question:
    if entry["language"] not in LANGUAGES or entry["kind"] not in KINDS:
        raise ValueError(f"{entry['id']}: unknown language {entry['language']!r} or kind {entry['kind']!r}")
    if unknown := entry.keys() - FIELDS:
        raise ValueError(f"{entry['id']}: unknown fields {sorted(unknown)}")
    question = Question(
        id=entry["id"],
        text=entry["q"],
        language=entry["language"],
        kind=entry["kind"],
        note=entry["note"],
        quotes=tuple(entry["quotes"]),
        before=entry.get("before"),
        command=entry.get("command"),
        facts=_texts(entry, "facts"),
        also=_texts(entry, "also"),
        forbidden=_texts(entry, "forbidden"),
        forbidden_commands=_texts(entry, "forbidden_commands"),
    )
    _check_forbidden(question)
    return question


def _texts(entry: dict[str, Any], field: str) -> tuple[str, ...]:
    """A list of texts; each ``|`` has something on both sides."""
    found = entry.get(field, [])
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise ValueError(f"{entry['id']}: {field} is no list of texts: {found!r}")
    if field in {"facts", "forbidden"} and not all(w.strip() for one in found for w in one.split("|")):
        raise ValueError(f"{entry['id']}: {field} has an alternative that says nothing: {found!r}")
    return tuple(found)


def _check_forbidden(question: Question) -> None:
    """Raises ValueError where what a question requires is, or contains, what it forbids."""
    required = [*question.commands, *(words for fact in question.facts for words in fact.split("|"))]
    for text in required:
        if claims := question.claims_forbidden(text):
            raise ValueError(f"{question.id}: requires {text!r} and forbids {claims[0]!r}")
    if offered := question.offers_forbidden(question.commands):
        raise ValueError(f"{question.id}: requires and forbids the command {offered[0]!r}")
