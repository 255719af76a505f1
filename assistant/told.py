"""What the notes tell near the hits: each statement with what introduces it and what it introduces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.commands.find import find_commands
from assistant.statements import Statement, statements_of, without_mark
from knowledge.asked import Asked
from knowledge.library import Library
from knowledge.values import Block, Hit, Note, Section

HITS = 10
"""How many of the best hits are looked through for statements."""

_LINES = 13  # of code that comes with what introduces it, fences included
_SHELL = re.compile(r"(?:```|~~~)\s*(?:bash|sh|shell|console|zsh|text)?\s*$", re.MULTILINE)
_INTRODUCES = re.compile(r"(?:[:：]|如下|as follows|the following)[\s*_。.]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A statement near the hits, and its surroundings.

    Attributes:
        statement: the statement.
        hit: its hit's score.
        rank: of its hit, from 1.
        similarity: of its hit, scaled over all hits (0..1).
        before: what its block says before it.
        number: which statement of its block it is, from 0.
        block: the first line of its block.
        is_first: whether its block is the first of its section.
        lead: the block that introduces it; empty where none does.
        brings: the list, table or code it introduces, as statements.
        commands: the command lines in the code it introduces.
        is_open: whether it ends like what introduces something.
    """

    statement: Statement
    hit: float
    rank: int
    similarity: float
    before: str
    number: int
    block: int
    is_first: bool
    lead: str
    brings: tuple[Statement, ...]
    commands: frozenset[str]
    is_open: bool


def told_near(hits: Sequence[Hit], library: Library, asked: Asked) -> list[Told]:
    """The statements of the best hits, each once; shell code is left out, that is what commands are for."""
    similar = [hit.similarity for hit in hits if hit.similarity is not None]
    low, span = min(similar, default=0.0), (max(similar, default=0.0) - min(similar, default=0.0)) or 1.0
    found: dict[tuple[str, int, str], Told] = {}
    for rank, hit in enumerate(hits[:HITS], start=1):
        note = library.notes[hit.chunk.note]
        section = _section(hit, library.sections(note.path))
        near = ((hit.similarity or low) - low) / span
        before: list[Statement] = []
        for statement in statements_of(hit, note, library.blocks(hit.chunk), asked):
            at = _block_at(section, statement)
            if before and _block_at(section, before[-1]) != at:
                before = []
            around = _around(statement, at, section, note)
            said = "\n".join(s.text for s in before)
            one = Told(statement, hit.score, rank, near, said, len(before), *around)
            before.append(statement)
            if not _is_shell(statement, note):
                found.setdefault((note.path, statement.first_line, statement.text), one)
    return list(found.values())


def _is_shell(s: Statement, note: Note) -> bool:
    """Whether a statement is code for a shell, marked as such or not."""
    if s.kind == "code" and _SHELL.match(s.text):
        return True
    found = find_commands(note, s.first_line, s.last_line)
    lines = [line for line in note.lines[s.first_line - 1 : s.last_line] if line.strip(" \t>")]
    return s.kind in {"code", "paragraph"} and "`" not in s.text and len(found) >= len(lines) > 0


def _section(hit: Hit, sections: Sequence[Section]) -> Section:
    first, last = hit.chunk.first_line, hit.chunk.last_line
    holding = (s for s in sections if any(first <= b.last_line and b.first_line <= last for b in s.blocks))
    return next(holding, sections[0])


def _block_at(section: Section, statement: Statement) -> int:
    """The number of a statement's block in its section; -1 where it stands in another section."""
    blocks = enumerate(section.blocks)
    return next((n for n, b in blocks if b.first_line <= statement.first_line <= b.last_line), -1)


def _around(
    statement: Statement, at: int, section: Section, note: Note
) -> tuple[int, bool, str, tuple[Statement, ...], frozenset[str], bool]:
    """Its block, whether that is the section's first, what introduces it, and what it introduces."""
    blocks = section.blocks
    prose = statement.kind in {"paragraph", "item"}
    is_open = prose and _INTRODUCES.search(statement.text) is not None
    if at < 0:
        return statement.first_line, False, "", (), frozenset(), is_open
    lead = next((b.text for b in reversed(blocks[:at]) if _leads(b, blocks[at])), "")
    brought = _brought(blocks, at) if is_open else []
    brings = tuple(_as_statement(block, statement, note) for block in brought)
    code = [b for b in brought if b.kind == "code"]
    commands = frozenset(c.text for b in code for c in find_commands(note, b.first_line, b.last_line))
    return blocks[at].first_line, at == 0, lead, brings, commands, is_open


def _leads(block: Block, to: Block) -> bool:
    """Whether a block introduces one after it: the paragraph before a list or code, the item around one."""
    return block.depth < to.depth and block.kind in {"paragraph", "item"}


def _brought(blocks: Sequence[Block], at: int) -> list[Block]:
    """What the block there introduces: code, a table, or a list without code in it."""
    after = blocks[at + 1 :]
    if not after:
        return []
    if after[0].kind in {"code", "table"}:
        is_short = after[0].last_line - after[0].first_line <= _LINES
        return [after[0]] if is_short or after[0].kind == "table" else []
    found: list[Block] = []
    for block in after:
        if (block.depth <= blocks[at].depth and block.kind != "item") or block.kind in {"code", "table"}:
            return [] if block.depth > blocks[at].depth else found
        if block.kind != "item" or block.depth <= blocks[at].depth:
            break
        if block.depth == after[0].depth:
            found.append(block)
    return found


def _as_statement(block: Block, by: Statement, note: Note) -> Statement:
    text = without_mark(note.quote(block.first_line, block.last_line))
    first, last = block.first_line, block.last_line
    return replace(by, text=text, kind=block.kind, first_line=first, last_line=last, depth=by.depth + 1)
