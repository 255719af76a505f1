"""A diagnosis to the place of the notes that tells of its cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from assistant.diagnosis.values import Diagnosis
from assistant.values import Citation
from knowledge.language import Language
from knowledge.values import Hit, Note, Section

_HITS = 20
_CHARACTERS = 900
"""What is quoted at most: a section of the usual length, whole."""


class Notes(Protocol):
    """What is asked of the notes; ``knowledge.library.Library`` offers it."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """Notes by their path."""
        ...

    def matches(self, query: str, *, limit: int = 10) -> list[Hit]:
        """Hits of single chunks, best first."""
        ...

    def sections(self, note: str) -> Sequence[Section]:
        """The sections of one note."""
        ...


def cited(diagnosis: Diagnosis, notes: Notes, language: Language) -> Citation | None:
    """The best place of the notes that is about the cause, those in the language first; None without one.

    A place counts only where one of the cause's own words stands in it: retrieval always brings something
    up, and a place that is merely near would mislead.
    """
    hits = notes.matches(diagnosis.query, limit=_HITS)
    for hit in sorted(hits, key=lambda hit: hit.chunk.language != language):
        first, last, quote = _around(hit, notes)
        text = "\n".join((*hit.chunk.headings, quote)).casefold()
        if any(word.casefold() in text for word in diagnosis.about):
            return Citation(1, hit.chunk.note, hit.chunk.headings, first, last, quote)
    return None


def _around(hit: Hit, notes: Notes) -> tuple[int, int, str]:
    """The hit's section as far as it fits: from its first block, or from the hit on."""
    chunk, note = hit.chunk, notes.notes[hit.chunk.note]
    blocks = [
        block
        for section in notes.sections(chunk.note)
        if section.first_line <= chunk.first_line <= section.last_line
        for block in section.blocks
    ]
    first = blocks[0].first_line if blocks else chunk.first_line
    whole = note.quote(first, chunk.last_line)
    if len(whole) > _CHARACTERS:
        first, whole = chunk.first_line, note.quote(chunk.first_line, chunk.last_line)
    if len(whole) > _CHARACTERS:
        return chunk.first_line, chunk.last_line, chunk.text
    last = chunk.last_line
    for block in blocks:
        if block.last_line > last and len(note.quote(first, block.last_line)) <= _CHARACTERS:
            last = block.last_line
    return first, last, note.quote(first, last)
