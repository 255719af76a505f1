"""The ledger: one row for every run, written when it starts and again when it ends.

SQLite with a write-ahead log, so several processes may read and write it. A row without an outcome
belongs to a run that goes on, or to a process that was killed in the middle of one; each process
holds a lock file for as long as it lives, so the two can be told apart, and the latter are found
``lost`` the next time the ledger is read.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import LedgerError
from assistant.execution.as_json import to_json
from assistant.values import Created, Decision, Operation, Run
from knowledge.language import Text

SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    process TEXT NOT NULL,
    command TEXT NOT NULL,
    question TEXT NOT NULL,
    decision TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    engine TEXT NOT NULL,
    started_at REAL NOT NULL,
    ended_at REAL,
    outcome TEXT,
    exit_code INTEGER,
    output TEXT NOT NULL,
    output_cut INTEGER NOT NULL,
    error TEXT,
    operations TEXT NOT NULL,
    created TEXT NOT NULL
);
CREATE INDEX runs_by_start ON runs (started_at);
"""
_COLUMNS = (
    "id, process, command, question, decision, approved_by, engine, started_at, ended_at, outcome, "
    "exit_code, output, output_cut, error, operations, created"
)
_LOST = Text(
    "The program that made this run was ended before it could see how it went.",
    "执行这次运行的程序在看到结果之前就被终止了。",
)


class Ledger:
    """The runs kept in one file; opened at the first use. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = secrets.token_hex(8)
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None
        self._alive: FileLock | None = None

    @property
    def starting(self) -> Path:
        """The lock file held by a run that looks at the other containers and starts its own."""
        return self._path.with_name(f"{self._path.name}.starting")

    def record(self, run: Run) -> None:
        """Writes a run as it stands now, in place of what was written of it before.

        Raises:
            LedgerError: the file cannot be written.
        """
        with self._used() as database:
            self._show_life()
            places = ", ".join("?" * 16)
            database.execute(
                f"INSERT OR REPLACE INTO runs ({_COLUMNS}) VALUES ({places})",  # noqa: S608 - constants
                _to_row(run, self._process),
            )

    def runs(self, limit: int = 50) -> list[Run]:
        """The latest runs, newest first.

        Raises:
            LedgerError: the file cannot be read.
        """
        return self._select("ORDER BY started_at DESC, rowid DESC LIMIT ?", limit)

    def get(self, run: str) -> Run | None:
        """One run, or None where the ledger does not know it.

        Raises:
            LedgerError: the file cannot be read.
        """
        return next(iter(self._select("WHERE id = ?", run)), None)

    def close(self) -> None:
        """Closes the file; the next use opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            if self._alive is not None:
                self._alive.release()
                Path(self._alive.lock_file).unlink(missing_ok=True)
            self._database = self._alive = None

    def _select(self, rest: str, *values: object) -> list[Run]:
        with self._used() as database:
            self._find_lost(database)
            query = f"SELECT {_COLUMNS} FROM runs {rest}"  # noqa: S608 - constants, values are bound
            return [_from_row(row) for row in database.execute(query, values)]

    @contextmanager
    def _used(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._database is None:
                    self._database = self._open()
                with self._database as database:
                    yield database
            except (sqlite3.Error, OSError, Timeout) as error:
                raise LedgerError(
                    Text(
                        f"The record of runs {self._path} cannot be used: {error}. Check that the folder is "
                        "writable and the disk is not full.",
                        f"无法使用运行记录 {self._path}：{error}。请检查目录是否可写、磁盘是否已满。",
                    )
                ) from error

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Commands and output can hold secrets: the file is its owner's alone.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(self._path, timeout=10.0, check_same_thread=False)
        try:
            # SQLite's timeout does not hold for the change to WAL: of two that open a new file at once,
            # one is told that it is locked.
            with FileLock(self._path.with_name(f"{self._path.name}.opening"), timeout=10.0):
                database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            with database:
                database.execute("BEGIN IMMEDIATE")
                (version,) = database.execute("PRAGMA user_version").fetchone()
                if version == 0:
                    for statement in _SCHEMA.split(";"):
                        database.execute(statement)
                    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except BaseException:
            database.close()
            raise
        if version > SCHEMA_VERSION:
            database.close()
            raise LedgerError(
                Text(
                    f"The record of runs {self._path} was written by a newer docknotes. Update docknotes.",
                    f"运行记录 {self._path} 由更新版本的 docknotes 写成。请升级 docknotes。",
                )
            )
        return database

    def _lock_of(self, process: str) -> FileLock:
        return FileLock(self._path.with_name(f"{self._path.name}.{process}.alive"), thread_local=False)

    def _show_life(self) -> None:
        if self._alive is None:
            self._alive = self._lock_of(self._process)
            self._alive.acquire(timeout=0)

    def _find_lost(self, database: sqlite3.Connection) -> None:
        """Gives runs of processes that are no more the outcome ``lost``."""
        open_rows = database.execute("SELECT DISTINCT process FROM runs WHERE outcome IS NULL").fetchall()
        for (process,) in open_rows:
            if process == self._process or not self._is_dead(process):
                continue
            database.execute(
                "UPDATE runs SET outcome = 'lost', error = ? WHERE process = ? AND outcome IS NULL",
                (to_json(_LOST), process),
            )

    def _is_dead(self, process: str) -> bool:
        lock = self._lock_of(process)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)
        return True


def _to_row(run: Run, process: str) -> tuple[Any, ...]:
    return (
        run.id,
        process,
        run.command,
        run.question,
        run.decision.value,
        run.approved_by,
        run.engine,
        run.started_at,
        run.ended_at,
        run.outcome,
        run.exit_code,
        run.output,
        int(run.output_cut),
        None if run.error is None else to_json(run.error),
        to_json(run.operations),
        to_json(run.created),
    )


def _from_row(row: tuple[Any, ...]) -> Run:
    return Run(
        id=row[0],
        command=row[2],
        question=row[3],
        decision=Decision(row[4]),
        approved_by=row[5],
        engine=row[6],
        started_at=row[7],
        ended_at=row[8],
        outcome=row[9],
        exit_code=row[10],
        output=row[11],
        output_cut=bool(row[12]),
        error=None if row[13] is None else Text(**json.loads(row[13])),
        operations=tuple(Operation(**item) for item in json.loads(row[14])),
        created=tuple(Created(**item) for item in json.loads(row[15])),
    )
