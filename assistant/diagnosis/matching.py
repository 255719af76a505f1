"""Texts to the rule that knows them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.diagnosis.values import Rule, Speaker
from assistant.execution.clean import clean

CHARACTERS = 8_000
"""What is looked at of a text: its end, where errors stand."""
_LINE_CHARACTERS = 2_000
_EVIDENCE_CHARACTERS = 300

_VALUES = {
    "port": re.compile(r"[0-9]{1,5}"),
    "name": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}"),
    "network": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}"),
    "image": re.compile(r"[a-z0-9][A-Za-z0-9_./:@-]{0,255}"),
}
"""What a value taken from an error may be, to stand in a line: one plain word, never an option."""


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that fits, the line of the text that told, and the values it named."""

    rule: Rule
    evidence: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def match_text(
    text: str, rules: Sequence[Rule], speakers: Collection[Speaker], *, exit_code: int | None = None
) -> Match | None:
    """The first rule with a pattern in the text, among those whose words these speakers say.

    A rule for the exit code is as good as its words. Values are taken only from words that are not a
    program's alone: a container must not choose what a next line acts on.
    """
    lines = [line[:_LINE_CHARACTERS].rstrip() for line in clean(text)[-CHARACTERS:].split("\n")]
    shown = "\n".join(lines)
    for rule in rules:
        for pattern in rule.patterns if set(rule.said_by) & set(speakers) else ():
            if found := _compiled(pattern).search(shown):
                values = {} if set(speakers) == {"program"} else _values(found)
                return Match(rule, _evidence(shown, found), values)
        if exit_code in rule.exit_codes:
            return Match(rule)
    return None


def match_outcome(outcome: str | None, rules: Sequence[Rule]) -> Match | None:
    """The rule an outcome means by itself."""
    return next((Match(rule) for rule in rules if outcome in rule.outcomes), None)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def _values(found: re.Match[str]) -> dict[str, str]:
    named = {name: value for name, value in found.groupdict().items() if value}
    return {
        name: value for name, value in named.items() if name in _VALUES and _VALUES[name].fullmatch(value)
    }


def _evidence(text: str, found: re.Match[str]) -> str:
    """The line the match stands in; of a long one, the part around it."""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.start())
    line = text[start : end if end >= 0 else len(text)]
    at = max(0, found.start() - start - _EVIDENCE_CHARACTERS // 2)
    if len(line) <= _EVIDENCE_CHARACTERS:
        return line.strip()
    part = line[at : at + _EVIDENCE_CHARACTERS].strip()
    return f"{'…' if at else ''}{part}{'…' if at + _EVIDENCE_CHARACTERS < len(line) else ''}"
