"""Commands in order, what could be filled in, and runs taken back, on a card."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.values import Command, Created, Decision, Origin
from tests.fakes.assistant import MemoryAssistant
from ui.web import in_order, on_card, undoing
from ui.web.draw_card import draw_card, draw_outcome
from ui.web.session import Card, Exchange, Session


@pytest.fixture
def assistant() -> MemoryAssistant:
    return MemoryAssistant(pause_seconds=0)


def card_at(line: int, command: str, assistant: MemoryAssistant, note: str | None = "a.md") -> Card:
    verdict = assistant.review(command)
    card = Card(
        Command(command, Origin.VERBATIM, command, note, line, line),
        verdict,
        None,
        "en",
        "q",
        template=verdict if verdict.placeholders else None,
    )
    on_card.prepare(card, assistant)
    return card


def session_of(*cards: Card) -> Session:
    session = Session("en")
    exchange = Exchange("q", "en")
    exchange.cards = list(cards)
    session.exchanges.append(exchange)
    return session


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_only_neighbours_in_one_note_are_a_sequence(assistant: MemoryAssistant) -> None:
    first = card_at(8, "docker ps -a", assistant)
    second = card_at(9, "docker ps", assistant)
    assert in_order.sequences([second, first]) == [[first, second]]
    assert in_order.sequences([first, card_at(20, "docker ps", assistant)]) == []
    assert in_order.sequences([first, card_at(9, "docker ps", assistant, "b.md")]) == []
    assert in_order.sequences([first, card_at(9, "docker ps", assistant, None)]) == []
    refused = replace(second.verdict, decision=Decision.REFUSE)
    second.verdict = refused
    assert in_order.sequences([first, second]) == []


def test_the_second_runs_when_the_first_went_well(assistant: MemoryAssistant) -> None:
    cards = [card_at(8, "docker ps -a", assistant), card_at(9, "docker ps", assistant)]
    session = session_of(*cards)
    in_order.run(cards, in_order.stamp_of(cards), assistant, session)
    wait_until(lambda: all(card.ended is not None and card.state == "ended" for card in cards))
    assert [card.ended.outcome for card in cards if card.ended] == ["succeeded", "succeeded"]


def test_a_press_on_what_was_shown_before_runs_nothing(assistant: MemoryAssistant) -> None:
    cards = [card_at(8, "docker ps -a", assistant), card_at(9, "docker ps", assistant)]
    before = in_order.stamp_of(cards)
    cards[1].renew()
    in_order.run(cards, before, assistant, session_of(*cards))
    assert [card.state for card in cards] == ["ready", "ready"]


def test_names_on_the_engine_are_offered(assistant: MemoryAssistant) -> None:
    card = card_at(8, "docker stop ContainerName", assistant)
    assert card.verdict.placeholders
    markup = draw_card(card, number=1, engine_missing=None)
    assert '<option value="web"></option>' in markup
    assert f'list="l-{card.id}-0"' in markup


def test_a_run_is_taken_back_after_it_was_shown_what_goes(assistant: MemoryAssistant) -> None:
    card = card_at(8, "docker ps", assistant)
    on_card.run(card, card.stamp, set(), assistant, session_of(card))
    wait_until(lambda: card.state == "ended")
    assert card.ended is not None
    assert 'data-do="undo"' not in str(draw_outcome(card))  # it made nothing
    card.ended = replace(card.ended, created=(Created("container", "c1", "web"),))
    assert 'data-do="undo"' in str(draw_outcome(card))

    on_card.undo(card, "undo-yes", card.stamp, assistant)  # nothing was shown yet
    assert assistant.undone == []
    on_card.undo(card, "undo", card.stamp, assistant)
    shown = str(draw_outcome(card))
    assert "web" in shown
    assert 'data-do="undo-yes"' in shown
    on_card.undo(card, "undo-yes", "an older stamp", assistant)
    assert assistant.undone == []
    on_card.undo(card, "undo-yes", card.stamp, assistant)
    assert [run.id for run in assistant.undone] == [card.ended.id]
    assert "Taken back." in str(draw_outcome(card))
    on_card.undo(card, "undo-yes", card.stamp, assistant)
    assert len(assistant.undone) == 1


def test_a_run_that_was_left_stays(assistant: MemoryAssistant) -> None:
    card = card_at(8, "docker ps", assistant)
    on_card.run(card, card.stamp, set(), assistant, session_of(card))
    wait_until(lambda: card.state == "ended")
    assert card.ended is not None
    run = replace(card.ended, created=(Created("volume", "v", "v"),))
    shown = undoing.press("undo", None, run, assistant)
    assert undoing.press("undo-no", shown, run, assistant) is None
    assert assistant.undone == []
