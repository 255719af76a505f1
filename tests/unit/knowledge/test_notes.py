"""Files to notes: encodings, names, front matter, what is no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import NoteError
from knowledge.notes import find_notes, note_from_text, read_note


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-with-mark", "utf-16-be-with-mark"]
)
def test_chinese_is_read_in_the_encodings_people_have(tmp_path: Path, encoding: str) -> None:
    text = "# 镜像\r\n\r\n容器是镜像的实例。\r\n"
    marks = {
        "utf-16-le-with-mark": (b"\xff\xfe", "utf-16-le"),
        "utf-16-be-with-mark": (b"\xfe\xff", "utf-16-be"),
    }
    mark, codec = marks.get(encoding, (b"", encoding))
    path = tmp_path / "note.md"
    path.write_bytes(mark + text.encode(codec))
    note = read_note(path, "note.md")
    assert note.lines == ("# 镜像", "", "容器是镜像的实例。")
    assert (note.title, note.language) == ("镜像", "zh")


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "picture.md"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\x80")
    with pytest.raises(NoteError, match=r"picture\.md is not text") as caught:
        read_note(path, "picture.md")
    assert caught.value.path == "picture.md"


def test_a_folder_gives_its_notes_by_relative_name_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.md", "sub/a.markdown", "sub/c.txt", ".git/x.md", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [name for _, name in find_notes([tmp_path])] == ["b.md", "sub/a.markdown", "sub/c.txt"]


def test_two_sources_with_the_same_name_stay_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "docker.md").write_text("x", encoding="utf-8")
    names = [name for _, name in find_notes([tmp_path / "one", tmp_path / "two"])]
    assert names == ["docker.md", "two/docker.md"]


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoteError, match="nowhere"):
        find_notes([tmp_path / "nowhere"])


def test_front_matter_gives_title_and_language_and_keeps_the_line_numbers() -> None:
    note = note_from_text("---\ntitle: Volumes\nlanguage: zh\nlist: [a]\n---\n\ntext", "v.md")
    assert (note.title, note.language) == ("Volumes", "zh")
    assert note.front_matter == {"title": "Volumes", "language": "zh"}
    assert note.quote(7, 7) == "text"


@pytest.mark.parametrize("matter", ["---\n: : [\n---\ntext", "---\nnever closed", "--- \ntext"])
def test_front_matter_with_a_slip_is_passed_over(matter: str) -> None:
    assert note_from_text(matter, "n.md").front_matter == {}
