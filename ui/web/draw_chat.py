"""The conversation as markup, piece by piece, so that only what changed is drawn again."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.values import Answer, Citation
from knowledge.language import Language, Text
from knowledge.values import Note, Section
from ui.web import in_order, words
from ui.web.draw_card import draw_card, draw_outcome
from ui.web.draw_console import draw_console
from ui.web.draw_saving import draw_card_saving, draw_saving
from ui.web.draw_talks import draw_talks
from ui.web.html import Html, el, said
from ui.web.markdown import render
from ui.web.saving import Saving, key_of
from ui.web.session import Exchange, Session

Piece = list[str]
"""An id and its markup; the page replaces a piece only where its markup changed."""

CONTEXT_LINES = 4
EXAMPLES = 4
_NUMBERING = re.compile(r"^[\s\d.、)]+")


def draw_chat(session: Session, notes: Mapping[str, Note], examples: list[str]) -> list[Piece]:
    """All pieces of the conversation, in order."""
    listed = draw_talks(session.talks, session.conversation, session.language)
    pieces: list[Piece] = [["talks", listed]] if listed is not None else []
    missing = session.engine if isinstance(session.engine, Text) else None
    if not session.exchanges:
        pieces.append(["welcome", _welcome(examples, session.language)])
    for exchange in session.exchanges:
        pieces += _exchange(exchange, notes, missing, session.savings)
    if session.exchanges and session.answering is None:
        new = el("button", words.NEW.said_in(session.language), cls="dn-link", type="button", data_do="new")
        pieces.append(["new", el("p", new, cls="dn-new", lang=session.language)])
    if session.hint is not None:
        hint = el("p", session.hint.said_in(session.language), cls="dn-hint", role="alert")
        pieces.append(["hint", hint])
    return pieces


def examples_from(outline: list[Section], notes: Mapping[str, Note], language: Language) -> list[str]:
    """Questions built from the notes' own headings that have something under them."""
    headings = [
        heading
        for section in outline
        if section.last_line > section.first_line and section.headings and _speaks(notes, section, language)
        if (heading := plain_heading(section.headings[-1]))
    ]
    headings = list(dict.fromkeys(headings))
    step = max(len(headings) // EXAMPLES, 1)
    chosen = headings[step // 2 :: step][:EXAMPLES]
    return [words.EXAMPLE.said_in(language).format(heading=heading) for heading in chosen]


def plain_heading(heading: str) -> str:
    """A heading without its number."""
    return _NUMBERING.sub("", heading).strip() or heading


def lines_text(first: int, last: int, language: Language) -> str:
    """A range of lines, in words."""
    text = words.LINE if first == last else words.LINES
    return text.said_in(language).format(first=first, last=last)


def _speaks(notes: Mapping[str, Note], section: Section, language: Language) -> bool:
    note = notes.get(section.note)
    return note is not None and note.language == language


def _welcome(examples: list[str], language: Language) -> Html:
    chips = [
        el("button", text, cls="dn-chip", type="button", data_do="example", data_n=n)
        for n, text in enumerate(examples)
    ]
    return el(
        "div",
        el("h2", words.WELCOME.said_in(language)),
        el("p", words.WELCOME_MORE.said_in(language)),
        el("p", words.TRY.said_in(language), cls="dn-eyebrow") if chips else None,
        el("div", *chips, cls="dn-chips"),
        cls="dn-welcome",
        lang=language,
    )


def _exchange(
    exchange: Exchange, notes: Mapping[str, Note], missing: Text | None, savings: Mapping[str, Saving]
) -> list[Piece]:
    key = exchange.id
    language = exchange.language
    pieces: list[Piece] = [
        [f"q-{key}", el("div", el("p", exchange.question), cls="dn-question", lang=language)],
        [f"a-{key}", _answer(exchange)],
    ]
    citation = _open_citation(exchange)
    if citation is not None:
        pieces.append([f"p-{key}", draw_passage(citation, notes.get(citation.note), key, language)])
    for number, card in enumerate(exchange.cards, start=1):
        pieces.append([f"c-{card.id}", draw_card(card, number=number, engine_missing=missing)])
        lower = (
            (f"o-{card.id}", draw_outcome(card)),
            (f"t-{card.id}", draw_console(card)),
            (f"w-{card.id}", draw_card_saving(card, savings)),
        )
        pieces += [[name, piece] for name, piece in lower if piece is not None]
    for group in in_order.sequences(exchange.cards):
        pieces.append([f"i-{group[0].id}", in_order.draw(group, language, missing=missing is not None)])
    if exchange.answer is not None and exchange.answer.answered:
        saved = key_of("answer", key)
        pieces.append([f"s-{key}", draw_saving(savings.get(saved), saved, language)])
    return pieces


def _answer(exchange: Exchange) -> Html:
    language = exchange.language
    answer = exchange.answer
    numbers = frozenset(citation.n for citation in answer.citations) if answer else frozenset()
    waiting = answer is None and exchange.error is None and not exchange.stopped
    parts: list[Html | None] = []
    if answer is not None and not answer.answered:
        parts.append(el("p", words.NOT_IN_NOTES.said_in(language), cls="dn-tag"))
    if answer is not None and answer.notice is not None:
        parts.append(el("p", said(answer.notice.said_in(language)), cls="dn-notice"))
    if exchange.steps:
        parts.append(_steps(exchange))
    if exchange.text:
        by_notes = answer is not None and answer.model is None
        text = render(exchange.text, language=language, cite=exchange.id, numbers=numbers, links=by_notes)
        parts.append(el("div", text, cls="dn-prose"))
    elif waiting:
        parts.append(el("p", words.READING.said_in(language), cls="dn-quiet dn-busy"))
    if exchange.stopped:
        parts.append(el("p", words.STOPPED.said_in(language), cls="dn-quiet"))
    if exchange.error is not None:
        parts.append(el("p", said(exchange.error.said_in(language)), cls="dn-message", role="alert"))
    if answer is not None and answer.flags:
        parts.append(_flags(answer))
    if answer is not None and answer.citations:
        parts.append(_sources(exchange, answer.citations))
    if answer is not None and answer.model is not None:
        written = words.WRITTEN_BY.said_in(language).format(model=answer.model)
        parts.append(el("p", written, cls="dn-quiet dn-writer"))
    return el("div", *parts, cls="dn-answer", lang=language, aria_busy="true" if waiting else None)


def _steps(exchange: Exchange) -> Html:
    """What a chat model did on the way, a line each."""
    language = exchange.language
    lines = [el("li", said(step.text.said_in(language))) for step in exchange.steps]
    return el("ul", *lines, cls="dn-steps", aria_label=words.STEPS.said_in(language))


def _flags(answer: Answer) -> Html:
    """What the notes do not bear out, each sentence with why."""
    language = answer.language
    rows = [el("li", el("q", flag.sentence), " ", said(flag.why.said_in(language))) for flag in answer.flags]
    title = el("p", words.FLAGS.said_in(language), cls="dn-eyebrow")
    return el("aside", title, el("ul", *rows), cls="dn-flags")


def _sources(exchange: Exchange, citations: tuple[Citation, ...]) -> Html:
    language = exchange.language
    rows = [
        el(
            "li",
            el(
                "button",
                el("span", str(citation.n), cls="dn-n"),
                el("span", " › ".join(citation.headings) or citation.note, cls="dn-path"),
                el("span", f"{citation.note} · {_lines(citation, language)}", cls="dn-where"),
                type="button", data_do="cite", data_turn=exchange.id, data_n=citation.n,
                aria_expanded="true" if exchange.open_citation == citation.n else "false",
            ),
        )
        for citation in citations
    ]  # fmt: skip
    return el(
        "nav", el("p", words.SOURCES.said_in(language), cls="dn-eyebrow"), el("ol", *rows), cls="dn-sources"
    )


def _lines(citation: Citation, language: Language) -> str:
    return lines_text(citation.first_line, citation.last_line, language)


def _open_citation(exchange: Exchange) -> Citation | None:
    if exchange.answer is None:
        return None
    wanted = exchange.open_citation
    return next((citation for citation in exchange.answer.citations if citation.n == wanted), None)


def draw_passage(citation: Citation, note: Note | None, key: str, language: Language) -> Html:
    """The cited lines of a note in their context, the quote marked."""
    close = el(
        "button", words.CLOSE.said_in(language), cls="dn-link", type="button",
        data_do="cite", data_turn=key, data_n=citation.n,
    )  # fmt: skip
    read = el(
        "button", words.OPEN_IN_NOTES.said_in(language), cls="dn-link", type="button",
        data_do="read", data_turn=key, data_n=citation.n,
    )  # fmt: skip
    head = el(
        "header",
        el("span", str(citation.n), cls="dn-n"),
        el("strong", " › ".join(citation.headings)),
        el("span", f"{citation.note} · {_lines(citation, language)}", cls="dn-where"),
        el("span", read if note else None, close, cls="dn-actions"),
    )
    if note is None:
        body = el("p", words.NOTE_GONE.said_in(language), cls="dn-message")
    elif citation.quote not in note.quote(citation.first_line, citation.last_line):
        said_so = el("p", words.NOTE_CHANGED.said_in(language), cls="dn-message", lang=language)
        body = el("div", said_so, el("blockquote", citation.quote))
    else:
        body = el("ol", *_passage_lines(citation, note), cls="dn-lines")
    return el("aside", head, body, cls="dn-passage", lang=note.language if note else language)


def _passage_lines(citation: Citation, note: Note) -> list[Html]:
    first = max(citation.first_line - CONTEXT_LINES, 1)
    last = min(citation.last_line + CONTEXT_LINES, len(note.lines))
    cited = note.quote(citation.first_line, citation.last_line)
    start = cited.find(citation.quote)
    end = start + len(citation.quote) if start >= 0 else -1
    rows: list[Html] = []
    offset = 0
    for number in range(first, last + 1):
        line = note.lines[number - 1]
        is_cited = citation.first_line <= number <= citation.last_line
        text = el("span", line or " ")
        if is_cited:
            a, b = max(start - offset, 0), min(end - offset, len(line))
            offset += len(line) + 1
            if start >= 0 and b > a:
                text = el("span", line[:a], el("mark", line[a:b]), line[b:])
        rows.append(el("li", text, value=number, cls="dn-cited" if is_cited else None))
    return rows
