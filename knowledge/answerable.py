"""Do the notes answer a question? A judgement learned on questions people judged.

No score tells it alone: similarities of an embedding model lie close together whatever is asked, and
the words of a question may stand anywhere. Together they do tell: how far the best chunk stands out
from the others, how much of what is asked for is in it, whether a heading without content is about it,
what kind of question it is, as its embedding says: off the field, far into a neighbour's, or what
notes on Docker answer; and whether the notes speak of what it is after (`knowledge.intents`) at all.
What each counts is learned by ``python -m tests.evals.learn_answerable``, for one embedding model, and
stored with that model's name; for any other model only the words are judged.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from statistics import median

import numpy as np

from knowledge.asked import Asked
from knowledge.intents import KINDS, Likely, kinds, marked, spoken_in
from knowledge.terms import is_task_word
from knowledge.values import FloatMatrix, Hit

BEST = 5
"""How many of the best hits may share in holding what is asked for."""

CANDIDATES = 50
"""How many hits the best one is held against."""

FEATURES = (
    "share",  # the part of what is asked for that the best hits hold together
    "best",  # ... the one that holds most
    "first",  # ... the first one
    "pairs",  # how many pairs of the question's things stand in one hit together
    "similarity",  # the best cosine
    "standout",  # ... less the candidates' median
    "keywords",  # the best BM25 score
    "unknown",  # the part of the question's words that are Latin and stand nowhere
    "unknown_weight",  # the weight of all that stands nowhere
    "missing",  # the weight of Latin words that no hit holds
    "empty",  # the part of what is asked for that a heading without content holds
    "words",  # logarithm of how many words the question has
    *(f"after {kind}" for kind in KINDS),  # how likely the question is after intents of each kind
    "somewhere",  # ... after intents that the notes speak of anywhere
    "near",  # ... that the best hits speak of
    "nearest",  # ... that the first one speaks of
    "likeliest_nowhere",  # ... after the likeliest one that no note speaks of
    "nowhere",  # ... after any of those, what is off the field aside
    "sure",  # ... after the likeliest of all
    "best_somewhere",  # whether the notes speak of that one
    "best_near",  # ... the best hits
    "unsure",  # entropy over all intents
    "many",  # logarithm of how many intents the notes speak of: the more, the likelier by chance
)

WORDS_SHARE = 0.5
"""With an embedding model nothing was learned for: the part of a question that must stand in the hits."""

_WORDS_SCALE = 12.0  # makes of such a part what is like log odds: at most 6

_DATA = "data/answerable.json"


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned for one embedding model: a logistic regression over scaled features.

    ``question`` weighs the question's embedding, (dimension,) float. ``usual`` is the median similarity
    of a question's candidates; it stands for the candidates that a small set of notes does not have. A
    question is answerable from ``threshold`` (log odds) on.
    """

    model: str
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    question: tuple[float, ...]
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
        tuple(stored["question"]),
        stored["intercept"],
        stored["threshold"],
        stored["usual"],
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all notes: headings with nothing under them, and the intents they speak of."""

    empty: Sequence[str]
    intents: frozenset[int]


def margin(
    asked: Asked, hits: Sequence[Hit], model: str, notes: Known, embedding: Callable[[], FloatMatrix]
) -> float:
    """By how much (log odds) the hits answer what is asked; below 0 they do not.

    Args:
        asked: what the question asks for.
        hits: the best chunks (`CANDIDATES` of them, best first), not widened.
        model: name of the embedding model that found them.
        notes: what is known of all notes.
        embedding: gives the question's, (1, dimension) float32.
    """
    if not asked.things or not hits:
        return -math.inf
    judge = learned()
    if model != judge.model:
        held = asked.words_in(_text(hits[:BEST]))
        return _WORDS_SCALE * (asked.share(held) - WORDS_SHARE)
    question = embedding()
    features = np.asarray(measure(asked, hits, judge.usual, notes, Likely(question)))
    scaled = (features - np.asarray(judge.mean)) / np.asarray(judge.scale)
    odds = scaled @ np.asarray(judge.weights) + question.ravel() @ np.asarray(judge.question)
    return float(odds + judge.intercept - judge.threshold)


def measure(
    asked: Asked, hits: Sequence[Hit], usual: float, notes: Known, likely: Likely
) -> tuple[float, ...]:
    """The `FEATURES` of one question and its hits, best first.

    Args:
        asked: what the question asks for.
        hits: at most `CANDIDATES` hits.
        usual: median similarity taken for candidates that are not there.
        notes: what is known of all notes.
        likely: what the question is after.
    """
    each = [asked.words_in(_text([hit])) for hit in hits[:BEST]]
    held = asked.words_in(_text(hits[:BEST]))
    shares = [asked.share(words) for words in each]
    similarities = sorted((h.similarity for h in hits if h.similarity is not None), reverse=True)
    others = [*similarities, *[usual] * (CANDIDATES - len(similarities))]
    top = similarities[0] if similarities else usual
    words = len(asked.things) or 1
    return (
        asked.share(held),
        max(shares),
        shares[0],
        _together(asked, each),
        top,
        top - median(others),
        min(max(hit.keyword_score or 0.0 for hit in hits), 20.0),
        sum(word.isascii() for word in asked.unknown) / words,
        asked.share(frozenset(asked.unknown)),
        asked.share(frozenset(word for word in asked.missing_from(held) if word.isascii())),
        max((asked.share(asked.words_in(heading)) for heading in notes.empty), default=0.0),
        math.log(words),
        *_spoken(hits, notes, likely),
    )


def _spoken(hits: Sequence[Hit], notes: Known, likely: Likely) -> tuple[float, ...]:
    """How far the hits and the notes speak of what a question is likely after."""
    each = [spoken_in(hit.chunk) for hit in hits[:BEST]]
    near = marked(number for numbers in each for number in numbers)
    somewhere = marked(notes.intents)
    shares, best = likely.shares, likely.best
    nowhere = np.where(somewhere, 0.0, shares)
    return (
        *(float(shares[kinds() == number].sum()) for number in range(len(KINDS))),
        float(shares[somewhere].sum()),
        float(shares[near].sum()),
        likely.among(tuple(each[0])),
        float(nowhere.max()),
        float(nowhere[kinds() != KINDS.index("off")].sum()),
        float(shares[best]),
        float(somewhere[best]),
        float(near[best]),
        float(-(shares * np.log(shares + 1e-9)).sum()),
        math.log(1 + len(notes.intents)),
    )


def _together(asked: Asked, each: Sequence[frozenset[str]]) -> float:
    """The part of the pairs of things a question names that one hit holds both of."""
    things = [word for word in asked.things if not is_task_word(word)]
    pairs = list(combinations(things, 2)) or [(word, word) for word in things]
    found = sum(any(one in words and other in words for words in each) for one, other in pairs)
    return found / len(pairs) if pairs else 0.0


def _text(hits: Sequence[Hit]) -> str:
    return "\n".join("\n".join((*hit.chunk.headings, hit.chunk.text)) for hit in hits)
