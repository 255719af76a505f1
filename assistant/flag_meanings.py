"""What the flags of a command mean, as far as the notes say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from assistant.commands.grammar import parse
from assistant.commands.lexer import lex
from assistant.commands.plan import without_sudo
from assistant.errors import CommandError
from knowledge.language import Language
from knowledge.library import Library
from knowledge.values import Hit, Note, Section

_ANYWHERE = Path("/workspace")
"""Parsing needs no workspace."""

_NOTES = 6  # notes of the best hits that are looked through
_LEAD = re.compile(r"^[\s>|]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?[\s|*]*`(-{1,2}[A-Za-z][^`]*)`")
_NAMED = re.compile(r"-{1,2}[A-Za-z][\w-]*")
_HEAD = 60  # characters from the start in which a line's own flags are named
_OF = re.compile(r"docker\s+([a-z]+)(?:\s+([a-z]+))?")
_ENTRY = re.compile(r"^[\s|*>-]*`-{1,2}[^`]*`(?:\s*(?:[,，/、（(或]|or\b)[^:：|]{0,40})?[\s*]*[:：|]")
_FAMILY = frozenset({"run", "create", "exec", "start"})
"""Subcommands whose flags of one long name mean the same."""
_VALUED = re.compile(r"^[\s|*>-]*`-{1,2}[A-Za-z][\w-]*[ =]\d")  # a flag with a certain number or port
_BOTH = re.compile(r"[;；]\s*(?=`-)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a note says of a flag: its exact words and their line."""

    note: Note
    headings: tuple[str, ...]
    line: int
    text: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A flag as it stands in a line, with its value, under all its names."""

    written: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Read:
    """A note to be looked through; what follows from its lines is the same."""

    path: str
    lines: tuple[str, ...]
    note: Note = field(compare=False)
    sections: tuple[Section, ...] = field(compare=False)


def parts_of(line: str) -> tuple[str, list[Part]]:
    """A docker line's subcommand and its flags in the order they stand; no flags where it is none."""
    try:
        words, _ = without_sudo(lex(line, workspace=_ANYWHERE).words)
        parsed = parse(words)
    except CommandError:
        return "", []
    parts = []
    for name, values in parsed.flags.items():
        flag = parsed.grammar.flags.get(name)  # compose's own flags stand before its subcommand
        short = [f"-{flag.short}"] if flag and flag.short else []
        names = frozenset({f"--{name.rsplit(' ', 1)[-1]}", *short})
        written = _written(line, names)
        shown = [v for v in values if v not in {"true", "false"}]
        parts.append(Part(" ".join([written, *shown[:1]]), names))
    return " ".join(parsed.name), sorted(parts, key=lambda part: _place(line, part))


def _written(line: str, names: frozenset[str]) -> str:
    return next(
        (name for name in sorted(names) if re.search(rf"(?<!\S){re.escape(name)}\b", line)), ""
    ) or min(names, key=len)


def _place(line: str, part: Part) -> int:
    """Where a flag stands: by itself, or as a letter of several (``-it``)."""
    name = part.written.split(" ")[0]
    letter = next((n[1] for n in part.names if len(n) == 2), "")
    own = re.search(rf"(?<!\S){re.escape(name)}\b", line)
    joined = re.search(rf"(?<!\S)-[A-Za-z]*{letter}", line) if letter else None
    return own.start() if own else joined.start() if joined else len(line)


def meaning_of(
    part: Part, subcommand: str, hits: Sequence[Hit], library: Library, language: Language
) -> Meaning | None:
    """What the notes of the best hits say of a flag of a subcommand; None where they do not.

    A line counts that begins with the flag. Where headings name a subcommand it has to be this one;
    elsewhere the line has to give a long name, since one letter means something else in each subcommand.
    """
    found = [m for m in _near(hits, library) if m.names & part.names]
    fitting = [m for m in found if _is_about(m, part, subcommand)]
    return max(fitting, key=lambda m: (m.note.language == language, m.names <= part.names), default=None)


def meanings_of(
    part: Part, subcommand: str, hits: Sequence[Hit], library: Library, language: Language
) -> list[Meaning]:
    """What the notes say of a flag, at most two lines: the line that tells of it, and one of its very value.

    Without a subcommand every line on the flag counts, first those on ``docker run``; a second one where
    another subcommand has a flag of that name too.
    """
    found = [m for m in _near(hits, library) if m.names & part.names and _ENTRY.match(m.text)]
    if subcommand:
        found = [m for m in found if _is_about(m, part, subcommand)] or [
            m for m in found if _is_of_family(m, part, subcommand)
        ]
    if not found:
        return []
    ranked = sorted(found, key=lambda m: _rank(m, part, language))
    kept = [m for m in ranked if m.note.language == ranked[0].note.language]
    _, _, value = part.written.partition(" ")
    exact = [m for m in kept if value and f" {value}`" in m.text[:_HEAD]]
    general = [m for m in kept if not _VALUED.match(m.text)] or exact
    others = [m for m in general[1:] if m.names >= part.names and _subcommands(m) != _subcommands(general[0])]
    second = exact[:1] if exact and exact[0] not in general[:1] else [] if subcommand or value else others[:1]
    return [*general[:1], *second]


def _is_of_family(meaning: Meaning, part: Part, subcommand: str) -> bool:
    """Whether a line on another of the subcommands that share their flags names this one's long form."""
    family = set(subcommand.split()) & _FAMILY and _subcommands(meaning) & _FAMILY
    return bool(family) and any(name.startswith("--") for name in meaning.names & part.names)


def _rank(meaning: Meaning, part: Part, language: Language) -> tuple[int, ...]:
    """What puts one line on a flag before another: language, ``docker run``, its own name first."""
    written = part.written.split(" ")[0]
    leads = re.match(rf"^[\s|*>-]*`{re.escape(written)}`", meaning.text) is not None
    return (
        int(meaning.note.language != language),
        int("run" not in _subcommands(meaning)),
        int(not leads),
        int(bool(_VALUED.match(meaning.text))),
        int(not meaning.names <= part.names),
    )


def _subcommands(meaning: Meaning) -> frozenset[str]:
    """The subcommands that the headings above a line name."""
    named = (match.groups() for heading in meaning.headings for match in _OF.finditer(heading))
    return frozenset(name for names in named for name in names if name)


def is_of_flag(text: str) -> bool:
    """Whether a text begins with a flag, and so is about that one."""
    return _LEAD.match(text) is not None


def _is_about(meaning: Meaning, part: Part, subcommand: str) -> bool:
    named = {
        name for heading in meaning.headings for match in _OF.finditer(heading) for name in match.groups()
    }
    if named - {None}:
        return bool(set(subcommand.split()) & named)
    return any(name.startswith("--") for name in meaning.names & part.names)


def _near(hits: Sequence[Hit], library: Library) -> Iterator[Meaning]:
    for name in list(dict.fromkeys(hit.chunk.note for hit in hits))[:_NOTES]:
        note = library.notes[name]
        yield from _meanings(_Read(name, note.lines, note, tuple(library.sections(name))))


@lru_cache(maxsize=64)
def _meanings(read: _Read) -> tuple[Meaning, ...]:
    return tuple(_found(read.note, read.sections))


def _found(note: Note, sections: Iterable[Section]) -> Iterator[Meaning]:
    for section in sections:
        for block in section.blocks:
            if block.kind not in {"item", "paragraph", "table"}:
                continue
            for number in range(block.first_line, block.last_line + 1):
                line = note.lines[number - 1]
                if not _LEAD.match(line):
                    continue
                for text in _BOTH.split(line.strip(" \t>")):
                    head = re.split(r"[:：]|\s\|", text, maxsplit=1)[0][:_HEAD]
                    names = frozenset(name for found in _NAMED.findall(head) for name in _spread(found))
                    yield Meaning(note, section.headings, number, re.sub(r"^[-*+]\s+", "", text), names)


def _spread(name: str) -> tuple[str, ...]:
    """A flag, and those of one letter it joins (``-it``)."""
    joined = re.fullmatch(r"-[A-Za-z]{2,3}", name)
    return (name, *(f"-{letter}" for letter in name[1:])) if joined else (name,)
