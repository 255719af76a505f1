"""Groups of blocks to pieces that are short enough to find, show and quote.

Ordinary groups are one piece. A giant table, listing or line is cut where a reader would: between rows,
between lines of code, at the ends of sentences. Every piece is exact text of the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.values import Block, Note

MOST = 1_200
"""No piece is longer, in characters as they stand in the note, marks included."""

_ABOUT = 200  # characters of a table's header or a listing's introduction that its later pieces carry
_SENTENCE_ENDS = ("。", "！", "？", "；", ". ", "! ", "? ", "; ")
_WORD = re.compile(r"\w")
_NO_WORDS = re.compile(r"[A-Za-z0-9+/=_-]{1000,}")  # base64 of an embedded picture or key: nothing to find


@dataclass(frozen=True, slots=True)
class Piece:
    """Exact text of some lines (from 1, inclusive), or of a part of one line.

    ``about`` is what stands before it and tells what it is: a table's header, a listing's introduction.
    """

    first_line: int
    last_line: int
    text: str
    about: str = ""


def pieces(note: Note, group: Sequence[Block]) -> Iterator[Piece]:
    """The pieces of neighbouring blocks in reading order: one, unless together they are too long."""
    first, last = group[0].first_line, group[-1].last_line
    size = sum(len(note.lines[at - 1]) + 1 for at in range(first, last + 1)) - 1
    if size <= MOST:
        yield Piece(first, last, note.quote(first, last))
        return
    introduced = ""
    for low, high in _runs(note, group):
        text = note.quote(low, high)
        about = _about(note, group, low, introduced)
        introduced = introduced or _said(group)
        for part in [text] if len(text) <= MOST else _sentences(text):
            if _WORD.search(part):
                yield Piece(low, high, part, about)


def _runs(note: Note, group: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Runs of lines of the blocks, each as long as fits; a line that is too long by itself stands alone."""
    low = high = size = 0
    for block in group:
        for line in range(max(block.first_line, high + 1), block.last_line + 1):
            length = len(note.lines[line - 1]) + 1
            if not low:
                if note.lines[line - 1].strip(" >\t"):
                    low, high, size = line, line, length
                continue
            size += length + sum(len(note.lines[at - 1]) + 1 for at in range(high + 1, line))
            if size > MOST:
                yield low, _trimmed(note, low, high)
                low, size = (line, length) if note.lines[line - 1].strip(" >\t") else (0, 0)
            high = line
    if low:
        yield low, _trimmed(note, low, high)


def _trimmed(note: Note, low: int, high: int) -> int:
    """The last line of a run that says something."""
    while high > low and not note.lines[high - 1].strip(" >\t"):
        high -= 1
    return high


def _about(note: Note, group: Sequence[Block], line: int, introduced: str) -> str:
    """What a piece that begins within a block should be known by."""
    block = next((b for b in group if b.first_line < line <= b.last_line), None)
    if block is None:
        return ""
    if block.kind == "table":
        return note.lines[block.first_line - 1][:_ABOUT]
    return introduced if block.kind == "code" else ""


def _said(group: Sequence[Block]) -> str:
    lead = group[-2] if len(group) > 1 and group[-1].kind == "code" else None
    return lead.text[:_ABOUT] if lead and lead.kind != "code" else ""


def _sentences(line: str) -> Iterator[str]:
    """A long line cut at the ends of sentences, else between words, else anywhere."""
    for stretch in _NO_WORDS.split(line):
        start = 0
        while start < len(stretch):
            end = _end(stretch, start)
            part = stretch[start:end].strip()
            if part:
                yield part
            start = end


def _end(line: str, start: int) -> int:
    if len(line) - start <= MOST:
        return len(line)
    window = line[start : start + MOST]
    ends = [window.rfind(mark) + len(mark) for mark in _SENTENCE_ENDS]
    cut = max((e for e in ends if e > MOST // 3), default=0) or window.rfind(" ") + 1
    return start + (cut if cut > MOST // 3 else MOST)
