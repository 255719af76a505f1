"""Candidates of both searches in one order, by a ranking learned on judged questions.

What each sign of a good chunk counts is learned by ``python -m tests.evals.learn_ranking`` for one
embedding model and stored with that model's name; for any other model both scores are fused with
fixed shares (`knowledge.fusion`).

Source: pairwise logistic regression (RankNet with a linear scorer; Burges et al., Learning to Rank
using Gradient Descent, 2005) over signs as in Liu, Learning to Rank for Information Retrieval (2009).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from knowledge.asked import Asked
from knowledge.fusion import as_hits, scaled, telling
from knowledge.language import Language
from knowledge.terms import terms_of
from knowledge.values import Chunk, FloatMatrix, Hit

SIGNS = (
    "similarity",  # cosine, scaled over the candidates
    "section",  # the best such cosine in the chunk's section
    "keywords",  # BM25, scaled
    "nearby",  # the best such BM25 of the chunks before and after it
    "share",  # the part of what is asked for that its text holds
    "with_headings",  # ... its text or the headings above it
    "code",  # whether it holds code
    "length",  # logarithm of its length
)

_DATA = "data/ranking.json"
_CODE = re.compile(r"```|~~~|^(?: {4}|\t)\S|`[^`]+`|\bdocker\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned for one embedding model: the weight of each of `SIGNS`."""

    model: str
    weights: tuple[float, ...]


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What was learned, as it comes with the package."""
    stored = json.loads(files("knowledge").joinpath(_DATA).read_text(encoding="utf-8"))
    return Learned(stored["model"], tuple(stored["weights"][sign] for sign in SIGNS))


def rank(
    chunks: Sequence[Chunk],
    dense: Mapping[int, float],
    keyword: Mapping[int, float],
    asked: Asked,
    *,
    language: Language,
) -> list[Hit]:
    """All candidates as hits, best first; scores are comparable within one question only.

    Args:
        chunks: all chunks; the mappings' keys are positions in it.
        dense: position to cosine similarity.
        keyword: position to BM25 score, 0 for what the keyword search did not find.
        asked: what the question asks for.
        language: the question's language.
    """
    candidates = [*dict.fromkeys([*dense, *keyword])]
    if not candidates:
        return []
    found = signs(chunks, candidates, dense, keyword, asked) @ np.asarray(learned().weights)
    low, span = float(found.min()), float(found.max() - found.min()) or 1.0
    scores = {i: (float(score) - low) / span for i, score in zip(candidates, found, strict=True)}
    return as_hits(chunks, scores, dense, keyword, language=language)


def signs(
    chunks: Sequence[Chunk],
    candidates: Sequence[int],
    dense: Mapping[int, float],
    keyword: Mapping[int, float],
    asked: Asked,
) -> FloatMatrix:
    """The `SIGNS` of candidates: (candidates, signs) float32."""
    near, found = scaled(dense), telling(keyword)
    section: dict[tuple[str, tuple[str, ...]], float] = {}
    for i in candidates:
        key = (chunks[i].note, chunks[i].headings)
        section[key] = max(section.get(key, 0.0), near.get(i, 0.0))
    rows = []
    for i in candidates:
        chunk = chunks[i]
        own = asked.words_among(_terms(chunk.text))
        above = asked.words_among(_terms(" ".join(chunk.headings)))
        rows.append(
            (
                near.get(i, 0.0),
                section[chunk.note, chunk.headings],
                found.get(i, 0.0),
                max(found.get(i - 1, 0.0), found.get(i + 1, 0.0)),
                asked.share(own),
                asked.share(own | above),
                float(bool(_CODE.search(chunk.text))),
                math.log(len(chunk.text) + 20),
            )
        )
    return np.asarray(rows, dtype=np.float32)


@lru_cache(maxsize=20_000)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms_of(text))
