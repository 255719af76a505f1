"""What the conversation's events do: ask, stop, open a source, and hand cards on."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.values import AnswerPart, Decision
from knowledge.language import Text, language_of
from ui.web import in_order, on_background, on_card, on_saving, on_talks, words
from ui.web.act import Act
from ui.web.draw_chat import Piece, draw_chat, examples_from
from ui.web.exchanging import begin, decided, drop_all, restore
from ui.web.facade import AssistantView
from ui.web.session import Card, Exchange, Session
from ui.web.telling import message_for


def draw(session: Session, assistant: AssistantView) -> list[Piece]:
    """The conversation as it stands."""
    restore(session, assistant)
    if not session.is_busy:
        on_talks.refresh(session, assistant)
    session.examples = examples(session, assistant)
    return draw_chat(session, assistant.library.notes, session.examples)


def examples(session: Session, assistant: AssistantView) -> list[str]:
    """The example questions of this page, in its language."""
    if session.exchanges:
        return []
    return examples_from(assistant.library.outline(), assistant.library.notes, session.language)


def ask(session: Session, question: str, assistant: AssistantView) -> bool:
    """Begins an answer; False where the question was not taken, and the session's hint says why."""
    question = question.strip()
    session.hint = None
    if not question:
        session.hint = words.EMPTY_QUESTION
    elif session.answering is not None:
        session.hint = words.STILL_ANSWERING
    if session.hint is not None:
        return False
    transcript = [turn for exchange in session.exchanges if (turn := exchange.turn)]
    exchange, talk = Exchange(question, language_of(question)), session.conversation

    def start() -> Iterator[AnswerPart]:
        on_talks.keep_place(session, assistant)
        return assistant.keeping.ask(assistant.ask, talk, question, transcript)

    session.answering = begin(exchange, start, session, assistant)
    session.answering.begin()
    return True


def stop(session: Session) -> None:
    """Stops the answer that is being written; what is there stays."""
    if session.answering is None:
        return
    session.answering = None
    for exchange in session.exchanges:
        if not exchange.is_over and exchange.work is not None:
            exchange.work.stop()
            exchange.stopped = True
    session.chat_changes.tell()


def press(session: Session, act: Act, assistant: AssistantView) -> None:
    """Carries out a press inside the conversation."""
    session.hint = None
    exchange = session.exchange(act.text("turn"))
    card = session.card(act.text("card"))
    match act.text("do"):
        case "cite" if exchange is not None:
            n = act.number("n")
            exchange.open_citation = None if exchange.open_citation == n else n
        case "new" if session.answering is None:
            drop_all(session, assistant)
            on_talks.begin_anew(session, assistant)
        case do if do.startswith("save"):
            on_saving.press(session, act, assistant)
        case do if do.startswith("talk-"):
            on_talks.press(session, act, assistant)
        case "engine":
            session.engine = assistant.engine_status()
            _look_again(session, assistant)
        case do if card is not None:
            _press_card(do, card, session, act, assistant)


def _press_card(do: str, card: Card, session: Session, act: Act, assistant: AssistantView) -> None:
    card.message = None
    try:
        match do:
            case "fill":
                on_card.fill(card, act.texts("fields"), assistant)
            case "edit":
                on_card.edit(card)
            case "cancel":
                on_card.cancel(card, assistant)
            case "decline" if card.state == "ready":
                decided(card, session, assistant)
            case "run":
                confirmed = act.numbers("confirmed")
                on_card.run(
                    card,
                    act.text("stamp"),
                    confirmed,
                    assistant,
                    session,
                    ended=lambda: decided(card, session, assistant),
                )
            case "undo" | "undo-yes" | "undo-no":
                on_card.undo(card, do, act.text("stamp"), assistant)
            case "in-order":
                in_order.press(card, act.text("stamp"), assistant, session)
            case "type":
                on_card.type_line(card, act.text("stamp"), "".join(act.texts("fields")[:1]))
            case "look" | "log":
                on_background.press(do, card, assistant, session)
            case "eof":
                on_card.end_input(card, act.text("stamp"))
    except Exception as error:  # noqa: BLE001 (shown on the card)
        card.message = message_for(error)


def _look_again(session: Session, assistant: AssistantView) -> None:
    """After an Engine came up: what the waiting cards would change can be looked up now."""
    if isinstance(session.engine, Text):
        return
    for exchange in session.exchanges:
        for card in exchange.cards:
            if card.state == "ready" and card.verdict.decision is Decision.ASK:
                on_card.prepare(card, assistant)
