"""Keyword ranking (BM25) over the same chunks that are embedded."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np

from knowledge.chunks import searched_text
from knowledge.spelling import mended
from knowledge.terms import field_words, plain_words, terms_of
from knowledge.values import Chunk

_OWN = "docknotes.json"


@dataclass(frozen=True, slots=True)
class Terms:
    """The search terms of each chunk, and the Latin words of all of them that can be misspelt."""

    chunks: Sequence[Sequence[str]]
    words: Collection[str]

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> Terms:
        """The terms of some chunks."""
        words = {word for chunk in chunks for word in words_of_chunk(chunk)}
        return cls([terms_of_chunk(chunk) for chunk in chunks], words)


def terms_of_chunk(chunk: Chunk) -> list[str]:
    """The search terms of a chunk, of the headings above it and of what it is about."""
    return [*terms_of(" ".join(chunk.headings)), *terms_of(searched_text(chunk))]


def words_of_chunk(chunk: Chunk) -> set[str]:
    """The Latin words of a chunk and its headings that can be misspelt, in lower case."""
    return {word.lower() for word in plain_words(" ".join((*chunk.headings, chunk.text)))}


class KeywordIndex:
    """BM25 over chunks and the headings above them.

    Source: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009);
    Lucene's variant as bm25s computes it, k1 = 1.5, b = 0.75.
    """

    def __init__(self, chunks: Sequence[Chunk], *, terms: Terms | None = None) -> None:
        terms = terms or Terms.of(chunks)
        self._size = len(terms.chunks)
        self._spellings = sorted({*terms.words, *field_words()})
        self._ranking = bm25s.BM25()
        if any(terms.chunks):
            self._ranking.index(terms.chunks, show_progress=False)
        self._learn()

    def _learn(self) -> None:
        """Takes the terms and how many chunks each stands in from the ranking's sparse matrix."""
        self._known: Mapping[str, int] = getattr(self._ranking, "vocab_dict", {})
        starts = self._ranking.scores["indptr"] if self._known else np.zeros(1, np.int64)
        self._frequencies = np.diff(np.asarray(starts))

    @classmethod
    def kept(cls, folder: Path, name: str, terms: Callable[[], Terms]) -> KeywordIndex:
        """The ranking of some chunks as it is kept in a folder; made where it is not there yet.

        Args:
            folder: where it is kept; others in it are removed once a new one is made.
            name: follows from the chunks and from how terms are made.
            terms: called where it has to be made.
        """
        place = folder / f"keywords-{name}"
        found = cls.load(place)
        if found is None:
            found = cls((), terms=terms())
            with suppress(OSError):  # a folder that cannot be written is found out when vectors are stored
                shutil.rmtree(place, ignore_errors=True)
                found.save(place)
                for old in folder.glob("keywords-*"):
                    if old != place:
                        shutil.rmtree(old, ignore_errors=True)
        return found

    def save(self, folder: Path) -> None:
        """Writes the ranking into a folder of its own, whole or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        if not self._known:
            return
        draft = folder.with_name(f"{folder.name}.{os.getpid()}.part")
        self._ranking.save(draft)
        text = json.dumps({"size": self._size, "spellings": self._spellings}, ensure_ascii=False)
        (draft / _OWN).write_text(text, encoding="utf-8")
        try:
            draft.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(draft, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex | None:
        """What `save` wrote; None where there is none, or a damaged one."""
        try:
            own = json.loads((folder / _OWN).read_text(encoding="utf-8"))
            index = cls.__new__(cls)
            index._size, index._spellings = own["size"], own["spellings"]
            index._ranking = bm25s.BM25.load(folder)
            index._learn()
        except (OSError, ValueError, KeyError, EOFError):
            return None
        return index

    def frequency(self, term: str) -> int:
        """In how many chunks a term stands."""
        number = self._known.get(term, len(self._frequencies))  # bm25s gives "" a number without a column
        return int(self._frequencies[number]) if number < len(self._frequencies) else 0

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
            known = [t for t, w in weights.items() if w == weight and self.frequency(t)]
            if known:
                total += np.float32(weight) * self._ranking.get_scores(known)
        return total
