"""All findings over some notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.linting import lines, links, outline
from assistant.linting.values import Finding, Rule
from assistant.values import Verdict
from knowledge.errors import NoteError
from knowledge.language import Text
from knowledge.notes import find_notes, read_note
from knowledge.sections import split_note
from knowledge.values import Note, Section

RULES: tuple[Rule, ...] = (
    lines.SLIP,
    lines.INCOMPLETE,
    lines.WRONG_OBJECT,
    links.MISSING_IMAGE,
    links.BROKEN_LINK,
    lines.UNSAFE,
    outline.EMPTY_HEADING,
    outline.EMPTY_CHAPTER,
    outline.DUPLICATE,
    outline.LEVEL,
    lines.PLACEHOLDER,
    lines.SUDO,
    lines.TAG,
)
"""Every rule there is, the gravest first."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at some notes found.

    ``headings`` counts those at the ends of the outline, ``empty`` the ones among them with nothing under
    them; ``files`` tells where each note lies, ``skipped`` why a file was left out.
    """

    findings: tuple[Finding, ...]
    notes: int
    headings: int
    empty: int
    files: Mapping[str, Path]
    skipped: tuple[Text, ...]


def check(
    sources: Sequence[Path], review: Callable[[str], Verdict], *, only: frozenset[str] = frozenset()
) -> Checked:
    """All findings, by note and line.

    Args:
        sources: files and folders of notes.
        review: gives a line's verdict.
        only: codes of the rules to go by; all where empty.

    Raises:
        NoteError: a source does not exist.
    """
    found = find_notes(sources)
    read: list[tuple[Note, Sequence[Section]]] = []
    skipped: list[Text] = []
    findings: list[Finding] = []
    for path, name in found:
        try:
            note = read_note(path, name)
        except NoteError as error:
            skipped.append(error.text)
            continue
        sections = split_note(note)
        read.append((note, sections))
        findings += outline.outline_findings(note, sections)
        findings += links.link_findings(note, path)
        findings += lines.line_findings(note, review)
    findings += outline.duplicates(read)
    order = {note.path: number for number, (note, _) in enumerate(read)}
    kept = [f for f in findings if not only or f.rule.code in only]
    kept.sort(key=lambda f: (order[f.note], f.line))
    lowest = [section for _, sections in read for section in _lowest(sections)]
    return Checked(
        tuple(dict.fromkeys(kept)),
        len(read),
        len(lowest),
        sum(section.is_empty for section in lowest),
        links.files_of(found),
        tuple(skipped),
    )


def _lowest(sections: Sequence[Section]) -> list[Section]:
    """The sections with no heading below theirs, each heading once."""
    above = {s.headings[:depth] for s in sections for depth in range(1, len(s.headings))}
    return list({s.headings: s for s in sections if s.headings not in above}.values())
