"""A person at a program: what they type arrives, in order, and nothing of it is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.execution.console import HELD_BYTES, Console, takes_input
from assistant.execution.ledger import Ledger
from assistant.protocols import Way
from assistant.values import Ended, Output, Run, RunEvent, Verdict
from tests.fakes.engine import MemoryEngine
from tests.runs import Bench, bench

WAIT_SECONDS = 60.0


@pytest.fixture
def memory() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def at(memory: MemoryEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(memory, tmp_path)
    yield at
    at.ledger.close()


def typed(
    at: Bench, line: str, console: Console, on_event: Callable[[RunEvent], None] = lambda event: None
) -> Run:
    verdict = at.sandbox.review(line)
    approval = at.sandbox.approve(verdict, by="test")
    last: RunEvent | None = None
    for last in at.sandbox.run(verdict, approval=approval, console=console):
        on_event(last)
    assert isinstance(last, Ended)
    return last.run


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_lines_arrive_and_the_end_of_input_ends_the_program(at: Bench) -> None:
    console = Console()
    assert console.send(b"early\n")

    def answer(event: RunEvent) -> None:
        if isinstance(event, Output) and "early" in event.text:
            assert console.send_line("second")
            console.end()

    run = typed(at, "docker run --rm -i busybox cat", console, answer)
    assert (run.outcome, run.exit_code, run.output) == ("succeeded", 0, "early\nsecond\n")
    assert run.interactive
    assert not console.is_open
    assert not console.send(b"late")


def test_the_ledger_says_that_it_was_interactive_and_not_what_was_typed(at: Bench, tmp_path: Path) -> None:
    console = Console()
    console.send(b"my secret\n")
    console.end()
    verdict = at.sandbox.review("docker run --rm -i busybox cat")
    (*_, ended) = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"), console=console)
    assert isinstance(ended, Ended)
    alone = at.line("docker run --rm -i busybox cat")
    assert (ended.run.interactive, alone.interactive) == (True, False)
    assert (alone.outcome, alone.output) == ("succeeded", "")  # its input ended at once
    at.ledger.close()
    for run in Ledger(tmp_path / "ledger.sqlite3").runs():
        assert run.interactive is (run.id == ended.run.id)
        assert "secret" not in str(replace(run, output=""))  # but what the program itself wrote


def test_a_terminal_is_told_its_size_and_every_change(at: Bench, memory: MemoryEngine) -> None:
    shown: list[str] = []
    console = Console(screen=shown.append, size=(24, 80), on_open=lambda: console.resize(50, 120))
    console.send(b"\x1b[31mred\x1b[0m\x1b]0;title\x07\r\n")
    sizes: list[tuple[int, int] | None] = []

    def look(event: RunEvent) -> None:
        if isinstance(event, Output):
            (container,) = memory.containers.values()
            until(lambda: container.size == (50, 120))
            sizes.append(container.size)
            console.end()

    run = typed(at, "docker run --rm -it busybox cat", console, look)
    assert sizes[0] == (50, 120)
    assert run.output == "red\n"  # the record is cleaned of everything
    assert "".join(shown).startswith("\x1b[31mred\x1b[0m\r\n")
    assert "title" not in "".join(shown)


def test_the_time_limit_counts_from_the_last_key(memory: MemoryEngine, tmp_path: Path) -> None:
    at = bench(memory, tmp_path, limits=Limits(time_seconds=0.3))
    assert typed(at, "docker run --rm -i busybox cat", Console()).outcome == "timed_out"
    late = Console()
    late.typed_at -= 600  # as after a long pull
    with late.connected(Stuck(), tty=False, resize=lambda rows, columns: None):
        assert late.typed_at > time.monotonic() - 300
    console = Console()
    before = console.typed_at
    console.send(b"x\n")
    assert console.typed_at >= before
    console.typed_at += 600

    def end_it_later(event: RunEvent) -> None:
        if isinstance(event, Output):
            time.sleep(0.6)
            (container,) = memory.containers
            memory.kill_container(container)

    assert typed(at, "docker run --rm -i busybox cat", console, end_it_later).outcome == "failed"
    at.ledger.close()


def test_cancel_ends_a_program_that_waits_for_input(at: Bench) -> None:
    console = Console(on_open=lambda: at.sandbox.cancel(at.ledger.runs()[0].id))
    assert typed(at, "docker run --rm -it busybox cat", console).outcome == "cancelled"


def test_a_program_that_takes_no_input_is_not_connected(at: Bench, memory: MemoryEngine) -> None:
    for line in ("docker run --rm busybox true", "docker run --rm -t busybox true"):
        console = Console()
        verdict = at.sandbox.review(line)
        assert verdict.plan is not None
        assert not takes_input(verdict.plan)
        assert not typed(at, line, console).interactive
        assert not console.send(b"x")
    assert all(request != "attach" for request, _ in memory.requests)


def test_a_failed_start_closes_the_way_in(at: Bench) -> None:
    console = Console()
    run = typed(at, "docker run --rm -i busybox nonesuch", console)
    assert run.outcome == "failed"
    assert not console.send(b"x")


class Stuck:
    """A way in to a program that does not read."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.read = threading.Event()

    def __iter__(self) -> Iterator[Output]:
        return self

    def __next__(self) -> Output:
        raise StopIteration

    def close(self) -> None:
        self.read.set()

    def send(self, data: bytes) -> None:
        self.read.wait(WAIT_SECONDS)
        self.sent.append(data)

    def close_input(self) -> None:
        self.sent.append(b"end")


def test_what_a_program_does_not_read_is_held_up_to_a_bound() -> None:
    way: Way = Stuck()
    assert isinstance(way, Stuck)
    console = Console()
    with console.connected(way, tty=False, resize=lambda rows, columns: None):
        assert console.send(b"x" * HELD_BYTES)
        assert not console.send(b"y", wait=False)
        waiting = threading.Thread(target=console.send, args=[b"z"])
        waiting.start()
        way.read.set()
        waiting.join(WAIT_SECONDS)
        console.end()
        until(lambda: way.sent[-1:] == [b"end"])
    assert [chunk[:1] for chunk in way.sent] == [b"x", b"z", b"e"]


def test_the_end_of_the_run_lets_go_of_whoever_types() -> None:
    way = Stuck()
    console = Console()
    taken: list[bool] = []
    with console.connected(way, tty=False, resize=lambda rows, columns: None):
        console.send(b"x" * HELD_BYTES)
        waiting = threading.Thread(target=lambda: taken.append(console.send(b"z")))
        waiting.start()
        way.close()
        console.close()
    waiting.join(WAIT_SECONDS)
    assert len(taken) == 1


def test_verdicts_are_the_same_whoever_types(at: Bench) -> None:
    verdict: Verdict = at.sandbox.review("docker run -it busybox cat")
    assert verdict.plan is not None
    assert takes_input(verdict.plan)
    body = next(o.as_run for o in verdict.plan.operations if o.path == "/containers/create")
    assert body is not None
    assert body["OpenStdin"] and body["StdinOnce"] and body["Tty"]
