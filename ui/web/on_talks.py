"""What the list of conversations does: search, open, begin anew, rename, export, delete."""

from __future__ import annotations

import logging
import secrets

from assistant.errors import AssistantError
from assistant.keeping.export import file_name
from assistant.keeping.talks import KeptTurn
from assistant.values import Run
from knowledge.language import Text, language_of
from ui.web import on_card, words_keeping
from ui.web.act import Act
from ui.web.facade import AssistantView
from ui.web.session import SHOWN_OUTPUT_CHARACTERS, Card, Exchange, Session, card_for

log = logging.getLogger(__name__)

MOST_WORDS = 200
"""Characters that are looked for; what is longer is cut."""


def refresh(session: Session, assistant: AssistantView) -> None:
    """Looks the conversations up again; the list stays as it was where they cannot be read."""
    try:
        found = assistant.keeping.talks.found(session.talks.words)
        session.talks.listed = [talk for talk, _ in found]
        session.talks.lines = {talk.id: line for talk, line in found if line}
        session.talks.total = assistant.keeping.talks.count()
    except AssistantError as error:
        session.talks.message = error.text


def return_to_last(session: Session, assistant: AssistantView) -> None:
    """Opens the conversation this page showed before the server was started again."""
    try:
        talk = assistant.keeping.talks.shown_on(session.page) if session.page else None
        if talk is not None:
            _open(session, talk, assistant)
    except AssistantError as error:
        log.warning("the last conversation cannot be opened: %s", error)


def keep_place(session: Session, assistant: AssistantView) -> None:
    """Keeps which conversation this page shows."""
    if session.page:
        try:
            assistant.keeping.talks.show_on(session.page, session.conversation)
        except AssistantError as error:
            log.warning("which conversation is shown cannot be kept: %s", error)


def begin_anew(session: Session, assistant: AssistantView) -> None:
    """An empty conversation in the place of the one that was shown, which stays in the list."""
    session.exchanges.clear()
    session.savings.clear()
    session.conversation = secrets.token_urlsafe(9)
    keep_place(session, assistant)


def press(session: Session, act: Act, assistant: AssistantView) -> None:
    """Carries out a press in the list."""
    talks, talk = session.talks, act.text("talk")
    title = "".join(act.texts("fields")[:1])
    talks.settle()
    if act.text("do") == "talk-search":
        _search(session, title, act.number("at") or 0, assistant)
    if talk not in {one.id for one in talks.listed}:
        return
    try:
        match act.text("do"):
            case "talk-open":
                _leave_for(session, talk, assistant)
            case "talk-rename":
                talks.renaming = talk
            case "talk-renamed":
                assistant.keeping.talks.rename(talk, title)
            case "talk-export":
                talks.exported = _exported(session, talk, assistant)
            case "talk-delete":
                talks.deleting = talk
            case "talk-deleted":
                _delete(session, talk, assistant)
    except AssistantError as error:
        talks.message = error.text


def _search(session: Session, words: str, at: int, assistant: AssistantView) -> None:
    talks = session.talks
    if at >= talks.asked_at:
        talks.asked_at, talks.words = at, " ".join(words.split())[:MOST_WORDS]
        refresh(session, assistant)


def _exported(session: Session, talk: str, assistant: AssistantView) -> tuple[str, str, str] | None:
    found = assistant.keeping.talks.find(talk)
    if found is None:
        return None
    return talk, file_name(found), assistant.keeping.export(found, session.language)


def _delete(session: Session, talk: str, assistant: AssistantView) -> None:
    if talk == session.conversation and session.is_busy:
        session.talks.message = words_keeping.BUSY
        return
    asked = {turn.question for turn in assistant.keeping.turns(talk)}
    waiting = [answer for answer in assistant.waiting() if answer.question in asked]
    assistant.drop([c.proposal for answer in waiting for c in answer.commands if c.proposal is not None])
    stay = assistant.keeping.delete(talk)
    if talk == session.conversation:
        begin_anew(session, assistant)
    if stay:
        said = words_keeping.RUNS_STAY
        session.talks.message = Text(said.en.format(n=stay), said.zh.format(n=stay))


def _leave_for(session: Session, talk: str, assistant: AssistantView) -> None:
    if session.is_busy:
        session.talks.message = words_keeping.BUSY
    elif talk != session.conversation:
        _open(session, talk, assistant)
        keep_place(session, assistant)


def _open(session: Session, talk: str, assistant: AssistantView) -> None:
    runs = list(reversed(assistant.keeping.runs(talk)))
    exchanges = [_exchange(turn, runs, assistant) for turn in assistant.keeping.turns(talk)]
    session.conversation, session.exchanges = talk, exchanges
    if any(exchange.cards for exchange in exchanges):
        session.engine = assistant.engine_status()


def _exchange(turn: KeptTurn, runs: list[Run], assistant: AssistantView) -> Exchange:
    exchange = Exchange(turn.question, language_of(turn.question), text=turn.text, answer=turn.answer)
    exchange.stopped = turn.answer is None
    if turn.answer is None:
        return exchange
    exchange.language = turn.answer.language
    for suggested in turn.answer.commands:
        card = card_for(suggested, exchange)
        on_card.describe(card, assistant)
        _end(card, runs)
        exchange.cards.append(card)
    return exchange


def _end(card: Card, runs: list[Run]) -> None:
    """Shows on a card how its last run ended."""
    mine = [run for run in runs if run.question == card.question and run.command == card.verdict.line]
    if mine and mine[-1].outcome is not None:
        card.ended, card.run_id, card.state = mine[-1], mine[-1].id, "ended"
        card.output = mine[-1].output[-SHOWN_OUTPUT_CHARACTERS:]
