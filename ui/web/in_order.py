"""Commands that stand below each other in a note: run one after the other, as one plan with steps.

One press says yes to all of them as they are shown; each gets its own approval just before it runs, for what
it would change by then, and the first that fails or needs another look is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from assistant.execution.sequence import failed
from assistant.values import Decision
from knowledge.language import Language
from ui.web import on_card
from ui.web import words_undo as words
from ui.web.facade import AssistantView
from ui.web.html import Html, el
from ui.web.session import Card, Session

_BETWEEN = 6
"""Lines from one command to the next: an end of its block, a sentence that introduces the next, its begin."""


def sequences(cards: Sequence[Card]) -> list[list[Card]]:
    """Cards of commands that stand below each other in one note, two or more of them, in the note's order."""
    placed = [card for card in cards if card.command.note is not None and card.proposal is None]
    placed.sort(key=lambda card: (card.command.note or "", card.command.first_line))
    found: list[list[Card]] = []
    for card in placed:
        last = found[-1][-1].command if found else None
        near = last is not None and last.note == card.command.note
        if last is not None and near and 0 < card.command.first_line - last.last_line <= _BETWEEN:
            found[-1].append(card)
        else:
            found.append([card])
    return [group for group in found if len(group) > 1 and all(_can_run(card) for card in group)]


def _can_run(card: Card) -> bool:
    return card.verdict.decision is not Decision.REFUSE and not card.verdict.placeholders


def stamp_of(group: Sequence[Card]) -> str:
    """Changes whenever what the person would agree to in one of the cards changes."""
    return sha256(" ".join(card.stamp for card in group).encode()).hexdigest()


def draw(group: Sequence[Card], language: Language, *, missing: bool) -> Html:
    """The line with the button, below the cards."""
    busy = any(card.state == "running" for card in group)
    button = el(
        "button", words.RUN_ALL.said_in(language), cls="dn-button", type="button",
        data_do="in-order", disabled=busy or missing,
    )  # fmt: skip
    return el(
        "div",
        el("p", words.IN_ORDER.said_in(language).format(n=len(group)), " ", words.STOPS.said_in(language)),
        el("p", button),
        cls="dn-order",
        lang=language,
        data_card=group[0].id,
        data_stamp=stamp_of(group),
    )


def press(card: Card, stamp: str, assistant: AssistantView, session: Session) -> None:
    """Runs the sequence that begins with a card, where there is one."""
    for group in sequences(session.cards_beside(card)):
        if group[0] is card:
            run(group, stamp, assistant, session)


def run(group: Sequence[Card], stamp: str, assistant: AssistantView, session: Session) -> None:
    """Begins the first; each begins the next when it went well."""
    if stamp == stamp_of(group) and not any(card.state == "running" for card in group):
        _run(list(group), assistant, session)


def _run(left: list[Card], assistant: AssistantView, session: Session) -> None:
    card, rest = left[0], left[1:]

    def ended() -> None:
        if rest and card.ended is not None and not failed(card.ended):
            on_card.prepare(rest[0], assistant)  # the ones before may have made what it changes
            _run(rest, assistant, session)

    on_card.run(card, card.stamp, set(), assistant, session, ended=ended)
