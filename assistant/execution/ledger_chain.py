"""The chain of the ledger: an append-only log of what was written of each run, each entry bound to the last.

An entry holds the SHA-256 over its own content and the digest before it, so an entry that is changed,
taken out or moved breaks the chain at that place. Entries at the end are counted by SQLite's own sequence.
Whoever can write the file can also write a whole new chain; the digest of the last entry, kept elsewhere,
tells that too.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.execution.ledger_rows import COLUMNS
from knowledge.language import Text

SCHEMA = """
CREATE TABLE events (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    at REAL NOT NULL,
    content TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE INDEX events_by_run ON events (run, n);
"""
START = "0" * 64
"""What stands in the place of a digest before the first entry."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the ledger is not as it was written; ``entry`` is 0 where it is about a run alone."""

    entry: int
    run: str
    text: Text


@dataclass(frozen=True, slots=True)
class Proof:
    """What a look at the whole chain found; ``head`` is the digest of the last entry."""

    entries: int
    runs: int
    head: str
    broken: tuple[Broken, ...] = ()


def append(database: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    """Adds what is now written of a run to the log; to be called within a transaction that writes."""
    last = database.execute("SELECT digest FROM events ORDER BY n DESC LIMIT 1").fetchone()
    previous = last[0] if last else START
    n = _written(database) + 1  # not the last that is there: what was taken out at the end stays a gap
    at, content = time.time(), content_of(row)
    database.execute(
        "INSERT INTO events (n, run, at, content, previous, digest) VALUES (?, ?, ?, ?, ?, ?)",
        (n, row[0], at, content, previous, _digest(n, row[0], at, content, previous)),
    )


def content_of(row: tuple[Any, ...]) -> str:
    """A row as the log keeps it; output, which may be long, by its digest."""
    values = dict(zip(COLUMNS, row, strict=True))
    values["output"] = hashlib.sha256(str(values["output"]).encode(errors="surrogatepass")).hexdigest()
    return json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _digest(n: int, run: str, at: float, content: str, previous: str) -> str:
    text = json.dumps([n, run, at, content, previous], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(database: sqlite3.Connection) -> Proof:
    """Looks at every entry and every run; both must be there, unchanged and in order."""
    last: dict[str, str] = {}
    broken: list[Broken] = []
    count, head = 0, START
    for n, run, at, content, previous, digest in database.execute(
        "SELECT n, run, at, content, previous, digest FROM events ORDER BY n"
    ):
        count += 1
        if n != count:
            broken.append(Broken(count, "", _MISSING.filled(first=count, last=n - 1)))
            count = n
        if previous != head:
            broken.append(Broken(n, run, _MOVED.filled(n=n)))
        if digest != _digest(n, run, at, content, previous):
            broken.append(Broken(n, run, _CHANGED.filled(n=n)))
        head = digest
        last[run] = content
    broken += _at_the_end(database, count)
    rows = {row[0]: content_of(row) for row in database.execute(_ROWS)}
    broken += _against_runs(rows, last)
    return Proof(count, len(rows), head, tuple(broken))


def _at_the_end(database: sqlite3.Connection, count: int) -> Iterator[Broken]:
    written = _written(database)
    if written > count:
        yield Broken(count + 1, "", _MISSING.filled(first=count + 1, last=written))


def _written(database: sqlite3.Connection) -> int:
    """How many entries were ever written."""
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return int(row[0]) if row else 0


def _against_runs(rows: Mapping[str, str], last: Mapping[str, str]) -> Iterator[Broken]:
    for run in sorted(rows.keys() | last.keys()):
        if run not in rows:
            yield Broken(0, run, _RUN_GONE.filled(run=run))
        elif run not in last:
            yield Broken(0, run, _RUN_ADDED.filled(run=run))
        elif rows[run] != last[run]:
            yield Broken(0, run, _RUN_CHANGED.filled(run=run))


_ROWS = f"SELECT {', '.join(COLUMNS)} FROM runs"  # noqa: S608 - constants


_MISSING = Text("Entries {first} to {last} were taken out.", "第 {first} 至 {last} 条记录被删除。")
_MOVED = Text(
    "Entry {n} does not follow the one before it: something was changed, moved or taken out there.",
    "第 {n} 条记录与前一条不衔接：那里有内容被改动、移动或删除。",
)
_CHANGED = Text("Entry {n} was changed.", "第 {n} 条记录被改动。")
_RUN_GONE = Text("The run {run} was taken out.", "运行 {run} 被删除。")
_RUN_ADDED = Text("The run {run} was put in by something else.", "运行 {run} 是由其他程序加入的。")
_RUN_CHANGED = Text("The run {run} was changed.", "运行 {run} 被改动。")
