"""What the page shows of a chat model: its steps, what the notes do not bear out, and what it proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant.values import (
    Answer,
    AnswerDone,
    AnswerPart,
    AnswerStep,
    AnswerText,
    Command,
    Flag,
    Origin,
    SuggestedCommand,
    Turn,
)
from knowledge.language import Text
from tests.fakes.assistant import MemoryAssistant
from ui.web import on_card, on_chat
from ui.web.act import Act
from ui.web.session import Session

LINE = "docker ps -a"
FLAGGED = "It listens on 8081."
LINKED = "See [more](https://evil.example/?q=1) ![x](https://evil.example/a.png) `docker ps -a`."


class Proposing(MemoryAssistant):
    """Answers as a chat model with tools would: a step, a text with a link, a flag, a proposal."""

    def answer(self, question: str = "list all?") -> Answer:
        command = SuggestedCommand(Command(LINE, Origin.MODEL, LINE), self.review(LINE), proposal="work.0")
        flags = (
            Flag("differs", FLAGGED, Text("The place it cites says `8080`.", "所引的笔记写的是 `8080`。")),
        )
        return Answer(question, "en", True, LINKED, (), (command,), "openai:m", None, flags)

    def ask(self, question: str, transcript: Sequence[Turn] = ()) -> Iterator[AnswerPart]:
        yield AnswerStep("search_notes", Text("Searches your notes for “ps”", "在笔记中查找“ps”"))
        yield AnswerText(LINKED)
        yield AnswerDone(self.answer(question))


@pytest.fixture
def assistant() -> Proposing:
    return Proposing(pause_seconds=0, model="openai:m")


@pytest.fixture
def session() -> Session:
    return Session("en")


def page(session: Session, assistant: MemoryAssistant) -> str:
    return "".join(piece[1] for piece in on_chat.draw(session, assistant))


def settle(session: Session) -> None:
    for _ in session.chat_changes.watch(lambda: session.is_busy):
        pass


def ask(session: Session, assistant: Proposing) -> None:
    on_chat.ask(session, "list all?", assistant)
    settle(session)


def press(session: Session, assistant: Proposing, do: str) -> None:
    card = session.exchanges[0].cards[0]
    sent = {"do": do, "card": card.id, "stamp": card.stamp, "confirmed": []}
    on_chat.press(session, Act(sent), assistant)
    settle(session)


def test_steps_flags_and_the_writer_are_shown(session: Session, assistant: Proposing) -> None:
    ask(session, assistant)
    shown = page(session, assistant)
    assert "Searches your notes for “ps”" in shown
    assert f"<q>{FLAGGED}</q>" in shown
    assert "<code>8080</code>" in shown
    assert "Written by openai:m from your notes" in shown
    assert "Not in your notes: written by the chat model" in shown


def test_a_models_links_cannot_be_followed_and_pictures_are_not_fetched(
    session: Session, assistant: Proposing
) -> None:
    on_chat.ask(session, "list all?", assistant)
    settle(session)
    session.exchanges[0].answer = None  # as while it is being written
    assert "<a " not in page(session, assistant)
    session.exchanges[0].answer = assistant.answer()
    shown = page(session, assistant)
    assert "<a " not in shown
    assert "<img" not in shown
    assert "more" in shown


def test_after_the_run_the_model_goes_on_once(session: Session, assistant: Proposing) -> None:
    ask(session, assistant)
    assert "No, thanks" in page(session, assistant)
    press(session, assistant, "run")
    ((proposal, run),) = assistant.decided
    assert proposal == "work.0"
    assert run is not None
    assert run.command == LINE
    assert [exchange.question for exchange in session.exchanges] == ["list all?", f"I ran {LINE}"]
    assert session.exchanges[1].text == "It was run."
    press(session, assistant, "run")
    assert len(assistant.decided) == 1
    assert "No, thanks" not in page(session, assistant)


def test_the_page_is_busy_until_what_follows_a_run_has_begun(session: Session, assistant: Proposing) -> None:
    """Else whoever watches the run would watch no more when the model goes on."""
    ask(session, assistant)
    card, seen = session.exchanges[0].cards[0], list[bool]()
    on_card.run(card, card.stamp, set(), assistant, session, ended=lambda: seen.append(session.is_busy))
    settle(session)
    assert seen == [True]
    assert not session.is_busy


def test_a_no_is_handed_on_and_runs_nothing(session: Session, assistant: Proposing) -> None:
    ask(session, assistant)
    press(session, assistant, "decline")
    assert assistant.decided == [("work.0", None)]
    assert assistant.ran == []
    assert session.exchanges[1].text == "It was not run."
    press(session, assistant, "decline")
    assert len(assistant.decided) == 1


def test_what_waits_from_an_earlier_start_is_there_again_and_a_new_conversation_drops_it(
    session: Session, assistant: Proposing
) -> None:
    assistant.waits = [assistant.answer("an earlier question")]
    shown = page(session, assistant)
    assert "an earlier question" in shown
    assert "Run" in shown
    page(session, assistant)
    assert len(session.exchanges) == 1
    on_chat.press(session, Act({"do": "new"}), assistant)
    assert assistant.dropped == ["work.0"]
    assert "an earlier question" not in page(session, assistant)
