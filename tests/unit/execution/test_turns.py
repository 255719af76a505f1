"""Runs in turn: a bound on how many go on and wait, their order, and leaving the line."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.errors import BusyError
from assistant.values import Ended, Run, RunEvent, Started, Waiting
from tests.fakes.engine import MemoryEngine
from tests.plans import run_verdict
from tests.runs import Bench, bench

WAIT_SECONDS = 60.0


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Bench]:
    at = bench(MemoryEngine(), tmp_path, limits=Limits(runs_at_once=1, runs_waiting=2))
    yield at
    at.ledger.close()


class Going:
    """A run in a thread of its own, and what it told."""

    def __init__(self, at: Bench, *command: str) -> None:
        verdict = run_verdict(*command)
        self.events: list[RunEvent] = []
        source = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
        self.events.append(next(source))
        self._thread = threading.Thread(target=self.events.extend, args=[source])
        self._thread.start()

    @property
    def id(self) -> str:
        (started,) = [event for event in self.events if isinstance(event, Started)]
        return started.run

    @property
    def places(self) -> list[int]:
        return [event.before for event in list(self.events) if isinstance(event, Waiting)]

    def end(self) -> Run:
        self._thread.join(WAIT_SECONDS)
        last = self.events[-1]
        assert isinstance(last, Ended)
        return last.run


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def running(at: Bench) -> int:
    return len(at.engine.list_containers())


def test_later_runs_wait_and_are_told_their_place(at: Bench) -> None:
    first = Going(at, "sleep", "60")
    until(lambda: running(at) == 1)
    second = Going(at, "echo", "second")
    until(lambda: second.places == [0])
    third = Going(at, "echo", "third")
    until(lambda: third.places == [1])
    assert running(at) == 1
    at.sandbox.cancel(first.id)
    assert first.end().outcome == "cancelled"
    assert (second.end().output, third.end().output) == ("second\n", "third\n")
    assert third.places in ([1, 0], [1])  # a place that is left at once need not be told
    assert second.end().ended_at <= third.end().ended_at  # type: ignore[operator]


def test_one_too_many_is_refused_and_its_approval_still_holds(at: Bench) -> None:
    going = [Going(at, "sleep", "60")]
    until(lambda: running(at) == 1)
    for number in range(2):
        going.append(Going(at, "sleep", "60"))
        until(lambda number=number: going[-1].places == [number])  # type: ignore[misc]
    verdict = run_verdict("echo", "late")
    approval = at.sandbox.approve(verdict, by="test")
    with pytest.raises(BusyError, match="1 runs are going on and 2 wait") as caught:
        at.sandbox.run(verdict, approval=approval)
    assert "已达上限" in caught.value.text.zh
    assert len(at.ledger.runs()) == 3
    for one in going:
        at.sandbox.cancel(one.id)
    assert {one.end().outcome for one in going} == {"cancelled"}
    (*_, ended) = at.sandbox.run(verdict, approval=approval)
    assert isinstance(ended, Ended)
    assert ended.run.output == "late\n"


def test_cancel_while_it_waits(at: Bench) -> None:
    first = Going(at, "sleep", "60")
    until(lambda: running(at) == 1)
    second = Going(at, "echo", "never")
    until(lambda: second.places == [0])
    begun = time.monotonic()
    at.sandbox.cancel(second.id)
    run = second.end()
    assert time.monotonic() - begun < WAIT_SECONDS / 2
    assert (run.outcome, run.output, run.created) == ("cancelled", "", ())
    assert running(at) == 1
    at.sandbox.cancel(first.id)
    first.end()


def test_a_caller_who_walks_away_while_it_waits_leaves_the_line(at: Bench) -> None:
    first = Going(at, "sleep", "60")
    until(lambda: running(at) == 1)
    verdict = run_verdict("true")
    for _ in range(4):  # more than may wait at a time
        events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
        assert isinstance(next(events), Started)
        assert next(events) == Waiting(0)
        events.close()  # type: ignore[attr-defined]
    at.sandbox.cancel(first.id)
    first.end()


def test_what_only_reads_or_stops_waits_for_nobody(at: Bench) -> None:
    first = Going(at, "sleep", "60")
    until(lambda: running(at) == 1)
    assert at.line("docker ps").outcome == "succeeded"
    (container,) = at.engine.list_containers()
    assert at.line(f"docker stop -t 0 {container['Id']}").outcome == "succeeded"
    assert first.end().outcome == "failed"


def test_how_many_run_at_once_holds_for_all_that_keep_the_same_record(at: Bench, tmp_path: Path) -> None:
    other = bench(MemoryEngine(), tmp_path, limits=Limits(runs_at_once=1))
    first = Going(at, "sleep", "60")
    until(lambda: running(at) == 1)
    second = Going(other, "echo", "second")
    until(lambda: second.places == [0])
    third = Going(other, "echo", "third")
    until(lambda: third.places == [0])
    other.sandbox.cancel(third.id)
    assert third.end().outcome == "cancelled"
    assert running(other) == 0
    at.sandbox.cancel(first.id)
    first.end()
    assert second.end().output == "second\n"
    other.ledger.close()


def test_a_process_that_dies_lets_its_place_go(at: Bench, tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tests.runs import bench;"
        "from tests.fakes.engine import MemoryEngine; from tests.plans import run_verdict;"
        "from assistant.config import Limits;"
        "at = bench(MemoryEngine(), Path(sys.argv[1]), limits=Limits(runs_at_once=1));"
        "v = run_verdict('sh', '-c', 'echo begun; sleep 600');"
        "[print(type(e).__name__, flush=True)"
        " for e in at.sandbox.run(v, approval=at.sandbox.approve(v, by='test'))]"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert [child.stdout.readline() for _ in range(2)] == [b"Started\n", b"Output\n"]
        waiting = Going(at, "echo", "mine")
        until(lambda: waiting.places == [0])
        child.kill()
    assert waiting.end().output == "mine\n"
