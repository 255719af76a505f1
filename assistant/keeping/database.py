"""A SQLite file of ours: opened at its first use, its owner's alone, for several threads and programs."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from assistant.errors import KeepingError
from assistant.sqlite_files import opened
from knowledge.language import Text


class Database:
    """One file. ``migrations`` bring it from one version to the next, each a list of SQL statements."""

    def __init__(self, path: Path, what: Text, migrations: Sequence[Sequence[str]]) -> None:
        self._path = path
        self._what = what
        self._migrations = migrations
        self._lock = threading.RLock()
        self._open_one: sqlite3.Connection | None = None

    @property
    def path(self) -> Path:
        """Where the file is, or will be."""
        return self._path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, to read.

        Raises:
            KeepingError: the file cannot be used.
        """
        with self._used() as database:
            yield database

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection within a transaction that writes; all of it is kept, or nothing where it raises.

        Raises:
            KeepingError: the file cannot be used.
        """
        with self._used() as database, database:
            database.execute("BEGIN IMMEDIATE")
            yield database

    def forget_deleted(self) -> None:
        """Overwrites what was deleted, in the file and in its log.

        Raises:
            KeepingError: another program is reading all the while.
        """
        with self._used() as database:
            database.execute("VACUUM")
            busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise sqlite3.OperationalError("another program is reading it")

    def close(self) -> None:
        """Closes the file; the next use opens it again."""
        with self._lock:
            if self._open_one is not None:
                self._open_one.close()
            self._open_one = None

    @contextmanager
    def _used(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._open_one is None:
                    self._open_one = self._open()
                yield self._open_one
            except (sqlite3.Error, OSError, Timeout) as error:
                raise KeepingError(
                    Text(
                        f"{self._what.en} in {self._path} cannot be used: {error}. Check that the folder is "
                        "writable and the disk is not full.",
                        f"无法使用{self._what.zh}（{self._path}）：{error}。请检查目录是否可写、磁盘是否已满。",
                    )
                ) from error

    def _open(self) -> sqlite3.Connection:
        database = opened(self._path, isolation_level=None)
        try:
            database.execute("PRAGMA secure_delete = ON")
            self._migrate(database)
        except BaseException:
            database.close()
            raise
        return database

    def _migrate(self, database: sqlite3.Connection) -> None:
        with database:
            database.execute("BEGIN IMMEDIATE")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > len(self._migrations):
                raise KeepingError(
                    Text(
                        f"{self._what.en} in {self._path} was written by a newer docknotes. Update it.",
                        f"{self._what.zh}（{self._path}）由更新版本的 docknotes 写成。请升级 docknotes。",
                    )
                )
            for statements in self._migrations[version:]:
                for statement in statements:
                    database.execute(statement)
            database.execute(f"PRAGMA user_version = {len(self._migrations)}")
