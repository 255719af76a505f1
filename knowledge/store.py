"""Chunks and their embeddings in Chroma; the only module that knows Chroma."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

import numpy as np

from knowledge.errors import StoreError
from knowledge.language import Text
from knowledge.values import Chunk, FloatMatrix

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

# Chroma takes at most 5,461 rows in one call (its SQLite variable limit).
_BATCH = 1000
_LAYOUT = 2  # raised when what is stored for a chunk changes


_P = ParamSpec("_P")
_T = TypeVar("_T")


def _translated(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """A method of the store whose faults are StoreErrors: Chroma raises many classes, none shared."""

    @wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            raise _unusable("the index", "索引", error) from error

    return call


class ChunkStore:
    """The chunks of one set of notes, embedded by one model.

    A collection belongs to exactly one model: its name follows from the notes' identity, the model's
    name and the layout, so vectors of two models never meet.
    """

    def __init__(self, client: ClientAPI, notes_key: str, model: str, dimension: int) -> None:
        self._dimension = dimension
        key = hashlib.sha256(f"{notes_key}\0{model}\0{dimension}\0{_LAYOUT}".encode()).hexdigest()[:24]
        # Chroma fetches a model of its own where no embedding function is named; None forbids that.
        self._collection = client.get_or_create_collection(
            f"notes-{key}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
            metadata={"model": model, "notes": notes_key[:200]},
        )

    def __len__(self) -> int:
        """How many chunks are stored."""
        return self._collection.count()

    @_translated
    def places(self) -> dict[str, tuple[str, int, int]]:
        """For each stored id the note and lines it was stored with."""
        rows = self._collection.get(include=["metadatas"])
        places: dict[str, tuple[str, int, int]] = {}
        for identity, metadata in zip(rows["ids"], rows["metadatas"] or [], strict=True):
            places[identity] = (
                str(metadata["note"]),
                int(str(metadata["first_line"])),
                int(str(metadata["last_line"])),
            )
        return places

    @_translated
    def put(self, chunks: Sequence[Chunk], embeddings: FloatMatrix) -> None:
        """Stores chunks with their embeddings, (chunks, dimension) float32; known ids are replaced."""
        for start in range(0, len(chunks), _BATCH):
            part = chunks[start : start + _BATCH]
            self._collection.upsert(
                ids=[c.id for c in part],
                embeddings=np.asarray(embeddings[start : start + _BATCH], dtype=np.float32),
                documents=[c.text for c in part],
                metadatas=[_metadata(c) for c in part],
            )

    @_translated
    def move(self, chunks: Sequence[Chunk]) -> None:
        """Notes that known chunks now stand on other lines; their embeddings stay."""
        for start in range(0, len(chunks), _BATCH):
            part = chunks[start : start + _BATCH]
            self._collection.update(ids=[c.id for c in part], metadatas=[_metadata(c) for c in part])

    @_translated
    def remove(self, ids: Iterable[str]) -> None:
        """Removes chunks by id."""
        listed = list(ids)
        for start in range(0, len(listed), _BATCH):
            self._collection.delete(ids=listed[start : start + _BATCH])

    @_translated
    def nearest(self, embedding: FloatMatrix, *, limit: int) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the chunks nearest to one embedding, best first."""
        if not (limit and self._collection.count()):
            return []
        found = self._collection.query(
            query_embeddings=np.asarray(embedding, dtype=np.float32), n_results=limit, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)]

    @_translated
    def embeddings(self, ids: Sequence[str]) -> Mapping[str, FloatMatrix]:
        """The stored embeddings of some chunks, each (dimension,) float32."""
        if not ids:
            return {}
        rows = self._collection.get(ids=list(ids), include=["embeddings"])
        stored = rows["embeddings"]
        if stored is None:
            return {}
        return {i: np.asarray(e, dtype=np.float32) for i, e in zip(rows["ids"], stored, strict=True)}


def _metadata(chunk: Chunk) -> dict[str, str | int]:
    return {
        "note": chunk.note,
        "headings": json.dumps(chunk.headings, ensure_ascii=False),
        "first_line": chunk.first_line,
        "last_line": chunk.last_line,
        "language": chunk.language,
    }


def open_client(folder: Path, url: str | None = None) -> ClientAPI:
    """A Chroma client: on a folder of this machine, or on a Chroma server where a URL is given.

    Raises:
        StoreError: the folder cannot be written, or the server does not answer.
    """
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    try:
        if url:
            parts = urlsplit(url)
            secure = parts.scheme == "https"
            port = parts.port or (443 if secure else 8000)
            return chromadb.HttpClient(parts.hostname or url, port=port, ssl=secure, settings=settings)
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(folder), settings=settings)
    except Exception as error:  # Chroma raises many kinds, its Rust core bare ones
        place = str(url or folder)
        raise _unusable(f"the index at {place}", f"位于 {place} 的索引", error) from error


def _unusable(what_en: str, what_zh: str, error: Exception) -> StoreError:
    return StoreError(
        Text(
            en=f"Chroma cannot use {what_en}: {error}. Check that the place can be reached and written and "
            "has space; deleting an index folder loses nothing but the time to make it again.",
            zh=f"Chroma 无法使用{what_zh}：{error}。请检查该位置能否访问和写入、空间是否足够；"
            "删除索引文件夹只会多花一次重建的时间。",
        )
    )
