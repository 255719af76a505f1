"""Two rankings to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.language import Language
from knowledge.values import Chunk, Hit

DENSE_WEIGHT = 0.7
"""Share of the cosine in a fused score; the keyword score has the rest."""

TELLING = 6.0
"""BM25 score from which the keyword search counts in full.

Where a question has only words that stand everywhere, all its keyword scores are low, and scaling
them to 1 would make much of next to nothing.
"""

LANGUAGE_BONUS = 0.15
"""Added where a chunk is in the question's language, in notes that have both languages."""


def fuse(
    chunks: Sequence[Chunk],
    dense: Mapping[int, float],
    keyword: Mapping[int, float],
    *,
    language: Language,
    dense_weight: float = DENSE_WEIGHT,
) -> list[Hit]:
    """Hits by weighted sum of both scores, each scaled to 0..1 over the candidates; best first.

    Scaled scores keep how far apart two candidates are, which ranks throw away; that matters where
    the keyword search matched only stray words.

    Args:
        chunks: all chunks; the mappings' keys are positions in it.
        dense: position to cosine similarity.
        keyword: position to BM25 score.
        language: the question's language.
        dense_weight: share of the cosine.

    Source: Bruch, Gai & Ingber, An Analysis of Fusion Functions for Hybrid Retrieval (2023).
    """
    near, found = scaled(dense), telling(keyword)
    scores = {
        i: dense_weight * near.get(i, 0.0) + (1 - dense_weight) * found.get(i, 0.0)
        for i in dict.fromkeys([*dense, *keyword])
    }
    return as_hits(chunks, scores, dense, keyword, language=language)


def as_hits(
    chunks: Sequence[Chunk],
    scores: Mapping[int, float],
    dense: Mapping[int, float],
    keyword: Mapping[int, float],
    *,
    language: Language,
) -> list[Hit]:
    """Candidates as hits with why they matched, best first; `LANGUAGE_BONUS` is added to their scores.

    Args:
        chunks: all chunks; the mappings' keys are positions in it.
        scores: position to score, of every candidate.
        dense: position to cosine similarity.
        keyword: position to BM25 score, 0 for what the keyword search did not find.
        language: the question's language.
    """
    dense_rank, keyword_rank = ranks(dense), ranks({i: s for i, s in keyword.items() if s > 0})
    bilingual = len({chunks[i].language for i in scores}) > 1
    hits = []
    for i, score in scores.items():
        bonus = LANGUAGE_BONUS if bilingual and chunks[i].language == language else 0.0
        hits.append(
            Hit(
                chunks[i], score + bonus, dense_rank.get(i), keyword_rank.get(i), dense.get(i), keyword.get(i)
            )
        )
    return sorted(hits, key=lambda hit: -hit.score)


def telling(keyword: Mapping[int, float]) -> dict[int, float]:
    """BM25 scores brought to 0..1 by the best of them, or by `TELLING` where all are low."""
    most = max([TELLING, *keyword.values()])
    return {i: score / most for i, score in keyword.items()}


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores brought to 0..1, the least of them 0."""
    if not scores:
        return {}
    low = min(scores.values())
    span = max(scores.values()) - low
    return {i: (s - low) / span if span > 0 else 0.0 for i, s in scores.items()}


def ranks(scores: Mapping[int, float]) -> dict[int, int]:
    """The rank of each position by its score, from 1."""
    ordered = sorted(scores, key=lambda i: -scores[i])
    return {i: rank for rank, i in enumerate(ordered, start=1)}
