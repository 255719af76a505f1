"""The ledger keeps every value of a run, from its start on, and knows a crash from a run in progress."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import LedgerError
from assistant.execution.ledger import Ledger
from assistant.values import Created, Decision, Operation, Run
from knowledge.language import Text

RUN = Run(
    id="a1",
    command="docker run --rm busybox true",
    question="怎么运行?",
    decision=Decision.ASK,
    approved_by="person at the web page",
    engine="unix:///x 27.5.1",
    started_at=1000.5,
    ended_at=1002.25,
    outcome="failed",
    exit_code=3,
    output="out\n",
    output_cut=True,
    error=Text("It failed.", "失败了。"),
    operations=(
        Operation(
            "POST", "/containers/create", {"name": "x"}, {"Image": "busybox"}, {"HostConfig": {"Memory": 1}}
        ),
    ),
    created=(Created("container", "c1", "x"), Created("network", "n1")),
)
OPEN = replace(RUN, ended_at=None, outcome=None, exit_code=None, error=None, output="")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "home" / "ledger.sqlite3")
    yield ledger
    ledger.close()


def test_keeps_every_value(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record(RUN)
    assert ledger.get("a1") == RUN
    ledger.close()
    again = Ledger(tmp_path / "home" / "ledger.sqlite3")
    assert again.runs() == [RUN]
    again.close()


def test_opens_only_when_used(tmp_path: Path) -> None:
    Ledger(tmp_path / "home" / "ledger.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_start_and_end_are_one_row(ledger: Ledger) -> None:
    ledger.record(OPEN)
    assert ledger.runs() == [OPEN]
    ledger.record(RUN)
    assert ledger.runs() == [RUN]


def test_newest_first_and_no_more_than_asked_for(ledger: Ledger) -> None:
    for number in range(5):
        ledger.record(replace(RUN, id=f"r{number}", started_at=float(number)))
    assert [run.id for run in ledger.runs(3)] == ["r4", "r3", "r2"]
    assert ledger.get("none") is None


def test_is_its_owners_alone(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record(RUN)
    assert (tmp_path / "home" / "ledger.sqlite3").stat().st_mode & 0o077 == 0


def test_takes_runs_from_many_threads(ledger: Ledger) -> None:
    def record(number: int) -> None:
        for step in range(10):
            ledger.record(replace(RUN, id=f"{number}-{step}"))

    threads = [threading.Thread(target=record, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.runs(1000)) == 80


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    for number in range(20):
        ledgers = [Ledger(tmp_path / f"{number}.sqlite3") for _ in range(6)]
        together = threading.Barrier(len(ledgers))
        failed: list[LedgerError] = []

        def record(
            ledger: Ledger, together: threading.Barrier = together, failed: list[LedgerError] = failed
        ) -> None:
            together.wait()
            try:
                ledger.record(RUN)
            except LedgerError as error:
                failed.append(error)

        threads = [threading.Thread(target=record, args=[ledger]) for ledger in ledgers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        for ledger in ledgers:
            ledger.close()


CHILD = """
import sys, time
from pathlib import Path
from tests.unit.execution.test_ledger import OPEN
from assistant.execution.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.record(OPEN)
print("recorded", flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_a_lost_run_and_a_living_one_an_open_run(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    reader = Ledger(path)
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"recorded\n"
        assert [run.outcome for run in reader.runs()] == [None]
        os.kill(child.pid, signal.SIGKILL)
    (run,) = reader.runs()
    assert run.outcome == "lost"
    assert run.exit_code is None
    assert run.ended_at is None
    assert run.error is not None
    reader.close()
    assert not list(tmp_path.glob("*.alive"))


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(LedgerError, match="newer docknotes"):
        Ledger(path).runs()


def test_a_file_that_is_no_ledger_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"this is not a database, but it is long enough to be taken for one" * 20)
    with pytest.raises(LedgerError, match="cannot be used"):
        Ledger(path).record(RUN)
