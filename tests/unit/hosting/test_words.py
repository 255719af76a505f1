"""Host lines cut into commands: sudo, pipes, redirections, what cannot be cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hosting.words import commands_of


def test_sudo_assignments_and_prompts_are_left_out() -> None:
    (command,) = commands_of("$ DEBIAN_FRONTEND=noninteractive sudo -E -u root apt-get install -y curl")
    assert command.words == ("apt-get", "install", "-y", "curl")
    assert command.names == ("install", "curl")


def test_a_sequence_gives_its_last_command_of_each_pipeline() -> None:
    first, second = commands_of(
        "curl -fsSL https://a.example/k \\\n | sudo gpg --dearmor -o /k.gpg && id -nG"
    )
    assert first.program == "gpg"
    assert first.fed_by is not None
    assert first.fed_by.words == ("curl", "-fsSL", "https://a.example/k")
    assert second.words == ("id", "-nG")


def test_the_file_written_to_is_told_from_other_redirections() -> None:
    (command,) = commands_of("echo hello 2> /dev/null > /etc/x.conf < /in")
    assert (command.words, command.out) == (("echo", "hello"), "/etc/x.conf")
    (quiet,) = commands_of("sudo modprobe overlay 2>&1")
    assert (quiet.words, quiet.out) == (("modprobe", "overlay"), None)


def test_a_comment_ends_the_line_and_a_sign_within_a_word_does_not() -> None:
    (command,) = commands_of("apt-get install c#1 # not this")
    assert command.words == ("apt-get", "install", "c#1")


@pytest.mark.parametrize("line", ["echo 'open", 'echo "open', "x" * 100_000, "", "   ", "# a comment"])
def test_what_cannot_be_cut_gives_nothing(line: str) -> None:
    assert commands_of(line) == ()


@given(st.text(alphabet="abc $|&;<>\"'\\#\n=-/", max_size=60))
def test_no_line_breaks_it(line: str) -> None:
    assert all(command.words for command in commands_of(line))
