"""How a SQLite file of ours is opened: its owner's alone, for several threads and programs."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Literal

from filelock import FileLock

WAIT_SECONDS = 10.0
"""How long another program that writes is waited for."""


def opened(path: Path, *, isolation_level: Literal["DEFERRED"] | None = "DEFERRED") -> sqlite3.Connection:
    """The connection to a file, which is made with its folder where it is not there.

    Args:
        path: the file.
        isolation_level: as `sqlite3.connect` takes it; None leaves transactions to the caller.

    Raises:
        sqlite3.Error, OSError, filelock.Timeout: it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # What is kept can hold secrets: the file is its owner's alone.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    database = sqlite3.connect(
        path, timeout=WAIT_SECONDS, check_same_thread=False, isolation_level=isolation_level
    )
    try:
        # SQLite's timeout does not hold for the change to WAL: of two that open a new file at once,
        # one is told that it is locked.
        with FileLock(path.with_name(f"{path.name}.opening"), timeout=WAIT_SECONDS):
            database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
    except BaseException:
        database.close()
        raise
    return database
