"""Do the notes answer a question? A judgement learned on questions people judged.

No score tells it alone: similarities of an embedding model lie close together whatever is asked, and
the words of a question may stand anywhere. Together they do tell: how far the best chunk stands out
from the others, and how much of what is asked for is in it. What each counts is learned by
``python -m tests.evals.learn_answerable`` on the dev part of the judged sets, for one embedding
model, and stored with that model's name; for any other model only the words are judged.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from statistics import median

import numpy as np

from knowledge.asked import Asked
from knowledge.values import Hit

BEST = 5
"""How many of the best hits may share in holding what is asked for."""

CANDIDATES = 50
"""How many hits the best one is held against."""

FEATURES = ("share", "best", "similarity", "standout", "keywords", "unknown", "missing", "agreed")

WORDS_SHARE = 0.5
"""With an embedding model nothing was learned for: the part of a question that must stand in the hits."""

_DATA = "data/answerable.json"


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned for one embedding model: a logistic regression over scaled features.

    ``usual`` is the median similarity of a question's candidates; it stands for the candidates that
    a small set of notes does not have. A question is answerable from ``threshold`` (log odds) on.
    """

    model: str
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    usual: float


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What was learned, as it comes with the package."""
    stored = json.loads(files("knowledge").joinpath(_DATA).read_text(encoding="utf-8"))
    return Learned(
        stored["model"],
        tuple(stored["mean"]),
        tuple(stored["scale"]),
        tuple(stored["weights"]),
        stored["intercept"],
        stored["threshold"],
        stored["usual"],
    )


def answerable(asked: Asked, hits: Sequence[Hit], model: str) -> bool:
    """Whether the hits (`CANDIDATES` of them, best first) answer what is asked.

    Args:
        asked: what the question asks for.
        hits: the best chunks, not widened.
        model: name of the embedding model that found them.
    """
    if not asked.things or not hits:
        return False
    judge = learned()
    if model != judge.model:
        held = asked.words_in(_text(hits[:BEST]))
        return asked.share(held) >= WORDS_SHARE
    features = np.asarray(measure(asked, hits, judge.usual))
    scaled = (features - np.asarray(judge.mean)) / np.asarray(judge.scale)
    return bool(scaled @ np.asarray(judge.weights) + judge.intercept >= judge.threshold)


def measure(asked: Asked, hits: Sequence[Hit], usual: float) -> tuple[float, ...]:
    """The `FEATURES` of one question and its hits, best first.

    Args:
        asked: what the question asks for.
        hits: at most `CANDIDATES` hits.
        usual: median similarity taken for candidates that are not there.
    """
    held = asked.words_in(_text(hits[:BEST]))
    similarities = sorted((h.similarity for h in hits if h.similarity is not None), reverse=True)
    others = [*similarities, *[usual] * (CANDIDATES - len(similarities))]
    top = similarities[0] if similarities else usual
    words = len(asked.things) or 1
    technical = [word for word in asked.missing_from(held) if word.isascii()]
    return (
        asked.share(held),
        max(asked.share(asked.words_in(_text([hit]))) for hit in hits[:BEST]),
        top,
        top - median(others),
        min(max(hit.keyword_score or 0.0 for hit in hits), 20.0),
        sum(word.isascii() for word in asked.unknown) / words,
        asked.share(frozenset(technical)),
        float(hits[0].dense_rank == 1 and hits[0].keyword_rank == 1),
    )


def _text(hits: Sequence[Hit]) -> str:
    return "\n".join("\n".join((*hit.chunk.headings, hit.chunk.text)) for hit in hits)
