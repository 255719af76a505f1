"""Nouns of linting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.language import Text

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding: its code (never given to another), how grave it is, and what it is about."""

    code: str
    severity: Severity
    about: Text


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend that is certain: ``old``, a piece of one line (from 1), becomes ``new``."""

    line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong at a line (from 1) of a note; ``mend`` says what to do about it.

    ``edit`` is there where the mend is certain and stays within one line.
    """

    rule: Rule
    note: str
    line: int
    what: Text
    mend: Text
    edit: Edit | None = None
