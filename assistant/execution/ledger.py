"""The ledger: one row for every run, written when it starts and again when it ends, and a chained log of it.

SQLite with a write-ahead log, so several processes may read and write it. A row without an outcome
belongs to a run that goes on, or to a process that was killed in the middle of one; each process
holds a lock file for as long as it lives, so the two can be told apart, and the latter are found
``lost`` the next time the ledger is read.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import LedgerError
from assistant.execution import ledger_chain
from assistant.execution.ledger_chain import Proof, append, verify
from assistant.execution.ledger_rows import COLUMNS, from_row, to_row
from assistant.sqlite_files import opened
from assistant.values import Run
from knowledge.language import Text

SCHEMA_VERSION = 2

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
"""Version 1; later ones build on it, so that a new file and an old one end up the same."""
_CONVERSATIONS = "ALTER TABLE runs ADD COLUMN conversation TEXT NOT NULL DEFAULT ''"
_COLUMNS = ", ".join(COLUMNS)
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
            database.execute("BEGIN IMMEDIATE")  # the entry before this one must stay the last till then
            _write(database, to_row(run, self._process))

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

    def of_conversation(self, conversation: str) -> list[Run]:
        """The runs of one conversation, newest first.

        Raises:
            LedgerError: the file cannot be read.
        """
        return self._select("WHERE conversation = ? ORDER BY started_at DESC, rowid DESC", conversation)

    def that_made(self, kind: str) -> list[Run]:
        """The runs that made an object of a kind, newest first.

        Raises:
            LedgerError: the file cannot be read.
        """
        return self._select("WHERE created LIKE ? ORDER BY started_at DESC, rowid DESC", f'%"kind":"{kind}"%')

    def verify(self) -> Proof:
        """Whether the record is as it was written: every entry, every run, and their order.

        Raises:
            LedgerError: the file cannot be read.
        """
        with self._used() as database:
            database.execute("BEGIN")  # one state of the file, whoever writes meanwhile
            return verify(database)

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
            return [from_row(row) for row in database.execute(query, values)]

    @contextmanager
    def _used(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._database is None:
                    self._database = self._open()
                with self._database as database:
                    yield database
            except (sqlite3.Error, OSError, Timeout, ValueError, TypeError, KeyError) as error:
                raise LedgerError(
                    Text(
                        f"The record of runs {self._path} cannot be used: {error}. Check that the folder is "
                        "writable and the disk is not full.",
                        f"无法使用运行记录 {self._path}：{error}。请检查目录是否可写、磁盘是否已满。",
                    )
                ) from error

    def _open(self) -> sqlite3.Connection:
        database = opened(self._path)
        try:
            with database:
                database.execute("BEGIN IMMEDIATE")
                (version,) = database.execute("PRAGMA user_version").fetchone()
                _migrate(database, version)
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
            if not database.in_transaction:
                database.execute("BEGIN IMMEDIATE")
            query = f"SELECT {_COLUMNS} FROM runs WHERE process = ? AND outcome IS NULL"  # noqa: S608
            for row in database.execute(query, (process,)).fetchall():
                lost = replace(from_row(row), outcome="lost", error=_LOST)
                _write(database, to_row(lost, process))

    def _is_dead(self, process: str) -> bool:
        lock = self._lock_of(process)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)
        return True


def _write(database: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """A row in the place of what stood there of its run, and in the log behind everything else."""
    places = ", ".join("?" * len(COLUMNS))
    database.execute(f"INSERT OR REPLACE INTO runs ({_COLUMNS}) VALUES ({places})", row)  # noqa: S608
    append(database, row)


def _migrate(database: sqlite3.Connection, version: int) -> None:
    """Brings a file to the present version within one transaction; runs of an older one are kept."""
    if version >= SCHEMA_VERSION:
        return
    if version < 1:
        _execute(database, _SCHEMA)
    database.execute(_CONVERSATIONS)
    _execute(database, ledger_chain.SCHEMA)
    query = f"SELECT {_COLUMNS} FROM runs ORDER BY started_at, rowid"  # noqa: S608 - constants
    for row in database.execute(query).fetchall():
        append(database, row)
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _execute(database: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";"):  # executescript would end the transaction
        database.execute(statement)
