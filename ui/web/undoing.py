"""A run that can be taken back: what would go is shown first, then it is done."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import AssistantError
from assistant.execution.staying import what_stays
from assistant.execution.undoing import Undone
from assistant.values import Created, Run
from knowledge.language import Language, Text
from ui.web import words
from ui.web import words_undo as said_of
from ui.web.facade import AssistantView
from ui.web.html import Html, el, said


@dataclass(frozen=True, slots=True)
class Undoing:
    """Where the undo of one run stands: shown to the person, then done, or not possible."""

    run: Run
    done: Undone | None = None
    error: Text | None = None


def can_be_undone(run: Run | None) -> bool:
    """Whether a run made something that an undo would take away."""
    return run is not None and run.outcome is not None and bool(run.created)


def press(do: str, undoing: Undoing | None, run: Run, assistant: AssistantView) -> Undoing | None:
    """What stands after a press: ``undo`` shows what would go, ``undo-yes`` does it, ``undo-no`` not."""
    if do == "undo" and can_be_undone(run):
        return Undoing(run)
    if do == "undo-yes" and undoing is not None and undoing.run.id == run.id and undoing.done is None:
        try:
            return Undoing(run, done=assistant.undo(run))
        except AssistantError as error:
            return Undoing(run, error=error.text)
    return None


def draw(run: Run, undoing: Undoing | None, language: Language) -> Html | None:
    """The button, what it would do, or what it came to; None where there is nothing to take back."""
    if undoing is None:
        return _button(said_of.UNDO, "undo", language) if can_be_undone(run) else None
    if undoing.error is not None:
        return el("p", said(undoing.error.said_in(language)), cls="dn-message", role="alert")
    if undoing.done is not None:
        return _done(undoing.done, language)
    stays = [el("li", said(text.said_in(language))) for text in dict.fromkeys(what_stays(run))]
    return el(
        "div",
        el("p", said_of.UNDO_WHAT.said_in(language).format(what=_named(run.created, language))),
        el("p", said_of.UNDO_STAYS.said_in(language)) if stays else None,
        el("ul", *stays) if stays else None,
        el(
            "p",
            _button(said_of.UNDO_NOW, "undo-yes", language, primary=True),
            " ",
            _button(said_of.UNDO_NOT, "undo-no", language),
        ),
        cls="dn-undo",
    )


def _done(undone: Undone, language: Language) -> Html:
    lines = [said_of.UNDONE.said_in(language)] if not undone.left else []
    for text, items in ((said_of.UNDONE_REMOVED, undone.removed), (said_of.UNDONE_GONE, undone.gone)):
        if items:
            lines.append(text.said_in(language).format(what=_named(items, language)))
    for item, why in undone.left:
        what = _named((item,), language)
        lines.append(said_of.UNDONE_LEFT.said_in(language).format(what=what, why=why.said_in(language)))
    return el("p", said(" ".join(lines)), cls="dn-message" if undone.left else "dn-quiet", role="status")


def _named(items: tuple[Created, ...], language: Language) -> str:
    return ", ".join(
        f"{words.KINDS[item.kind].said_in(language)} {item.name or item.id[:12]}" for item in items
    )


def _button(label: Text, do: str, language: Language, *, primary: bool = False) -> Html:
    cls = "dn-button dn-primary" if primary else "dn-link"
    return el("button", label.said_in(language), cls=cls, type="button", data_do=do)
