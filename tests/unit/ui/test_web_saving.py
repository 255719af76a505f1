"""Saving answers, runs and corrections to the notes from the page, and the list of gaps beside the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.commands.find import find_commands
from assistant.values import Answer, Command
from knowledge.notes import note_from_text
from tests.fakes.assistant import MemoryAssistant
from tests.unit.ui.test_web_talks import ask, until_idle
from ui.web import on_chat, on_notes, words_keeping
from ui.web.act import Act
from ui.web.draw_runs import draw_runs
from ui.web.saving import key_of
from ui.web.session import Session

SLIP = "# GPU\n\nTry `docker run -gpus all ubuntu nvidia-smi` first.\n"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[MemoryAssistant]:
    yield MemoryAssistant(pause_seconds=0, home=tmp_path)


@pytest.fixture
def session(assistant: MemoryAssistant) -> Session:
    session = Session("en")
    ask(session, "How do I <b>run</b> nginx?", assistant)
    return session


def answer_of(session: Session) -> Answer:
    answer = session.exchanges[-1].answer
    assert answer is not None
    return answer


def press(session: Session, assistant: MemoryAssistant, key: str, do: str, *fields: str) -> str:
    act = Act({"do": do, "key": key, "fields": list(fields), "card": key})
    on_chat.press(session, act, assistant)
    drawn = dict(on_chat.draw(session, assistant))
    return drawn.get(f"s-{key.partition('-')[2]}") or "".join(drawn.values())


def test_an_answer_is_written_after_its_difference_was_seen(
    session: Session, assistant: MemoryAssistant, tmp_path: Path
) -> None:
    key = key_of("answer", session.exchanges[-1].id)
    press(session, assistant, key, "save-write")
    file = tmp_path / "notes" / "docker.md"
    assert "data-field" in press(session, assistant, key, "save")
    session.exchanges[-1].answer = replace(answer_of(session), question=f"Error:\n{'long ' * 40}")
    assert f'value="Error: {"long " * 14}' in press(session, assistant, key, "save"), "cut to a heading"
    session.exchanges[-1].answer = replace(answer_of(session), question="How do I <b>run</b> nginx?")
    assert words_keeping.NAME_A_FILE.en in press(session, assistant, key, "save-draft", "", "", "")
    assert "is not in your notes" in press(session, assistant, key, "save-draft", "", "../docker.md", "")
    assert "no heading" in press(session, assistant, key, "save-draft", "", "docker.md", "nowhere")
    assert not file.exists()
    shown = press(session, assistant, key, "save-draft", "", "docker", "")
    assert "+## How do I &lt;b&gt;run&lt;/b&gt; nginx?" in shown
    assert str(file) in shown
    assert 'value="docker.md"' in press(session, assistant, key, "save-section")
    assert "+## My &lt;own&gt; words" in press(
        session, assistant, key, "save-draft", " My <own>  words ", "docker.md", ""
    )
    assert not file.exists()
    assert "your next question finds it" in press(session, assistant, key, "save-write")
    assert file.read_text().startswith("## My <own> words\n")
    assert assistant.indexed == [file]


def test_saving_can_be_given_up(session: Session, assistant: MemoryAssistant, tmp_path: Path) -> None:
    key = key_of("answer", session.exchanges[-1].id)
    press(session, assistant, key, "save")
    press(session, assistant, key, "save-draft", "", "docker.md", "")
    assert words_keeping.SAVE_WHAT["answer"].en in press(session, assistant, key, "save-cancel")
    press(session, assistant, key, "save-write")
    assert not (tmp_path / "notes").exists()
    for unknown in ("answer-x", "run-x", "correction-x", "x", ""):
        press(session, assistant, unknown, "save")
    assert list(session.savings) == [key]


def test_a_run_is_saved_from_its_card_and_from_the_record(
    session: Session, assistant: MemoryAssistant, tmp_path: Path
) -> None:
    card = session.exchanges[0].cards[1]
    on_chat.press(session, Act({"do": "run", "card": card.id, "stamp": card.stamp}), assistant)
    until_idle(session)
    assert card.ended is not None
    key = key_of("run", card.ended.id)
    press(session, assistant, key, "save")
    assert "+docker ps -a" in press(session, assistant, key, "save-draft", "What runs here", "runs.md", "")
    assert "dn-diff" in "".join(draw_runs_of(assistant, session))
    press(session, assistant, key, "save-write")
    written = (tmp_path / "notes" / "runs.md").read_text()
    assert written.startswith("## What runs here\n\n```bash\ndocker ps -a\n```\n\ndone, exit 0 (")
    assert "line 0: <b onclick=alert(1)>hello</b>" in written
    on_chat.press(session, Act({"do": "new"}), assistant)
    assert words_keeping.SAVE_WHAT["run"].en in "".join(draw_runs_of(assistant, session))
    press(session, assistant, key, "save")
    assert 'value="runs.md"' in "".join(draw_runs_of(assistant, session)), "the one file there is"
    press(session, assistant, key, "save-draft", "# Again", "runs.md", "## what runs here ")
    assert session.savings[key].message is None
    press(session, assistant, key, "save-write")
    assert "### Again" in (tmp_path / "notes" / "runs.md").read_text()
    assert (tmp_path / "notes" / "runs.md.bak").read_text() == written
    assert "runs.md.bak" in "".join(draw_runs_of(assistant, session))


def draw_runs_of(assistant: MemoryAssistant, session: Session) -> list[str]:
    return [markup for _, markup in draw_runs(assistant.runs(), session.language, session.savings)]


def corrected(session: Session, assistant: MemoryAssistant, name: str) -> tuple[str, Command]:
    """The key of a card whose command is the mended one of a note with a slip."""
    note = note_from_text(SLIP, name)
    assistant.library.notes = {**assistant.library.notes, name: note}
    card = session.exchanges[0].cards[1]
    card.command = find_commands(note, 1, 3)[0]
    return key_of("correction", card.id), card.command


def test_a_slip_is_mended_in_the_persons_own_note(
    session: Session, assistant: MemoryAssistant, tmp_path: Path
) -> None:
    file = tmp_path / "notes" / "gpu.md"
    file.parent.mkdir()
    file.write_text(SLIP)
    key, _ = corrected(session, assistant, "gpu.md")
    shown = press(session, assistant, key, "save")
    assert words_keeping.WOULD_MEND.en.format(file=file) in shown
    assert "+Try `docker run --gpus all ubuntu nvidia-smi` first." in shown
    assert file.read_text() == SLIP
    assert "gpu.md.bak" in press(session, assistant, key, "save-write")
    assert file.read_text() == SLIP.replace("-gpus", "--gpus")
    assert (file.parent / "gpu.md.bak").read_text() == SLIP


def test_a_slip_of_other_notes_becomes_a_section(
    session: Session, assistant: MemoryAssistant, tmp_path: Path
) -> None:
    key, command = corrected(session, assistant, "shipped.md")
    assert "data-field" in press(session, assistant, key, "save")
    shown = press(session, assistant, key, "save-draft", "", "slips.md", "")
    assert "+Not `-gpus` but `--gpus`. Written otherwise in shipped.md:3." in shown
    press(session, assistant, key, "save-write")
    assert (tmp_path / "notes" / "slips.md").read_text().startswith(f"## {command.text}\n")


def test_gaps_are_listed_beside_the_notes_and_forgotten(assistant: MemoryAssistant) -> None:
    session = Session("en")
    assert "gaps" not in dict(on_notes.draw_left(session, assistant))
    for _ in range(2):
        assistant.gaps.note("how to <i>frobnicate</i>")
    shown = dict(on_notes.draw_left(session, assistant))["gaps"]
    assert "how to &lt;i&gt;frobnicate&lt;/i&gt;" in shown
    assert "asked 2 times" in shown
    assert "2. 快速上手 › 2.3 数据卷" in shown
    on_notes.forget(assistant, "how to <i>frobnicate</i>")
    assert "gaps" not in dict(on_notes.draw_left(session, assistant))
