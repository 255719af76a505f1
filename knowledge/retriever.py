"""Question to hits: dense and keyword search over the same chunks, fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import Asked
from knowledge.fusion import fuse
from knowledge.keywords import KeywordIndex
from knowledge.language import language_of
from knowledge.protocols import Embedder
from knowledge.ranking import learned, rank
from knowledge.store import ChunkStore
from knowledge.terms import concepts_of, content_words, is_task_word, terms_of
from knowledge.values import Chunk, Hit

CANDIDATES = 50
"""How many chunks each search puts forward before they are fused."""

EXPANSION_WEIGHT = 0.4
"""What a term from the bilingual table counts beside the word that was asked (1.0)."""

_EMBEDDED = 16  # questions; one is asked for when it is searched and when its hits are judged


class HybridRetriever:
    """Both searches over one set of chunks."""

    def __init__(
        self,
        chunks: Sequence[Chunk],
        store: ChunkStore,
        keywords: KeywordIndex,
        embedder: Embedder,
        *,
        positions: Mapping[str, int] | None = None,
    ) -> None:
        self._chunks = chunks
        self._store = store
        self._keywords = keywords
        self._model = embedder.model
        self.embedding = lru_cache(maxsize=_EMBEDDED)(embedder.embed_query)
        """A question's embedding, (1, dimension) float32; the last few are kept."""
        self._at = positions or {chunk.id: i for i, chunk in enumerate(chunks)}

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """At most ``limit`` hits, best first; empty for a blank query."""
        if not query.strip() or not self._chunks:
            return []
        asked = Asked(query, self._keywords)
        query = asked.question
        embedding = self.embedding(query)
        dense = {self._at[i]: s for i, s in self._store.nearest(embedding, limit=CANDIDATES) if i in self._at}
        scores = self._keywords.scores(self._weights(query))
        best = _highest(scores, CANDIDATES)
        keyword = {int(i): float(scores[i]) for i in best if scores[i] > 0}
        self._complete(dense, keyword, embedding)
        keyword.update({i: float(scores[i]) for i in dense if i not in keyword})
        if self._model == learned().model:
            return rank(self._chunks, dense, keyword, asked, language=language_of(query))[:limit]
        return fuse(self._chunks, dense, keyword, language=language_of(query))[:limit]

    def nearest(self, query: str, *, limit: int = 10) -> list[Hit]:
        """Hits by the embedding alone, best first; the score is the cosine."""
        found = self._store.nearest(self.embedding(query), limit=limit)
        known = [(self._chunks[self._at[i]], s) for i, s in found if i in self._at]
        return [Hit(chunk, s, dense_rank=n, similarity=s) for n, (chunk, s) in enumerate(known, start=1)]

    def _complete(self, dense: dict[int, float], keyword: Mapping[int, float], embedding: object) -> None:
        """Gives chunks that only the keyword search brought up their cosine as well."""
        missing = [i for i in keyword if i not in dense]
        stored = self._store.embeddings([self._chunks[i].id for i in missing])
        vector = np.asarray(embedding, dtype=np.float32).ravel()
        for i in missing:
            if self._chunks[i].id in stored:
                dense[i] = float(stored[self._chunks[i].id] @ vector)

    def _weights(self, query: str) -> dict[str, float]:
        """What the keyword search looks for: the question's terms, and their other names."""
        words = content_words(query)
        weights: dict[str, float] = {}
        for name in (name for word in words for concept in concepts_of(word) for name in concept):
            weights.update(dict.fromkeys(name, EXPANSION_WEIGHT))
        for word in words:
            weights.update(dict.fromkeys(terms_of(word), EXPANSION_WEIGHT if is_task_word(word) else 1.0))
        return weights


def _highest(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Positions of the highest scores, best first; of equals the earlier."""
    if len(scores) <= count:
        return np.argsort(-scores, kind="stable")
    least = np.partition(scores, -count)[-count]
    among = np.flatnonzero(scores >= least)
    return among[np.argsort(-scores[among], kind="stable")][:count]
