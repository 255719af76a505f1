"""Mends written into files: encoding, line ends and mode stay, a backup is kept, nothing is overwritten."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from assistant.linting.fix import mend, write
from assistant.linting.values import Edit
from knowledge.errors import NoteError

TEXT = "# 笔记\r\n\r\n运行 `docker run -gpus all` 即可。\n最后一行"
EDIT = Edit(3, "-gpus", "--gpus")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "gbk"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_encoding_and_line_ends_stay(tmp_path: Path, mark: bytes, encoding: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(mark + TEXT.encode(encoding))
    path.chmod(0o640)
    mended = mend(path, "a.md", [EDIT])
    assert mended is not None
    assert "+运行 `docker run --gpus all` 即可。" in mended.diff
    backup = write(mended, "a.md")
    assert path.read_bytes() == mark + TEXT.replace("-gpus", "--gpus").encode(encoding)
    assert backup.read_bytes() == mark + TEXT.encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_older_backup_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    for number, name in enumerate(("a.md.bak", "a.md.bak1", "a.md.bak2")):
        path.write_text(f"-gpus {number}\n")
        mended = mend(path, "a.md", [Edit(1, "-gpus", "--gpus")])
        assert mended is not None
        assert write(mended, "a.md").name == name
    assert (tmp_path / "a.md.bak").read_text() == "-gpus 0\n"


def test_a_file_changed_in_between_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("-gpus\n")
    mended = mend(path, "a.md", [Edit(1, "-gpus", "--gpus")])
    assert mended is not None
    path.write_text("something new\n")
    with pytest.raises(NoteError, match="changed meanwhile"):
        write(mended, "a.md")
    assert path.read_text() == "something new\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize("edit", [Edit(2, "-gpus", "--gpus"), Edit(9, "a", "b"), Edit(1, "-gpus", "-gpus")])
def test_what_does_not_fit_changes_nothing(tmp_path: Path, edit: Edit) -> None:
    path = tmp_path / "a.md"
    path.write_text("-gpus\n\n-gpus -gpus\n")
    assert mend(path, "a.md", [edit]) is None


def test_a_linked_note_is_mended_where_it_lies(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "a.md").write_text("-gpus\n")
    link = tmp_path / "a.md"
    link.symlink_to(folder / "a.md")
    mended = mend(link, "a.md", [Edit(1, "-gpus", "--gpus")])
    assert mended is not None
    write(mended, "a.md")
    assert link.is_symlink()
    assert (folder / "a.md").read_text() == "--gpus\n"
    assert [p.name for p in folder.iterdir()] == ["a.md"]


def test_a_name_too_long_for_a_backup_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    name = "a" * 252 + ".md"
    (tmp_path / name).write_text("-gpus\n")
    mended = mend(tmp_path / name, name, [Edit(1, "-gpus", "--gpus")])
    assert mended is not None
    with pytest.raises(NoteError, match="cannot be written"):
        write(mended, name)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [(name, "-gpus\n")]
