from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.commands.filling import fill_line
from assistant.commands.lexer import lex
from assistant.commands.plan import plan_line
from assistant.errors import CommandSyntaxError
from assistant.values import Placeholder

WS = Path("/ws")


def filled(line: str, *values: str) -> str:
    plan = plan_line(line, workspace=WS)
    names = [placeholder.text for placeholder in plan.placeholders]
    assert len(names) == len(values)
    return fill_line(plan.line, plan.placeholders, dict(zip(names, values, strict=True)))


@pytest.mark.parametrize(
    ("line", "values", "expected"),
    [
        ("docker stop <name>", ["web"], "docker stop web"),
        ("docker stop 容器ID", ["web"], "docker stop web"),
        ("docker run [镜像名]", ["nginx:1"], "docker run nginx:1"),
        ("docker run --name [名称] nginx", ["web"], "docker run --name web nginx"),
        ("docker run --name 我的容器 nginx", ["web"], "docker run --name web nginx"),
        ("docker run -p localport:containerport ImageID", ["80:80", "a"], "docker run -p 80:80 a"),
        ("docker run -e KEY=XXX nginx", ["it's $x"], "docker run -e 'KEY=it'\"'\"'s $x' nginx"),
        ('docker run -v "$PWD/<dir>":/x a', ["a b"], "docker run -v \"$PWD\"'/a b:/x' a"),
        ("docker run a your_email@example.com", ["a@b.c"], "docker run a a@b.c"),
        ("docker stop $NAME", ["web"], "docker stop web"),
        ('docker run a sh -c "echo $NAME"', ["a; rm b"], "docker run a sh -c 'echo a; rm b'"),
        ("docker tag IMAGE your_name/repo:tag", ["a", "me"], "docker tag a me/repo:tag"),
    ],
)
def test_values_stand_in_the_places_of_their_placeholders(
    line: str, values: list[str], expected: str
) -> None:
    assert filled(line, *values) == expected


def test_a_part_of_a_longer_word_is_not_filled() -> None:
    both = [Placeholder("Image", "image"), Placeholder("ImageID", "image")]

    assert fill_line("docker run Image ImageID", both, {"Image": "a"}) == "docker run a ImageID"
    assert fill_line("docker run Image ImageID", both, {"Image": "a", "ImageID": "b"}) == "docker run a b"
    assert fill_line("docker run Image", both, {}) == "docker run Image"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("docker stop <name>", "-f"),
        ("docker stop <name>", "--all"),
        ("docker stop <name>", ""),
        ("docker stop <name>", "a b"),
        ("docker stop <name>", "a\u200b"),
        ("docker run <image>", "--privileged"),
        ("docker run <image>", "Nginx"),
        ("docker run -v <folder>:/x a", "/:/host"),
        ("docker run -v <folder>:/x a", "a,b"),
        ("docker run -p <port>:80 a", "x"),
        ("docker run --name <name> a", "a\nb"),
        ("docker run --name <name> a", "a" * 2000),
    ],
)
def test_what_could_be_something_else_is_refused(line: str, value: str) -> None:
    with pytest.raises(CommandSyntaxError) as error:
        filled(line, value)
    assert "cannot be filled in" in error.value.text.en
    assert "不能填入" in error.value.text.zh


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["docker run -e A=<x> nginx ls", "docker run nginx <x>"]))
def test_a_value_is_one_word_and_no_flag(value: str, line: str) -> None:
    before = plan_line(line, workspace=WS)
    try:
        after = fill_line(before.line, before.placeholders, {"<x>": value})
    except CommandSyntaxError:
        return
    words = [word.text for word in lex(after, workspace=WS).words]
    old = [word.text for word in lex(before.line, workspace=WS).words]
    assert words == [word.replace("<x>", value.strip()) for word in old]
    assert plan_line(after, workspace=WS).action.__class__ is before.action.__class__
