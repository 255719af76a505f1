"""Which commands of the notes a question asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.commands.find import find_commands
from assistant.statements import Statement
from assistant.values import Command
from knowledge.asked import Asked
from knowledge.values import Block, Hit, Note

MOST = 3
"""How many commands an answer recommends at most."""

ENOUGH = 0.3
"""The part of the question's meaning a command with what introduces it must hold to be recommended."""

IN_COMMAND = 0.3
"""What it counts on top where the command's own words and flags are what is asked for."""

NEAR_BEST = 0.75
"""How near to the best command's score a further one must come."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A command of the hits: where it stands, what introduces it, and how well it fits the question.

    ``introduced_at`` is the first line of the block before its code, 0 where there is none.
    """

    command: Command
    note: Note
    headings: tuple[str, ...]
    introduced_at: int
    score: float
    share: float


def candidates(hits: Iterable[tuple[Hit, Note, Sequence[Block]]], asked: Asked) -> list[Candidate]:
    """The commands in the hits, best first, each once from its best place.

    A command is judged with what the note says of it: the sentence it stands in, or the block that
    introduces its code; headings and the block after its code count for less.
    """
    best: dict[str, Candidate] = {}
    for hit, note, blocks in hits:
        headings = asked.words_in(" ".join(hit.chunk.headings))
        for found in _in_context(note, blocks):
            own = asked.words_in(found.command.text)
            share = asked.share(own | asked.words_in(found.said), headings | asked.words_in(found.after))
            score = hit.score * (share + IN_COMMAND * asked.share(own))
            known = best.get(found.command.text)
            if known is None or known.score < score:
                best[found.command.text] = Candidate(
                    found.command, note, hit.chunk.headings, found.introduced_at, score, share
                )
    return sorted(best.values(), key=lambda candidate: -candidate.score)


def recommend(found: Sequence[Candidate], chosen: Sequence[Statement]) -> list[Candidate]:
    """The commands to recommend: those that answer by themselves, then those a chosen statement leads to."""
    fitting = [c for c in found if c.share >= ENOUGH]
    near = [c for c in fitting if c.score >= NEAR_BEST * fitting[0].score]
    led = [c for c in found if any(s.note == c.note.path and s.first_line == c.introduced_at for s in chosen)]
    return list({c.command.text: c for c in (*near, *led)}.values())[:MOST]


@dataclass(frozen=True, slots=True)
class _InContext:
    """A command with the words that introduce it, and those that come after its code."""

    command: Command
    said: str
    after: str
    introduced_at: int


def _in_context(note: Note, blocks: Sequence[Block]) -> Iterator[_InContext]:
    before: Block | None = None
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        after = following.text if following and following.kind in {"paragraph", "item"} else ""
        for command in find_commands(note, block.first_line, block.last_line):
            if block.kind == "code":
                comment = _comment_above(note.lines, command.first_line, block.first_line)
                said = "\n".join(filter(None, [before.text if before else "", comment]))
                yield _InContext(command, said, after, before.first_line if before else 0)
            else:
                yield _InContext(command, note.quote(command.first_line, command.last_line), "", 0)
        before = block


def _comment_above(lines: Sequence[str], line: int, first: int) -> str:
    """The shell comment right above a line of a code block: it is about that line alone."""
    above = lines[line - 2].strip(" \t>") if line > first + 1 else ""
    return above if above.startswith("#") else ""
