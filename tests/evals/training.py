"""The notes with questions that choices are learned from, and never the test parts of the judged sets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.config import SHIPPED_NOTES
from knowledge.library import Library
from tests.evals.sets import (
    ANSWERS_PERSON,
    ANSWERS_SHIPPED,
    PERSON,
    SHIPPED,
    TRAIN_PERSON,
    TRAIN_SHIPPED,
    Question,
    load,
    split,
)
from ui.build import build_library
from ui.settings import read_settings

SMALL = Path(__file__).with_name("train_notes")
"""Small notes in the ways of different people: folders (``a``), each with its questions (``a.jsonl``)."""


@dataclass(frozen=True, slots=True)
class Training:
    """Some notes with questions on them.

    Attributes:
        name: of the notes.
        sources: the file or folder.
        questions: answerable and unanswerable ones.
        commands: more that ask for a command; from these it is not learned whether notes answer.
        test: what figures are printed for; nothing is learned from them.
    """

    name: str
    sources: Path
    questions: tuple[Question, ...]
    commands: tuple[Question, ...] = ()
    test: tuple[Question, ...] = ()


def judged_trainings(person: Path) -> tuple[Training, Training]:
    """A person's notes and the shipped ones."""
    return (
        _judged("a person's notes", person, PERSON, TRAIN_PERSON, ANSWERS_PERSON),
        _judged("shipped notes", SHIPPED_NOTES, SHIPPED, TRAIN_SHIPPED, ANSWERS_SHIPPED),
    )


def trainings(person: Path) -> list[Training]:
    """A person's notes, the shipped ones, and the small ones."""
    return [
        *judged_trainings(person),
        *(
            Training(f"notes {path.stem}", path.with_suffix(""), tuple(load(path)))
            for path in sorted(SMALL.glob("*.jsonl"))
        ),
    ]


def _judged(name: str, sources: Path, judged: Path, training: Path, commands: Path) -> Training:
    dev, test = split(load(judged))
    return Training(name, sources, (*dev, *load(training)), tuple(load(commands)), tuple(test))


@contextmanager
def indexed(training: Training) -> Iterator[Library]:
    """The notes, indexed in a folder that goes afterwards."""
    config = replace(read_settings({}).knowledge, sources=(training.sources,))
    with tempfile.TemporaryDirectory() as folder:
        library, _ = build_library(replace(config, index=Path(folder)))
        yield library
