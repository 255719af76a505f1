"""The seams of the knowledge side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from knowledge.values import FloatMatrix, Hit


class Embedder(Protocol):
    """Text to unit vectors of one model; questions and chunks may be treated differently."""

    @property
    def model(self) -> str:
        """Name of the model, stored with the index; two names never share an index."""
        ...

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        ...

    def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
        """Embeddings of chunks: (texts, dimension) float32, unit rows.

        Args:
            texts: the chunks.
            of: how many there are in all, where these are a part: an engine that takes long to load
                is worth it for many.

        Raises:
            EmbeddingError: the model cannot be loaded or fails.
        """
        ...

    def embed_query(self, text: str) -> FloatMatrix:
        """Embedding of one question: (1, dimension) float32, unit row."""
        ...


@runtime_checkable
class Retriever(Protocol):
    """Question to hits, best first."""

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """At most ``limit`` hits, best first; empty for a blank query.

        Raises:
            StoreError: the index is absent or cannot be read.
        """
        ...
