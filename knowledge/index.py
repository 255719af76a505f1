"""The stored index of one set of notes: opened, brought up to date, made again where it is damaged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from knowledge.chroma import open_place
from knowledge.chroma_faults import folder_fault
from knowledge.config import KnowledgeConfig
from knowledge.errors import DamagedIndexError
from knowledge.generation import Generation
from knowledge.held import as_places, read_held, write_held
from knowledge.indexing import Progress, is_being_written, one_writer, sync
from knowledge.language import Tell, silent
from knowledge.protocols import Embedder
from knowledge.store import ChunkStore
from knowledge.values import Chunk

Condition = Literal["same", "being written", "changed", "gone"]
"""Of an index: as it was left, being written by somebody else, another since (or half-written by a
writer that was killed), or not there."""

_STAMP = "stamp"


def index_folder(config: KnowledgeConfig) -> Path:
    """Where the index of some files and folders lies; the order they are given in does not matter."""
    sources = {*config.sources, *([config.own] if config.own is not None else [])}
    named = "\0".join(map(str, sorted({source.resolve() for source in sources})))
    return config.index / hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def is_indexed(config: KnowledgeConfig) -> bool:
    """Whether these notes were indexed before, so that a search takes no longer than a moment."""
    return (index_folder(config) / _STAMP).exists()


class Index:
    """The index of some files and folders, for one embedding model.

    Its folder holds the lock of the writer and a stamp of what a finished index holds, and Chroma's own
    folder where no server keeps the chunks.
    """

    def __init__(self, config: KnowledgeConfig, embedder: Embedder) -> None:
        self.folder = index_folder(config)
        key = self.folder.name
        self._embedder = embedder
        self._place = open_place(self.folder / "chroma", config.chroma_url, config.chroma_token)
        self._key = key
        self._store: ChunkStore | None = None
        self._generation: Generation | None = None

    @property
    def store(self) -> ChunkStore:
        """The stored chunks."""
        if self._store is None:
            embedder = self._embedder
            self._store = ChunkStore(self._place, self._key, embedder.model, embedder.dimension)
        return self._store

    def update(
        self,
        chunks: Sequence[Chunk],
        places: Sequence[str],
        *,
        digest: str,
        progress: Progress | None = None,
        tell: Tell = silent,
    ) -> tuple[int, int]:
        """Makes the index hold exactly these chunks; does not wait for a writer where it holds them already.

        Args:
            chunks: all there are, in reading order.
            places: for each chunk ``id first last``.
            digest: what follows from the places.
            progress: told how far embedding has come.
            tell: told what a person should know meanwhile.

        Returns:
            How many chunks were embedded, and how many removed.

        Raises:
            EmbeddingError: the embedding model cannot be had.
            StoreError: the index cannot be opened or written.
        """
        stamp = f"{self._embedder.model} {digest}"
        if self._holds(stamp, len(chunks)):
            return 0, 0
        with one_writer(self.folder, tell=tell):
            self._unstamp()
            with self._faults():
                self._place.mend(tell)
            try:
                done = self._sync(chunks, places, progress)
            except DamagedIndexError as error:
                with self._faults():
                    self._place.set_aside(error.text, tell)
                done = self._sync(chunks, places, progress)
            self._generation = self.store.generation()
            with self._faults():
                write_held(self.folder, self.store.name, self._generation, places)
                self._stamp.write_text(stamp, encoding="utf-8")
        return done

    def _sync(
        self, chunks: Sequence[Chunk], places: Sequence[str], progress: Progress | None
    ) -> tuple[int, int]:
        held = read_held(self.folder, self.store.name, self.store.generation())
        stored = held if held is not None and len(held) == len(self.store) else self.store.places()
        return sync(
            chunks, self.store, self._embedder, wanted=as_places(places), stored=stored, progress=progress
        )

    def _holds(self, wanted: str, count: int) -> bool:
        """Whether a finished index holds what is wanted, so that it can be read as it is."""
        try:
            if self._stamp.read_bytes() != wanted.encode() or not self._place.is_sound():
                return False
            generation = self.store.generation()
            if generation is None or generation.is_writing or len(self.store) != count:
                return False
        except (OSError, DamagedIndexError):
            return False
        self._generation = generation
        return True

    def condition(self) -> Condition:
        """What others did to the index since `update`.

        Raises:
            StoreError: the index cannot be reached.
        """
        now = self.store.generation()
        if now is None:
            return "gone"
        if now.is_writing and now != self._generation:
            return "being written" if is_being_written(self.folder) else "changed"
        return "same" if now == self._generation else "changed"

    @property
    def _stamp(self) -> Path:
        return self.folder / _STAMP

    def _unstamp(self) -> None:
        with self._faults():
            self._stamp.unlink(missing_ok=True)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise folder_fault(self.folder, error) from error
