"""Keyword ranking (BM25) over the same chunks that are embedded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import bm25s
import numpy as np

from knowledge.terms import concepts_of, field_words, terms_of
from knowledge.values import Chunk


class KeywordIndex:
    """BM25 over chunks and the headings above them.

    Source: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009);
    Lucene's variant as bm25s computes it, k1 = 1.5, b = 0.75.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._size = len(chunks)
        texts = [[*terms_of(" ".join(c.headings)), *terms_of(c.text)] for c in chunks]
        self._frequency: dict[str, int] = {}
        for terms in texts:
            for term in set(terms):
                self._frequency[term] = self._frequency.get(term, 0) + 1
        spelt = {t for t in self._frequency if t.isascii() and t.isalpha() and len(t) > 3}
        self._spellings = sorted(spelt | field_words())
        self._ranking = bm25s.BM25()
        if self._frequency:
            self._ranking.index(texts, show_progress=False)

    def frequency(self, term: str) -> int:
        """In how many chunks a term stands."""
        return self._frequency.get(term, 0)

    def nearest(self, word: str) -> str:
        """A misspelt word as the notes or the table of the field spell it; any other as it is.

        Only Latin words of five letters or more that stand nowhere are mended, and only where one
        known word is near.
        """
        if len(word) < 5 or not (word.isascii() and word.isalpha()):
            return word
        if concepts_of(word) or any(self.frequency(term) for term in terms_of(word)):
            return word
        plain = terms_of(word)[0]
        near = get_close_matches(plain, self._spellings, n=1, cutoff=0.82)
        # One word that ends like another (uninstall, install) is another word, often the opposite.
        other = bool(near) and (near[0].endswith(plain) or plain.endswith(near[0]))
        return near[0] if near and not other else word

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
