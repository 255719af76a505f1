"""Nouns of the knowledge side: what goes from Markdown to hits, each a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge.language import Language

FloatMatrix: TypeAlias = NDArray[np.float32]
"""(rows, dimension) float32; rows have unit length where they are embeddings."""

BlockKind = Literal["paragraph", "item", "code", "table", "html", "image"]


@dataclass(frozen=True, slots=True)
class Note:
    """One Markdown file, read.

    ``path`` is how the note is named to a person (relative to the folder that was given, with
    forward slashes); ``lines`` are its lines without line ends, so line n is ``lines[n - 1]``.
    """

    path: str
    lines: tuple[str, ...]
    title: str
    language: Language
    front_matter: Mapping[str, str] = field(default_factory=dict)

    def quote(self, first_line: int, last_line: int) -> str:
        """The text of an inclusive range of lines, numbered from 1."""
        return "\n".join(self.lines[first_line - 1 : last_line])


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, table, HTML block, lone image or fenced code.

    Lines count from 1, both ends included. ``text`` is the block's content without list, quote and
    fence marks; ``info`` is the fence's language (``bash``); ``depth`` how many lists and quotes
    stand around it.
    """

    kind: BlockKind
    text: str
    first_line: int
    last_line: int
    info: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, up to the next heading of any level.

    ``headings`` is the path from the note's outermost heading to this one. A section without
    blocks is an empty heading; ``is_empty`` tells whether nothing stands below it either.
    """

    note: str
    headings: tuple[str, ...]
    level: int
    first_line: int
    last_line: int
    blocks: tuple[Block, ...]
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is embedded and found: neighbouring blocks of one section.

    ``text`` is exactly the note's lines ``first_line`` to ``last_line`` (inclusive, from 1); only of a
    line that is too long by itself it is a part. ``id`` follows from the content, so an unchanged chunk
    keeps its id and its embedding. ``about`` is searched with the text and not shown: the note's tags,
    the header of a table whose later rows these are.
    """

    id: str
    note: str
    headings: tuple[str, ...]
    first_line: int
    last_line: int
    text: str
    language: Language
    about: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, its score (higher is better) and why it matched.

    Ranks count from 1; None where that search did not bring the chunk up. ``similarity`` is the
    cosine of question and chunk, ``keyword_score`` the BM25 score; both None where not searched.
    """

    chunk: Chunk
    score: float
    dense_rank: int | None = None
    keyword_rank: int | None = None
    similarity: float | None = None
    keyword_score: float | None = None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one indexing run did: counts, what was skipped and why, seconds taken."""

    notes: int
    chunks: int
    embedded: int
    removed: int
    skipped: tuple[str, ...]
    seconds: float
