"""What the notes hold for one question, as the shapes are made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.kinds import Asking
from assistant.recommending import Candidate
from assistant.statements import Statement, only_points, statements_of
from knowledge.asked import Asked
from knowledge.language import Language
from knowledge.library import Library
from knowledge.values import Block, Hit, Note, Section

NEAR = 25
"""How many of the best hits lead to sections that are read whole."""

_OWN_LANGUAGE = 0.7  # how near to the best one what is in the question's language must come


@dataclass(frozen=True, slots=True)
class Found:
    """What the notes hold for one question: all statements, the chosen ones, and the commands."""

    question: str
    hits: Sequence[Hit]
    library: Library
    language: Language
    asked: Asked
    asking: Asking
    statements: Sequence[Statement]
    chosen: Sequence[Statement]
    recommended: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class Place:
    """A section near the hits, with its note and the best hit in it."""

    section: Section
    note: Note
    hit: Hit

    @property
    def heading(self) -> str:
        """The section's own heading."""
        return self.section.headings[-1] if self.section.headings else ""

    def says(self, asked: Asked) -> list[Statement]:
        """All it says, in order; of code and what only points elsewhere nothing."""
        hit = replace(self.hit, chunk=replace(self.hit.chunk, headings=self.section.headings))
        said = statements_of(hit, self.note, self.section.blocks, asked)
        return [s for s in said if s.kind in {"paragraph", "item", "table"} and not only_points(s.text)]


def places_near(hits: Sequence[Hit], library: Library, *, most: int = NEAR) -> list[Place]:
    """The sections of the best hits, each once, the best first."""
    found: dict[tuple[str, int], Place] = {}
    for hit in hits[:most]:
        for section in _sections(hit, library):
            found.setdefault(
                (section.note, section.first_line), Place(section, library.notes[section.note], hit)
            )
    return list(found.values())


def _sections(hit: Hit, library: Library) -> Iterator[Section]:
    first, last = hit.chunk.first_line, hit.chunk.last_line
    for section in library.sections(hit.chunk.note):
        if any(block.first_line <= last and first <= block.last_line for block in section.blocks):
            yield section


def introduces(text: str) -> bool:
    """Whether a text only leads to what comes after it ("Start it:")."""
    return text.rstrip(" *_`。.").endswith((":", "：")) or text.rstrip().endswith(("如下。", "如下"))


def in_one_language(
    rated: Sequence[tuple[float, str]], library: Library, language: Language
) -> Language | None:
    """The language to take things in, each given as its worth and its note: the question's where that is
    nearly as good; None where there is nothing."""
    best: dict[Language, float] = {}
    for worth, note in rated:
        own = library.notes[note].language
        best[own] = max(best.get(own, 0.0), worth)
    if not best:
        return None
    if best.get(language, 0.0) >= _OWN_LANGUAGE * max(best.values()):
        return language
    return max(best, key=lambda one: best[one])


def rows_of(block: Block, note: Note) -> tuple[list[str], list[tuple[int, str]]]:
    """A table's two header lines, and its rows each with its line; none where it is no plain table."""
    lines = [(n, note.lines[n - 1]) for n in range(block.first_line, block.last_line + 1)]
    at = next((i for i, (_, line) in enumerate(lines) if set(line.strip(" \t>")) <= set("|:- ")), -1)
    if block.kind != "table" or at < 1:
        return [], []
    cut = [(n, line.strip(" \t>")) for n, line in lines]
    return [cut[at - 1][1], cut[at][1]], [row for row in cut[at + 1 :] if row[1]]


def cells(row: str) -> list[str]:
    """The cells of a table's line."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]
