"""The learned ranking: what its signs see, and that it is used for the model it was learned for only."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.asked import Asked
from knowledge.keywords import KeywordIndex
from knowledge.language import Language
from knowledge.ranking import SIGNS, learned, rank, signs
from knowledge.values import Chunk


def chunk(n: int, text: str, *headings: str, language: Language = "en") -> Chunk:
    return Chunk(str(n), "note.md", headings or ("Docker",), n, n, text, language)


CHUNKS = [
    chunk(1, "Volumes keep data after a container is gone.", "Docker", "Volumes"),
    chunk(2, "`docker volume ls` shows them.", "Docker", "Volumes"),
    chunk(3, "Bread needs flour.", "Kitchen"),
]
DENSE, KEYWORD = {0: 0.9, 1: 0.85, 2: 0.8}, {0: 3.0, 1: 6.0, 2: 0.0}


def sign(name: str, question: str) -> list[float]:
    rows = signs(CHUNKS, [0, 1, 2], DENSE, KEYWORD, Asked(question, KeywordIndex(CHUNKS)))
    return [float(value) for value in rows[:, SIGNS.index(name)]]


def test_signs_see_text_headings_section_and_neighbours() -> None:
    question = "volumes keep data"
    assert sign("similarity", question) == pytest.approx([1.0, 0.5, 0.0])
    assert sign("section", question) == pytest.approx([1.0, 1.0, 0.0])
    assert sign("keywords", question) == pytest.approx([0.5, 1.0, 0.0])
    assert sign("nearby", question) == pytest.approx([1.0, 0.5, 1.0])
    assert sign("share", question)[0] == pytest.approx(1.0)
    assert sign("share", question)[2] == 0.0
    assert sign("with_headings", question)[1] > sign("share", question)[1] - 1e-6
    assert sign("code", question) == [0.0, 1.0, 0.0]
    assert np.argmax(sign("length", question)) == 0


def test_what_holds_what_is_asked_for_comes_first() -> None:
    asked = Asked("volumes keep data", KeywordIndex(CHUNKS))
    hits = rank(CHUNKS, DENSE, KEYWORD, asked, language="en")
    assert [hit.chunk.id for hit in hits] == ["1", "2", "3"]
    assert hits[0].score == pytest.approx(1.0) and hits[-1].score == 0.0
    assert (hits[0].dense_rank, hits[0].keyword_rank, hits[2].keyword_rank) == (1, 2, None)


def test_of_two_alike_the_one_in_the_questions_language_comes_first() -> None:
    both = [chunk(1, "docker ps", language="zh"), chunk(2, "docker ps", language="en")]
    expected: dict[Language, str] = {"zh": "1", "en": "2"}
    for language, first in expected.items():
        asked = Asked("docker ps", KeywordIndex(both))
        hits = rank(both, {0: 0.9, 1: 0.9}, {0: 1.0, 1: 1.0}, asked, language=language)
        assert hits[0].chunk.id == first


def test_nothing_to_rank() -> None:
    assert rank(CHUNKS, {}, {}, Asked("x", KeywordIndex(CHUNKS)), language="en") == []


def test_it_was_learned_for_one_model_and_every_sign_counts() -> None:
    assert learned().model.startswith("multilingual-e5-small")
    assert len(learned().weights) == len(SIGNS)
    assert all(learned().weights)
