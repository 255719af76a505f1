"""Chunks and their embeddings in a Chroma collection, wherever that lies (`knowledge.chroma`)."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeAlias, TypeVar, cast

import numpy as np

from knowledge.chroma import Place
from knowledge.generation import Generation
from knowledge.values import Chunk, FloatMatrix

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

# Chroma takes at most 5,461 rows in one call, and gives the metadata of at most some 32,000 (its SQLite's
# limits on variables).
_BATCH = 1000
_LAYOUT = 2  # raised when what is stored for a chunk changes

# A collection that is not there any more (a server that lost it) is made again, empty; a connection
# that a server closed when it was started again is opened again.
_WORTH_ANOTHER_TRY = {"NotFoundError", "RemoteProtocolError", "ReadError", "WriteError"}

Places: TypeAlias = dict[str, tuple[int, int]]
"""For each id of a chunk its first and last line; the note follows from the id."""

# A denser graph than Chroma's own (100, 16, 100): of the 50 nearest of 15,000 chunks it finds 96 % instead
# of 93 %, of 100,000 the wider search alone finds a tenth more. A collection that is there keeps its graph.
_GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 200,
    "max_neighbors": 32,
    "ef_search": 400,
}

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _translated(
    method: Callable[Concatenate[ChunkStore, _P], _T],
) -> Callable[Concatenate[ChunkStore, _P], _T]:
    """A method of the store whose faults are StoreErrors: Chroma raises many classes, none shared."""

    @wraps(method)
    def call(self: ChunkStore, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        for is_last in (False, True):
            try:
                return method(self, *args, **kwargs)
            except BaseException as error:
                if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                    raise  # an interrupt; what Chroma's Rust core panics with is a BaseException too
                if is_last or type(error).__name__ not in _WORTH_ANOTHER_TRY:
                    raise self.place.fault(error) from error
                self._handle = None
        raise AssertionError  # the second try returns or raises

    return cast("Callable[Concatenate[ChunkStore, _P], _T]", call)


class ChunkStore:
    """The chunks of one set of notes, embedded by one model.

    A collection belongs to exactly one model: its name follows from the notes' identity, the model's
    name and the layout, so vectors of two models never meet. Reads see what other processes have
    finished writing; who writes holds the lock of the index (`knowledge.indexing.one_writer`).
    """

    def __init__(self, place: Place, notes_key: str, model: str, dimension: int) -> None:
        self.place = place
        key = hashlib.sha256(f"{notes_key}\0{model}\0{dimension}\0{_LAYOUT}".encode()).hexdigest()[:24]
        self.name = f"notes-{key}"
        self._about = {"model": model, "notes": notes_key[:200]}
        self._handle: tuple[ClientAPI, Collection] | None = None
        self._opening = threading.Lock()

    @property
    def _collection(self) -> Collection:
        client = self.place.client()
        with self._opening:
            if self._handle is None or self._handle[0] is not client:
                # Chroma fetches a model of its own where no embedding function is named; None forbids that.
                collection = client.get_or_create_collection(
                    self.name,
                    embedding_function=None,
                    configuration={"hnsw": _GRAPH},
                    metadata=self._about,
                )
                self._handle = (client, collection)
            return self._handle[1]

    @_translated
    def __len__(self) -> int:
        """How many chunks are stored."""
        return self._collection.count()

    @_translated
    def generation(self) -> Generation | None:
        """The state of what is stored; another with whatever anybody writes, None where nothing is."""
        return self.place.generation(self.name)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around all that is written at once: others see the state before until it is done."""
        self._move_on(is_writing=True)
        yield
        self._move_on(is_writing=False)

    @_translated
    def _move_on(self, *, is_writing: bool) -> None:
        _ = self._collection  # made, where it is missing
        self.place.move_on(self.name, is_writing=is_writing)

    @_translated
    def places(self) -> Places:
        """For each stored id the lines it was stored with."""
        ids = self._collection.get(include=[])["ids"]
        places: Places = {}
        for start in range(0, len(ids), _BATCH):
            rows = self._collection.get(ids=ids[start : start + _BATCH], include=["metadatas"])
            for identity, metadata in zip(rows["ids"], rows["metadatas"] or [], strict=True):
                places[identity] = (int(str(metadata["first_line"])), int(str(metadata["last_line"])))
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
    def remove(self, ids: AbstractSet[str]) -> None:
        """Removes chunks by id."""
        listed = list(ids)
        for start in range(0, len(listed), _BATCH):
            self._collection.delete(ids=listed[start : start + _BATCH])

    @_translated
    def nearest(self, embedding: FloatMatrix, *, limit: int) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the chunks nearest to one embedding, best first."""
        if (
            not limit
        ):  # of an empty collection nothing is found; counting many rows takes longer than searching
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
