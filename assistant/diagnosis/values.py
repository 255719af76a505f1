"""Nouns of the diagnosis, each a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.values import Citation, CommandKind, Decision, OutcomeKind
from knowledge.language import Text

Speaker: TypeAlias = Literal["engine", "client", "program"]
"""Who said an error: the Engine (with containerd, runc and registries), the docker CLI or docknotes
itself, or a program in a container or on the host.

A run's error is the Engine's or docknotes' word, its output a program's. They are kept apart, so that
no container can speak as the Engine does.
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One cause, and how it is told.

    Args:
        cause: its name for programs, never changed once released.
        said_by: whose words the patterns are looked for in.
        patterns: regular expressions, in any case; named groups give the values of `following`.
        source: where these words come from: a project's file, or a program.
        what: what happened, and why.
        advice: what to try.
        query: what to ask the notes.
        about: words of which one stands in any place of the notes that is worth showing.
        following: lines to try next, ``{port}``, ``{name}``, ``{image}``, ``{network}`` and ``{volume}``
            filled in from the error; a line whose value is not known is left out.
        mend: how the failed line itself is changed so that it may succeed, see `mending`.
        outcomes: outcomes of a run that mean this by themselves.
        exit_codes: exit codes of a run that mean this by themselves, where no rule before knows its words.
    """

    cause: str
    said_by: tuple[Speaker, ...]
    patterns: tuple[str, ...]
    source: str
    what: Text
    advice: Text
    query: Text
    about: tuple[str, ...]
    following: tuple[str, ...] = ()
    mend: Literal["", "port", "name", "case"] = ""
    outcomes: tuple[OutcomeKind, ...] = ()
    exit_codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NextLine:
    """A line to try next: a docker line with the policy's word on it, or a line for a terminal.

    ``decision`` is None where the policy was not asked yet, and for lines that are only to be copied.
    """

    line: str
    kind: CommandKind
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why something failed, and what helps.

    ``query`` is what to ask the notes, ``about`` words of which one stands in a place worth showing.
    ``evidence`` is the line of the error that told, cleaned; data only. ``citation`` is the place of
    the notes that tells of it, its quote an exact substring of the note; None where the notes hold none
    or were not asked.
    """

    cause: str
    what: Text
    advice: Text
    following: tuple[NextLine, ...]
    query: str
    about: tuple[str, ...]
    evidence: str = ""
    citation: Citation | None = None
