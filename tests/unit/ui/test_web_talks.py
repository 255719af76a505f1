"""The page's list of conversations, and conversations that come back after a restart."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.values import Decision, Run
from tests.fakes.assistant import MemoryAssistant
from ui.web import on_chat, words, words_keeping
from ui.web.act import Act
from ui.web.session import Session, Sessions

DEADLINE = 60.0


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[MemoryAssistant]:
    yield MemoryAssistant(pause_seconds=0, home=tmp_path)


def ask(session: Session, question: str, assistant: MemoryAssistant) -> None:
    assert on_chat.ask(session, question, assistant)
    until_idle(session)


def until_idle(session: Session) -> None:
    pause, waited = threading.Event(), 0.0
    while session.is_busy and waited < DEADLINE:
        pause.wait(0.01)
        waited += 0.01
    assert not session.is_busy


def drawn(session: Session, assistant: MemoryAssistant) -> dict[str, str]:
    return dict(on_chat.draw(session, assistant))


def press(session: Session, assistant: MemoryAssistant, do: str, talk: str = "", title: str = "") -> str:
    on_chat.press(session, Act({"do": do, "talk": talk, "fields": [title]}), assistant)
    return drawn(session, assistant).get("talks", "")


def test_a_conversation_comes_back_after_a_restart(assistant: MemoryAssistant, tmp_path: Path) -> None:
    before = Sessions().of("browser", "en")
    drawn(before, assistant)
    ask(before, "How do I run nginx?", assistant)
    text = before.exchanges[0].text
    later = MemoryAssistant(pause_seconds=0, home=tmp_path)
    session = Sessions().of("browser", "en")
    drawn(session, later)
    (exchange,) = session.exchanges
    assert (exchange.question, exchange.text) == ("How do I run nginx?", text)
    assert len(exchange.cards) == len(before.exchanges[0].cards) > 0
    assert session.conversation == before.conversation
    ask(session, "and now?", later)
    assert later.asked == [("and now?", 1)]
    stranger = Sessions().of("another browser", "en")
    assert "welcome" in drawn(stranger, later)
    assert "How do I run nginx?" in drawn(stranger, later)["talks"]


def test_a_new_one_is_begun_and_the_old_one_opened_again(assistant: MemoryAssistant) -> None:
    session = Session("en")
    ask(session, "first question", assistant)
    first = session.conversation
    press(session, assistant, "new")
    assert session.exchanges == []
    assert session.conversation != first
    ask(session, "second question", assistant)
    assert "first question" in press(session, assistant, "talk-open", first)
    assert [one.question for one in session.exchanges] == ["first question"]
    assert [talk.title for talk in session.talks.listed] == ["second question", "first question"]


def test_titles_are_text(assistant: MemoryAssistant) -> None:
    session = Session("en")
    ask(session, '<img src=x onerror="alert(1)">', assistant)
    drawn(session, assistant)
    for do in ("talk-rename", "talk-delete"):
        shown = press(session, assistant, do, session.conversation)
        assert "<img" not in shown
        assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in shown


def test_one_is_renamed_exported_and_deleted_after_a_second_press(assistant: MemoryAssistant) -> None:
    session = Session("en")
    ask(session, "How do I run nginx?", assistant)
    drawn(session, assistant)
    talk = session.conversation
    assert "My shop" in press(session, assistant, "talk-renamed", talk, "My shop")
    link = re.search(r'href="data:[^,]*,([^"]*)"', press(session, assistant, "talk-export", talk))
    assert link is not None
    assert "## How do I run nginx?" in base64.b64decode(link[1]).decode()
    assert words_keeping.DELETE_IT.en in press(session, assistant, "talk-delete", talk)
    assert assistant.keeping.talks.find(talk) is not None
    press(session, assistant, "talk-deleted", talk)
    assert assistant.keeping.talks.find(talk) is None
    assert session.exchanges == []


def test_the_list_is_filtered_by_what_was_said(assistant: MemoryAssistant) -> None:
    session = Session("en")
    for question in ("How do I run nginx?", "what about <i>sourdough</i>"):
        ask(session, question, assistant)
        press(session, assistant, "new")

    def search(words: str, at: int) -> str:
        act = Act({"do": "talk-search", "fields": [words], "at": at})
        on_chat.press(session, act, assistant)
        return drawn(session, assistant)["talks"]

    shown = search("8080 ", 10)
    assert [talk.title for talk in session.talks.listed] == ["How do I run nginx?"]
    assert "1 of 2 with “8080”" in shown
    assert "publishes the port [1]." in shown, "the line that has it"
    assert "Conversations (2)" in shown
    assert 'value="8080"' in search("how do", 9), "what was typed before came later"
    shown = search("<b>absent</b>", 11)
    assert "None of your 2 conversations has “&lt;b&gt;absent&lt;/b&gt;”" in shown
    assert "talk-open" not in shown
    session.language = "zh"
    assert "你的 2 个对话里" in drawn(session, assistant)["talks"]
    assert search("", 12).count("talk-open") == 2


def test_a_card_of_an_earlier_time_shows_how_its_run_ended(assistant: MemoryAssistant) -> None:
    session = Session("en")
    ask(session, "How do I run nginx?", assistant)
    card = session.exchanges[0].cards[0]
    run = Run(
        id="r1", command=card.verdict.line, question=card.question, decision=Decision.ASK, approved_by="web",
        engine="unix:///x", started_at=1.0, ended_at=2.0, outcome="failed", exit_code=7, output="no\n",
        output_cut=False, error=None, operations=(), created=(), conversation=session.conversation,
    )  # fmt: skip
    assistant.keeping.ledger.record(run)
    talk = session.conversation
    press(session, assistant, "new")
    press(session, assistant, "talk-open", talk)
    again = session.exchanges[0].cards[0]
    assert (again.state, again.output) == ("ended", "no\n")
    assert words.EXIT_CODE.en.format(code=7) in drawn(session, assistant)[f"o-{again.id}"]


def test_nothing_is_left_while_an_answer_is_written(assistant: MemoryAssistant) -> None:
    session = Session("en")
    ask(session, "first question", assistant)
    first = session.conversation
    press(session, assistant, "new")
    drawn(session, assistant)
    assistant.pause_seconds = 0.05
    assert on_chat.ask(session, "second question", assistant)
    press(session, assistant, "talk-open", first)
    assert session.talks.message == words_keeping.BUSY
    assert session.exchanges[-1].question == "second question"
    on_chat.stop(session)
