"""A chunk's vector: its text and a share of its headings, each heading path embedded once."""

from __future__ import annotations

import numpy as np

from knowledge.values import Chunk
from knowledge.vectors import HEADINGS_SHARE, chunk_vectors
from tests.fakes.embedder import HashEmbedder


def chunk(text: str, *headings: str) -> Chunk:
    return Chunk(text, "note.md", headings, 1, 1, text, "en")


def test_text_and_headings_in_a_fixed_proportion() -> None:
    embedder = HashEmbedder()
    (vector,) = chunk_vectors([chunk("**bold** `code`", "A", "B")], embedder)
    text, above = embedder.embed(["bold code", "A > B"])
    mixed = (1 - HEADINGS_SHARE) * text + HEADINGS_SHARE * above
    assert np.allclose(vector, mixed / np.linalg.norm(mixed), atol=1e-6)
    assert vector.dtype == np.float32
    assert np.isclose(np.linalg.norm(vector), 1.0)


def test_a_heading_path_is_embedded_once() -> None:
    embedder = HashEmbedder()
    vectors = chunk_vectors([chunk("one", "A"), chunk("two", "A"), chunk("one", "B")], embedder)
    assert embedder.embedded == ["one", "two", "one", "A", "B"]
    assert vectors.shape == (3, embedder.dimension)
    assert not np.allclose(vectors[0], vectors[2])
