"""What was asked and stands in no note, as markup."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.keeping.gaps import Gap, Place
from knowledge.language import Language
from ui.web import words_keeping as words
from ui.web.html import Html, el


def draw_gaps(gaps: Sequence[tuple[Gap, Sequence[Place]]], language: Language) -> Html:
    """The questions, each with the headings an answer would stand under."""
    title = el("p", words.GAPS.said_in(language), cls="dn-eyebrow")
    rows = [_gap(gap, places, language) for gap, places in gaps]
    return el("section", title, el("ul", *rows), cls="dn-gaps", lang=language)


def _gap(gap: Gap, places: Sequence[Place], language: Language) -> Html:
    count = f" ×{gap.count}" if gap.count > 1 else ""
    forget = el(
        "button", words.FORGET.said_in(language), type="button", cls="dn-link", data_do="forget",
        data_question=gap.question,
    )  # fmt: skip
    where = [
        el(
            "button", words.GAP_UNDER.said_in(language).format(heading=place.headings[-1]), type="button",
            cls="dn-link", data_do="read", data_note=place.note, data_first=place.line,
        )
        for place in places[:1]
    ]  # fmt: skip
    return el("li", el("span", f"{gap.question}{count}"), el("span", *where, forget, cls="dn-actions"))
