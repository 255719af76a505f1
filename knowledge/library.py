"""All notes a person asks about: read, indexed, searched, judged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from knowledge.answerable import Known, margin
from knowledge.asked import Asked
from knowledge.chunks import blocks_of
from knowledge.config import KnowledgeConfig
from knowledge.contents import Contents
from knowledge.context import widen
from knowledge.errors import DamagedIndexError
from knowledge.index import Index
from knowledge.indexing import Progress
from knowledge.intents import Likely
from knowledge.keywords import KeywordIndex
from knowledge.language import Tell, silent
from knowledge.protocols import Embedder
from knowledge.retriever import HybridRetriever
from knowledge.values import Block, Chunk, FloatMatrix, Hit, IndexReport, Note, Section

_PER_HIT = 5  # chunks looked at for each widened hit, since several may fall into one


class Library:
    """The notes of some files and folders with their index; open it with `Library.open`.

    Safe to use from several threads; one at a time searches.
    """

    def __init__(self, config: KnowledgeConfig, embedder: Embedder) -> None:
        self._config = config
        self._embedder = embedder
        self._index = Index(config, embedder)
        self._searching = threading.Lock()
        self._read()

    @classmethod
    def open(
        cls,
        config: KnowledgeConfig,
        embedder: Embedder,
        *,
        progress: Progress | None = None,
        tell: Tell = silent,
    ) -> tuple[Library, IndexReport]:
        """Reads the notes and brings their index up to date; ``progress`` and ``tell`` as for `index`.

        Raises:
            NoteError: a source does not exist. A file that cannot be read is skipped, not raised.
            EmbeddingError: the embedding model cannot be had.
            StoreError: the index cannot be opened or written.
        """
        library = cls(config, embedder)
        return library, library.index(progress, tell=tell)

    def _read(self) -> None:
        self._contents = contents = self._made_contents()
        self.notes: Mapping[str, Note] = contents.notes
        self.skipped = contents.skipped
        self._chunks = contents.chunks
        self._positions = {line.split(" ", 1)[0]: at for at, line in enumerate(contents.ids)}
        self._keywords = KeywordIndex.kept(self.folder, contents.digest[:16], contents.terms)
        self._retriever: HybridRetriever | None = None

    def _made_contents(self) -> Contents:
        try:
            return Contents(self._config.present, self.folder)
        except DamagedIndexError:  # the catalogue, which has been put aside
            return Contents(self._config.present, self.folder)

    @property
    def folder(self) -> Path:
        """Where this library's index lies: one folder for each set of sources."""
        return self._index.folder

    @property
    def chunks(self) -> Sequence[Chunk]:
        """All chunks, in reading order."""
        return self._chunks

    def index(self, progress: Progress | None = None, *, tell: Tell = silent) -> IndexReport:
        """Brings the stored index in line with the notes as they were read.

        Args:
            progress: told how far embedding has come.
            tell: told that another process is waited for, or that a damaged index is made again.

        Raises:
            EmbeddingError: the embedding model cannot be had.
            StoreError: the index cannot be opened or written.
        """
        contents, begun = self._contents, time.monotonic()
        embedded, removed = self._index.update(
            self._chunks, contents.ids, digest=contents.digest, progress=progress, tell=tell
        )
        seconds = time.monotonic() - begun
        report = IndexReport(len(self.notes), len(self._chunks), embedded, removed, self.skipped, seconds)
        self._retriever = HybridRetriever(
            self._chunks, self._index.store, self._keywords, self._embedder, positions=self._positions
        )
        return report

    def is_outdated(self) -> bool:
        """Whether somebody else changed the index since; another `Library.open` sees what is there now.

        Raises:
            StoreError: the index cannot be reached.
        """
        return self._contents.is_damaged or self._index.condition() in ("changed", "gone")

    def _hits(self, search: Callable[[HybridRetriever], list[Hit]]) -> list[Hit]:
        """What a search finds, and nothing that others removed; an index that is gone is made again."""
        with self._searching:
            retriever = self._opened()
            condition = self._index.condition()
            if condition == "gone":
                self.index()
            try:
                hits = search(retriever)
            except DamagedIndexError:
                self.index()
                hits = search(self._opened())
            if hits and condition == "changed":
                kept = self._index.store.embeddings([hit.chunk.id for hit in hits])
                hits = [hit for hit in hits if hit.chunk.id in kept]
            return hits

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """At most ``limit`` hits, best first, each with what stands around it in its section.

        Empty for a blank query.
        """
        return self.around(self.matches(query, limit=limit * _PER_HIT), limit=limit)

    def matches(self, query: str, *, limit: int = 10) -> list[Hit]:
        """At most ``limit`` hits of single chunks, best first: what matched, without its surroundings."""
        return self._hits(lambda retriever: retriever.search(query, limit=limit))

    def around(self, hits: Sequence[Hit], *, limit: int) -> list[Hit]:
        """Hits of single chunks with what stands around them; those that meet become one."""
        return widen(hits, self._chunks, self.notes, limit=limit, positions=self._positions)

    def _opened(self) -> HybridRetriever:
        if self._retriever is None:
            self.index()
        assert self._retriever is not None  # noqa: S101 - index() has just made it
        return self._retriever

    @property
    def keywords(self) -> KeywordIndex:
        """The keyword ranking over all chunks."""
        return self._keywords

    def nearest(self, query: str, *, limit: int = 10) -> list[Hit]:
        """Hits by the embedding alone, best first; the score is the cosine."""
        return self._hits(lambda retriever: retriever.nearest(query, limit=limit))

    def mentions(self, word: str) -> bool:
        """Whether a word stands anywhere in the notes, headings and parts of words included."""
        return self._contents.mentions(word)

    @property
    def model(self) -> str:
        """Name of the embedding model."""
        return self._embedder.model

    def answers(self, asked: Asked, hits: Sequence[Hit]) -> bool:
        """Whether the best hits (as `matches` gives them, up to `CANDIDATES`) answer what is asked."""
        return self.margin(asked, hits) >= 0

    def margin(self, asked: Asked, hits: Sequence[Hit]) -> float:
        """By how much (log odds) the best hits answer what is asked; below 0 they do not."""
        return margin(asked, hits, self.model, self.known, lambda: self.embedding(asked.question))

    def likely(self, question: str) -> Likely | None:
        """What a question is after; None for an embedding model that this was not learned for."""
        return Likely.of(self.embedding(question), self.model)

    def embedding(self, question: str) -> FloatMatrix:
        """A question's embedding: (1, dimension) float32; kept for the last questions."""
        return self._opened().embedding(question)

    @cached_property
    def known(self) -> Known:
        """What is known of all notes together, for judging whether they answer a question."""
        empty = [section.headings[-1] for section in self.outline() if section.is_empty]
        return Known(empty, self._contents.intents)

    def asked(self, question: str) -> Asked:
        """What a question asks for, weighed by these notes."""
        return Asked(question, self._keywords)

    def outline(self) -> list[Section]:
        """All sections of all notes in reading order, empty ones included, without their blocks."""
        return self._contents.outline()

    def sections(self, note: str) -> list[Section]:
        """The sections of one note."""
        return self._contents.sections(note)

    def blocks(self, chunk: Chunk) -> list[Block]:
        """The blocks of a chunk, in order; of a block that is larger than it, the part in it."""
        return blocks_of(chunk, self.sections(chunk.note))
