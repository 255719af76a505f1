"""Notes, sections and chunks as the text the catalogue keeps, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from knowledge.catalogue import Parsed
from knowledge.chunks import chunk_note
from knowledge.intents import spoken_in
from knowledge.keywords import terms_of_chunk, words_of_chunk
from knowledge.sections import split_note
from knowledge.values import Block, Chunk, Note, Section


def parse(note: Note) -> Parsed:
    """All that is derived from a note's text."""
    sections = split_note(note)
    chunks = chunk_note(note, sections)
    words = {word for chunk in chunks for word in words_of_chunk(chunk)}
    terms = [" ".join(terms_of_chunk(chunk)) for chunk in chunks]
    intents = {number for chunk in chunks for number in spoken_in(chunk)}
    return Parsed(
        note=_text(astuple(note)),
        chunks=_text([astuple(chunk) for chunk in chunks]),
        sections=_text([astuple(section) for section in sections]),
        outline=_text([astuple(replace(section, blocks=())) for section in sections]),
        terms="\n".join([" ".join(sorted(words)), *terms]),
        ids="\n".join(f"{c.id} {c.first_line} {c.last_line}" for c in chunks),
        intents=" ".join(map(str, sorted(intents))),
    )


def note_from(text: str) -> Note:
    """A note from what `parse` made of it."""
    path, lines, title, language, matter = json.loads(text)
    return Note(path, tuple(lines), title, language, matter)


def chunks_from(text: str) -> list[Chunk]:
    """Chunks from what `parse` made of them."""
    return [Chunk(i, note, tuple(headings), *rest) for i, note, headings, *rest in json.loads(text)]


def sections_from(text: str) -> list[Section]:
    """Sections from what `parse` made of them, also those of an outline, which have no blocks."""
    return [
        Section(note, tuple(headings), level, first, last, tuple(Block(*b) for b in blocks), is_empty)
        for note, headings, level, first, last, blocks, is_empty in json.loads(text)
    ]


def _text(value: Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
