"""The commands of a section with what the note says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.commands.find import find_commands
from assistant.values import Command
from knowledge.values import Block, Note, Section

_SENTENCE = re.compile(r"(?<=[。！？；!?;])\s*|(?<=[.])\s+(?=[A-Z\u3400-\u9fff`*])")
_MARKS = re.compile(r"^[\s>]*")
_BARE = 6  # a line with no more around its code says nothing itself
_AROUND = 3  # list items around a command that say what it is for


@dataclass(frozen=True, slots=True)
class Placed:
    """A command and its surroundings in a note.

    Attributes:
        command: the command.
        headings: of its section.
        said: the sentence it stands in, or what introduces its code: the block before, the comment above.
        above: list items around it that say what it is for.
        after: the block after its code.
        introduced_at: the first line of the block that introduces its code, 0 where there is none.
        number: which of its section's commands it is, from 0.
        of: how many commands its section has.
        fenced: whether it stands in a code block.
    """

    command: Command
    headings: tuple[str, ...]
    said: str
    above: str
    after: str
    introduced_at: int
    number: int
    of: int
    fenced: bool


@dataclass(frozen=True, slots=True)
class _Read:
    """A section to be looked through; what follows from the note's lines and its place is the same."""

    path: str
    lines: tuple[str, ...]
    first_line: int
    note: Note = field(compare=False)
    section: Section = field(compare=False)


def placed_in(note: Note, section: Section) -> tuple[Placed, ...]:
    """The commands of one section, in order."""
    return _placed(_Read(note.path, note.lines, section.first_line, note, section))


@lru_cache(maxsize=2048)
def _placed(read: _Read) -> tuple[Placed, ...]:
    found = list(_found(read.note, read.section.blocks))
    return tuple(
        Placed(command, read.section.headings, said, above, after, introduced_at, number, len(found), fenced)
        for number, (command, said, above, after, introduced_at, fenced) in enumerate(found)
    )


def _found(note: Note, blocks: Sequence[Block]) -> Iterator[tuple[Command, str, str, str, int, bool]]:
    before: Block | None = None
    for at, block in enumerate(blocks):
        commands = find_commands(note, block.first_line, block.last_line)
        if block.kind != "code":
            for command in commands:
                said = _sentence(block.text, command.written)
                alone = before is not None and len(said) - len(command.written) < _BARE
                said = f"{before.text}\n{said}" if alone and before else said
                yield command, said, _around(blocks, at), "", 0, False
            before = block
            continue
        after = _after(blocks, at)
        for command in commands:
            comment = _comment_above(note.lines, command.first_line, block.first_line)
            said = "\n".join(filter(None, [before.text if before else "", comment]))
            line = before.first_line if before else 0
            yield command, said, _around(blocks, at), after, line, True


def _after(blocks: Sequence[Block], at: int) -> str:
    """The block after a block of code, unless it introduces the next one."""
    following = [block for block in blocks[at + 1 : at + 3] if block.kind in {"paragraph", "item", "code"}]
    leads = len(following) == 2 and following[1].kind == "code"
    return following[0].text if following and following[0].kind != "code" and not leads else ""


def _sentence(text: str, written: str) -> str:
    """The sentence of a text that a piece of code stands in; the text where that is not plain."""
    first = written.split("\n", maxsplit=1)[0]
    holding = [part for part in _SENTENCE.split(text) if first in part]
    return holding[0] if holding else text


def _around(blocks: Sequence[Block], at: int) -> str:
    """What the list items around a block begin with, the nearest first."""
    depth, found = blocks[at].depth, []
    for block in reversed(blocks[:at]):
        if block.depth < depth and block.kind in {"item", "paragraph"}:
            depth = block.depth
            found.append(block.text.split("\n")[0])
        if len(found) == _AROUND:
            break
    return "\n".join(found)


def _comment_above(lines: Sequence[str], line: int, first: int) -> str:
    """The shell comment right above a line of a code block: it is about that line alone."""
    if line - 1 <= first:
        return ""
    above = _MARKS.sub("", lines[line - 2]).strip()
    return above.lstrip("#").strip() if above.startswith("#") else ""
