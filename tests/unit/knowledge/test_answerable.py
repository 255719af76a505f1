"""When notes answer a question: what is measured, and what is done for a model nothing was learned for."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.answerable import FEATURES, Known, learned, margin, measure
from knowledge.asked import Asked
from knowledge.intents import Likely, intents, spoken_in
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
KNOWN = Known((), frozenset(number for c in CHUNKS for number in spoken_in(c)))
NUMBERS = {intent.name: number for number, intent in enumerate(intents())}


def features(question: str, *empty: str) -> dict[str, float]:
    known = Known(empty, KNOWN.intents)
    found = measure(Asked(question, KEYWORDS), HITS, 0.8, known, after("docker ps -a"))
    return dict(zip(FEATURES, found, strict=True))


def after(*names: str) -> Likely:
    """As if a question were after these intents, all alike."""
    likely = Likely(np.zeros((1, 384), dtype=np.float32))
    likely.shares = np.zeros(len(NUMBERS), dtype=np.float32)
    likely.shares[[NUMBERS[name] for name in names]] = 1 / len(names)
    return likely


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


def test_what_a_question_is_after_is_looked_for_in_hits_and_notes() -> None:
    known = Known((), KNOWN.intents)

    def spoken(*names: str) -> dict[str, float]:
        found = measure(Asked("list containers", KEYWORDS), HITS[:1], 0.8, known, after(*names))
        return dict(zip(FEATURES, found, strict=True))

    listed = spoken("docker ps -a")  # in the second chunk, which is no hit here
    assert (listed["somewhere"], listed["near"], listed["best_somewhere"]) == (1.0, 0.0, 1.0)
    assert (listed["nowhere"], listed["after docker"], listed["sure"]) == (0.0, 1.0, 1.0)
    unheard = spoken("beside helm", "docker ps")
    assert unheard["nowhere"] == unheard["likeliest_nowhere"] == unheard["after beside"] == 0.5
    assert spoken("off cooking")["nowhere"] == 0.0


def test_with_another_model_the_words_decide() -> None:
    def said(question: str) -> bool:
        return margin(Asked(question, KEYWORDS), HITS, "other", KNOWN, no_embedding) >= 0

    assert said("does a volume keep data")
    assert not said("how to bake bread")
    assert not said("???")


def test_without_hits_nothing_is_answered() -> None:
    asked = Asked("volume data", KEYWORDS)
    assert margin(asked, [], learned().model, KNOWN, no_embedding) < 0


def test_what_was_learned_fits_its_model() -> None:
    judge = learned()
    assert len(judge.mean) == len(judge.scale) == len(judge.weights) == len(FEATURES)
    assert len(judge.question) == 384
    assert all(scale > 0 for scale in judge.scale)
    asked = Asked("does a volume keep data", KEYWORDS)
    towards = 9 * np.asarray([judge.question], dtype=np.float32)

    def said(embedding: FloatMatrix) -> bool:
        return margin(asked, HITS, judge.model, KNOWN, lambda: embedding) >= 0

    assert said(towards)
    assert not said(-towards)
