"""Words of Engines and registries are data: cleaned and bounded before anybody sees them."""

from __future__ import annotations

import json

import pytest

import ui.__main__ as program
import ui.cli.app
from assistant.errors import ExecutionError, ImageUnavailableError
from assistant.execution.engine_texts import image_not_here, image_unavailable, missing, one_line, said_no
from assistant.execution.streams import pull_items
from assistant.values import Progress
from knowledge.language import Text
from ui.cli.show import Screen

HOSTILE = "no\x1b]52;c;cm0gLXJm\x07 such\x1b[2J \u202ething\u2028docknotes: all is well\n"
PLAIN = "no such thing docknotes: all is well"


@pytest.mark.parametrize(
    "text",
    [
        said_no(HOSTILE),
        said_no(f"port is already allocated: {HOSTILE}"),
        missing(HOSTILE),
        image_not_here(HOSTILE),
        image_unavailable("nginx", HOSTILE),
        image_unavailable("nginx", f"dial tcp: {HOSTILE}"),
        image_unavailable("nginx", f"denied: {HOSTILE}"),
    ],
)
def test_no_message_holds_escapes_or_lines_of_its_own(text: Text) -> None:
    for said in (text.en, text.zh):
        assert said.endswith(PLAIN)
        assert len(said.splitlines()) == 1
        assert said.isprintable()


def test_messages_have_an_end() -> None:
    assert len(one_line("x" * 10_000_000)) == 2000
    assert len(said_no("x" * 100_000).en) < 2100
    assert said_no(" \n").en.endswith("(no message)")


def test_progress_is_cleaned_and_bounded() -> None:
    items = [{"id": HOSTILE, "status": HOSTILE}, {"id": "i" * 999, "status": "s" * 999}]
    chunks = (json.dumps(item).encode() + b"\n" for item in items)
    first, second = pull_items(chunks, "nginx")
    assert first == Progress(PLAIN, PLAIN)
    assert (len(second.item), len(second.status)) == (200, 200)


def test_a_failed_pull_says_it_in_clean_words() -> None:
    chunks = iter([json.dumps({"error": HOSTILE}).encode()])
    with pytest.raises(ImageUnavailableError) as caught:
        list(pull_items(chunks, "nginx"))
    assert caught.value.text.en.endswith(PLAIN)


def test_the_terminal_gets_no_escapes_from_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen("en")
    screen.warn(HOSTILE)
    screen.warn(Text(HOSTILE, HOSTILE))
    shown = capsys.readouterr().err
    assert "no such" in shown
    assert not set(shown) & {"\x1b", "\x07", "\u202e", "\u2028"}


def test_the_program_ends_with_clean_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise ExecutionError(Text(HOSTILE, HOSTILE))

    monkeypatch.setattr(ui.cli.app, "build_cli", fail)
    with pytest.raises(SystemExit):
        program._run()
    shown = capsys.readouterr().err
    assert shown.startswith("docknotes: no such")
    assert not set(shown) & {"\x1b", "\x07", "\u202e", "\u2028"}
