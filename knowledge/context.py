"""Hits widened by what stands around them in their section.

Small chunks match precisely, and say little by themselves: a list item without its list, a command
without the sentence before. A widened hit has its neighbours up to a limit, those of its own
section first, and hits that would then hold the same lines become one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from knowledge.values import Chunk, Hit, Note

MAX_CHARACTERS = 1_400
"""A widened hit stays below this; no chunk by itself is longer."""


def widen(
    hits: Sequence[Hit],
    chunks: Sequence[Chunk],
    notes: Mapping[str, Note],
    *,
    limit: int,
    positions: Mapping[str, int] | None = None,
    max_characters: int = MAX_CHARACTERS,
) -> list[Hit]:
    """At most ``limit`` widened hits, best first, no chunk in two of them.

    A hit keeps the id, headings, score and ranks of the chunk that matched; its text and lines grow
    over neighbouring chunks of its chapter, one at a time: first those that share more headings with it,
    among them those with the better score.

    Args:
        hits: hits of single chunks, best first.
        chunks: all chunks, in reading order.
        notes: the notes, by path.
        limit: most hits.
        positions: where each chunk stands in ``chunks``, by id, where that is known.
        max_characters: bound on a widened hit's text.
    """
    at = positions or {chunk.id: position for position, chunk in enumerate(chunks)}
    scores = {at[hit.chunk.id]: hit.score for hit in hits}
    taken: set[int] = set()
    widened: list[Hit] = []
    for hit in hits:
        position = at[hit.chunk.id]
        if len(widened) == limit:
            break
        if position in taken:
            continue
        first, last = _grow(
            position, chunks, notes[hit.chunk.note], taken=taken, scores=scores, most=max_characters
        )
        taken.update(range(first, last + 1))
        widened.append(replace(hit, chunk=_span(hit.chunk, chunks[first], chunks[last], notes)))
    return widened


def _grow(
    position: int,
    chunks: Sequence[Chunk],
    note: Note,
    *,
    taken: set[int],
    scores: Mapping[int, float],
    most: int,
) -> tuple[int, int]:
    """First and last position of a widened hit."""
    own = chunks[position]
    first = last = position

    def fits(low: int, high: int, added: int) -> bool:
        if not 0 <= added < len(chunks) or added in taken or chunks[added].note != own.note:
            return False
        if chunks[added].headings[0] != own.headings[0]:
            return False
        lines = note.lines[chunks[low].first_line - 1 : chunks[high].last_line]
        return sum(map(len, lines)) + len(lines) - 1 <= most

    def worth(added: int) -> tuple[int, float]:
        return _kinship(own, chunks[added]), scores.get(added, -1.0)

    while True:
        down, up = fits(first, last + 1, last + 1), fits(first - 1, last, first - 1)
        if down and (not up or worth(last + 1) >= worth(first - 1)):
            last += 1
        elif up:
            first -= 1
        else:
            return first, last


def _kinship(one: Chunk, other: Chunk) -> int:
    """How near two chunks of a note stand: by the headings they share, the same section before all."""
    pairs = zip(one.headings, other.headings, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return 2 * shared + (one.headings == other.headings)


def _span(own: Chunk, first: Chunk, last: Chunk, notes: Mapping[str, Note]) -> Chunk:
    if first is last:  # it may be a part of a line
        return own
    text = notes[own.note].quote(first.first_line, last.last_line)
    return replace(own, first_line=first.first_line, last_line=last.last_line, text=text)
