"""All notes of some files and folders, as they are now: what the catalogue knows is not read again.

Everything is decoded when it is asked for, note by note, so that opening many notes takes no longer
than looking at their files.
"""

from __future__ import annotations

import hashlib
import os
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import overload

from knowledge.catalogue import Catalogue, Known, Parsed, is_settled, key_of, parsers, stat_of
from knowledge.errors import NoteError
from knowledge.keywords import Terms
from knowledge.notes import find_notes, note_from_bytes, read_bytes, unreadable
from knowledge.stored import chunks_from, note_from, parse, sections_from
from knowledge.values import Chunk, Note, Section

_DECODED = 512  # notes kept decoded
_DECODED_CHUNKS = 2048  # notes whose chunks are: a search looks at those of some hundred


class Contents:
    """The notes of some sources in one state; what changes on disk later does not change it.

    ``parsed`` is how many files had to be parsed, ``skipped`` says of each file that was left out why.

    Raises:
        NoteError: a source does not exist.
        StoreError: the catalogue cannot be read.
    """

    def __init__(self, sources: Sequence[Path], folder: Path) -> None:
        self._catalogue = Catalogue(folder)
        self.skipped: tuple[str, ...] = ()
        self._keys: dict[str, str] = {}
        self.parsed = self._read(sources)
        stored = self._catalogue.ids()
        ids = [stored[key] for key in self._keys.values()]
        self.ids = [line for part in ids for line in part.splitlines()]
        counts = [part.count("\n") + 1 if part else 0 for part in ids]
        get = self._catalogue.get
        self._note = lru_cache(_DECODED)(lambda key: note_from(get(key, "note")))
        self._sections = lru_cache(_DECODED)(lambda key: sections_from(get(key, "sections")))
        self._outlines = lru_cache(None)(lambda key: sections_from(get(key, "outline")))
        self.notes: Mapping[str, Note] = _Notes(self._keys, self._note)
        self.chunks: Sequence[Chunk] = _Chunks(list(self._keys.values()), counts, self._catalogue)

    def _read(self, sources: Sequence[Path]) -> int:
        before = self._catalogue.files()
        held = {file.key for file in before.values()}
        known: dict[str, Known] = {}
        parsed: dict[str, Parsed] = {}
        skipped: list[str] = []
        for path, name in find_notes(sources):
            try:
                known[name] = _look(path, name, before.get(name), held, parsed)
            except NoteError as error:
                skipped.append(str(error))
        if known != before:
            self._catalogue.update(known, before, parsed)
        self._keys = {name: file.key for name, file in known.items()}
        self.skipped = tuple(skipped)
        return len(parsed)

    @property
    def is_damaged(self) -> bool:
        """Whether what is kept of the notes could not be read; contents that are made now read them again."""
        return self._catalogue.is_damaged

    @property
    def digest(self) -> str:
        """What follows from all chunks with their lines, and from how notes are parsed."""
        return hashlib.sha256("\n".join([parsers(), *self.ids]).encode()).hexdigest()

    def sections(self, note: str) -> list[Section]:
        """The sections of one note; none of a note that is not there."""
        key = self._keys.get(note)
        return self._sections(key) if key else []

    def outline(self) -> list[Section]:
        """All sections of all notes in reading order, without their blocks."""
        return [section for key in self._keys.values() for section in self._outlines(key)]

    def mentions(self, part: str) -> bool:
        """Whether a piece of text stands anywhere in the notes, headings included."""
        return self._catalogue.any_note(set(self._keys.values()), part)

    @cached_property
    def intents(self) -> frozenset[int]:
        """The numbers of the intents (`knowledge.intents`) that any note speaks of."""
        parts = (self._catalogue.get(key, "intents") for key in self._keys.values())
        return frozenset(int(number) for part in parts for number in part.split())

    def terms(self) -> Terms:
        """The terms of each chunk, and the words that can be misspelt: what a keyword ranking is made of."""
        words: set[str] = set()
        chunks: list[list[str]] = []
        for key in self._keys.values():
            first, *rest = self._catalogue.get(key, "terms").split("\n")
            words.update(first.split())
            chunks.extend(line.split() for line in rest)
        return Terms(chunks, words)


def _look(path: Path, name: str, known: Known | None, held: set[str], parsed: dict[str, Parsed]) -> Known:
    """A file as it is now; parsed where its bytes are new.

    Raises:
        NoteError: it cannot be read, or is not text.
    """
    now = time.time_ns()
    try:
        stat = stat_of(path)
    except OSError as error:
        raise unreadable(name, error) from error
    place = os.path.abspath(path)  # noqa: PTH100 - resolving links of thousands of files takes long
    if known and known.stat == stat and known.path == place:
        return known
    raw = read_bytes(path, name)
    key = key_of(name, raw)
    if key not in held and key not in parsed:
        parsed[key] = parse(note_from_bytes(raw, name))
    return Known(place, stat if is_settled(stat, now_ns=now) else None, key)


class _Notes(Mapping[str, Note]):
    def __init__(self, keys: Mapping[str, str], get: Callable[[str], Note]) -> None:
        self._keys = keys
        self._get = get

    def __getitem__(self, name: str) -> Note:
        return self._get(self._keys[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class _Chunks(Sequence[Chunk]):
    """All chunks in reading order, decoded note by note."""

    def __init__(self, keys: Sequence[str], counts: Sequence[int], catalogue: Catalogue) -> None:
        self._starts = [0, *accumulate(counts)]
        self._keys = keys
        self._of = lru_cache(_DECODED_CHUNKS)(lambda key: chunks_from(catalogue.get(key, "chunks")))

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, at: int) -> Chunk: ...
    @overload
    def __getitem__(self, at: slice) -> list[Chunk]: ...
    def __getitem__(self, at: int | slice) -> Chunk | list[Chunk]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        position = at + len(self) if at < 0 else at
        if not 0 <= position < len(self):
            raise IndexError(at)
        note = bisect_right(self._starts, position) - 1
        return self._of(self._keys[note])[position - self._starts[note]]

    def __iter__(self) -> Iterator[Chunk]:
        for key in self._keys:
            yield from self._of(key)
