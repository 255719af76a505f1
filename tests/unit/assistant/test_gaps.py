"""Questions the notes do not answer are kept, counted, and placed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.keeping.gaps import Gaps, noting, places, still_open
from assistant.values import Answer, AnswerDone, Turn
from knowledge.library import Library
from tests.library import library_of

NOTES = "# Docker\n\n## Volumes\n\n`docker volume ls` lists all volumes.\n\n## Compose\n\n### Frobnicating\n"


@pytest.fixture
def gaps(tmp_path: Path) -> Iterator[Gaps]:
    kept = Gaps(tmp_path / "gaps.sqlite3")
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def done(question: str, *, answered: bool) -> AnswerDone:
    return AnswerDone(Answer(question, "en", answered, "text"))


def test_one_question_written_differently_is_counted(gaps: Gaps) -> None:
    for question in ("How to frobnicate?", " how to  FROBNICATE ", "另一个问题", "???"):
        gaps.note(question)
    assert [(gap.question, gap.count) for gap in gaps.all()] == [
        ("How to frobnicate?", 2),
        ("另一个问题", 1),
    ]
    assert gaps.forget("HOW TO frobnicate") == 1
    assert gaps.forget("never asked") == 0
    assert gaps.forget() == 1
    assert gaps.all() == []


def test_only_what_was_not_answered_is_kept(gaps: Gaps, library: Library) -> None:
    for question, answered in (
        ("how to list volumes", True),
        ("how to frobnicate", False),
        ("", False),
        ("hello", False),
    ):
        parts = list(noting(gaps, question, [], library, iter([done(question, answered=answered)])))
        assert len(parts) == 1
    before = [Turn("how to list volumes", Answer("", "en", True, ""))]
    list(noting(gaps, "and why is it so?", before, library, iter([done("", answered=False)])))
    assert [gap.question for gap in gaps.all()] == ["how to frobnicate"]


def test_a_gap_stands_under_the_empty_heading_about_it(library: Library) -> None:
    (place,) = places("how about frobnicating", library)
    assert (place.headings[-1], place.line, place.is_empty) == ("Frobnicating", 9, True)
    near = places("volumes of the zork kind", library)
    assert [(one.headings[-1], one.is_empty) for one in near[:1]] == [("Volumes", False)]


def test_a_gap_that_is_filled_is_forgotten(gaps: Gaps, library: Library) -> None:
    gaps.note("how to list all volumes")
    gaps.note("how to frobnicate the zork")
    assert [gap.question for gap, _ in still_open(gaps, library)] == ["how to frobnicate the zork"]
    assert [gap.question for gap in gaps.all()] == ["how to frobnicate the zork"]
