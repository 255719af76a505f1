"""A retriever without a model: chunks that share the most words come first."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.terms import content_words, terms_of
from knowledge.values import Chunk, Hit


class WordRetriever:
    """Counts shared terms; a chunk that shares none is no hit."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        wanted = {term for word in content_words(query) for term in terms_of(word)}
        scored = [(len(wanted & set(terms_of(c.text))), c) for c in self._chunks]
        best = sorted((s for s in scored if s[0]), key=lambda s: -s[0])[:limit]
        return [Hit(chunk, float(score), keyword_rank=n) for n, (score, chunk) in enumerate(best, start=1)]
