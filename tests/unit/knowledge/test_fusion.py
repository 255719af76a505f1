"""Two rankings to one: weights, ranks, language."""

from __future__ import annotations

import pytest

from knowledge.fusion import fuse
from knowledge.language import Language
from knowledge.values import Chunk


def chunk(n: int, language: Language = "en") -> Chunk:
    return Chunk(str(n), "note.md", ("H",), n, n, f"text {n}", language)


def test_scores_are_scaled_and_weighed() -> None:
    hits = fuse(
        [chunk(1), chunk(2), chunk(3)], {0: 0.9, 1: 0.8}, {1: 12.0, 2: 6.0}, language="en", dense_weight=0.6
    )
    assert [h.chunk.id for h in hits] == ["1", "2", "3"]
    assert [h.score for h in hits] == pytest.approx([0.6, 0.4, 0.2])


def test_a_hit_says_why_it_matched() -> None:
    best = fuse([chunk(1), chunk(2)], {0: 0.9, 1: 0.8}, {0: 1.0}, language="en")[0]
    assert (best.dense_rank, best.keyword_rank, best.similarity, best.keyword_score) == (1, 1, 0.9, 1.0)


def test_the_questions_language_wins_between_equals() -> None:
    both = [chunk(1, "en"), chunk(2, "zh")]
    assert fuse(both, {0: 0.9, 1: 0.9}, {}, language="zh")[0].chunk.language == "zh"
    assert fuse(both, {0: 0.9, 1: 0.9}, {}, language="en")[0].chunk.language == "en"


def test_notes_of_one_language_get_no_bonus() -> None:
    (hit,) = fuse([chunk(1)], {0: 0.9}, {0: 3.0}, language="en")
    (same,) = fuse([chunk(1, "zh")], {0: 0.9}, {0: 3.0}, language="en")
    assert hit.score == same.score


def test_nothing_found_is_nothing() -> None:
    assert fuse([chunk(1)], {}, {}, language="en") == []
