"""The notes page as markup: the tree of chapters, hits, and the section that is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from knowledge.language import Language
from knowledge.values import Hit, Note, Section
from ui.web import words
from ui.web.draw_chat import Piece, lines_text
from ui.web.html import Html, el
from ui.web.markdown import render

EXCERPT_LINES = 7
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*|[㐀-鿿豈-﫿]+")
_COMMON = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "do",
        "does",
        "for",
        "from",
        "how",
        "i",
        "in",
        "is",
        "it",
    }
    | {"of", "on", "or", "that", "the", "to", "what", "with"}
)


def draw_tree(
    outline: Sequence[Section],
    notes: Mapping[str, Note],
    skipped: Sequence[str],
    *,
    language: Language,
    current: tuple[str, int] | None,
) -> list[Piece]:
    """One piece per note, those in the page's language first."""
    if not outline:
        return [["none", el("p", words.NO_NOTES.said_in(language), cls="dn-quiet")]]
    title = el("p", words.CHAPTERS.said_in(language), cls="dn-eyebrow")
    pieces: list[Piece] = [["title", title]]
    grouped = [
        (path, list(sections)) for path, sections in groupby(outline, key=lambda section: section.note)
    ]
    grouped.sort(key=lambda pair: _language(notes, pair[0]) != language)
    for path, sections in grouped:
        pieces.append([f"n-{path}", _note(path, sections, notes, language, current)])
    if skipped:
        rows = (el("li", reason) for reason in skipped)
        listed = el("div", el("b", words.SKIPPED.said_in(language)), el("ul", *rows), cls="dn-quiet")
        pieces.append(["skipped", listed])
    return pieces


def draw_hits(query: str, hits: Sequence[Hit], language: Language) -> list[Piece]:
    """What a search found, its words marked."""
    if not hits:
        text = words.NO_HITS.said_in(language).format(query=query)
        return [["none", el("p", text, cls="dn-quiet", lang=language)]]
    found = words.ONE_HIT if len(hits) == 1 else words.HITS
    count = el("p", found.said_in(language).format(n=len(hits), query=query), cls="dn-eyebrow")
    pattern = terms(query)
    pieces: list[Piece] = [["count", count]]
    for n, hit in enumerate(hits):
        pieces.append([f"h-{n}-{hit.chunk.id}", draw_hit(hit, pattern, language)])
    return pieces


def draw_hit(hit: Hit, pattern: re.Pattern[str] | None, language: Language) -> Html:
    """One hit: where it stands, and an excerpt."""
    chunk = hit.chunk
    where = f"{chunk.note} · {lines_text(chunk.first_line, chunk.last_line, language)}"
    head = el(
        "button",
        el("span", " › ".join(chunk.headings) or chunk.note, cls="dn-path"),
        el("span", where, cls="dn-where"),
        type="button", data_do="read", data_note=chunk.note,
        data_first=chunk.first_line, data_last=chunk.last_line,
    )  # fmt: skip
    shown = render(excerpt(chunk.text, pattern), language=language, mark=pattern)
    return el(
        "article", head, el("div", shown, cls="dn-prose dn-excerpt"), cls="dn-found", lang=chunk.language
    )


def draw_section(
    section: Section, last_line: int, note: Note, language: Language, highlight: tuple[int, int] | None
) -> list[Piece]:
    """A section with everything below it, rendered; the cited lines marked."""
    first = section.first_line
    path = el("p", " › ".join(section.headings[:-1]), cls="dn-quiet") if len(section.headings) > 1 else None
    where = el("p", f"{note.path} · {lines_text(first, last_line, language)}", cls="dn-where")
    shown = (highlight[0] - first + 1, highlight[1] - first + 1) if highlight else None
    body = render(note.quote(first, last_line), language=note.language, highlight=shown)
    parts = [path, el("div", body, cls="dn-prose")]
    if section.is_empty:
        parts.append(el("p", words.SECTION_EMPTY.said_in(language), cls="dn-quiet", lang=language))
    markup = el("article", *parts, where, cls="dn-read", lang=note.language)
    return [[f"p-{note.path}-{first}-{highlight}", markup]]


def draw_unread(language: Language) -> list[Piece]:
    """Before anything was picked."""
    return [["none", el("p", words.PICK_SECTION.said_in(language), cls="dn-quiet", lang=language)]]


def terms(query: str) -> re.Pattern[str] | None:
    """What to mark for a query: its words, and pairs of neighbouring Han characters."""
    found: set[str] = set()
    for word in _WORD.findall(query):
        if word.isascii():
            if word.casefold() not in _COMMON:
                found.add(word)
        else:
            found |= {word} | {word[n : n + 2] for n in range(len(word) - 1)}
    if not found:
        return None
    longest_first = sorted(found, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in longest_first), re.IGNORECASE)


def excerpt(text: str, pattern: re.Pattern[str] | None) -> str:
    """The lines of a chunk around its first match, as Markdown whose fences are whole."""
    lines = [line for line in text.splitlines() if line.strip()]
    words_at = (n for n, line in enumerate(lines) if pattern is not None and pattern.search(line))
    start = max(min(next(words_at, 0) - 1, len(lines) - EXCERPT_LINES), 0)
    end = min(start + EXCERPT_LINES, len(lines))
    before, shown = (sum(_is_fence(line) for line in part) % 2 for part in (lines[:start], lines[start:end]))
    parts = ["…", ""] * (start > 0) + ["```"] * before + lines[start:end]
    return "\n".join([*parts, *["```"] * ((before + shown) % 2), *["", "…"] * (end < len(lines))])


def _is_fence(line: str) -> bool:
    return line.lstrip(" >-*\t").startswith(("```", "~~~"))


def _language(notes: Mapping[str, Note], path: str) -> Language | None:
    note = notes.get(path)
    return note.language if note else None


def _note(
    path: str, sections: Sequence[Section], notes: Mapping[str, Note], language: Language,
    current: tuple[str, int] | None,
) -> Html:  # fmt: skip
    note = notes.get(path)
    is_open = (note is not None and note.language == language) or (current is not None and current[0] == path)
    shallowest = min(len(section.headings) for section in sections)
    rows = [_heading(section, len(section.headings) - shallowest, language, current) for section in sections]
    title = note.title if note is not None and note.title else path
    summary = el("summary", el("span", title), el("span", path, cls="dn-where"))
    return el("details", summary, el("ul", *rows), open=is_open, lang=note.language if note else None)


def _heading(section: Section, depth: int, language: Language, current: tuple[str, int] | None) -> Html:
    empty = el("span", words.EMPTY_HEADING.said_in(language), cls="dn-empty", lang=language)
    is_current = current == (section.note, section.first_line)
    title = section.headings[-1] if section.headings else section.note
    button = el(
        "button", title, empty if section.is_empty else None,
        type="button", data_do="read", data_note=section.note, data_first=section.first_line,
        aria_current="true" if is_current else None,
    )  # fmt: skip
    return el("li", button, cls=f"dn-depth-{min(depth, 4)}")
