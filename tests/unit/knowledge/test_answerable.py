"""When notes answer a question: what is measured, and what is done for a model nothing was learned for."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.answerable import FEATURES, answerable, learned, measure
from knowledge.asked import Asked
from knowledge.keywords import KeywordIndex
from knowledge.values import Chunk, FloatMatrix, Hit


def chunk(n: int, text: str, heading: str) -> Chunk:
    return Chunk(str(n), "note.md", (heading,), n, n, text, "en")


CHUNKS = [
    chunk(1, "A volume keeps data after the container is removed.", "Volumes"),
    chunk(2, "`docker ps -a` lists all containers.", "Containers"),
    chunk(3, "`docker pull` fetches an image.", "Images"),
]
HITS = [Hit(c, 1.0 - n / 10, n + 1, None, 0.9 - n / 100, 5.0 - n) for n, c in enumerate(CHUNKS)]
KEYWORDS = KeywordIndex(CHUNKS)


def features(question: str, *empty: str) -> dict[str, float]:
    found = measure(Asked(question, KEYWORDS), HITS, 0.8, empty=empty)
    return dict(zip(FEATURES, found, strict=True))


def no_embedding() -> FloatMatrix:
    raise AssertionError("not asked for")


def test_what_the_hits_hold_is_measured() -> None:
    whole = features("does a volume keep data")
    assert whole["share"] == whole["best"] == whole["first"] == pytest.approx(1.0)
    assert whole["pairs"] == 1.0
    assert (whole["unknown"], whole["missing"], whole["empty"]) == (0.0, 0.0, 0.0)
    assert whole["similarity"] == 0.9 and whole["standout"] == pytest.approx(0.1)
    assert whole["keywords"] == 5.0


def test_things_that_stand_apart_are_no_pair() -> None:
    apart = features("fetch a volume")
    assert apart["share"] > apart["best"]
    assert apart["pairs"] == 0.0


def test_what_stands_nowhere_is_measured() -> None:
    unknown = features("volume quota wobble")
    assert unknown["unknown"] == pytest.approx(2 / 3)
    assert unknown["unknown_weight"] == unknown["missing"] > 0.5


def test_a_heading_without_content_about_it_is_measured() -> None:
    assert features("swarm rollback", "Rollback in Swarm", "Other")["empty"] == pytest.approx(1.0)


def test_with_another_model_the_words_decide() -> None:
    def said(question: str) -> bool:
        return answerable(Asked(question, KEYWORDS), HITS, "other", empty=(), embedding=no_embedding)

    assert said("does a volume keep data")
    assert not said("how to bake bread")
    assert not said("???")


def test_without_hits_nothing_is_answered() -> None:
    asked = Asked("volume data", KEYWORDS)
    assert not answerable(asked, [], learned().model, empty=(), embedding=no_embedding)


def test_what_was_learned_fits_its_model() -> None:
    judge = learned()
    assert len(judge.mean) == len(judge.scale) == len(judge.weights) == len(FEATURES)
    assert len(judge.question) == 384
    assert all(scale > 0 for scale in judge.scale)
    asked = Asked("does a volume keep data", KEYWORDS)
    towards = 9 * np.asarray([judge.question], dtype=np.float32)

    def said(embedding: FloatMatrix) -> bool:
        return answerable(asked, HITS, judge.model, empty=(), embedding=lambda: embedding)

    assert said(towards)
    assert not said(-towards)
