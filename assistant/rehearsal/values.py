"""What a rehearsal is and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.values import Notice, Output, Progress, Run, Started, Waiting
from knowledge.language import Text

FileChangeKind = Literal["changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is not rehearsed, and why."""

    line: str
    why: Text


@dataclass(frozen=True, slots=True)
class LineBegun:
    """A line begins; ``n`` counts from 0."""

    n: int


@dataclass(frozen=True, slots=True)
class LineEnded:
    """A line is over, with its exit code."""

    n: int
    exit_code: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One line and how it went; ``exit_code`` is None where its end was not reached."""

    line: str
    exit_code: int | None
    output: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the container that is not as in the image; ``path`` may hold any character."""

    kind: FileChangeKind
    path: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All that came of it. ``changes`` is None where the Engine did not tell.

    ``removed`` is False where the container is still there; ``docknotes undo`` with the run's id takes it.
    """

    image: str
    run: Run
    lines: tuple[Rehearsed, ...]
    changes: tuple[FileChange, ...] | None
    removed: bool

    @property
    def went_well(self) -> bool:
        """Whether every line ended with 0."""
        return all(line.exit_code == 0 for line in self.lines)


RehearsalEvent: TypeAlias = Started | Waiting | Notice | Output | Progress | LineBegun | LineEnded | Rehearsal
