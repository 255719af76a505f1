"""An embedder without a model: texts that share words or neighbouring characters are alike."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from knowledge.values import FloatMatrix

_WORD = re.compile(r"[a-z0-9_.-]+|[一-鿿]+")


class HashEmbedder:
    """A direction for each word and pair of Chinese characters, added up: the same on every machine."""

    def __init__(self, *, dimension: int = 64, model: str = "hash") -> None:
        self._dimension = dimension
        self._model = model
        self.embedded: list[str] = []
        """Every chunk that was embedded, in order: what an indexing run really did."""

    @property
    def model(self) -> str:
        return self._model

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
        self.embedded.extend(texts)
        rows = [self._row(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self._dimension), np.float32)

    def embed_query(self, text: str) -> FloatMatrix:
        return self._row(text)[None, :]

    def _row(self, text: str) -> FloatMatrix:
        row = 0.1 * _direction("", self._dimension)  # a text without words has a direction too
        for feature in _features(text):
            row = row + _direction(feature, self._dimension)
        return np.asarray(row / np.linalg.norm(row), np.float32)


@cache
def _direction(feature: str, dimension: int) -> FloatMatrix:
    numbers = np.random.default_rng(zlib.crc32(feature.encode("utf-8", "replace")))
    return numbers.standard_normal(dimension).astype(np.float32)


def _features(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if word.isascii():
            yield word
        else:
            yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
