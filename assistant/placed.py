"""The commands of a section with what the note says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.commands.find import find_commands
from assistant.commands.remarks import parted
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
        said: the sentence it stands in, or what introduces its code: the block before, and the remark.
        above: list items around it that say what it is for.
        after: the block after its code.
        introduced_at: the first line of the block that introduces its code, 0 where there is none.
        remark: what is said of it alone: behind it on its line, or in the comment right above it.
        remark_at: the line the remark stands on, 0 where there is none.
        number: which of its section's commands it is, from 0.
        of: how many commands its section has.
        fenced: whether it stands in a code block, or on a line of its own among such lines.
    """

    command: Command
    headings: tuple[str, ...]
    said: str
    above: str
    after: str
    introduced_at: int
    remark: str
    remark_at: int
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
        Placed(
            command=one.command,
            headings=read.section.headings,
            said=one.said,
            above=one.above,
            after=one.after,
            introduced_at=one.introduced_at,
            remark=one.remark[0],
            remark_at=one.remark[1],
            number=number,
            of=len(found),
            fenced=one.fenced,
        )
        for number, one in enumerate(found)
    )


@dataclass(frozen=True, slots=True)
class _Found:
    command: Command
    said: str
    above: str
    after: str = ""
    introduced_at: int = 0
    remark: tuple[str, int] = ("", 0)
    fenced: bool = False


def _found(note: Note, blocks: Sequence[Block]) -> Iterator[_Found]:
    before: Block | None = None
    for at, block in enumerate(blocks):
        commands = find_commands(note, block.first_line, block.last_line)
        around = _around(blocks, at)
        if block.kind != "code" and not _is_listing(note, block, commands):
            for command in commands:
                said = _sentence(block.text, command.written)
                alone = before is not None and len(said) - len(command.written) < _BARE
                said = f"{before.text}\n{said}" if alone and before else said
                yield _Found(command, said, around)
            before = block
            continue
        after, line = _after(blocks, at), before.first_line if before else 0
        for command in commands:
            remark = _remark(note.lines, command, block.first_line)
            said = "\n".join(filter(None, [before.text if before else "", remark[0]]))
            yield _Found(command, said, around, after, line, remark, fenced=True)


def _is_listing(note: Note, block: Block, commands: Sequence[Command]) -> bool:
    """Whether a block is nothing but commands without any mark, each on a line of its own or on several."""
    lines = range(block.first_line, block.last_line + 1)
    held = {line for one in commands for line in range(one.first_line, one.last_line + 1)}
    return held.issuperset(lines) and not any("`" in note.lines[line - 1] for line in lines)


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


def _remark(lines: Sequence[str], command: Command, first: int) -> tuple[str, int]:
    """What a block of code says of one command alone, and the line it stands on."""
    _, behind = parted(command.written)
    if behind:
        return behind, command.last_line
    if command.first_line - 1 <= first:
        return "", 0
    above = _MARKS.sub("", lines[command.first_line - 2]).strip()
    said = above.lstrip("#").strip() if above.startswith("#") else ""
    return (said, command.first_line - 1) if said else ("", 0)
