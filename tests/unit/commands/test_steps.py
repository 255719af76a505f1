from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.commands.steps import MOST_STEPS, review_steps, split_steps
from assistant.config import Limits
from assistant.values import Decision, Steps, Verdict

FOLDER = Path("/nonexistent/ws")


def judged(line: str) -> Verdict:
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=FOLDER, now=0.0)


def steps_of(text: str) -> Steps:
    return review_steps(text, judged)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("docker ps", ["docker ps"]),
        ("docker ps; docker images", ["docker ps", "docker images"]),
        ("docker ps；docker images", ["docker ps", "docker images"]),
        ("docker ps;", ["docker ps"]),
        ("docker ps && docker images\n# c\n\ndocker info", ["docker ps", "docker images", "docker info"]),
        ("docker ps # a; b && c\ndocker info", ["docker ps", "docker info"]),
        ("# docker rm x\ndocker ps", ["docker ps"]),
        ("# docker ps\n# docker images", ["docker ps", "docker images"]),
        ("$ docker ps\nNAMES\nweb\n$ docker info", ["docker ps", "docker info"]),
        ("$ docker run \\\n> -d nginx\n$ docker ps", ["docker run \\\n-d nginx", "docker ps"]),
        ("docker run a sh -c 'a; b && c'\ndocker ps", ["docker run a sh -c 'a; b && c'", "docker ps"]),
        ('docker run a "x\\"; y"; docker ps', ['docker run a "x\\"; y"', "docker ps"]),
        ("docker run a \\; b; docker ps", ["docker run a \\; b", "docker ps"]),
        ("docker run -d `\n nginx\ndocker ps", ["docker run -d `\n nginx", "docker ps"]),
        ("docker run a#b; docker ps", ["docker run a#b", "docker ps"]),
        ("docker ps || x\ndocker ps", ["docker ps || x", "docker ps"]),
        ("docker run 'a\ndocker ps", ["docker run 'a\ndocker ps"]),
        ("docker ps\u200b; docker ps", ["docker ps\u200b; docker ps"]),
        ("", [""]),
    ],
)
def test_a_text_is_cut_where_a_shell_would_begin_another_command(text: str, lines: list[str]) -> None:
    assert list(split_steps(text)) == lines


def test_the_strictest_step_decides() -> None:
    assert steps_of("docker ps\ndocker images").decision is Decision.ALLOW
    assert steps_of("docker ps\ndocker run nginx").decision is Decision.ASK
    assert steps_of("docker ps\ndocker run nginx\ndocker run --privileged nginx").decision is Decision.REFUSE
    assert steps_of("docker ps; rm -rf /").decision is Decision.REFUSE
    assert steps_of("docker ps; rm -rf /").kind == "host"
    assert steps_of("docker ps; docker images").kind == "docker"


def test_mended_lines_stand_in_their_place() -> None:
    steps = steps_of("docker ps\ndocker run -gpus all x")

    assert steps.suggestion == "docker ps\ndocker run --gpus all x"
    assert steps_of("docker ps\ndocker info").suggestion is None
    assert steps_of(steps.suggestion).decision is Decision.ASK


def test_too_many_are_no_sequence() -> None:
    assert len(split_steps("\n".join(["docker ps"] * MOST_STEPS))) == MOST_STEPS
    assert steps_of("\n".join(["docker ps"] * (MOST_STEPS + 1))).decision is Decision.REFUSE


_PIECES = st.sampled_from(
    [
        "docker",
        "ps",
        "run",
        "nginx",
        " ",
        "\n",
        ";",
        "&&",
        "&",
        "|",
        "'",
        '"',
        "\\",
        "#",
        "$ ",
        "> ",
        "`",
        "^",
        "“",
        "；",
    ]
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=30).map("".join)))
def test_cutting_never_makes_a_text_mean_something_else(text: str) -> None:
    steps = steps_of(text)
    whole = judged(text)

    assert steps.steps
    if whole.decision is not Decision.REFUSE:
        assert [verdict.digest for verdict in steps.steps] == [whole.digest]
    for verdict in steps.steps:
        if verdict.plan is not None:
            assert len(split_steps(verdict.plan.line)) == 1
