"""Sections saved into a person's own notes: where they may go, and what they look like."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.commands.find import find_commands
from assistant.errors import KeepingError
from assistant.keeping.as_section import answer_section, correction_section, run_section
from assistant.keeping.saving import Saver, draft, save, target
from assistant.values import Answer, Citation, Decision, Run
from knowledge.config import SHIPPED_NOTES
from knowledge.errors import NoteError, StoreError
from knowledge.language import Text
from knowledge.notes import note_from_text


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
    (notes / "deep.md").write_text("## Only\n\ntext\n")
    assert b"\n\n### New\n" in draft(notes / "deep.md", "deep.md", "New", "body", under="Only").after
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


def test_the_same_section_is_not_written_twice(notes: Path) -> None:
    path = notes / "twice.md"
    save(draft(path, "twice.md", "A title", "Body.\n\n```bash\ndocker ps\n```"))
    with pytest.raises(KeepingError) as again:
        draft(path, "twice.md", "A title", "Body.\n\n```bash\ndocker ps\n```")
    assert "already" in again.value.text.en and "已有" in again.value.text.zh
    other = draft(path, "twice.md", "A title", "Another body.")
    assert other.after.startswith(path.read_bytes().rstrip())


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
        "Said.\n\n```bash\ndocker ps\n```\n\nSee [1](x).\n\n<!-- Sources: a.md:3 -->"
    )
    run = Run(
        id="r", command="docker ps", question="", decision=Decision.ALLOW, approved_by="", engine="",
        started_at=1.0, ended_at=2.0, outcome="failed", exit_code=3, output="a ``` b\n", output_cut=False,
        error=None, operations=(), created=(),
    )  # fmt: skip
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(1.0))
    body = f"```bash\ndocker ps\n```\n\nfailed, exit 3 ({when})\n\n````output\na ``` b\n````"
    assert run_section(run, "en") == body
    assert f"已停止：占用的磁盘超过上限 ({when})" in run_section(
        replace(run, outcome="disk_limit", exit_code=None, output=" \n"), "zh"
    )
    assert f"失败，退出码 3 ({when})" in run_section(run, "zh")
    written = run_section(replace(run, output="x" * 9000), "en")
    assert "beginning of its output is left out" in written
    assert written.count("x") == 8000 + "exit".count("x")
    poisoned = run_section(replace(run, output="docker run --privileged x\n"), "en")
    saved = note_from_text(f"## x\n\n{poisoned}\n", "own.md")
    assert [one.text for one in find_commands(saved, 1, len(saved.lines))] == ["docker ps"]
    by_model = answer_section(replace(answer, model="openai:m", citations=()), "zh")
    assert by_model.endswith("由 openai:m 撰写，并与笔记核对过。")


def test_what_stands_around_the_notes_sentences_is_not_saved() -> None:
    """Else the next answer would quote it as the notes' own, the slip among it."""
    text = """你的笔记里写道：

- Check the GPU: [1] *（说的是：显卡）*

笔记中对应的命令：

```bash
docker run --gpus all x
你的笔记里写道：
```
[2]

笔记里写的是 `docker run -gpus all x`，Docker 不接受这种写法；Docker 要的是 `docker run --gpus all x`。

**Images**

- An image is read only. [1] *(about: image)*

更多内容见：GPU > Drivers。"""
    assert answer_section(Answer("q", "zh", True, text), "zh") == (
        "- Check the GPU:\n\n```bash\ndocker run --gpus all x\n你的笔记里写道：\n```\n\n"
        "**Images**\n\n- An image is read only."
    )
    assert answer_section(Answer("q", "en", True, "Your notes say:\n\nx", model="m"), "en").startswith(
        "Your notes"
    )


SLIPS = """# GPU

Try it:

```bash
docker run -gpus all ubuntu:22.04 nvidia-smi
```

And `docker ps --al`.
"""


def test_a_correction_is_written_in_its_place_or_as_a_section(notes: Path) -> None:
    file = notes / "gpu.md"
    file.write_text(SLIPS)
    note = note_from_text(SLIPS, "gpu.md")
    command = next(one for one in find_commands(note, 1, 8) if one.note == "gpu.md")
    body = correction_section(command, "en")
    assert body == (
        "```bash\ndocker run --gpus all ubuntu:22.04 nvidia-smi\n```\n\n"
        "Not `-gpus` but `--gpus`. Written otherwise in gpu.md:6."
    )
    again = note_from_text(f"## x\n\n{body}\n", "own.md")
    assert [one.text for one in find_commands(again, 1, 9)] == [command.text], "the slip is no command again"
    assert correction_section(command, "zh").endswith("不是 `-gpus`，而是 `--gpus`。gpu.md:6 里的写法有误。")

    indexed: list[Path] = []

    def index(path: Path) -> bool:
        indexed.append(path)
        raise StoreError(Text("The disk is full.", "磁盘已满。"))

    saver = Saver([notes], own=notes.parent / "own", index=index)
    planned = saver.mended(command, {"gpu.md": note})
    assert planned is not None
    assert "-docker run -gpus all" in planned.diff
    assert "+docker run --gpus all" in planned.diff
    saved = saver.save(planned)
    assert indexed == [file]
    assert saved.trouble is not None
    assert not saved.is_indexed
    assert file.read_text() == SLIPS.replace("-gpus", "--gpus")
    assert saved.backup is not None
    assert saved.backup.read_text() == SLIPS
    assert saver.mended(command, {"gpu.md": note}) is None, "what was mended already has nothing to mend"
    assert saver.mended(command, {}) is None
    assert Saver([SHIPPED_NOTES], own=notes.parent / "own").mended(command, {"gpu.md": note}) is None


def test_files_are_offered_by_the_names_they_are_known_by(notes: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.md").write_text("other")
    (other / "b.txt").write_text("text")
    (other / "link.md").symlink_to(notes / "a.md")
    saver = Saver([SHIPPED_NOTES, notes, other], own=tmp_path / "own")
    assert set(saver.files()) == {"a.md", "other/a.md"}
    assert saver.draft("other/a.md", "T", "b").path == other / "a.md"
    own = Saver([SHIPPED_NOTES], own=notes)
    assert set(own.files()) == {"a.md"}
    assert own.draft("new.md", "T", "b").path == notes / "new.md"
    assert Saver([SHIPPED_NOTES], own=tmp_path / "none").files() == {}
