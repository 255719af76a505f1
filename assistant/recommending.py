"""Which commands of the notes a question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.commands.find import find_commands
from assistant.values import Command
from knowledge.asked import Asked
from knowledge.values import Block, Hit, Note

MOST = 3
"""How many commands an answer recommends at most."""

ENOUGH = 0.6
"""The part of the question's meaning a command with what introduces it must hold to be recommended."""

NEAR_BEST = 0.75
"""How near to the best command's score a further one must come."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A command, where it stands, and how well it fits the question (0..1)."""

    command: Command
    note: Note
    headings: tuple[str, ...]
    score: float


def recommend(
    hits: Iterable[tuple[Hit, Note, Sequence[Block]]], asked: Asked, most: int = MOST
) -> list[Recommendation]:
    """The commands in the hits that answer the question, best first.

    A command is judged with what the note says of it: the sentence it stands in, or the block that
    introduces its code. Each command is recommended once, from its best place.
    """
    best: dict[str, Recommendation] = {}
    for hit, note, blocks in hits:
        above = asked.words_in(" ".join(hit.chunk.headings))
        for command, context in _with_context(note, blocks, find_commands):
            share = asked.share(asked.words_in(f"{context}\n{command.text}"), above)
            score = hit.score * share
            known = best.get(command.text)
            if share >= ENOUGH and (known is None or known.score < score):
                best[command.text] = Recommendation(command, note, hit.chunk.headings, score)
    ordered = sorted(best.values(), key=lambda r: -r.score)
    return [r for r in ordered if r.score >= NEAR_BEST * ordered[0].score][:most]


def _with_context(
    note: Note, blocks: Sequence[Block], find: Callable[[Note, int, int], list[Command]]
) -> Iterable[tuple[Command, str]]:
    """Each command of some blocks with the words around it that say what it does."""
    before: Block | None = None
    for block in blocks:
        lines = note.lines
        for command in find(note, block.first_line, block.last_line):
            if block.kind == "code":
                comment = _comment_above(lines, command.first_line, block.first_line)
                yield command, "\n".join(filter(None, [before.text if before else "", comment]))
            else:
                yield command, note.quote(command.first_line, command.last_line)
        before = block


def _comment_above(lines: Sequence[str], line: int, first: int) -> str:
    """The shell comment right above a line of a code block: it is about that line alone."""
    above = lines[line - 2].strip(" \t>") if line > first + 1 else ""
    return above if above.startswith("#") else ""
