"""What was read from note files, kept so that an unchanged file is not read again.

One SQLite file in the index folder. A file is known by its place, size, times and inode; one whose
stat changed is read, and parsed only where its bytes are new too. What was parsed is stored under a key
made from name, bytes and the program's own parsing modules, and never changed afterwards: a library that
is still in use goes on reading what it has, while the next one is made.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files as package_files
from pathlib import Path

from knowledge.chroma_faults import folder_fault
from knowledge.errors import DamagedIndexError, StoreError
from knowledge.intents import TABLE
from knowledge.language import Text

_PARSERS = [
    "chunks",
    "command_words",
    "decoding",
    "dialects",
    "intents",
    "keywords",
    "language",
    "markup",
    "matter",
    "notes",
    "pieces",
    "restructured",
    "sections",
    "terms",
    "values",
    "vocabulary",
    "stored",
]
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, path TEXT NOT NULL, size INTEGER, changed INTEGER, moved INTEGER, inode INTEGER,
    key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (
    key TEXT PRIMARY KEY, note TEXT NOT NULL, chunks TEXT NOT NULL, sections TEXT NOT NULL,
    outline TEXT NOT NULL, terms TEXT NOT NULL, ids TEXT NOT NULL, intents TEXT NOT NULL,
    unused_since REAL) WITHOUT ROWID;
"""
_VERSION = 2  # of the schema; a file of another one is emptied, since everything in it can be read again
_RACY_NS = 2_000_000_000  # a file changed this shortly before it was read may change again unseen
_KEEP_SECONDS = 3600.0  # how long what no file holds any more is kept for a library still in use


@dataclass(frozen=True, slots=True)
class Stat:
    """What tells that a file is as it was: size in bytes, times in nanoseconds, inode."""

    size: int
    changed: int
    moved: int
    inode: int


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the catalogue knows it; ``stat`` None where it has to be read again to be sure."""

    path: str
    stat: Stat | None
    key: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """One note, parsed and encoded: each field is what the column of that name holds."""

    note: str
    chunks: str
    sections: str
    outline: str
    terms: str
    ids: str
    intents: str


class Catalogue:
    """The catalogue in one folder; in memory where the folder cannot be written. Safe to use from threads."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._path = folder / "catalogue.sqlite3"
        self.is_damaged = False
        """Whether a part of it could not be read; the next one that is opened is made anew."""
        self._database = _opened(self._path)
        weakref.finalize(self, self._database.close)

    def files(self) -> dict[str, Known]:
        """Every known file, by the note's name."""
        with self._used() as database:
            rows = database.execute("SELECT name, path, size, changed, moved, inode, key FROM files")
            return {
                name: Known(path, None if size is None else Stat(size, changed, moved, inode), key)
                for name, path, size, changed, moved, inode, key in rows
            }

    def ids(self) -> dict[str, str]:
        """For each stored key the ids of its chunks with their lines: ``id first last`` a line."""
        with self._used() as database:
            return dict(database.execute("SELECT key, ids FROM contents"))

    def get(self, key: str, column: str) -> str:
        """One column of what is stored under a key.

        Raises:
            StoreError: it is not there any more, or the file cannot be read.
        """
        with self._used() as database:
            query = f"SELECT {column} FROM contents WHERE key = ?"  # noqa: S608 - columns are ours
            row = database.execute(query, (key,)).fetchone()
        if row is None:
            raise StoreError(
                Text(
                    en="The index was changed by another docknotes meanwhile. Ask again.",
                    zh="索引刚刚被另一个 docknotes 进程修改过，请再问一次。",
                )
            )
        return str(row[0])

    def any_note(self, keys: Iterable[str], part: str) -> bool:
        """Whether a piece of text stands in any of these notes, whatever its case (of Latin letters)."""
        with self._used() as database:
            rows = database.execute("SELECT key FROM contents WHERE instr(lower(note), lower(?))", (part,))
            found = {key for (key,) in rows}
        return not found.isdisjoint(keys)

    def update(self, known: dict[str, Known], before: dict[str, Known], parsed: dict[str, Parsed]) -> None:
        """Makes the known files exactly these, in one transaction; what no file holds goes after an hour.

        Args:
            known: every file, by the note's name.
            before: what `files` gave.
            parsed: what is new, by key.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._used() as database:
            database.executemany(
                "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                [
                    (key, p.note, p.chunks, p.sections, p.outline, p.terms, p.ids, p.intents)
                    for key, p in parsed.items()
                ],
            )
            database.executemany("DELETE FROM files WHERE name = ?", [(n,) for n in before.keys() - known])
            database.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
                [_row(name, file) for name, file in known.items() if before.get(name) != file],
            )
            now = time.time()
            database.execute(
                "UPDATE contents SET unused_since = CASE WHEN key IN (SELECT key FROM files) THEN NULL "
                "ELSE coalesce(unused_since, ?) END "
                "WHERE (unused_since IS NULL) != (key IN (SELECT key FROM files))",
                (now,),
            )
            database.execute("DELETE FROM contents WHERE unused_since < ?", (now - _KEEP_SECONDS,))

    @contextmanager
    def _used(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                with self._database:
                    yield self._database
            except sqlite3.Error as error:
                fault = folder_fault(self._path.parent, error)
                if isinstance(fault, DamagedIndexError):
                    self.put_aside()
                raise fault from error

    def put_aside(self) -> None:
        """Puts the damaged file away, so that the next catalogue that is opened is made anew."""
        if not self.is_damaged:
            self.is_damaged = True
            with suppress(OSError):
                self._path.replace(self._path.with_suffix(".damaged"))


def stat_of(path: Path) -> Stat:
    """What tells that a file is as it was.

    Raises:
        OSError: there is no such file, or it cannot be looked at.
    """
    found = path.stat()
    return Stat(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def is_settled(stat: Stat, *, now_ns: int) -> bool:
    """Whether a file was left alone long enough before it was read that a later change shows in its stat.

    Source: the racy entries of git's index (Documentation/technical/racy-git).
    """
    return max(stat.changed, stat.moved) < now_ns - _RACY_NS


def key_of(name: str, raw: bytes) -> str:
    """What a note is stored under: it follows from its name, its bytes and how notes are parsed."""
    digest = hashlib.sha256(f"{parsers()}\0{name}\0".encode())
    digest.update(raw)
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def parsers() -> str:
    """A digest of the modules that parse notes, so that another version's results are not taken for ours."""
    digest = hashlib.sha256()
    for name in (*(f"{name}.py" for name in _PARSERS), TABLE):
        with suppress(FileNotFoundError):
            digest.update(package_files("knowledge").joinpath(name).read_bytes())
    return digest.hexdigest()[:16]


def _row(name: str, file: Known) -> tuple[str | int | None, ...]:
    stat = file.stat
    times = (stat.size, stat.changed, stat.moved, stat.inode) if stat else (None, None, None, None)
    return (name, file.path, *times, file.key)


def _opened(path: Path) -> sqlite3.Connection:
    """The catalogue's file; made anew where it is damaged, kept in memory where it cannot be written."""
    for _ in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _with_schema(sqlite3.connect(path, timeout=30.0, check_same_thread=False))
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                break  # locked for long, read-only, no space: nothing that a new file would mend
            with suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
        except OSError:
            break
    return _with_schema(sqlite3.connect(":memory:", check_same_thread=False))


def _with_schema(database: sqlite3.Connection) -> sqlite3.Connection:
    try:
        database.execute("PRAGMA busy_timeout = 30000")
        database.execute("PRAGMA synchronous = NORMAL")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            database.executescript("DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS contents;")
            database.execute(f"PRAGMA user_version = {_VERSION}")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database
