"""The notes' commands that come along with a chat model's answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.beside import MOST
from assistant.citations import holds
from assistant.values import Origin
from knowledge.library import Library
from tests.fakes.chat_model import ScriptedChatModel
from tests.library import library_of
from tests.unit.assistant.test_answering import asked

LINES = [f"docker commit -m change{n} web copy:{n}" for n in range(9)]
NOTES = (
    "# Copies\n\nMake a copy of a container, an image of it as it is:\n\n```bash\n"
    + "\n".join(LINES)
    + "\n```\n"
)
SAID = "A copy of a container is an image of it as it is [1]."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"copies.md": NOTES})


def test_more_of_the_notes_commands_come_with_a_model_than_without(library: Library) -> None:
    question = "how do I make a copy of a container?"
    without = asked(library, question)
    got = asked(library, question, ScriptedChatModel(SAID))
    assert len(without.commands) < len(got.commands) == MOST
    assert {c.command.text for c in without.commands} <= {c.command.text for c in got.commands}
    cited = {c.n: c for c in got.citations}
    for suggested in got.commands:
        assert suggested.command.origin is Origin.VERBATIM
        assert suggested.citation in cited
        assert suggested.command.written in cited[suggested.citation].quote
    assert all(holds(c, library.notes[c.note]) for c in got.citations)


def test_a_question_for_no_command_gets_none_on_top(library: Library) -> None:
    question = "where did I write about a copy of a container?"
    without = asked(library, question)
    got = asked(library, question, ScriptedChatModel(SAID))
    assert {c.command.text for c in got.commands} == {c.command.text for c in without.commands}


def test_a_small_models_sentences_are_followed_by_the_notes_own(library: Library) -> None:
    got = asked(library, "how do I make a copy of a container?", ScriptedChatModel(SAID))
    first, _, rest = got.text.partition("\n\n")
    assert first.startswith("A copy of a container is an image of it as it is. [")
    assert rest.startswith(("Your notes say:", "The commands in your notes:"))
    marks = {int(part.split("]")[0]) for part in got.text.split("[")[1:] if part[:1].isdecimal()}
    assert marks <= {c.n for c in got.citations}


def test_a_line_that_names_a_file_of_the_reader_is_a_command(tmp_path: Path) -> None:
    line = "docker run --rm --env-file quux.env alpine env"
    text = f"# Variables\n\nRead many variables from a file:\n\n```bash\n{line}\n```\n"
    got = asked(library_of(tmp_path, {"v.md": text}), "how do I read many variables from a file?")
    assert [c.command.text for c in got.commands] == [line]
