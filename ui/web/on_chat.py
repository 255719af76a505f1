"""What the conversation's events do: ask, stop, open a source, and hand cards on."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from assistant.errors import AssistantError
from assistant.values import AnswerDone, AnswerText, Decision
from knowledge.errors import KnowledgeError
from knowledge.language import Text, language_of
from ui.web import on_card, words
from ui.web.act import Act
from ui.web.draw_chat import Piece, draw_chat, examples_from
from ui.web.facade import AssistantView
from ui.web.pump import Pump
from ui.web.session import Exchange, Session, card_for

log = logging.getLogger(__name__)


def draw(session: Session, assistant: AssistantView) -> list[Piece]:
    """The conversation as it stands."""
    return draw_chat(session, assistant.library.notes, examples(session, assistant))


def examples(session: Session, assistant: AssistantView) -> list[str]:
    """The example questions of this page, in its language."""
    if session.exchanges:
        return []
    return examples_from(assistant.library.outline(), assistant.library.notes, session.language)


def ask(session: Session, question: str, assistant: AssistantView) -> Iterator[bool]:
    """Asks; yields whenever there is more to show: True once the question was taken."""
    question = question.strip()
    session.hint = None
    if not question:
        session.hint = words.EMPTY_QUESTION
    elif session.answering is not None:
        session.hint = words.STILL_ANSWERING
    if session.hint is not None:
        yield False
        return
    transcript = [turn for exchange in session.exchanges if (turn := exchange.turn)]
    exchange = Exchange(question, language_of(question))
    session.answering = pump = Pump(lambda: assistant.ask(question, transcript))
    session.exchanges.append(exchange)
    yield True
    try:
        for batch in pump.batches():
            for part in batch:
                _take(exchange, part)
            yield True
        exchange.stopped = exchange.answer is None
        _prepare(exchange, session, assistant)
    except Exception as error:  # noqa: BLE001 (shown to the person, nothing is lost)
        exchange.error = message_for(error)
    finally:
        if session.answering is pump:
            session.answering = None
    yield True


def stop(session: Session) -> None:
    """Stops the answer that is being written; what is there stays."""
    if session.answering is not None:
        session.answering.stop()


def press(session: Session, act: Act, assistant: AssistantView) -> Iterator[None]:
    """Carries out a press inside the conversation; yields whenever there is more to show."""
    session.hint = None
    do = act.text("do")
    if do == "cite":
        exchange, n = session.exchange(act.text("turn")), act.number("n")
        if exchange is not None:
            exchange.open_citation = None if exchange.open_citation == n else n
        yield
        return
    if do == "new" and session.answering is None:
        session.exchanges.clear()
        yield
        return
    if do == "engine":
        session.engine = assistant.engine_status()
        _look_again(session, assistant)
        yield
        return
    yield from _press_card(session, act, assistant)


def message_for(error: Exception) -> Text:
    """What to tell the person about an error; unforeseen ones are logged in full."""
    if isinstance(error, AssistantError | KnowledgeError):
        return error.text
    log.exception("unforeseen error while serving the page", exc_info=error)
    what = type(error).__name__
    broke = words.SOMETHING_BROKE
    return Text(en=broke.en.format(what=what), zh=broke.zh.format(what=what))


def _press_card(session: Session, act: Act, assistant: AssistantView) -> Iterator[None]:
    card = session.card(act.text("card"))
    if card is None:
        return
    card.message = None
    try:
        match act.text("do"):
            case "fill":
                on_card.fill(card, act.texts("fields"), assistant)
            case "edit":
                on_card.edit(card)
            case "cancel":
                on_card.cancel(card, assistant)
            case "run":
                yield from on_card.run(card, act.text("stamp"), act.numbers("confirmed"), assistant)
    except Exception as error:  # noqa: BLE001 (shown on the card)
        card.message = message_for(error)
    yield


def _take(exchange: Exchange, part: AnswerText | AnswerDone) -> None:
    if isinstance(part, AnswerText):
        exchange.text += part.text
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
