"""Hits to statements: the sentences, list items, tables and code a note itself says, with their weight.

A statement's text is always an exact substring of the lines it cites, so that every citation can be
checked against the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.asked import Asked
from knowledge.values import Block, BlockKind, Hit, Note

_SENTENCE_END = re.compile(r"(?<=[。！？!?])\s*|(?<=[.])\s+(?=[A-Z\u3400-\u9fff`*])")
_LONG = 160  # a block up to this many characters is one statement; a longer one is cut into sentences
LEAD = re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?")
"""Quote signs and a list mark at the beginning of a line."""

_LINK = r"\[[^\]`]*\]\([^)`]*\)"
_POINTER = re.compile(
    rf"\W*(?:see|refer to)\b[^`.]*(?:\b(?:section|chapter|part|above|below)\b|{_LINK})[^`.]*\W*"
    rf"|\W*请?(?:参见|参考|参阅|详见|见)[^`，。]*(?:第|章|节|上文|下文|{_LINK})[^`，。]*\W*",
    re.IGNORECASE,
)  # nothing but the way to another place of the notes


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a note says: its exact text, its place, and how well it fits the question (0..1).

    ``share`` is the part of the question's meaning it holds; ``words`` are the question's words it
    holds itself. ``depth`` tells how deep it stands under what introduces it, where that is said too.
    ``header`` are the lines above a table's row, which is said with them.
    """

    text: str
    kind: BlockKind
    note: str
    headings: tuple[str, ...]
    first_line: int
    last_line: int
    score: float
    share: float
    words: frozenset[str]
    depth: int = 0
    header: tuple[str, ...] = ()


def only_points(text: str) -> bool:
    """Whether a text says nothing itself but only names another place ("See section 3.", 见第 3 节)."""
    return _POINTER.fullmatch(text) is not None


def statements_of(hit: Hit, note: Note, blocks: Sequence[Block], asked: Asked) -> list[Statement]:
    """All statements of one hit, in reading order."""
    above = asked.words_in(" ".join(hit.chunk.headings))
    found = []
    for block in blocks:
        for text, first, last in _parts(block, _written(block, hit, note)):
            own = asked.words_in(text)
            share = asked.share(own, above)
            score = (hit.score + share) / 2
            found.append(
                Statement(text, block.kind, note.path, hit.chunk.headings, first, last, score, share, own)
            )
    return found


def without_mark(text: str) -> str:
    """A block of a note without the quote signs and the list mark before it."""
    return LEAD.sub("", text, count=1).rstrip()


def _written(block: Block, hit: Hit, note: Note) -> str:
    """A block as it stands in the note; of a line too long for one hit, the part that was found."""
    chunk = hit.chunk
    line = note.lines[block.first_line - 1]
    if chunk.first_line == chunk.last_line == block.first_line and len(chunk.text) < len(line):
        return chunk.text
    return note.quote(block.first_line, block.last_line)


def _parts(block: Block, whole: str) -> Iterator[tuple[str, int, int]]:
    """Exact texts of a block with their lines: whole where short or code, else sentence by sentence.

    A sentence may go over several lines of the note; its text then has their line ends.
    """
    if block.kind in {"code", "table", "html"} or (
        len(whole) <= _LONG and block.first_line == block.last_line
    ):
        yield without_mark(whole), block.first_line, block.last_line
        return
    start = len(whole) - len(LEAD.sub("", whole, count=1))
    for end in [*_ends(whole, start), len(whole)]:
        piece = whole[start:end]
        text = piece.strip(" \t\n>")
        if text:
            at = start + piece.index(text)
            first = block.first_line + whole.count("\n", 0, at)
            yield text, first, first + text.count("\n")
        start = end


def _ends(whole: str, start: int) -> Iterator[int]:
    """Where the sentences of a text end; what ends inside of code or quotation marks is no sentence."""
    for match in _SENTENCE_END.finditer(whole, start):
        before = whole[start : match.start()]
        is_open = before.count("`") % 2 or before.count('"') % 2 or before.count("“") > before.count("”")
        if not is_open:
            yield match.end()
