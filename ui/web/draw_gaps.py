"""What was asked and stands in no note, as markup."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.keeping.gaps import Gap, Place
from knowledge.language import Language
from ui.web import words, words_keeping
from ui.web.html import Html, el, said

MOST_GAPS = 50
"""More are counted; the command line lists them all."""


def draw_gaps(gaps: Sequence[tuple[Gap, Sequence[Place]]], language: Language) -> Html:
    """The questions, closed until the person opens them, each with where an answer would stand."""
    rows = [_gap(gap, places, language) for gap, places in gaps[:MOST_GAPS]]
    more = len(gaps) - MOST_GAPS
    return el(
        "details",
        el("summary", words_keeping.GAPS.said_in(language).format(n=len(gaps))),
        el("p", words_keeping.GAPS_ARE.said_in(language), cls="dn-quiet"),
        el("ul", *rows),
        el("p", said(words_keeping.MORE_GAPS.said_in(language).format(n=more)), cls="dn-quiet")
        if more > 0
        else None,
        cls="dn-gaps",
        lang=language,
    )


def _gap(gap: Gap, places: Sequence[Place], language: Language) -> Html:
    count = words_keeping.ASKED_TIMES.said_in(language).format(n=gap.count) if gap.count > 1 else None
    label = words_keeping.FORGET_IT.said_in(language).format(question=gap.question)
    forget = el(
        "button", words_keeping.FORGET.said_in(language), type="button", cls="dn-link", data_do="forget",
        data_question=gap.question, aria_label=label,
    )  # fmt: skip
    where = words_keeping.GAP_UNDER if places else words_keeping.GAP_NOWHERE
    return el(
        "li",
        el("p", gap.question, " ", el("span", count, cls="dn-where") if count else None),
        el("p", where.said_in(language), cls="dn-where"),
        *(_place(place, language) for place in places),
        el("p", forget),
    )


def _place(place: Place, language: Language) -> Html:
    empty = el("span", words.EMPTY_HEADING.said_in(language), cls="dn-empty") if place.is_empty else None
    return el(
        "button", el("span", " › ".join(place.headings)), empty, type="button", data_do="read",
        data_note=place.note, data_first=place.line, title=place.note,
    )  # fmt: skip
