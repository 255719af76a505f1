"""Section to chunks: neighbouring blocks that belong together, never a cut code block."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from knowledge.values import Block, Chunk, Note, Section

MAX_CHARACTERS = 240
"""Chunks stay below this where blocks allow it; a single larger block stays whole."""


def chunk_note(
    note: Note, sections: Iterable[Section], *, max_characters: int = MAX_CHARACTERS
) -> list[Chunk]:
    """The chunks of all sections of one note, in reading order.

    Two chunks of a note with the same text are told apart by the order in which they stand, so ids
    are unique and stay the same as long as the text does.
    """
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    for section in sections:
        for first, last in _ranges(section.blocks, max_characters):
            text = note.quote(first, last)
            content = "\0".join((note.path, *section.headings, text))
            occurrence = seen[content] = seen.get(content, 0) + 1
            digest = hashlib.sha256(f"{content}\0{occurrence}".encode()).hexdigest()[:32]
            chunks.append(Chunk(digest, note.path, section.headings, first, last, text, note.language))
    return chunks


def _ranges(blocks: Sequence[Block], max_characters: int) -> Iterator[tuple[int, int]]:
    """First and last line of each chunk: groups of blocks up to the limit, code with what leads to it."""
    group: list[Block] = []
    for unit in _units([b for b in blocks if b.kind != "image"]):
        size = sum(len(b.text) for b in (*group, *unit))
        closed = bool(group) and group[-1].kind in {"code", "table"}
        if group and (closed or size > max_characters):
            yield group[0].first_line, group[-1].last_line
            group = []
        group.extend(unit)
    if group:
        yield group[0].first_line, group[-1].last_line


def _units(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that must not be parted: a code block or table and the block that introduces it."""
    held: Block | None = None
    for block in blocks:
        if block.kind in {"code", "table"}:
            yield [held, block] if held else [block]
            held = None
            continue
        if held:
            yield [held]
        held = block
    if held:
        yield [held]


def embedded_text(chunk: Chunk) -> str:
    """What is embedded for a chunk: the headings above it, then its text without Markdown marks.

    The headings say what the text is about where the text itself does not (a bare ``docker ps``).
    """
    plain = re.sub(r"^[>\s]*(```|~~~).*$|[*`]|==|^[>\s]+", "", chunk.text, flags=re.MULTILINE)
    return f"{' > '.join(chunk.headings)}\n{plain}"
