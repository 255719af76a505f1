"""Tampering with the ledger is found, and files of the first version are taken over with all their runs."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.execution import ledger as ledger_module
from assistant.execution import ledger_chain
from assistant.execution.ledger import Ledger
from assistant.execution.ledger_rows import COLUMNS, to_row
from tests.unit.execution.test_ledger import OPEN, RUN


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    ledger = Ledger(path)
    for number in range(4):
        ledger.record(replace(OPEN, id=f"r{number}", started_at=float(number)))
        ledger.record(replace(RUN, id=f"r{number}", started_at=float(number)))
    yield ledger
    ledger.close()


def tamper(path: Path, *statements: str) -> None:
    database = sqlite3.connect(path)
    with database:
        for statement in statements:
            assert database.execute(statement).rowcount != 0
    database.close()


def test_an_untouched_ledger_is_whole(ledger: Ledger) -> None:
    proof = ledger.verify()
    assert (proof.entries, proof.runs, proof.broken) == (8, 4, ())
    ledger.record(replace(RUN, id="next"))
    after = ledger.verify()
    assert after.entries == 9
    assert after.head != proof.head
    assert after.broken == ()


@pytest.mark.parametrize(
    ("statements", "entry", "said"),
    [
        (["UPDATE events SET content = replace(content, 'box', 'x') WHERE n = 3"], 3, "Entry 3 was changed"),
        (["UPDATE events SET at = 1.0 WHERE n = 8"], 8, "Entry 8 was changed"),
        (["DELETE FROM events WHERE n = 4"], 4, "Entries 4 to 4 were taken out"),
        (["DELETE FROM events WHERE n = 1"], 1, "Entries 1 to 1 were taken out"),
        (["DELETE FROM events WHERE n > 6", "DELETE FROM runs WHERE id = 'r3'"], 7, "Entries 7 to 8 were"),
        (
            ["DELETE FROM events WHERE n = 2", "UPDATE events SET n = n - 1 WHERE n > 2"],
            2,
            "Entry 2 does not follow",
        ),
        (
            [
                "UPDATE events SET n = 100 WHERE n = 5",
                "UPDATE events SET n = 5 WHERE n = 6",
                "UPDATE events SET n = 6 WHERE n = 100",
            ],
            5,
            "Entry 5 does not follow",
        ),
        (["UPDATE runs SET approved_by = 'nobody' WHERE id = 'r1'"], 0, "The run r1 was changed"),
        (["UPDATE runs SET output = 'nothing happened' WHERE id = 'r2'"], 0, "The run r2 was changed"),
        (["DELETE FROM runs WHERE id = 'r0'"], 0, "The run r0 was taken out"),
        (["UPDATE runs SET id = 'r9' WHERE id = 'r3'"], 0, "The run r9 was put in"),
    ],
)  # fmt: skip
def test_what_was_changed_removed_or_reordered_is_found(
    statements: list[str], entry: int, said: str, ledger: Ledger, path: Path
) -> None:
    tamper(path, *statements)
    found = ledger.verify().broken
    assert any(broken.entry == entry and said in broken.text.en for broken in found), found
    assert all(broken.text.zh for broken in found)
    ledger.record(replace(RUN, id="later"))
    assert any(said in broken.text.en for broken in ledger.verify().broken)


def test_an_entry_rewritten_with_its_digest_breaks_the_one_after_it(ledger: Ledger, path: Path) -> None:
    from assistant.execution.ledger_chain import _digest

    database = sqlite3.connect(path)
    n, run, at, content, previous = database.execute(
        "SELECT n, run, at, content, previous FROM events WHERE n = 4"
    ).fetchone()
    content = content.replace("busybox", "evil")
    with database:
        database.execute(
            "UPDATE events SET content = ?, digest = ? WHERE n = 4",
            (content, _digest(n, run, at, content, previous)),
        )
    database.close()
    assert {broken.entry for broken in ledger.verify().broken} == {5, 0}


def old_file(path: Path) -> None:
    """A ledger as version 1 wrote it."""
    database = sqlite3.connect(path)
    with database:
        database.executescript(ledger_module._SCHEMA)
        for number in range(3):
            row = to_row(replace(RUN, id=f"old{number}", started_at=float(number)), "p")[:-1]
            columns = ", ".join(COLUMNS[:-1])
            database.execute(f"INSERT INTO runs ({columns}) VALUES ({', '.join('?' * 16)})", row)  # noqa: S608
        database.execute("PRAGMA user_version = 1")
    database.close()


def test_a_file_of_version_one_keeps_its_runs_and_gets_a_chain(path: Path) -> None:
    old_file(path)
    ledger = Ledger(path)
    assert [run.id for run in ledger.runs()] == ["old2", "old1", "old0"]
    assert ledger.get("old1") == replace(RUN, id="old1", started_at=1.0)
    ledger.record(replace(RUN, id="new", conversation="chat"))
    assert (ledger.verify().entries, ledger.verify().broken) == (4, ())
    assert [run.id for run in ledger.of_conversation("chat")] == ["new"]
    ledger.close()
    again = Ledger(path)
    assert (len(again.runs()), again.verify().broken) == (4, ())
    again.close()


def test_a_migration_that_is_broken_off_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_file(path)
    appended = ledger_chain.append
    calls: list[int] = []

    def break_off(*args: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        appended(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger_module, "append", break_off)
    with pytest.raises(KeyboardInterrupt):
        Ledger(path).runs()
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA user_version").fetchone() == (1,)
    assert database.execute("SELECT count(*) FROM runs").fetchone() == (3,)
    database.close()
    monkeypatch.setattr(ledger_module, "append", appended)
    ledger = Ledger(path)
    assert (len(ledger.runs()), ledger.verify().broken) == (3, ())
    ledger.close()


CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from assistant.execution.ledger import Ledger
from tests.unit.execution.test_ledger import OPEN
ledger = Ledger(Path(sys.argv[1]))
number = 0
while True:
    ledger.record(replace(OPEN, id=f"{sys.argv[2]}-{number}"))
    print("recorded", flush=True)
    number += 1
"""


def test_processes_killed_while_they_write_leave_a_whole_chain(path: Path) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", CHILD, str(path), name], stdout=subprocess.PIPE)
        for name in ("a", "b")
    ]
    for child in children:
        with child:
            assert child.stdout is not None
            for _ in range(5):
                assert child.stdout.readline() == b"recorded\n"
            os.kill(child.pid, signal.SIGKILL)
    ledger = Ledger(path)
    runs = ledger.runs(100_000)
    assert len(runs) >= 10
    assert {run.outcome for run in runs} == {"lost"}
    proof = ledger.verify()
    assert proof.broken == ()
    assert proof.runs == len(runs)
    ledger.close()


def test_many_threads_write_one_chain(path: Path) -> None:
    ledgers = [Ledger(path) for _ in range(4)]

    def write(ledger: Ledger, name: str) -> None:
        for number in range(5):
            ledger.record(replace(RUN, id=f"{name}-{number}"))

    threads = [
        threading.Thread(target=write, args=(ledger, str(number))) for number, ledger in enumerate(ledgers)
    ]
    run_all(threads)
    proof = ledgers[0].verify()
    assert (proof.entries, proof.runs, proof.broken) == (20, 20, ())
    for ledger in ledgers:
        ledger.close()


def run_all(threads: list[threading.Thread]) -> None:
    steps: tuple[Callable[[threading.Thread], None], ...] = (threading.Thread.start, threading.Thread.join)
    for step in steps:
        for thread in threads:
            step(thread)
