"""How an exchange comes about: its answer is taken part by part, then its cards are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.values import AnswerPart, AnswerStep, AnswerText
from ui.web import on_card, on_talks, words
from ui.web.facade import AssistantView
from ui.web.session import Card, Exchange, Session, card_for
from ui.web.telling import message_for
from ui.web.work import Work


def begin(
    exchange: Exchange,
    start: Callable[[], Iterator[AnswerPart]],
    session: Session,
    assistant: AssistantView,
) -> Work:
    """Puts an exchange into the conversation and begins its answer."""

    def finish(error: Exception | None) -> None:
        try:
            if error is not None:
                raise error
            exchange.stopped = exchange.answer is None
            prepare(exchange, session, assistant)
        except Exception as raised:  # noqa: BLE001 (shown to the person, nothing is lost)
            exchange.error = message_for(raised)
        if session.answering is work:
            session.answering = None

    session.exchanges.append(exchange)
    exchange.work = work = Work(start, lambda part: take(exchange, part), finish, session.chat_changes)
    return work


def take(exchange: Exchange, part: AnswerPart) -> None:
    """One more part of an answer."""
    if isinstance(part, AnswerText):
        exchange.text += part.text
        return
    if isinstance(part, AnswerStep):
        exchange.steps.append(part)
        return
    exchange.answer = part.answer
    exchange.text = part.answer.text
    exchange.language = part.answer.language


def prepare(exchange: Exchange, session: Session, assistant: AssistantView) -> None:
    """Makes the cards of a finished answer."""
    if exchange.answer is None:
        return
    if exchange.answer.commands:
        session.engine = assistant.engine_status()
    for suggested in exchange.answer.commands:
        card = card_for(suggested, exchange)
        on_card.prepare(card, assistant)
        exchange.cards.append(card)


# ---- what a chat model proposed


def restore(session: Session, assistant: AssistantView) -> None:
    """Takes up what waits for the person from an earlier start of the program, once for each page."""
    if session.is_restored:
        return
    session.is_restored = True
    if session.exchanges:
        return
    on_talks.return_to_last(session, assistant)
    kept = {exchange.question: exchange for exchange in session.exchanges}
    for answer in assistant.waiting():
        exchange = Exchange(answer.question, answer.language, text=answer.text, answer=answer)
        if (same := kept.get(answer.question)) is not None:
            session.exchanges[session.exchanges.index(same)] = exchange
        elif kept:
            continue  # of another conversation
        else:
            session.exchanges.append(exchange)
        prepare(exchange, session, assistant)


def decided(card: Card, session: Session, assistant: AssistantView) -> None:
    """The person ran what a model proposed, or said no: the model goes on, in an exchange of its own."""
    proposal, run = card.proposal, card.ended
    if proposal is None:
        return
    card.proposal = None
    label = words.RAN if run is not None else words.DECLINED
    said = label.said_in(card.language).format(command=card.verdict.line)
    exchange, talk = Exchange(said, card.language), session.conversation

    def start() -> Iterator[AnswerPart]:
        return assistant.keeping.ask(lambda *_: assistant.go_on(proposal, run), talk, said, ())

    begin(exchange, start, session, assistant).begin()


def drop_all(session: Session, assistant: AssistantView) -> None:
    """Forgets what waits in a conversation that is left."""
    cards = [card for exchange in session.exchanges for card in exchange.cards]
    assistant.drop([card.proposal for card in cards if card.proposal is not None])
