"""Sections saved into a person's own notes: where they may go, and what they look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import KeepingError
from assistant.keeping.saving import answer_section, draft, run_section, save, target
from assistant.values import Answer, Citation, Decision, Run
from knowledge.config import SHIPPED_NOTES
from knowledge.errors import NoteError


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# A\r\n\r\n## Empty\r\n\r\n## Next\r\n\r\ntext\r\n", newline="")
    return folder


def place(name: str, notes: Path) -> Path:
    return target(name, [notes], shipped=SHIPPED_NOTES, own=notes.parent / "own")


@pytest.mark.parametrize(
    "name",
    [
        "../a.md",
        "x/../../a.md",
        "/etc/a.md",
        "a.txt",
        "a",
        ".md",
        ".hidden.md",
        "link.md",
        "far/a.md",
        "a\0.md",
    ],
)
def test_nothing_is_written_outside_the_notes(name: str, notes: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.md").write_text("out")
    (notes / "link.md").symlink_to(tmp_path / "out" / "a.md")
    (notes / "far").symlink_to(tmp_path / "out")
    with pytest.raises(KeepingError):
        place(name, notes)


def test_the_shipped_notes_are_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert target("en/1-setup.md", [SHIPPED_NOTES], shipped=SHIPPED_NOTES, own=own) == own / "en/1-setup.md"


def test_a_section_goes_to_the_end_or_below_a_heading(notes: Path) -> None:
    path = place("a.md", notes)
    at_end = draft(path, "a.md", "New\none", "body\n")
    assert at_end.after == b"# A\r\n\r\n## Empty\r\n\r\n## Next\r\n\r\ntext\r\n\r\n## New one\r\n\r\nbody\r\n"
    below = draft(path, "a.md", "New", "body", under="empty")
    assert b"## Empty\r\n\r\n### New\r\n\r\nbody\r\n\r\n## Next" in below.after
    assert "+### New" in below.diff
    with pytest.raises(KeepingError, match="no heading"):
        draft(path, "a.md", "New", "body", under="nowhere")


def test_what_stood_there_is_kept_and_a_change_meanwhile_is_not_lost(notes: Path) -> None:
    path = place("a.md", notes)
    before = path.read_bytes()
    first, second = (draft(path, "a.md", title, "body") for title in ("One", "Two"))
    backup = save(first)
    assert backup is not None
    assert backup.read_bytes() == before
    assert path.read_bytes() == first.after
    with pytest.raises(NoteError, match="changed meanwhile"):
        save(second)
    assert path.read_bytes() == first.after


def test_a_new_file_is_made_once(notes: Path) -> None:
    path = place("sub/new.md", notes)
    planned = draft(path, "sub/new.md", "Title", "body")
    assert save(planned) is None
    assert path.read_text() == "## Title\n\nbody\n"
    with pytest.raises(KeepingError):
        save(planned)
    assert list(path.parent.iterdir()) == [path]


def test_an_answer_and_a_run_become_sections() -> None:
    cited = Citation(1, "a.md", ("A", "B"), 3, 4, "quote")
    answer = Answer("q", "en", True, "Said. [1]\n\n```bash\ndocker ps\n```\n[1]\n\nSee [1](x).", (cited,))
    assert answer_section(answer, "en") == (
        "Said.\n\n```bash\ndocker ps\n```\n\nSee [1](x).\n\nSources:\n\n- a.md:3-4 A > B"
    )
    run = Run(
        id="r", command="docker ps", question="", decision=Decision.ALLOW, approved_by="", engine="",
        started_at=1.0, ended_at=2.0, outcome="failed", exit_code=3, output="a ``` b\n", output_cut=False,
        error=None, operations=(), created=(),
    )  # fmt: skip
    assert run_section(run) == "```bash\ndocker ps\n```\n\nfailed, exit 3\n\n````text\na ``` b\n````"
