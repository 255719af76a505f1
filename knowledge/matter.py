"""Front matter: the settings at a note's top, in YAML, TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence

import yaml

_PLAIN = (str, int, float, bool)
_SIMPLE = re.compile(r"^([A-Za-z][\w-]*)\s*:(?:\s+(.*))?$")
_CONTINUED = re.compile(r"^(?:\s|-\s|#|$)")
_LISTS = frozenset({"tags", "keywords", "categories"})
_Matter = dict[object, object] | None  # None: the lines are no settings
_MOST_LINES = 400  # front matter is short; a rule far below is another thing


def front_matter(lines: Sequence[str]) -> tuple[Mapping[str, str], int]:
    """The settings at a note's top and how many lines they take (0: none, all is text).

    Plain values only, as text, and the lists ``tags``, ``keywords`` and ``categories``, joined by
    commas. YAML stands between ``---`` lines, TOML between ``+++`` (Hugo), JSON in braces. Where YAML
    has a slip, its plain ``key: value`` lines are still read; where the lines are nothing like settings
    (a rule at the top of a text), they stay text.
    """
    top = lines[0].strip() if lines else ""
    if top == "---":
        return _fenced(lines, {"---", "..."}, _yaml)
    if top == "+++":
        return _fenced(lines, {"+++"}, _toml)
    if top == "{":
        return _json(lines)
    return {}, 0


def _fenced(
    lines: Sequence[str], ends: set[str], read: Callable[[Sequence[str]], _Matter]
) -> tuple[Mapping[str, str], int]:
    for number, line in enumerate(lines[1:_MOST_LINES], start=1):
        if line.rstrip() in ends:
            found = read(lines[1:number])
            return ({}, 0) if found is None else (_plain(found), number + 1)
    return {}, 0


def _yaml(lines: Sequence[str]) -> _Matter:
    try:
        matter = yaml.safe_load("\n".join(lines))
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that is none
        return _simple(lines)
    if matter is None:
        return {}
    return dict(matter) if isinstance(matter, dict) else None


def _simple(lines: Sequence[str]) -> _Matter:
    """The ``key: value`` lines of broken YAML; None where other lines stand there too."""
    found: dict[object, object] = {}
    for line in lines:
        match = _SIMPLE.match(line)
        if match:
            found[match[1]] = (match[2] or "").strip().strip("\"'")
        elif not _CONTINUED.match(line):
            return None
    return found or None


def _toml(lines: Sequence[str]) -> _Matter:
    try:
        return {key: value for key, value in tomllib.loads("\n".join(lines)).items()}  # noqa: C416 - other key type
    except (tomllib.TOMLDecodeError, RecursionError):
        simple = [re.sub(r"^([A-Za-z][\w-]*)\s*=\s*", r"\1: ", line) for line in lines]
        return _simple(simple)


def _json(lines: Sequence[str]) -> tuple[Mapping[str, str], int]:
    for number, line in enumerate(lines[:_MOST_LINES]):
        if line.rstrip() == "}":
            try:
                matter = json.loads("\n".join(lines[: number + 1]))
            except (json.JSONDecodeError, RecursionError):
                return {}, 0
            return (_plain(matter), number + 1) if isinstance(matter, dict) else ({}, 0)
    return {}, 0


def _plain(matter: Mapping[object, object]) -> Mapping[str, str]:
    kept: dict[str, str] = {}
    for key, value in matter.items():
        if isinstance(value, _PLAIN):
            kept[str(key)] = str(value)
        elif isinstance(value, list) and str(key).lower() in _LISTS:
            kept[str(key)] = ", ".join(str(item) for item in value if isinstance(item, _PLAIN))
    return kept
