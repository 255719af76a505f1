"""What a verification of notes is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from assistant.execution.undoing import Undone
from assistant.values import Command, OutcomeKind, Run, Steps
from knowledge.language import Text

WORKED: frozenset[str] = frozenset({"succeeded", "detached"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a command of a note went when it was last tried here.

    ``at`` is in seconds since the epoch (UTC), ``engine`` the Engine's version, ``run`` the ledger's id.
    """

    note: str
    command: str
    at: float
    engine: str
    outcome: OutcomeKind
    exit_code: int | None
    run: str

    @property
    def worked(self) -> bool:
        """Whether it did what it should: ended with 0, or was started in the background."""
        return self.outcome in WORKED


@dataclass(frozen=True, slots=True)
class Item:
    """A command of a note as it would be tried; ``why_not`` says why it is not."""

    command: Command
    headings: tuple[str, ...]
    steps: Steps
    why_not: Text | None = None


@dataclass(frozen=True, slots=True)
class Trying:
    """A command begins."""

    item: Item


@dataclass(frozen=True, slots=True)
class Tried:
    """A command was tried, and got its stamp; ``run`` is its last run."""

    item: Item
    run: Run
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class NotTried:
    """A command was left out at its turn; ``item.why_not`` says why."""

    item: Item


@dataclass(frozen=True, slots=True)
class Verified:
    """The end: what was taken back again. None where nothing was run."""

    undone: Undone | None


VerifyEvent: TypeAlias = Trying | Tried | NotTried | Verified
