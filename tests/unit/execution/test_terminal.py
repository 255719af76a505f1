"""What a container may tell a real terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.execution.terminal import TerminalCleaner

BACK = "\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1l\x1b[?2004l\x1b>\x1b(B"


@pytest.mark.parametrize(
    "text",
    [
        "plain 你好\r\n",
        "typed\b \b",
        "\x1b[1;31mred\x1b[0m",
        "\r/ # \x1b[J",
        "\x1b[2;10Hat\x1b[K\x1b[3D\x1b[P",
        "\x1b[?1049h\x1b[2J\x1b[?25l",
        "\x1b7\x1b8\x1b(0lqk\x1b(B",
    ],
)
def test_what_a_shell_and_an_editor_need_goes_through(text: str) -> None:
    assert TerminalCleaner().feed(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]52;c;aGk=\x1b\\x", "x"),  # the clipboard
        ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[6n\x1b[c\x1b[>c\x1b[?15n\x1b[5nx", "x"),  # makes the terminal type an answer
        ("\x1bP+q544e\x1b\\x\x1bZ", "x"),
        ("\x1b[?1000h\x1b[?1003hx", "x"),  # the mouse
        ("\x1b[8;1;1t\x1b[3Jx", "\x1b[3Jx"),
        ("\x1bc\x1b[!px", "x"),
        ("\x1b[1;99999999Hx", "x"),
        ("a\u202eb\u200bc\x07\x00\x9b31md\x7f", "abcd"),
    ],
)
def test_what_answers_renames_copies_or_hides_does_not(text: str, shown: str) -> None:
    assert TerminalCleaner().feed(text) == shown


@given(st.text(alphabet="ab\x1b[]0;6nmJH\x07\\?1h\r\b", max_size=40), st.integers(0, 40))
def test_where_it_is_cut_does_not_matter(text: str, at: int) -> None:
    whole, pieces = TerminalCleaner(), TerminalCleaner()
    assert pieces.feed(text[:at]) + pieces.feed(text[at:]) == whole.feed(text)


def test_the_terminal_is_as_before_at_the_end() -> None:
    used = TerminalCleaner()
    used.feed("\x1b[?1049h\x1b[?25l\x1b]0;half")
    assert used.finish() == f"\x1b[?1049l{BACK}"
    left = TerminalCleaner()
    left.feed("\x1b[?1049h\x1b[?1049l")
    assert left.finish() == BACK
    plain = TerminalCleaner()
    plain.feed("text\r\n")
    assert plain.finish() == ""
