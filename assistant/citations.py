"""Statements to citations: numbered, and always checkable."""

from __future__ import annotations

from assistant.values import Citation
from knowledge.values import Note


class Citations:
    """The citations of one answer, numbered from 1 in the order they are first used."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], Citation] = {}

    def cite(self, note: Note, headings: tuple[str, ...], first_line: int, last_line: int, quote: str) -> int:
        """The number of a citation; the same place and quote keep their number.

        Raises:
            ValueError: the quote is no exact substring of the lines; that is a fault of the caller.
        """
        if quote not in note.quote(first_line, last_line):
            raise ValueError(f"not in {note.path}:{first_line}-{last_line}: {quote!r}")
        key = (note.path, first_line, last_line, quote)
        if key not in self._found:
            number = len(self._found) + 1
            self._found[key] = Citation(number, note.path, headings, first_line, last_line, quote)
        return self._found[key].n

    def all(self) -> tuple[Citation, ...]:
        """All citations, by number."""
        return tuple(self._found.values())


def holds(citation: Citation, note: Note) -> bool:
    """Whether a citation still checks: its quote stands in the cited lines of the note."""
    return citation.quote in note.quote(citation.first_line, citation.last_line)
