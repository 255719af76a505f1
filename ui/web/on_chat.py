"""What the conversation's events do: ask, stop, open a source, and hand cards on."""

from __future__ import annotations

from assistant.values import AnswerPart, AnswerStep, AnswerText, Decision
from knowledge.language import Text, language_of
from ui.web import on_background, on_card, words
from ui.web.act import Act
from ui.web.draw_chat import Piece, draw_chat, examples_from
from ui.web.facade import AssistantView
from ui.web.session import Card, Exchange, Session, card_for
from ui.web.telling import message_for
from ui.web.work import Work


def draw(session: Session, assistant: AssistantView) -> list[Piece]:
    """The conversation as it stands."""
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
    exchange = Exchange(question, language_of(question))

    def finish(error: Exception | None) -> None:
        _finish(exchange, error, session, assistant)

    session.exchanges.append(exchange)
    session.answering = Work(
        lambda: assistant.ask(question, transcript),
        lambda part: _take(exchange, part),
        finish,
        session.chat_changes,
    )
    session.answering.begin()
    return True


def stop(session: Session) -> None:
    """Stops the answer that is being written; what is there stays."""
    if session.answering is None:
        return
    session.answering.stop()
    session.answering = None
    if session.exchanges:
        session.exchanges[-1].stopped = session.exchanges[-1].answer is None
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
            session.exchanges.clear()
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
            case "run":
                confirmed = act.numbers("confirmed")
                on_card.run(card, act.text("stamp"), confirmed, assistant, session)
            case "type":
                on_card.type_line(card, act.text("stamp"), "".join(act.texts("fields")[:1]))
            case "look":
                on_background.look(card, assistant)
            case "log":
                on_background.show_log(card, assistant, session)
            case "eof":
                on_card.end_input(card, act.text("stamp"))
    except Exception as error:  # noqa: BLE001 (shown on the card)
        card.message = message_for(error)


def _finish(exchange: Exchange, error: Exception | None, session: Session, assistant: AssistantView) -> None:
    try:
        if error is not None:
            raise error
        exchange.stopped = exchange.answer is None
        _prepare(exchange, session, assistant)
    except Exception as raised:  # noqa: BLE001 (shown to the person, nothing is lost)
        exchange.error = message_for(raised)
    session.answering = None


def _take(exchange: Exchange, part: AnswerPart) -> None:
    if isinstance(part, AnswerText):
        exchange.text += part.text
        return
    if isinstance(part, AnswerStep):
        exchange.steps.append(part)
        return
    exchange.answer = part.answer
    exchange.text = part.answer.text
    exchange.language = part.answer.language


def _prepare(exchange: Exchange, session: Session, assistant: AssistantView) -> None:
    if exchange.answer is None:
        return
    if exchange.answer.commands:
        session.engine = assistant.engine_status()
    for suggested in exchange.answer.commands:
        card = card_for(suggested, exchange)
        on_card.prepare(card, assistant)
        exchange.cards.append(card)


def _look_again(session: Session, assistant: AssistantView) -> None:
    """After an Engine came up: what the waiting cards would change can be looked up now."""
    if isinstance(session.engine, Text):
        return
    for exchange in session.exchanges:
        for card in exchange.cards:
            if card.state == "ready" and card.verdict.decision is Decision.ASK:
                on_card.prepare(card, assistant)
