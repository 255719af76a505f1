"""Keyword ranking (BM25) over the same chunks that are embedded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import bm25s
import numpy as np

from knowledge.spelling import mended
from knowledge.terms import field_words, plain_words, terms_of
from knowledge.values import Chunk


class KeywordIndex:
    """BM25 over chunks and the headings above them.

    Source: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009);
    Lucene's variant as bm25s computes it, k1 = 1.5, b = 0.75.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._size = len(chunks)
        texts = [[*terms_of(" ".join(c.headings)), *terms_of(c.about), *terms_of(c.text)] for c in chunks]
        self._frequency: dict[str, int] = {}
        for terms in texts:
            for term in set(terms):
                self._frequency[term] = self._frequency.get(term, 0) + 1
        words = {w.lower() for c in chunks for w in plain_words(" ".join((*c.headings, c.text)))}
        self._spellings = sorted(words | field_words())
        self._ranking = bm25s.BM25()
        if self._frequency:
            self._ranking.index(texts, show_progress=False)

    def frequency(self, term: str) -> int:
        """In how many chunks a term stands."""
        return self._frequency.get(term, 0)

    def mended(self, question: str) -> str:
        """A question with its misspelt words as the notes or the table of the field spell them."""
        return mended(question, self._spellings, self._stands)

    def _stands(self, word: str) -> bool:
        return any(map(self.frequency, terms_of(word)))

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term, 0 where every chunk has it.

        Source: Spärck Jones (1972), ln((N + 1) / (n + 1)).
        """
        return float(np.log((self._size + 1) / (self.frequency(term) + 1)))

    def scores(self, weights: Mapping[str, float]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """BM25 score of every chunk for weighted query terms: (chunks,) float32."""
        total = np.zeros(self._size, dtype=np.float32)
        for weight in sorted(set(weights.values())):
            known = [t for t, w in weights.items() if w == weight and t in self._frequency]
            if known:
                total += np.float32(weight) * self._ranking.get_scores(known)
        return total
