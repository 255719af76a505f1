"""Text to whole lines for a shell, and the marks by which the end of each is told."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CommandSyntaxError
from assistant.rehearsal.lines import MOST_LINES, lines_of, sorted_out
from assistant.rehearsal.rehearse import DEBIAN, UBUNTU, image_for
from assistant.rehearsal.script import Marks
from assistant.rehearsal.values import LineBegun, LineEnded
from assistant.values import Output


def test_lines_are_taken_whole() -> None:
    text = (
        "# first\nsudo apt-get update\n\ncurl a \\\n  | tee b\nfor p in a b; do\n  echo $p\ndone\n"
        "cat > x <<EOF\none\ntwo\nEOF\necho 'open\nquote'\nls && \\\n pwd\n"
    )
    assert lines_of(text) == (
        "sudo apt-get update",
        "curl a \\\n  | tee b",
        "for p in a b; do\n  echo $p\ndone",
        "cat > x <<EOF\none\ntwo\nEOF",
        "echo 'open\nquote'",
        "ls && \\\n pwd",
    )


def test_of_lines_with_a_prompt_sign_the_others_are_output() -> None:
    text = "$ whoami\nroot\nann@box:~$ echo a \\\n> b\na b\n"
    assert lines_of(text) == ("whoami", "echo a \\\nb")


def test_what_cannot_be_seen_is_refused_and_so_are_too_many() -> None:
    with pytest.raises(CommandSyntaxError, match="U\\+202E"):
        lines_of("echo \u202eevil")
    with pytest.raises(CommandSyntaxError, match=str(MOST_LINES)):
        lines_of("true\n" * (MOST_LINES + 1))


def test_docker_lines_are_left_to_the_sandbox() -> None:
    lines, left = sorted_out(("id", "sudo docker run hello-world", "dockerd --version"))
    assert lines == ("id", "dockerd --version")
    assert [item.line for item in left] == ["sudo docker run hello-world"]


def test_the_image_is_what_the_lines_name() -> None:
    assert image_for(("apt-get update",)) == DEBIAN
    assert image_for(("curl https://download.docker.com/linux/ubuntu/gpg",)) == UBUNTU


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[a:b] for a, b in pairwise(places)]


@given(st.lists(st.integers(0, 1000), max_size=12), st.sampled_from(["one\n", "one", "a\n\n::m\n", ""]))
def test_marks_are_found_however_the_output_is_cut(cuts: list[int], wrote: str) -> None:
    text = f"::mm begin 0 0\n{wrote}\n::mm end 0 3\n::mm begin 1 0\n\n::mm end 1 0\nrest"
    marks = Marks("mm")
    events = [event for piece in pieces(text, cuts) for event in marks.feed(piece)] + list(marks.finish())
    told = [event for event in events if not isinstance(event, Output)]
    assert told == [LineBegun(0), LineEnded(0, 3), LineBegun(1), LineEnded(1, 0)]
    written = "".join(event.text for event in events if isinstance(event, Output))
    assert written.replace("\n", "") == (wrote + "rest").replace("\n", "")
    assert "::mm " not in written
