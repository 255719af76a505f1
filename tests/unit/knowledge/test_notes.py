"""Files to notes: encodings, names, front matter, what is no text."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import NoteError
from knowledge.notes import MAX_BYTES, find_notes, note_from_text, read_note


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
    for name in ("b.md", "sub/a.markdown", "sub/c.txt", "d.rst", ".git/x.md", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [name for _, name in find_notes([tmp_path])] == [
        "b.md",
        "d.rst",
        "sub/a.markdown",
        "sub/c.txt",
    ]


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


@pytest.fixture
def locked_out() -> Iterator[Path]:
    """A folder whose permissions hold also where the tests are root: another user reads meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(user)
            for path in folder.rglob("*"):
                path.chmod(0o700)


def _refused(source: Path) -> dict[str, str]:
    """What cannot be read below a source, with what is said of it."""
    said: dict[str, str] = {}
    for path, name in find_notes([source]):
        try:
            read_note(path, name)
        except NoteError as error:
            assert name in error.text.zh
            said[name] = error.text.en
    return said


def test_files_and_folders_without_permission_are_named(locked_out: Path) -> None:
    user = os.geteuid()
    os.seteuid(os.getuid())
    (locked_out / "good.md").write_text("x", encoding="utf-8")
    (locked_out / "shut.md").write_text("x", encoding="utf-8")
    (locked_out / "room").mkdir()
    (locked_out / "shut.md").chmod(0)
    (locked_out / "room").chmod(0)
    os.seteuid(user)
    said = _refused(locked_out)
    assert said == {
        "shut.md": "shut.md cannot be read: Permission denied.",
        "room": "The folder room cannot be read: Permission denied.",
    }


def test_pipes_sockets_and_dangling_links_are_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    (tmp_path / "good.md").write_text("x", encoding="utf-8")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s.md"))
    said = _refused(tmp_path)
    listener.close()
    assert set(said) == {"pipe.md", "gone.md", "self.md", "s.md"}
    assert "not a regular file" in said["pipe.md"]
    assert "No such file" in said["gone.md"]


def test_a_pipe_or_device_that_is_named_directly_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in _refused(tmp_path / "pipe")["pipe"]
    assert "not a regular file" in _refused(Path("/dev/zero"))["zero"]


def test_linked_folders_are_read_once_and_loops_end(tmp_path: Path) -> None:
    (tmp_path / "notes/sub").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "notes/sub/a.md").write_text("x", encoding="utf-8")
    (tmp_path / "elsewhere/b.md").write_text("x", encoding="utf-8")
    (tmp_path / "elsewhere/back").symlink_to(tmp_path / "notes")
    (tmp_path / "notes/loop").symlink_to(tmp_path / "notes")
    (tmp_path / "notes/up").symlink_to(tmp_path)
    (tmp_path / "notes/other").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "notes/twice").symlink_to(tmp_path / "elsewhere")
    names = [name for _, name in find_notes([tmp_path / "notes"])]
    assert sorted(name.split("/")[-1] for name in names) == ["a.md", "b.md"]


def test_a_file_that_vanishes_in_between_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x", encoding="utf-8")
    ((path, name),) = find_notes([tmp_path])
    path.unlink()
    with pytest.raises(NoteError, match=r"a\.md cannot be read: No such file"):
        read_note(path, name)


def test_a_file_far_too_large_is_named_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.md"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(NoteError, match="larger than 64 MB"):
        read_note(path, "huge.md")


def test_three_sources_with_the_same_names_stay_apart(tmp_path: Path) -> None:
    sources = [tmp_path / "x/notes", tmp_path / "y/notes", tmp_path / "z/notes"]
    for source in sources:
        source.mkdir(parents=True)
        (source / "docker.md").write_text("x", encoding="utf-8")
    found = find_notes(sources)
    assert [name for _, name in found] == ["docker.md", "notes/docker.md", "z/notes/docker.md"]
    assert find_notes([*reversed(sources), sources[0]]) == found


@pytest.mark.parametrize("matter", ["---\n: : [\n---\ntext", "---\nnever closed", "--- \ntext"])
def test_front_matter_with_a_slip_is_passed_over(matter: str) -> None:
    assert note_from_text(matter, "n.md").front_matter == {}
