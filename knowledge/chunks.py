"""Section to chunks: neighbouring blocks that belong together; code is cut only where it is very long."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from knowledge.dialects import as_commonmark
from knowledge.markup import text_of
from knowledge.pieces import pieces
from knowledge.values import Block, Chunk, Note, Section

MAX_CHARACTERS = 240
"""Chunks stay below this where blocks allow it; a single larger block stays whole up to `pieces.MOST`."""

_TAGS = ("tags", "keywords")
_FENCE = re.compile(r"^[>\s]*(?:`{3,}|~{3,})")
_QUOTED = re.compile(r"^\s*(?:>\s?)+")


def chunk_note(
    note: Note, sections: Iterable[Section], *, max_characters: int = MAX_CHARACTERS
) -> list[Chunk]:
    """The chunks of all sections of one note, in reading order, none longer than `pieces.MOST`.

    Two chunks of a note with the same text are told apart by the order in which they stand, so ids
    are unique and stay the same as long as the text does.
    """
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    tags = ", ".join(note.front_matter[key] for key in _TAGS if note.front_matter.get(key))
    for section in sections:
        for group in _groups(section.blocks, max_characters):
            for piece in pieces(note, group):
                about = "\n".join(filter(None, (tags, piece.about)))
                content = "\0".join((note.path, *section.headings, piece.text, *filter(None, (about,))))
                occurrence = seen[content] = seen.get(content, 0) + 1
                digest = hashlib.sha256(f"{content}\0{occurrence}".encode()).hexdigest()[:32]
                place = (note.path, section.headings, piece.first_line, piece.last_line)
                chunks.append(Chunk(digest, *place, piece.text, note.language, about))
    return chunks


def blocks_of(chunk: Chunk, sections: Iterable[Section]) -> list[Block]:
    """The blocks of a chunk in order; of a block that is larger than the chunk, the part in it."""
    return [
        _clipped(block, chunk)
        for section in sections
        for block in section.blocks
        if block.first_line <= chunk.last_line and block.last_line >= chunk.first_line
    ]


def _clipped(block: Block, chunk: Chunk) -> Block:
    within = block.first_line >= chunk.first_line and block.last_line <= chunk.last_line
    if within and (chunk.first_line < chunk.last_line or len(block.text) <= len(chunk.text)):
        return block
    lines = chunk.text.split("\n")
    first, last = max(block.first_line, chunk.first_line), min(block.last_line, chunk.last_line)
    kept = lines[first - chunk.first_line : last - chunk.first_line + 1]
    text = "\n".join(_QUOTED.sub("", line) for line in kept if not _FENCE.match(line))
    return replace(block, text=text, first_line=first, last_line=last)


def _groups(blocks: Sequence[Block], max_characters: int) -> Iterator[list[Block]]:
    """The blocks of each chunk: up to the limit, code with what leads to it."""
    group: list[Block] = []
    for unit in _units([b for b in blocks if b.kind != "image"]):
        size = sum(len(b.text) for b in (*group, *unit))
        closed = bool(group) and group[-1].kind in {"code", "table"}
        if group and (closed or size > max_characters):
            yield group
            group = []
        group.extend(unit)
    if group:
        yield group


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


def searched_text(chunk: Chunk) -> str:
    """What of a chunk is searched: its text without what is no content (tags, comments, dialect marks)."""
    lines = as_commonmark(chunk.text.split("\n"), chunk.note)
    return "\n".join(filter(None, (chunk.about, text_of("\n".join(lines)))))


def plain_text(chunk: Chunk) -> str:
    """A chunk's text without Markdown marks: what is embedded of it."""
    return re.sub(r"^[>\s]*(```|~~~).*$|[*`]|==|^[>\s]+", "", searched_text(chunk), flags=re.MULTILINE)
