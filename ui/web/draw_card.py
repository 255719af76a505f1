"""A command's card as markup: what it is, what it would do, and how it went."""

from __future__ import annotations

from assistant.diagnosis.values import Diagnosis
from assistant.execution.turns import waiting_text
from assistant.values import Change, Decision, Progress, Run, Touched
from assistant.verifying.texts import stamp_text
from knowledge.language import Language, Text
from ui.web import undoing, words
from ui.web.draw_background import draw_background
from ui.web.draw_diagnosis import draw_diagnosis
from ui.web.draw_effects import draw_effects
from ui.web.html import Html, el, join, said
from ui.web.session import Card

NOTHING = ("", "-")


def draw_card(card: Card, *, number: int, engine_missing: Text | None) -> Html:
    """The upper part: the command, its origin, verdict, plan and buttons."""
    language = card.language
    parts = [
        _head(card, number),
        _code(card.command.text if card.template is None else card.verdict.line, language),
        _written(card),
        _proposed(card),
        _verified(card),
        _fields(card),
        _explained(card),
        _reasons(card),
        draw_effects(card.effects, language) if card.effects else None,
        None if card.verdict.placeholders else _changes(card.verdict.changes, language),
        _touches(card),
        _engine(card, engine_missing),
        el("p", said(card.message.said_in(language)), cls="dn-message", role="alert")
        if card.message
        else None,
        _buttons(card, engine_missing),
    ]
    decision = "host" if card.verdict.kind == "host" else card.verdict.decision.value
    return el(
        "article", *parts, cls=f"dn-card dn-{decision}", lang=language,
        data_card=card.id, data_stamp=card.stamp,
    )  # fmt: skip


def draw_outcome(card: Card) -> Html | None:
    """The lower part: live output, and how the run ended; None before the first run."""
    language = card.language
    if card.state == "ready" and not card.output:
        return None
    run = card.ended
    output = card.output
    parts: list[Html | None] = [el("p", said(one.said_in(language)), cls="dn-quiet") for one in card.notices]
    parts.append(_progress(card))
    if card.output_dropped:
        note = words.CUT_TOP.said_in(language).format(n=card.output_dropped)
        parts.append(el("p", note, cls="dn-quiet"))
    if output or run is not None:
        shown = output or words.NO_OUTPUT.said_in(language)
        label = words.OUTPUT.said_in(language)
        cls = "dn-output" if output else "dn-output dn-none"
        parts.append(el("pre", shown, cls=cls, tabindex=0, role="log", aria_label=label))
    if run is not None and run.output_cut:
        parts.append(el("p", words.CUT_RUN.said_in(language), cls="dn-quiet"))
    if run is not None:
        parts.append(draw_end(run, language, card.diagnosis))
        parts.append(draw_background(card))
        if (back := undoing.draw(run, card.undoing, language)) is not None:
            parts.append(el("div", back, data_card=card.id, data_stamp=card.stamp))
    elif card.state == "running" and not output and not card.progress:
        stands = words.STARTING if card.waiting is None else waiting_text(card.waiting)
        parts.append(el("p", stands.said_in(language), cls="dn-quiet dn-busy"))
    return el("div", *parts, cls="dn-outcome", lang=language)


def draw_end(run: Run, language: Language, diagnosis: Diagnosis | None = None) -> Html:
    """How a run ended: outcome, exit code, duration, why it failed, what it made."""
    kind = run.outcome or "running"
    facts = [el("strong", words.OUTCOMES[kind].said_in(language), cls=f"dn-end-{kind}")]
    if run.exit_code is not None:
        facts.append(el("span", words.EXIT_CODE.said_in(language).format(code=run.exit_code)))
    if run.ended_at is not None:
        taken = run.ended_at - run.started_at
        seconds = f"{taken:.1f}" if taken >= 0.1 else "< 0.1"
        facts.append(el("span", words.SECONDS.said_in(language).format(seconds=seconds)))
    parts: list[Html | None] = [el("p", join(facts, Html(" · ")), cls="dn-end")]
    if diagnosis is not None:
        parts.append(draw_diagnosis(diagnosis, language))
    elif run.error is not None:
        parts.append(el("p", said(run.error.said_in(language)), cls="dn-message"))
    if run.created:
        made = ", ".join(
            f"{words.KINDS[made.kind].said_in(language)} {made.name or made.id[:12]}" for made in run.created
        )
        parts.append(el("p", words.MADE.said_in(language).format(what=made), cls="dn-quiet"))
    return el("div", *parts)


def _head(card: Card, number: int) -> Html:
    language = card.language
    verdict = card.verdict
    if verdict.kind == "host":
        badge = words.HOST_ONLY
    elif verdict.placeholders:
        badge = words.TEMPLATE
    else:
        badge = words.VERDICTS[verdict.decision.value]
    origin = words.ORIGINS["adapted" if card.filled else card.command.origin.value]
    cite = None
    if card.citation is not None:
        cite = el("span", str(card.citation), cls="dn-n")
    return el(
        "header",
        el("span", f"{words.COMMAND.said_in(language)} {number}", cls="dn-eyebrow"),
        el("span", origin.said_in(language), cite, cls="dn-origin"),
        el("span", badge.said_in(language), cls="dn-badge"),
    )


def _code(line: str, language: Language) -> Html:
    copy = el(
        "button", words.COPY.said_in(language), cls="dn-copy", type="button",
        data_copy=words.COPIED.said_in(language),
    )  # fmt: skip
    return el("div", el("pre", el("code", line)), copy, cls="dn-code")


def _written(card: Card) -> Html | None:
    if not card.is_corrected:
        return None
    label = words.NOTE_WRITES.said_in(card.language)
    return el("p", label, " ", el("del", el("code", card.command.written)), cls="dn-quiet")


def _proposed(card: Card) -> Html | None:
    if card.proposal is None:
        return None
    return el("p", words.PROPOSED.said_in(card.language), cls="dn-quiet")


def _verified(card: Card) -> Html | None:
    """How the note's command went when it was last tried here."""
    if card.verified is None or card.filled:
        return None
    cls = "dn-quiet dn-verified" if card.verified.worked else "dn-quiet"
    return el("p", stamp_text(card.verified).said_in(card.language), cls=cls)


def _fields(card: Card) -> Html | None:
    language = card.language
    if card.template is None or card.state == "running":
        return None
    if not card.verdict.placeholders and card.filled:
        button = el(
            "button", words.EDIT_VALUES.said_in(language), cls="dn-link", type="button", data_do="edit"
        )
        return el("p", button)
    rows = [
        el(
            "label",
            el("code", placeholder.text),
            el(
                "input", type="text", autocomplete="off", spellcheck="false", data_field=n,
                value=card.filled.get(placeholder.text, ""),
                placeholder=words.FIELD_KINDS[placeholder.kind].said_in(language),
                list=f"l-{card.id}-{n}" if card.candidates.get(placeholder.kind) else None,
            ),
            _offered(f"l-{card.id}-{n}", card.candidates.get(placeholder.kind, ())),
        )
        for n, placeholder in enumerate(card.template.placeholders)
    ]  # fmt: skip
    return el("div", *rows, cls="dn-fields")


def _offered(key: str, values: tuple[str, ...]) -> Html | None:
    """What the Engine and the workspace have that fits, offered while the person types."""
    return el("datalist", *(el("option", value=value) for value in values), id=key) if values else None


def _explained(card: Card) -> Html | None:
    verdict = card.verdict
    if card.explained is None or verdict.placeholders or verdict.decision is Decision.REFUSE:
        return None
    text = said(card.explained.said_in(card.language))
    return el("p", el("b", words.WHAT_HAPPENS.said_in(card.language)), " ", text, cls="dn-plan")


def _reasons(card: Card) -> Html | None:
    verdict = card.verdict
    language = card.language
    notes = verdict.plan.client_notes if verdict.plan is not None else ()
    lines = [reason.text.said_in(language) for reason in verdict.reasons if reason.text != card.explained]
    lines += [note.said_in(language) for note in notes]
    if not lines or verdict.placeholders:
        return None
    refused = verdict.decision is Decision.REFUSE
    title = el("p", el("b", words.WHY.said_in(language)), cls="dn-plan") if refused else None
    parts = [title, el("ul", *(el("li", said(line)) for line in dict.fromkeys(lines)), cls="dn-reasons")]
    if verdict.suggestion:
        mend = words.MEND.said_in(language)
        parts.append(el("p", mend, " ", el("code", verdict.suggestion), cls="dn-quiet"))
    return el("div", *parts)


def _changes(changes: tuple[Change, ...], language: Language) -> Html | None:
    if not changes:
        return None
    unset = words.NOT_SET.said_in(language)
    titles = (words.CHANGE_KEY, words.CHANGE_WRITTEN, words.CHANGE_RUN, words.CHANGE_WHY)
    rows = [
        el(
            "tr",
            el("th", el("code", change.key), scope="row"),
            el("td", unset if change.written in NOTHING else change.written),
            el("td", unset if change.run in NOTHING else change.run),
            el("td", said(change.why.said_in(language))),
        )
        for change in changes
    ]
    head = el("thead", el("tr", *(el("th", title.said_in(language), scope="col") for title in titles)))
    summary = words.CHANGES.said_in(language).format(n=len(changes))
    table = el("div", el("table", head, el("tbody", *rows)), cls="dn-scroll")
    return el("details", el("summary", summary), table, cls="dn-changes")


def _touches(card: Card) -> Html | None:
    if not card.touched or card.state == "running":
        return None
    language = card.language
    rows = [_touched(n, touched, language) for n, touched in enumerate(card.touched)]
    return el("div", el("b", words.TOUCHES.said_in(language)), el("ul", *rows), cls="dn-touched")


def _touched(n: int, touched: Touched, language: Language) -> Html:
    kind = words.KINDS[touched.kind].said_in(language)
    name = touched.name or touched.id[:12]
    if touched.owned:
        return el("li", f"{kind} ", el("code", name), f" · {words.OWNED.said_in(language)}")
    sentence = words.CONFIRM_FOREIGN.said_in(language).format(kind=kind, name=name)
    box = el("input", type="checkbox", data_confirm=n)
    return el("li", el("label", box, " ", sentence), cls="dn-foreign")


def _engine(card: Card, missing: Text | None) -> Html | None:
    if missing is None or card.verdict.decision is Decision.REFUSE:
        return None
    language = card.language
    again = el(
        "button", words.LOOK_FOR_ENGINE.said_in(language), cls="dn-link", type="button", data_do="engine"
    )
    title = el("b", words.NEEDS_ENGINE.said_in(language))
    return el(
        "div", el("p", title), el("p", said(missing.said_in(language))), el("p", again), cls="dn-missing"
    )


def _buttons(card: Card, missing: Text | None) -> Html | None:
    language = card.language
    if card.state == "running":
        label = words.CANCELLING if card.cancelling else words.CANCEL
        busy = el("span", words.RUNNING.said_in(language), cls="dn-busy")
        cancel = _button(label, "cancel", language, disabled=card.cancelling or card.run_id is None)
        return el("footer", cancel, busy)
    waits = card.proposal is not None and card.state == "ready"
    decline = _button(words.DECLINE, "decline", language) if waits else None
    if card.verdict.placeholders:
        return el("footer", _button(words.FILL, "fill", language, primary=True), decline)
    if card.verdict.decision is Decision.REFUSE:
        return None
    label = words.RUN_AGAIN if card.state == "ended" else words.RUN
    return el("footer", _button(label, "run", language, primary=True, disabled=missing is not None), decline)


def _button(
    label: Text, do: str, language: Language, *, primary: bool = False, disabled: bool = False
) -> Html:
    cls = "dn-button dn-primary" if primary else "dn-button"
    return el("button", label.said_in(language), cls=cls, type="button", data_do=do, disabled=disabled)


def _progress(card: Card) -> Html | None:
    if not card.progress or card.state != "running":
        return None
    items = list(card.progress.values())
    ready = sum(_is_there(item) for item in items)
    label = words.PULLING.said_in(card.language).format(done=ready, total=len(items))
    known = [(item.done or 0, item.total) for item in items if item.total]
    total = sum(total for _, total in known)
    value = sum(min(done, total) for done, total in known)
    bar = el("progress", value=value, max=total) if total else el("progress")
    return el("div", el("p", label, cls="dn-quiet"), bar, cls="dn-progress")


def _is_there(item: Progress) -> bool:
    return item.status.lower() in {"pull complete", "already exists", "download complete"}
