"""The GPU page as markup: the ladder, rung by rung."""

from __future__ import annotations

from assistant.values import GpuReport, Rung, Verdict
from knowledge.language import Language, Text
from knowledge.values import Hit
from ui.web import words
from ui.web.draw_chat import Piece
from ui.web.draw_notes import draw_hit, terms
from ui.web.html import Html, el, said
from ui.web.session import GpuCheck


def draw_gpu(check: GpuCheck, language: Language) -> list[Piece]:
    """The intro, each rung known so far, what waits for a yes, and the result."""
    pieces: list[Piece] = [["intro", _intro(check, language)]]
    for rung in check.rungs:
        pieces.append([f"rung-{rung.number}", _rung(rung, check.passages.get(rung.number), language)])
    if check.waiting is not None:
        pieces.append(["waiting", _waiting(check.waiting, check.explained, check.stamp, language)])
    elif check.running:
        pieces.append(["busy", el("p", words.CHECKING.said_in(language), cls="dn-quiet dn-busy")])
    if check.error is not None:
        pieces.append(["error", el("p", check.error.said_in(language), cls="dn-message", role="alert")])
    if check.report is not None:
        pieces.append(["report", _report(check.report, language)])
    return pieces


def _intro(check: GpuCheck, language: Language) -> Html:
    label = words.CHECK_AGAIN if check.rungs else words.CHECK_GPU
    button = el(
        "button", label.said_in(language), cls="dn-button dn-primary", type="button",
        data_do="check", disabled=check.running,
    )  # fmt: skip
    return el(
        "div",
        el("h2", words.GPU_TITLE.said_in(language)),
        el("p", words.GPU_INTRO.said_in(language)),
        el("p", button),
        cls="dn-intro",
        lang=language,
    )


def _rung(rung: Rung, passage: Hit | None, language: Language) -> Html:
    state = words.RUNG_STATES[rung.state].said_in(language)
    parts: list[Html | None] = [
        el(
            "header",
            el("span", str(rung.number), cls="dn-n"),
            el("strong", rung.name.said_in(language)),
            el("span", state, cls="dn-badge"),
        )
    ]
    for title, text in ((words.CAUSE, rung.cause), (words.ADVICE, rung.advice)):
        if text is not None:
            label = el("b", title.said_in(language))
            parts.append(el("p", label, " ", said(text.said_in(language)), cls="dn-plan"))
    if rung.evidence.strip():
        parts.append(_evidence(rung, language))
    if passage is not None and rung.state in {"fail", "unknown"}:
        parts.append(el("p", words.FROM_NOTES.said_in(language), cls="dn-eyebrow"))
        parts.append(draw_hit(passage, terms(rung.query), language))
    return el("article", *parts, cls=f"dn-card dn-rung dn-{rung.state}", lang=language)


def _evidence(rung: Rung, language: Language) -> Html:
    text = rung.evidence.strip()
    if len(text) <= 100 and "\n" not in text:
        return el("p", el("code", text), cls="dn-quiet")
    summary = el("summary", words.EVIDENCE.said_in(language))
    return el(
        "details", summary, el("pre", text, cls="dn-output"), cls="dn-changes", open=rung.state == "fail"
    )


def _waiting(verdict: Verdict, explained: Text | None, stamp: str, language: Language) -> Html:
    yes, no = (
        el("button", text.said_in(language), cls=cls, type="button", data_do=do)
        for text, cls, do in (
            (words.WITH_CONTAINERS, "dn-button dn-primary", "yes"),
            (words.WITHOUT_CONTAINERS, "dn-button", "no"),
        )
    )
    reasons = [el("li", said(reason.text.said_in(language))) for reason in verdict.reasons]
    return el(
        "article",
        el(
            "header",
            el("strong", words.GPU_ASKS.said_in(language)),
            el("span", words.VERDICTS[verdict.decision.value].said_in(language), cls="dn-badge"),
        ),
        el("div", el("pre", el("code", verdict.line)), cls="dn-code"),
        el("p", said(explained.said_in(language)), cls="dn-plan") if explained else None,
        el("ul", *reasons, cls="dn-reasons") if reasons else None,
        el("footer", yes, no),
        cls="dn-card dn-ask",
        lang=language,
        data_card="gpu",
        data_stamp=stamp,
    )


def _report(report: GpuReport, language: Language) -> Html:
    if report.works:
        text = words.GPU_WORKS.said_in(language).format(device=report.computed_on)
    elif report.devices and not any(rung.state == "fail" for rung in report.rungs):
        text = words.GPU_LISTED.said_in(language)
    else:
        text = words.GPU_NOT.said_in(language)
    facts = [f"{words.GPU_DRIVER.said_in(language)} {report.driver}"] if report.driver else []
    facts += [f"CUDA {report.cuda}"] if report.cuda else []
    for device in report.devices:
        memory = f" ({device.memory_mib} MiB)" if device.memory_mib is not None else ""
        facts.append(f"GPU {device.index}: {device.name}{memory}")
    cls = "dn-end-succeeded" if report.works else ""
    return el(
        "div",
        el("p", el("strong", text, cls=cls or None)),
        el("p", " · ".join(facts), cls="dn-quiet") if facts else None,
        lang=language,
    )
