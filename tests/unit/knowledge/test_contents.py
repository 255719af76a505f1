"""What is known of note files is not read again, and what changed is; states do not change each other."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import catalogue, contents
from knowledge.catalogue import Catalogue, is_settled, key_of, stat_of
from knowledge.chunks import chunk_note
from knowledge.contents import Contents
from knowledge.intents import intents
from knowledge.keywords import KeywordIndex, Terms
from knowledge.notes import read_note
from knowledge.sections import split_note


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "one.md").write_text("# One\n\nA volume keeps data.\n\n## Empty\n", encoding="utf-8")
    (folder / "二.md").write_text(
        "# 二\n\n容器是镜像的实例。\n\n```bash\ndocker ps -a\n```\n", encoding="utf-8"
    )
    settle(folder)
    return folder


def settle(folder: Path) -> None:
    """Makes files look left alone for long; their own change of times is not to be waited for."""
    for path in folder.rglob("*.md"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


@pytest.fixture
def always_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The inode's change time cannot be set back, so what was just written counts as settled."""
    monkeypatch.setattr(catalogue, "_RACY_NS", -(10**18))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the notes whose bytes are read, as they are read."""
    names: list[str] = []

    def watched(path: Path, name: str) -> bytes:
        names.append(name)
        return path.read_bytes()

    monkeypatch.setattr(contents, "read_bytes", watched)
    return names


def test_all_comes_back_as_it_was_parsed(notes: Path, tmp_path: Path) -> None:
    for state in (Contents([notes], tmp_path / "index"), Contents([notes], tmp_path / "index")):
        expected = [read_note(notes / name, name) for name in ("one.md", "二.md")]
        assert dict(state.notes) == {note.path: note for note in expected}
        sections = [section for note in expected for section in split_note(note)]
        assert [s for note in expected for s in state.sections(note.path)] == sections
        assert state.outline() == [replace(section, blocks=()) for section in sections]
        chunks = [chunk for note in expected for chunk in chunk_note(note, split_note(note))]
        assert list(state.chunks) == chunks
        assert [state.chunks[i] for i in range(len(chunks))] == chunks
        assert state.chunks[-1] == chunks[-1] and state.chunks[:2] == chunks[:2]
        assert state.ids == [f"{c.id} {c.first_line} {c.last_line}" for c in chunks]
        assert state.terms() == replace(Terms.of(chunks), chunks=[*Terms.of(chunks).chunks])
        with pytest.raises(IndexError):
            state.chunks[len(chunks)]
    assert state.sections("none.md") == []


@pytest.mark.usefixtures("always_settled")
def test_an_unchanged_tree_is_not_read(tmp_path: Path, read: list[str]) -> None:
    folder = tmp_path / "many"
    for number in range(300):
        place = folder / str(number % 7)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.md").write_text(f"# Note {number}\n\ntext {number}\n", encoding="utf-8")
    assert Contents([folder], tmp_path / "index").parsed == 300
    read.clear()
    again = Contents([folder], tmp_path / "index")
    assert (again.parsed, read, len(again.notes)) == (0, [], 300)
    (folder / "3" / "3.md").write_text("# Note 3\n\nother text\n", encoding="utf-8")
    (folder / "4" / "4.md").rename(folder / "4" / "four.md")
    (folder / "5" / "5.md").unlink()
    changed = Contents([folder], tmp_path / "index")
    assert sorted(read) == ["3/3.md", "4/four.md"]
    assert changed.parsed == 2
    assert {"3/3.md", "4/four.md"} < set(changed.notes)
    assert {"4/4.md", "5/5.md"}.isdisjoint(changed.notes)


@pytest.mark.usefixtures("always_settled")
def test_a_file_that_was_only_touched_is_read_but_not_parsed(
    notes: Path, tmp_path: Path, read: list[str]
) -> None:
    Contents([notes], tmp_path / "index")
    read.clear()
    os.utime(notes / "one.md", (1_100_000_000, 1_100_000_000))
    assert Contents([notes], tmp_path / "index").parsed == 0
    assert read == ["one.md"]
    read.clear()
    assert Contents([notes], tmp_path / "index").parsed == 0
    assert read == []


def test_a_file_changed_just_before_it_was_read_is_read_again(
    notes: Path, tmp_path: Path, read: list[str]
) -> None:
    Contents([notes], tmp_path / "index")
    read.clear()
    assert Contents([notes], tmp_path / "index").parsed == 0
    assert sorted(read) == ["one.md", "二.md"]
    stat = stat_of(notes / "one.md")
    assert not is_settled(stat, now_ns=stat.moved + 1_000_000_000)
    assert is_settled(stat, now_ns=stat.moved + 3_000_000_000)


def test_a_state_stays_as_it_is_when_the_notes_change(notes: Path, tmp_path: Path) -> None:
    old = Contents([notes], tmp_path / "index")
    (notes / "one.md").write_text("# One\n\nSomething else.\n", encoding="utf-8")
    new = Contents([notes], tmp_path / "index")
    assert old.notes["one.md"].lines[2] == "A volume keeps data."
    assert old.chunks[0].text == "A volume keeps data."
    assert old.mentions("VOLUME") and not new.mentions("volume")
    assert new.notes["one.md"].lines[2] == "Something else."
    assert old.digest != new.digest


def test_another_parser_parses_again(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Contents([notes], tmp_path / "index")
    raw = (notes / "one.md").read_bytes()
    before = key_of("one.md", raw)
    monkeypatch.setattr(catalogue, "parsers", lambda: "other")
    assert key_of("one.md", raw) != before
    (notes / "one.md").touch()
    assert Contents([notes], tmp_path / "index").parsed == 2


def test_what_no_file_holds_goes_after_a_while(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Contents([notes], tmp_path / "index")
    (notes / "one.md").unlink()
    Contents([notes], tmp_path / "index")
    assert len(Catalogue(tmp_path / "index").ids()) == 2
    monkeypatch.setattr(catalogue, "_KEEP_SECONDS", -1.0)
    (notes / "二.md").write_text("# 二\n\n新的内容。\n", encoding="utf-8")
    Contents([notes], tmp_path / "index")
    assert len(Catalogue(tmp_path / "index").ids()) == 1


def test_a_damaged_catalogue_is_made_again(notes: Path, tmp_path: Path) -> None:
    Contents([notes], tmp_path / "index")
    file = tmp_path / "index" / "catalogue.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    assert Contents([notes], tmp_path / "index").parsed == 2
    assert Contents([notes], tmp_path / "index").parsed == 0
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM files").fetchone() == (2,)


def test_a_catalogue_of_an_earlier_schema_is_read_again(notes: Path, tmp_path: Path) -> None:
    Contents([notes], tmp_path / "index")
    file = tmp_path / "index" / "catalogue.sqlite3"
    with sqlite3.connect(file) as database:
        database.executescript("ALTER TABLE contents DROP COLUMN intents; PRAGMA user_version = 0;")
    again = Contents([notes], tmp_path / "index")
    assert again.parsed == 2 and again.intents
    assert Contents([notes], tmp_path / "index").parsed == 0


def test_what_notes_speak_of_is_kept(notes: Path, tmp_path: Path) -> None:
    first, second = (Contents([notes], tmp_path / "index") for _ in range(2))
    assert (first.parsed, second.parsed) == (2, 0)
    assert first.intents == second.intents
    assert "docker ps -a" in {intents()[number].name for number in second.intents}


def test_a_folder_that_cannot_be_written_is_done_without(notes: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    state = Contents([notes], tmp_path / "file" / "index")
    assert len(state.chunks) == 2
    assert state.parsed == 2


def test_a_file_that_is_no_text_is_named_and_the_rest_is_there(notes: Path, tmp_path: Path) -> None:
    (notes / "image.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    state = Contents([notes], tmp_path / "index")
    assert set(state.notes) == {"one.md", "二.md"}
    assert len(state.skipped) == 1 and "image.md" in state.skipped[0]


def test_keywords_are_kept_and_rank_as_they_did(notes: Path, tmp_path: Path) -> None:
    state = Contents([notes], tmp_path / "index")
    asked: list[int] = []

    def terms() -> Terms:
        asked.append(1)
        return state.terms()

    made = KeywordIndex.kept(tmp_path / "index", "first", terms)
    kept = KeywordIndex.kept(tmp_path / "index", "first", terms)
    assert asked == [1]
    query = {"volum": 1.0, "容器": 0.4, "absent": 1.0}
    assert kept.scores(query).tolist() == made.scores(query).tolist() != [0.0] * len(state.chunks)
    assert kept.mended("a volum of contianers") == made.mended("a volum of contianers")
    assert [kept.frequency(t) for t in ("volum", "", "absent")] == [1, 0, 0]
    for file in (tmp_path / "index" / "keywords-first").iterdir():
        file.write_bytes(b"")
    assert (
        KeywordIndex.kept(tmp_path / "index", "first", terms).scores(query).tolist()
        == made.scores(query).tolist()
    )
    KeywordIndex.kept(tmp_path / "index", "second", terms)
    assert [p.name for p in (tmp_path / "index").glob("keywords-*")] == ["keywords-second"]
    shutil.rmtree(tmp_path / "index")
    assert kept.scores(query).tolist() == made.scores(query).tolist()
