"""All notes a person asks about: read, indexed, searched, judged."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge.answerable import answerable
from knowledge.asked import Asked
from knowledge.chunks import blocks_of, chunk_note
from knowledge.config import KnowledgeConfig
from knowledge.context import widen
from knowledge.errors import NoteError
from knowledge.indexing import Progress, one_writer, sync
from knowledge.keywords import KeywordIndex
from knowledge.notes import find_notes, read_note
from knowledge.protocols import Embedder
from knowledge.retriever import HybridRetriever
from knowledge.sections import split_note
from knowledge.store import ChunkStore, open_client
from knowledge.values import Block, Chunk, Hit, IndexReport, Note, Section

_PER_HIT = 5  # chunks looked at for each widened hit, since several may fall into one


class Library:
    """The notes of some files and folders with their index; open it with `Library.open`.

    Safe to use from several threads; one at a time searches.
    """

    def __init__(self, config: KnowledgeConfig, embedder: Embedder) -> None:
        self._config = config
        self._embedder = embedder
        self._searching = threading.Lock()
        self._read()

    @classmethod
    def open(
        cls, config: KnowledgeConfig, embedder: Embedder, *, progress: Progress | None = None
    ) -> tuple[Library, IndexReport]:
        """Reads the notes and brings their index up to date.

        Raises:
            NoteError: a source does not exist. A file that cannot be read is skipped, not raised.
            EmbeddingError: the embedding model cannot be had.
            StoreError: the index cannot be opened or written.
        """
        library = cls(config, embedder)
        return library, library.index(progress)

    def _read(self) -> None:
        notes: dict[str, Note] = {}
        skipped: list[str] = []
        for path, name in find_notes(self._config.sources):
            try:
                notes[name] = read_note(path, name)
            except NoteError as error:
                skipped.append(str(error))
        self.notes: Mapping[str, Note] = notes
        self.skipped: tuple[str, ...] = tuple(skipped)
        self._sections = {name: split_note(note) for name, note in notes.items()}
        self._chunks: list[Chunk] = [
            chunk for name, note in notes.items() for chunk in chunk_note(note, self._sections[name])
        ]
        self._keywords = KeywordIndex(self._chunks)
        self._retriever: HybridRetriever | None = None

    @property
    def folder(self) -> Path:
        """Where this library's index lies: one folder for each set of sources."""
        return self._config.index / self._key

    @property
    def _key(self) -> str:
        named = "\0".join(str(source.resolve()) for source in self._config.sources)
        return hashlib.sha256(named.encode()).hexdigest()[:16]

    @property
    def chunks(self) -> Sequence[Chunk]:
        """All chunks, in reading order."""
        return self._chunks

    def index(self, progress: Progress | None = None) -> IndexReport:
        """Brings the stored index in line with the notes as they were read.

        Raises:
            EmbeddingError: the embedding model cannot be had.
            StoreError: the index cannot be opened or written.
        """
        stamp = self.folder / "stamp"
        wanted = self._stamp()
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            # As it was left: it can be read without waiting for whoever writes, and without writing.
            store = self._store()
            if len(store) == len(self._chunks):
                self._retriever = HybridRetriever(self._chunks, store, self._keywords, self._embedder)
                return IndexReport(len(self.notes), len(self._chunks), 0, 0, self.skipped, 0.0)
        with one_writer(self.folder):
            stamp.unlink(missing_ok=True)
            store = self._store()
            report = sync(
                self._chunks,
                store,
                self._embedder,
                notes=len(self.notes),
                skipped=self.skipped,
                progress=progress,
            )
            stamp.write_text(wanted, encoding="utf-8")
        self._retriever = HybridRetriever(self._chunks, store, self._keywords, self._embedder)
        return report

    def _store(self) -> ChunkStore:
        client = open_client(self.folder / "chroma", self._config.chroma_url)
        return ChunkStore(client, self._key, self._embedder.model, self._embedder.dimension)

    def _stamp(self) -> str:
        """What a finished index holds: the model, and each chunk with its lines."""
        held = [f"{c.id} {c.first_line} {c.last_line}" for c in self._chunks]
        return hashlib.sha256("\n".join([self._embedder.model, *held]).encode()).hexdigest()

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        """At most ``limit`` hits, best first, each with what stands around it in its section.

        Empty for a blank query.
        """
        return self.around(self.matches(query, limit=limit * _PER_HIT), limit=limit)

    def matches(self, query: str, *, limit: int = 10) -> list[Hit]:
        """At most ``limit`` hits of single chunks, best first: what matched, without its surroundings."""
        with self._searching:
            return self._opened().search(query, limit=limit)

    def around(self, hits: Sequence[Hit], *, limit: int) -> list[Hit]:
        """Hits of single chunks with what stands around them; those that meet become one."""
        return widen(hits, self._chunks, self.notes, limit=limit)

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
        with self._searching:
            return self._opened().nearest(query, limit=limit)

    def mentions(self, word: str) -> bool:
        """Whether a word stands anywhere in the notes, headings and parts of words included."""
        wanted = word.lower()
        return any(wanted in line.lower() for note in self.notes.values() for line in note.lines)

    @property
    def model(self) -> str:
        """Name of the embedding model."""
        return self._embedder.model

    def answers(self, asked: Asked, hits: Sequence[Hit]) -> bool:
        """Whether the best hits (as `matches` gives them, up to `CANDIDATES`) answer what is asked."""
        return answerable(asked, hits, self.model)

    def asked(self, question: str) -> Asked:
        """What a question asks for, weighed by these notes."""
        return Asked(question, self._keywords)

    def outline(self) -> list[Section]:
        """All sections of all notes, in reading order, empty ones included."""
        return [section for sections in self._sections.values() for section in sections]

    def sections(self, note: str) -> list[Section]:
        """The sections of one note."""
        return self._sections.get(note, [])

    def blocks(self, chunk: Chunk) -> list[Block]:
        """The blocks of a chunk, in order; of a block that is larger than it, the part in it."""
        return blocks_of(chunk, self.sections(chunk.note))
