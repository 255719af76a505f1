"""Containers that mean harm and registries that do not answer: the run ends, bounded, and nothing is left."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.execution.console import Console
from assistant.execution.engine import DockerEngine
from assistant.execution.images import pull_image
from assistant.execution.session import Cancelled, Session
from assistant.values import Ended, Output, Started
from tests.plans import run_verdict
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=60.0, output_bytes=200_000))
    yield at
    at.ledger.close()


def test_a_container_that_forks_without_end(engine: DockerEngine, tmp_path: Path) -> None:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=3.0))
    bomb = "trap '' TERM INT HUP; b() { b 2>/dev/null | b 2>/dev/null & }; echo begun; b; while :; do :; done"
    run = at.carry_out(run_verdict("sh", "-c", bomb, processes=32))
    assert run.outcome == "timed_out"
    assert run.output.startswith("begun\n")
    assert at.carry_out(run_verdict("echo", "still here")).output == "still here\n"
    assert engine.list_containers(all=True) == []
    at.ledger.close()


@pytest.mark.parametrize("stream", ["", " >&2"])
def test_a_container_that_writes_without_end_to_either_stream(at: Bench, stream: str) -> None:
    run = at.carry_out(run_verdict("sh", "-c", f"trap '' TERM; while :; do echo 没完没了{stream}; done"))
    assert (run.outcome, run.output_cut) == ("output_limit", True)
    assert len(run.output.encode()) <= 200_000
    assert set(run.output) == set("没完了\n")  # cut, but through no character


def test_binary_escapes_and_bidi_become_plain_text(at: Bench) -> None:
    steps = (
        "head -c 50000 /dev/urandom",
        r"printf '\033]52;c;aGk=\007\033]0;title\007\033[2J\033[8mhidden\033[0m\033[6n'",
        r"printf '\302\23331m\342\200\256evil\342\201\246\342\200\213\357\273\277\n'",
        "echo end",
    )
    for tty in (False, True):
        run = at.carry_out(run_verdict("sh", "-c", "; ".join(steps), tty=tty))
        assert run.outcome == "succeeded"
        assert run.output.endswith("end\n")
        assert "hidden" in run.output and "title" not in run.output
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", run.output
        )
        assert at.ledger.get(run.id) == run


def test_a_program_that_does_not_read_and_does_not_end_is_cancelled(at: Bench) -> None:
    """A person pastes more than fits, and the program ignores it and every signal it may."""
    console = Console()
    verdict = at.sandbox.review("""docker run --rm -i busybox sh -c 'trap "" TERM INT; echo up; sleep 600'""")
    typist = threading.Thread(target=lambda: [console.send(b"x" * 65_536) for _ in range(40)])
    ids: list[str] = []
    for event in at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"), console=console):
        if isinstance(event, Started):
            ids.append(event.run)
        if isinstance(event, Output):
            typist.start()
            threading.Timer(0.5, at.sandbox.cancel, ids).start()
    assert isinstance(event, Ended)
    assert (event.run.outcome, event.run.output) == ("cancelled", "up\n")
    typist.join(30)
    assert not typist.is_alive()  # whoever types is let go
    assert at.engine.list_containers(all=True) == []


def test_input_and_output_without_end_at_the_same_time(at: Bench) -> None:
    """What is typed comes back; neither side may wait for the other for ever."""
    console = Console()
    verdict = at.sandbox.review("docker run --rm -i busybox cat")

    def type_on() -> None:
        while console.send(b"0123456789abcde\n" * 1024):
            pass

    typist = threading.Thread(target=type_on)
    typist.start()
    *_, last = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"), console=console)
    assert isinstance(last, Ended)
    assert (last.run.outcome, last.run.output_cut) == ("output_limit", True)
    typist.join(30)
    assert not typist.is_alive()


def test_a_registry_that_does_not_answer_is_left(engine: DockerEngine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        session = Session(output_bytes=1000)
        threading.Timer(1.0, session.cancel.set).start()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            list(pull_image(engine, f"127.0.0.1:{silent.getsockname()[1]}/slow:1", None, session))
        assert time.monotonic() - begun < 30
    assert session.created == []
