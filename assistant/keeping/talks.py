"""Conversations, kept as they happen: each question when it is asked, each answer when it is there."""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import KeepingError
from assistant.keeping.answers_as_json import from_text, to_text
from assistant.keeping.database import Database
from assistant.values import Answer, Turn, Verdict
from knowledge.language import Text

TITLE_LENGTH = 80
"""Longer titles are cut."""

_SCHEMA = (
    """CREATE TABLE talks (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        created_at REAL NOT NULL,
        changed_at REAL NOT NULL
    )""",
    """CREATE TABLE turns (
        talk TEXT NOT NULL REFERENCES talks (id),
        n INTEGER NOT NULL,
        question TEXT NOT NULL,
        asked_at REAL NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        answer TEXT,
        PRIMARY KEY (talk, n)
    )""",
    "CREATE TABLE pages (page TEXT PRIMARY KEY, talk TEXT NOT NULL)",
    "CREATE INDEX talks_by_change ON talks (changed_at)",
)
_AROUND = "\"'“”‘’「」『』《》〈〉()[]?!,.;:。、…"  # of a sentence, not of a command
_BEFORE, _SHOWN = 40, 120  # characters of a line that are shown: before a word, and in all
_WHAT = Text("The record of conversations", "对话记录")
_LIST = """SELECT id, title, created_at, changed_at,
    (SELECT count(*) FROM turns WHERE talk = talks.id) FROM talks"""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation in the list. Times are seconds since the epoch."""

    id: str
    title: str
    created_at: float
    changed_at: float
    turns: int


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question of a conversation; ``answer`` is None where it was never finished, ``text`` its part."""

    n: int
    question: str
    asked_at: float
    text: str
    answer: Answer | None

    @property
    def turn(self) -> Turn | None:
        """The turn, for the next question; None where there is no answer."""
        return Turn(self.question, self.answer) if self.answer else None


class Talks:
    """The conversations kept in one file; opened at the first use. Safe to use from several threads.

    All methods raise KeepingError where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _WHAT, [_SCHEMA])

    # ---- said

    def asked(self, talk: str, question: str) -> int:
        """Keeps a question; the conversation begins where there is none of this id. Gives its number."""
        now = time.time()
        with self._database.writing() as database:
            database.execute(
                "INSERT INTO talks VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET changed_at = ?",
                (talk, as_title(question), now, now, now),
            )
            (last,) = database.execute(
                "SELECT coalesce(max(n), 0) FROM turns WHERE talk = ?", (talk,)
            ).fetchone()
            database.execute(
                "INSERT INTO turns (talk, n, question, asked_at) VALUES (?, ?, ?, ?)",
                (talk, last + 1, question, now),
            )
        return int(last) + 1

    def wrote(self, talk: str, n: int, text: str) -> None:
        """Keeps what there is of an answer that is still being written."""
        with self._database.writing() as database:
            database.execute("UPDATE turns SET text = ? WHERE talk = ? AND n = ?", (text, talk, n))

    def answered(self, talk: str, n: int, answer: Answer) -> None:
        """Keeps an answer; nothing happens where the conversation was deleted meanwhile."""
        with self._database.writing() as database:
            database.execute(
                "UPDATE turns SET text = ?, answer = ? WHERE talk = ? AND n = ?",
                (answer.text, to_text(answer), talk, n),
            )
            database.execute("UPDATE talks SET changed_at = ? WHERE id = ?", (time.time(), talk))

    # ---- looked at

    def all(self, *, limit: int = 200) -> list[Talk]:
        """The conversations, the last one first."""
        return self._talks(f"{_LIST} ORDER BY changed_at DESC, id LIMIT ?", (limit,))

    def search(self, words: str, *, limit: int = 200) -> list[Talk]:
        """Conversations that hold every one of some words, in their title, a question or an answer.

        Case, the width of letters and the marks around a word make no difference.
        """
        return [talk for talk, _ in self.found(words, limit=limit)]

    def found(self, words: str, *, limit: int = 200) -> list[tuple[Talk, str]]:
        """As `search`, each with the line that has what the title has not; empty where it has all."""
        wanted = list(dict.fromkeys(word.strip(_AROUND) or word for word in _plain(words).split()))
        if not wanted:
            return [(talk, "") for talk in self.all(limit=limit)]
        with self._database.reading() as database:
            rows = database.execute("SELECT talk, question, text FROM turns ORDER BY talk, n").fetchall()
        said: dict[str, list[str]] = {}
        for talk, question, text in rows:
            said.setdefault(talk, []).append(f"{question}\n{text}")
        found = []
        for one in self.all(limit=2**31):
            text = "\n".join(said.get(one.id, ()))
            title = _plain(one.title)
            missing = [word for word in wanted if word not in title]
            if not missing or all(word in _plain(text) for word in missing):
                found.append((one, _line_with(missing[0], text) if missing else ""))
        return found[:limit]

    def count(self) -> int:
        """How many conversations there are."""
        with self._database.reading() as database:
            (n,) = database.execute("SELECT count(*) FROM talks").fetchone()
        return int(n)

    def find(self, name: str) -> Talk | None:
        """The conversation of this id or title; None where there is none.

        Raises:
            KeepingError: several have this title.
        """
        found = self._talks(f"{_LIST} WHERE id = ?", (name,)) or self._talks(
            f"{_LIST} WHERE title = ? ORDER BY changed_at DESC", (name,)
        )
        if len(found) > 1:
            ids = ", ".join(talk.id for talk in found)
            raise KeepingError(
                Text(
                    f"{len(found)} conversations are called “{name}”. Name one by its id: {ids}.",
                    f"有 {len(found)} 个对话都叫“{name}”。请用编号指定其中一个：{ids}。",
                )
            )
        return found[0] if found else None

    def turns(self, talk: str, review: Callable[[str], Verdict]) -> list[KeptTurn]:
        """The turns of a conversation, in order; ``review`` judges their commands as of now."""
        with self._database.reading() as database:
            rows = database.execute(
                "SELECT n, question, asked_at, text, answer FROM turns WHERE talk = ? ORDER BY n", (talk,)
            ).fetchall()
        return [
            KeptTurn(n, question, at, text, _answer(question, kept, review))
            for n, question, at, text, kept in rows
        ]

    # ---- changed

    def rename(self, talk: str, title: str) -> None:
        """Gives a conversation another title; an empty one changes nothing."""
        if plain := as_title(title):
            with self._database.writing() as database:
                database.execute("UPDATE talks SET title = ? WHERE id = ?", (plain, talk))

    def delete(self, talk: str) -> None:
        """Deletes a conversation for good: nothing of it is left in the file nor in its log."""
        with self._database.writing() as database:
            database.execute("DELETE FROM turns WHERE talk = ?", (talk,))
            database.execute("DELETE FROM talks WHERE id = ?", (talk,))
            database.execute("DELETE FROM pages WHERE talk = ?", (talk,))
        self._database.forget_deleted()

    # ---- pages

    def shown_on(self, page: str) -> str | None:
        """The conversation a page showed last; None where it showed none that is still there."""
        with self._database.reading() as database:
            row = database.execute(
                "SELECT talk FROM pages JOIN talks ON talk = id WHERE page = ?", (page,)
            ).fetchone()
        return str(row[0]) if row else None

    def show_on(self, page: str, talk: str) -> None:
        """Keeps which conversation a page shows."""
        with self._database.writing() as database:
            database.execute("INSERT OR REPLACE INTO pages VALUES (?, ?)", (page, talk))

    def close(self) -> None:
        """Closes the file; the next use opens it again."""
        self._database.close()

    def _talks(self, query: str, values: Sequence[object]) -> list[Talk]:
        with self._database.reading() as database:
            rows: list[sqlite3.Row] = database.execute(query, values).fetchall()
        return [Talk(*row) for row in rows]


def id_of(path: Path, name: str) -> str:
    """The id of the conversation in a file that has this title; the name itself where none has it.

    Raises:
        KeepingError: several have it, or the file cannot be used.
    """
    if not name or not path.exists():
        return name
    talks = Talks(path)
    try:
        found = talks.find(name)
    finally:
        talks.close()
    return found.id if found else name


def as_title(text: str) -> str:
    """A text as a title: on one line, without characters that cannot be seen, and not too long."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"


def _plain(text: str) -> str:
    """A text without case, and with letters of one width."""
    return unicodedata.normalize("NFKC", text).casefold()


def _line_with(word: str, text: str) -> str:
    """The first line that has a word, what stands far from the word cut away."""
    line = next((line for line in text.split("\n") if word in _plain(line)), "").replace("`", "")
    begin = max(_plain(line).find(word) - _BEFORE, 0)
    end = begin + _SHOWN
    cut = " ".join(line[begin:end].split())
    return f"{'…' if begin else ''}{cut}{'…' if end < len(line) else ''}"


def _answer(question: str, kept: str | None, review: Callable[[str], Verdict]) -> Answer | None:
    try:
        return from_text(question, kept, review) if kept else None
    except (ValueError, TypeError, KeyError):
        return None  # not ours any more; its text is still shown
