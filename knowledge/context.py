"""Hits widened by what stands around them in their section.

Small chunks match precisely, and say little by themselves: a list item without its list, a command
without the sentence before. A widened hit has the neighbours of its section up to a limit, and hits
that would then hold the same lines become one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.values import Chunk, Hit, Note

MAX_CHARACTERS = 1_400
"""A widened hit stays below this; no chunk by itself is longer."""


def widen(
    hits: Sequence[Hit],
    chunks: Sequence[Chunk],
    notes: Mapping[str, Note],
    *,
    limit: int,
    max_characters: int = MAX_CHARACTERS,
) -> list[Hit]:
    """At most ``limit`` widened hits, best first, no chunk in two of them.

    A hit keeps the id, score and ranks of the chunk that matched; its text and lines grow over
    neighbouring chunks of the same section, first down, then up, one at a time.

    Args:
        hits: hits of single chunks, best first.
        chunks: all chunks, in reading order.
        notes: the notes, by path.
        limit: most hits.
        max_characters: bound on a widened hit's text.
    """
    at = {chunk.id: position for position, chunk in enumerate(chunks)}
    taken: set[int] = set()
    widened: list[Hit] = []
    for hit in hits:
        position = at[hit.chunk.id]
        if len(widened) == limit:
            break
        if position in taken:
            continue
        first, last = _grow(position, chunks, notes[hit.chunk.note], taken, max_characters)
        taken.update(range(first, last + 1))
        widened.append(replace(hit, chunk=_span(hit.chunk, chunks[first], chunks[last], notes)))
    return widened


def _grow(position: int, chunks: Sequence[Chunk], note: Note, taken: set[int], most: int) -> tuple[int, int]:
    """First and last position of a widened hit."""
    first = last = position
    own = chunks[position]

    def fits(low: int, high: int, added: int) -> bool:
        if not 0 <= added < len(chunks) or added in taken:
            return False
        neighbour = chunks[added]
        if (neighbour.note, neighbour.headings) != (own.note, own.headings):
            return False
        lines = note.lines[chunks[low].first_line - 1 : chunks[high].last_line]
        return sum(map(len, lines)) + len(lines) - 1 <= most

    grown = True
    while grown:
        grown = False
        if fits(first, min(last + 1, len(chunks) - 1), last + 1):
            last, grown = last + 1, True
        if fits(max(first - 1, 0), last, first - 1):
            first, grown = first - 1, True
    return first, last


def _span(own: Chunk, first: Chunk, last: Chunk, notes: Mapping[str, Note]) -> Chunk:
    if first is last:  # it may be a part of a line
        return own
    text = notes[own.note].quote(first.first_line, last.last_line)
    return replace(own, first_line=first.first_line, last_line=last.last_line, text=text)
