"""The conversation: asking, stopping, sources, and what the page says of itself."""

from __future__ import annotations

import re
import time

import pytest

from assistant.values import Citation
from knowledge.language import Text
from tests.fakes.assistant import NOTE, MemoryAssistant
from ui.web import on_chat, words
from ui.web.act import Act
from ui.web.draw_chat import draw_passage
from ui.web.draw_frame import with_answered
from ui.web.labels import LABELS, preferred, translations
from ui.web.session import Session, Sessions


@pytest.fixture
def assistant() -> MemoryAssistant:
    return MemoryAssistant(pause_seconds=0)


@pytest.fixture
def session() -> Session:
    return Session("en")


def page(session: Session, assistant: MemoryAssistant) -> str:
    return "".join(piece[1] for piece in on_chat.draw(session, assistant))


def ask(session: Session, question: str, assistant: MemoryAssistant) -> None:
    on_chat.ask(session, question, assistant)
    for _ in session.chat_changes.watch(lambda: session.is_busy):
        pass


def press(session: Session, assistant: MemoryAssistant, **sent: object) -> None:
    on_chat.press(session, Act(sent), assistant)


def test_an_answer_streams_and_brings_cards(session: Session, assistant: MemoryAssistant) -> None:
    assistant.pause_seconds = 0.02
    lengths = []
    on_chat.ask(session, "how do I run nginx?", assistant)
    for _ in session.chat_changes.watch(lambda: session.is_busy):
        lengths.append(len(session.exchanges[0].text))
    assert len(set(lengths)) > 2
    assert len(session.exchanges[0].cards) == 5
    assert session.answering is None


def test_earlier_turns_are_handed_on(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "how do I run nginx?", assistant)
    ask(session, "and how do I stop it?", assistant)
    assert assistant.asked == [("how do I run nginx?", 0), ("and how do I stop it?", 1)]


def test_an_empty_question_gets_a_hint(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "  \n ", assistant)
    assert assistant.asked == []
    assert "Type a question first" in page(session, assistant)
    ask(session, "how do I run nginx?", assistant)
    assert "Type a question first" not in page(session, assistant)


def test_the_frame_follows_the_language_of_the_question(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "如何让容器在后台运行?", assistant)
    shown = page(session, assistant)
    assert "出处" in shown
    assert "笔记原文" in shown
    assert "Where it stands" not in shown


def test_stopping_keeps_what_is_there(session: Session, assistant: MemoryAssistant) -> None:
    assistant.pause_seconds = 0.05
    on_chat.ask(session, "how do I run nginx?", assistant)
    for _ in session.chat_changes.watch(lambda: session.is_busy):
        if session.exchanges[0].text:
            break
    assert not on_chat.ask(session, "another", assistant)
    assert session.hint == words.STILL_ANSWERING
    on_chat.stop(session)
    on_chat.stop(session)
    assert session.exchanges[0].stopped
    assert session.exchanges[0].text
    assert session.exchanges[0].cards == []
    assert "You stopped this answer here." in page(session, assistant)
    ask(session, "how do I run nginx?", assistant)
    assert session.exchanges[1].answer is not None


def test_errors_are_shown_and_nothing_is_lost(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "broken?", assistant)
    shown = page(session, assistant)
    assert "broken?" in shown
    assert "The chat model does not answer." in shown


def test_unforeseen_errors_are_told_without_their_insides(
    session: Session, assistant: MemoryAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(question: str, transcript: object) -> object:
        raise ZeroDivisionError("secret insides")

    assistant.ask = fail  # type: ignore[method-assign, assignment]
    ask(session, "how?", assistant)
    assert "ZeroDivisionError" in page(session, assistant)
    assert "secret insides" not in page(session, assistant)
    assert "secret insides" in caplog.text


def test_what_the_notes_do_not_hold_is_said(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "how do I make sourdough?", assistant)
    assert "Not in your notes" in page(session, assistant)
    assert session.exchanges[0].cards == []


def test_a_source_opens_and_closes(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "how do I run nginx?", assistant)
    turn = session.exchanges[0].id
    press(session, assistant, do="cite", turn=turn, n="1")
    shown = page(session, assistant)
    assert "<mark>用 `-d` 让容器在后台运行</mark>" in shown
    assert 'value="5" class="dn-cited"' in shown
    press(session, assistant, do="cite", turn=turn, n="1")
    assert "dn-cited" not in page(session, assistant)


def test_a_quote_over_several_lines_is_marked_line_by_line() -> None:
    quote = NOTE.quote(13, 14)[2:-1]
    citation = Citation(1, NOTE.path, ("2.1",), 13, 14, quote)
    shown = draw_passage(citation, NOTE, "t", "zh")
    assert shown.count("<mark>") == 2
    assert "<mark>查看全部容器：`docker ps -a`</mark>" in shown


def test_of_a_note_that_has_changed_since_the_quote_is_shown_and_no_other_line() -> None:
    citation = Citation(1, NOTE.path, ("2.1",), 13, 14, "what stood there before")
    shown = draw_passage(citation, NOTE, "t", "zh")
    assert "这篇笔记后来改过" in shown
    assert "what stood there before" in shown
    assert NOTE.lines[12] not in shown


def test_hostile_notes_and_forged_presses_do_nothing(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "how do I run nginx?", assistant)
    for sent in (
        {"do": "run", "card": "forged", "stamp": "x"},
        {"do": "run", "card": {"$ne": 1}},
        {"do": "cite", "turn": "forged", "n": "1"},
        {"do": "cite", "turn": session.exchanges[0].id, "n": "99999999999999999999"},
        {"do": ["run"]},
        {},
    ):
        press(session, assistant, **sent)
    on_chat.press(session, Act(None), assistant)
    assert assistant.ran == []
    assert "<img" not in page(session, assistant)


def test_a_new_conversation_starts_empty(session: Session, assistant: MemoryAssistant) -> None:
    ask(session, "how do I run nginx?", assistant)
    press(session, assistant, do="new")
    assert session.exchanges == []
    assert "What would you like to know?" in page(session, assistant)


def test_examples_come_from_headings_in_the_language_of_the_page(assistant: MemoryAssistant) -> None:
    assert "What do my notes say about “Running a container”?" in page(Session("en"), assistant)
    chinese = page(Session("zh"), assistant)
    assert "笔记里关于“运行容器”是怎么说的？" in chinese
    assert "数据卷" not in chinese


def test_looking_again_finds_an_engine_that_came_up(session: Session, assistant: MemoryAssistant) -> None:
    assistant.has_engine = False
    ask(session, "how do I run nginx?", assistant)
    assert "This needs a Docker Engine" in page(session, assistant)
    assistant.has_engine = True
    press(session, assistant, do="engine")
    assert "This needs a Docker Engine" not in page(session, assistant)


def test_sessions_are_apart_and_the_oldest_make_room() -> None:
    sessions = Sessions()
    first = sessions.of("a", "en")
    assert sessions.of("a", "zh") is first
    assert sessions.of("b", "en") is not first
    for n in range(100):
        sessions.of(str(n), "en")
    assert sessions.of("a", "en") is not first


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("de,zh-TW;q=0.5,en;q=0.3", "zh"),
        ("fr", "en"),
        ("", "en"),
        (";;q=x", "en"),
    ],
)
def test_the_language_follows_the_browser(header: str, language: str) -> None:
    assert preferred(header) == language


def test_what_runs_goes_on_and_is_watched_again_after_the_connection_broke(
    session: Session, assistant: MemoryAssistant
) -> None:
    assistant.pause_seconds = 0.03
    on_chat.ask(session, "how do I run nginx?", assistant)
    watching = session.chat_changes.watch(lambda: session.is_busy)
    next(watching)
    del watching
    drawn = [len(page(session, assistant)) for _ in session.chat_changes.watch(lambda: session.is_busy)]
    assert len(drawn) > 2
    assert session.exchanges[0].answer is not None


def test_a_press_that_is_sent_again_counts_once(session: Session) -> None:
    assert session.is_new("a")
    assert not session.is_new("a")
    assert session.is_new("b")
    for n in range(50):
        session.is_new(f"n{n}")
    assert len(session.presses) <= 16


def test_a_later_watcher_takes_over(session: Session, assistant: MemoryAssistant) -> None:
    first = session.chat_changes.watch(lambda: True)
    next(first)
    second = session.chat_changes.watch(lambda: False)
    next(second)
    assert list(first) == []
    assert list(second) == []


def test_everything_is_said_in_both_languages() -> None:
    def texts(value: object) -> list[Text]:
        if isinstance(value, Text):
            return [value]
        return [text for item in value.values() for text in texts(item)] if isinstance(value, dict) else []

    found = [text for value in vars(words).values() for text in texts(value)]
    assert len(found) > 100
    for text in found:
        assert text.en.strip()
        assert text.zh.strip()
        assert set(re.findall(r"{\w+}", text.en)) == set(re.findall(r"{\w+}", text.zh)), text
        assert not re.search(r"[㐀-鿿][,:?!;]|[,:?!;][㐀-鿿]", text.zh), text
    assert translations()["en"].keys() == translations()["zh"].keys() == LABELS.keys()


def test_a_drawing_that_began_earlier_has_the_lower_number(session: Session) -> None:
    """A request that ends sends its last drawing once more; the page keeps the higher number."""
    session.presses.extend(["a", "b"])
    inner: list[list[list[str]]] = []

    def outer() -> list[list[str]]:
        inner.append(with_answered(session, list))
        return [["q-1", "drawn"]]

    drawn = with_answered(session, outer)
    assert [piece[0] for piece in drawn] == ["q-1", "answered"]
    first, second = (int(pieces[-1][1].split(" ")[0]) for pieces in (drawn, inner[0]))
    assert first < second < session.next_drawing()
    assert drawn[-1][1].split(" ")[1:] == ["a", "b"]


def test_a_session_made_after_a_restart_goes_on_with_higher_numbers(session: Session) -> None:
    last = session.next_drawing()
    time.sleep(0.01)
    assert Session("en").next_drawing() > last
