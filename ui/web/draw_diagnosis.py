"""Why a run failed, as markup: the cause, what helps, lines to try next, and what the notes say."""

from __future__ import annotations

from assistant.diagnosis.values import Diagnosis, NextLine
from assistant.values import Citation
from knowledge.language import Language
from ui.web import words
from ui.web.html import Html, el, said
from ui.web.markdown import render


def draw_diagnosis(diagnosis: Diagnosis, language: Language) -> Html:
    """A small card within a command's card."""
    parts: list[Html | None] = [
        _told(words.FAILED_WHY.said_in(language), said(diagnosis.what.said_in(language))),
    ]
    if diagnosis.evidence:
        evidence = el("code", diagnosis.evidence)
        parts.append(el("p", words.SAID.said_in(language), " ", evidence, cls="dn-quiet"))
    parts.append(_told(words.WHAT_HELPS.said_in(language), said(diagnosis.advice.said_in(language))))
    if diagnosis.following:
        parts.append(el("p", words.NEXT.said_in(language), cls="dn-eyebrow"))
        parts += [_next(line, language) for line in diagnosis.following]
    if diagnosis.citation is not None:
        parts.append(_cited(diagnosis.citation, language))
    return el("section", *parts, cls="dn-diagnosis", data_cause=diagnosis.cause)


def _told(title: str, text: Html) -> Html:
    return el("p", el("b", title), " ", text, cls="dn-plan")


def _next(one: NextLine, language: Language) -> Html:
    copy = el(
        "button", words.COPY.said_in(language), cls="dn-copy", type="button",
        data_copy=words.COPIED.said_in(language),
    )  # fmt: skip
    word = words.VERDICTS[one.decision.value] if one.decision is not None else words.IN_TERMINAL
    badge = el("span", word.said_in(language), cls="dn-quiet")
    return el("div", el("div", el("pre", el("code", one.line)), copy, cls="dn-code"), badge, cls="dn-next")


def _cited(citation: Citation, language: Language) -> Html:
    place = f"{citation.note}:{citation.first_line}-{citation.last_line}"
    summary = el(
        "summary", words.FROM_NOTES.said_in(language), ": ", " › ".join(citation.headings[-2:]), " ",
        el("span", place, cls="dn-where"),
    )  # fmt: skip
    return el(
        "details", summary, el("blockquote", render(citation.quote, language=language)), cls="dn-changes"
    )
