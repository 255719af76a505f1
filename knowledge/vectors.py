"""One vector for each chunk: what it says, and a share of what the headings above it say.

Embedding both in one text lets long heading paths drown a short chunk; as two vectors in a fixed
proportion they do not, and a heading path is embedded once however many chunks stand below it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.chunks import plain_text
from knowledge.protocols import Embedder
from knowledge.values import Chunk, FloatMatrix

HEADINGS_SHARE = 0.3
"""The headings' share in a chunk's vector; chosen on the questions for tuning in ``tests/evals``."""


def chunk_vectors(chunks: Sequence[Chunk], embedder: Embedder, *, of: int = 0) -> FloatMatrix:
    """The vectors of chunks: (chunks, dimension) float32, unit rows.

    Args:
        chunks: in any order; neighbours of one section share the work for their headings.
        embedder: the model.
        of: how many chunks there are in all, where these are a part.

    Raises:
        EmbeddingError: the model cannot be loaded or fails.
    """
    paths = [" > ".join(chunk.headings) for chunk in chunks]
    unique = list(dict.fromkeys(paths))
    texts = [plain_text(chunk) for chunk in chunks]
    vectors = np.asarray(embedder.embed([*texts, *unique], of=of))
    at = {path: len(texts) + number for number, path in enumerate(unique)}
    above = vectors[[at[path] for path in paths]]
    mixed = (1 - HEADINGS_SHARE) * vectors[: len(texts)] + HEADINGS_SHARE * above
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)
