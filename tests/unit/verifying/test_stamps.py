"""Stamps of the notes' commands: kept, replaced, looked up, said in words."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.commands.find import find_commands
from assistant.errors import LedgerError
from assistant.verifying.lookup import stamp_of, stamps_in
from assistant.verifying.stamps import Stamps
from assistant.verifying.texts import day_of, stamp_text
from assistant.verifying.values import Stamp
from knowledge.values import Chunk, Hit, Note

STAMP = Stamp("a.md", "docker ps -a", 1769860800.0, "27.5.1", "succeeded", 0, "r1")
NOTE = Note(
    path="a.md",
    title="A",
    language="en",
    lines=("# A", "", "```bash", "docker ps -a", "docker images", "```"),
)


def test_the_last_stamp_of_a_command_is_kept_and_seen_by_others(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "data" / "stamps.sqlite3")
    assert not stamps.are_there
    assert stamps.of("a.md", "docker ps -a") is None
    stamps.put(STAMP)
    later = replace(STAMP, at=STAMP.at + 86400, outcome="failed", exit_code=1)
    stamps.put(later)
    other = Stamps(tmp_path / "data" / "stamps.sqlite3")
    assert other.of("a.md", "docker ps -a") == later
    assert other.of("b.md", "docker ps -a") is None
    assert other.of("a.md", "docker ps") is None
    assert other.of(None, "docker ps -a") is None
    assert (tmp_path / "data" / "stamps.sqlite3").stat().st_mode & 0o077 == 0


def test_a_hit_has_the_stamps_of_the_commands_that_stand_in_it(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps.sqlite3")
    hit = Hit(Chunk("c", "a.md", ("A",), 3, 6, "docker ps -a", "en"), 1.0)
    assert stamps_in(hit, {"a.md": NOTE}, stamps) == []
    stamps.put(STAMP)
    stamps.put(replace(STAMP, command="docker info"))
    assert stamps_in(hit, {"a.md": NOTE}, stamps) == [STAMP]
    assert stamps_in(hit, {}, stamps) == []


def test_a_broken_file_is_an_error_that_names_it_and_no_answer_fails_for_it(tmp_path: Path) -> None:
    path = tmp_path / "stamps.sqlite3"
    path.write_text("no database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(LedgerError, match=str(path)):
        Stamps(path).of("a.md", "docker ps -a")
    (command, *_) = find_commands(NOTE, 1, 6)
    assert stamp_of(command, Stamps(path)) is None
    empty = tmp_path / "empty.sqlite3"
    sqlite3.connect(empty).close()
    empty.touch()
    assert Stamps(empty).of("a.md", "docker ps -a") is None


@pytest.mark.parametrize(
    ("stamp", "en", "zh"),
    [
        (STAMP, "Worked here on", "验证可用"),
        (replace(STAMP, outcome="detached", exit_code=None), "Worked here on", "验证可用"),
        (replace(STAMP, outcome="failed", exit_code=3), "exit code 3", "退出码 3"),
        (replace(STAMP, outcome="failed", exit_code=None), "Did not work here", "未能成功"),
        (replace(STAMP, outcome="timed_out", exit_code=137), "still running", "仍在运行"),
    ],
)
def test_a_stamp_says_when_and_how_it_went(stamp: Stamp, en: str, zh: str) -> None:
    text = stamp_text(stamp)
    assert en in text.en
    assert zh in text.zh
    for said in (text.en, text.zh):
        assert day_of(stamp) in said
        assert "27.5.1" in said
