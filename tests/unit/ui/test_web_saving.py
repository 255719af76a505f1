"""Saving an answer to the notes from the page, and the list of gaps beside the notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.assistant import MemoryAssistant
from tests.unit.ui.test_web_talks import ask
from ui.web import on_chat, on_notes, words_keeping
from ui.web.act import Act
from ui.web.session import Session


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[MemoryAssistant]:
    yield MemoryAssistant(pause_seconds=0, home=tmp_path)


def press(session: Session, assistant: MemoryAssistant, do: str, *fields: str) -> str:
    exchange = session.exchanges[-1]
    on_chat.press(session, Act({"do": do, "turn": exchange.id, "fields": list(fields)}), assistant)
    return dict(on_chat.draw(session, assistant))[f"s-{exchange.id}"]


def test_an_answer_is_written_after_its_difference_was_seen(
    assistant: MemoryAssistant, tmp_path: Path
) -> None:
    session = Session("en")
    ask(session, "How do I <b>run</b> nginx?", assistant)
    press(session, assistant, "save-write")
    file = tmp_path / "notes" / "docker.md"
    assert "data-field" in press(session, assistant, "save")
    assert "is not in your notes" in press(session, assistant, "save-draft", "../docker.md", "")
    assert not file.exists()
    shown = press(session, assistant, "save-draft", "docker.md", "")
    assert "+## How do I &lt;b&gt;run&lt;/b&gt; nginx?" in shown
    assert not file.exists()
    assert str(file) in press(session, assistant, "save-write")
    assert file.read_text().startswith("## How do I <b>run</b> nginx?\n")


def test_saving_can_be_given_up(assistant: MemoryAssistant, tmp_path: Path) -> None:
    session = Session("en")
    ask(session, "How do I run nginx?", assistant)
    press(session, assistant, "save")
    press(session, assistant, "save-draft", "docker.md", "")
    assert words_keeping.SAVE_TO_NOTES.en in press(session, assistant, "save-cancel")
    press(session, assistant, "save-write")
    assert not (tmp_path / "notes").exists()


def test_gaps_are_listed_beside_the_notes_and_forgotten(assistant: MemoryAssistant) -> None:
    session = Session("en")
    assert "gaps" not in dict(on_notes.draw_left(session, assistant))
    assistant.gaps.note("how to <i>frobnicate</i>")
    shown = dict(on_notes.draw_left(session, assistant))["gaps"]
    assert "how to &lt;i&gt;frobnicate&lt;/i&gt;" in shown
    assert words_keeping.GAP_UNDER.en.format(heading="2.3 数据卷") in shown
    on_notes.forget(assistant, "how to <i>frobnicate</i>")
    assert "gaps" not in dict(on_notes.draw_left(session, assistant))
