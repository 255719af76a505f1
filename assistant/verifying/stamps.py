"""Stamps in a file of their own beside the ledger: the last one of each command of each note."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from assistant.errors import LedgerError
from assistant.verifying.values import Stamp
from knowledge.language import Text

_SCHEMA = """
CREATE TABLE IF NOT EXISTS stamps (
    note TEXT NOT NULL,
    digest TEXT NOT NULL,
    command TEXT NOT NULL,
    at REAL NOT NULL,
    engine TEXT NOT NULL,
    outcome TEXT NOT NULL,
    exit_code INTEGER,
    run TEXT NOT NULL,
    PRIMARY KEY (note, digest)
)
"""
_COLUMNS = "note, command, at, engine, outcome, exit_code, run"

T = TypeVar("T")


class Stamps:
    """The stamps kept in one file; made at the first stamp. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    @property
    def are_there(self) -> bool:
        """Whether anything was ever stamped."""
        return self._path.exists()

    def put(self, stamp: Stamp) -> None:
        """Keeps a stamp in place of the one its command had.

        Raises:
            LedgerError: the file cannot be written.
        """

        def write(database: sqlite3.Connection) -> None:
            database.execute(_SCHEMA)
            database.execute(
                "INSERT OR REPLACE INTO stamps (note, digest, command, at, engine, outcome, exit_code, run) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    stamp.note,
                    _digest(stamp.command),
                    stamp.command,
                    stamp.at,
                    stamp.engine,
                    stamp.outcome,
                    stamp.exit_code,
                    stamp.run,
                ),
            )

        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Commands can hold secrets: the file is its owner's alone.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        self._used(write)

    def of(self, note: str | None, command: str) -> Stamp | None:
        """The stamp of a command of a note; None where it was never tried, or stands in no note.

        Raises:
            LedgerError: the file cannot be read.
        """
        if note is None or not self.are_there:
            return None

        def read(database: sqlite3.Connection) -> Stamp | None:
            query = f"SELECT {_COLUMNS} FROM stamps WHERE note = ? AND digest = ?"  # noqa: S608 - constants
            try:
                row = database.execute(query, (note, _digest(command))).fetchone()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):  # just being made
                    return None
                raise
            return Stamp(*row) if row is not None and row[1] == command else None

        return self._used(read)

    def _used(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            try:
                with closing(sqlite3.connect(self._path, timeout=10.0)) as database, database:
                    return work(database)
            except (sqlite3.Error, OSError) as error:
                raise LedgerError(
                    Text(
                        f"The stamps in {self._path} cannot be used: {error}. Delete that file.",
                        f"无法使用 {self._path} 中的验证记录：{error}。可以删除该文件。",
                    )
                ) from error


def _digest(command: str) -> str:
    return hashlib.sha256(command.encode(errors="surrogatepass")).hexdigest()
