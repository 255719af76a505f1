"""What the notes page's events do: search, pick a heading, open a place."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.values import Section
from ui.web.draw_chat import Piece
from ui.web.draw_gaps import draw_gaps
from ui.web.draw_notes import draw_hits, draw_section, draw_tree, draw_unread
from ui.web.facade import AssistantView, LibraryView
from ui.web.session import Session

MOST_HITS = 12


def draw_left(session: Session, assistant: AssistantView) -> list[Piece]:
    """The tree of chapters."""
    library = assistant.library
    tree = draw_tree(
        library.outline(), library.notes, library.skipped, language=session.language, current=session.section
    )
    gaps = assistant.open_gaps()
    return [["gaps", draw_gaps(gaps, session.language)], *tree] if gaps else tree


def draw_right(session: Session, assistant: AssistantView) -> list[Piece]:
    """The hits of a search, the section that is read, or a hint.

    Raises:
        KnowledgeError: the notes cannot be searched.
    """
    library = assistant.library
    if session.query:
        return draw_hits(session.query, library.search(session.query, limit=MOST_HITS), session.language)
    picked = _picked(session, library)
    note = library.notes.get(picked[0].note) if picked else None
    if picked is None or note is None:
        return draw_unread(session.language)
    section, last_line = picked
    return draw_section(section, last_line, note, session.language, session.highlight)


def forget(assistant: AssistantView, question: str) -> None:
    """Forgets a question that was not answered; an empty one is none."""
    if question:
        assistant.gaps.forget(question)


def search(session: Session, query: str) -> None:
    """Shows hits for a query; an empty one goes back to what was read."""
    session.query = " ".join(query.split())


def read(session: Session, note: str, first: int | None, last: int | None, library: LibraryView) -> None:
    """Opens the section that holds a line of a note, and marks the lines where a range was given."""
    if first is None or note not in library.notes:
        return
    holding = [s for s in library.outline() if s.note == note and s.first_line <= first]
    if not holding:
        return
    session.query = ""
    session.section = (note, holding[-1].first_line)
    session.highlight = (first, last) if last is not None and last >= first else None


def _picked(session: Session, library: LibraryView) -> tuple[Section, int] | None:
    """The section that is read and the last line of what stands below it."""
    if session.section is None:
        return None
    note, first = session.section
    sections = [section for section in library.outline() if section.note == note]
    at = next((n for n, section in enumerate(sections) if section.first_line == first), None)
    return (sections[at], _last_line(sections[at:])) if at is not None else None


def _last_line(sections: Sequence[Section]) -> int:
    headings = sections[0].headings
    last = sections[0].last_line
    for section in sections[1:]:
        if section.headings[: len(headings)] != headings or len(section.headings) <= len(headings):
            break
        last = section.last_line
    return last
