"""Files of the host: what was looked at is what is read, and no socket hides below a folder."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.commands import files, special_files
from assistant.commands.files import read_inside, read_pairs
from assistant.errors import CommandError, CommandSyntaxError, UnsupportedCommandError
from assistant.values import Decision
from tests.unit.commands.conftest import Review


@pytest.fixture
def bound(workspace: Path) -> Iterator[Path]:
    """A folder of the workspace with a socket three levels below it."""
    deep = workspace / "tree" / "a" / "b" / "c"
    deep.mkdir(parents=True)
    unix = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(deep)  # the path of a socket is short
    unix.bind("plain")
    os.chdir(here)
    yield workspace / "tree"
    unix.close()


@pytest.mark.parametrize("depth", ["tree", "tree/a", "tree/a/b", "tree/a/b/c"])
def test_a_socket_at_any_depth_below_a_folder_is_found(depth: str, bound: Path, judged: Review) -> None:
    for line in (
        f"docker run -v ./{depth}:/m alpine",
        f"docker run --mount type=bind,src=./{depth},dst=/m,ro alpine",
    ):
        verdict = judged(line)
        assert verdict.decision is Decision.REFUSE
        assert f"{bound}/a/b/c/plain" in verdict.reasons[0].text.en
    (bound / "a" / "b" / "c" / "plain").unlink()
    assert judged(f"docker run -v ./{depth}:/m alpine").decision is Decision.ASK


def test_a_folder_too_large_to_look_through_is_refused(
    bound: Path, judged: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bound / "a" / "b" / "c" / "plain").unlink()
    monkeypatch.setattr(special_files, "MOST_ENTRIES", 2)
    verdict = judged("docker run -v ./tree:/m alpine")
    assert verdict.decision is Decision.REFUSE
    assert "more than 2 files" in verdict.reasons[0].text.en


def test_links_below_a_folder_are_not_followed(workspace: Path, judged: Review) -> None:
    (workspace / "src" / "up").symlink_to("..")
    (workspace / "src" / "run").symlink_to("/run")
    assert judged("docker run -v ./src:/m alpine").decision is Decision.ASK


@pytest.mark.parametrize("where", ["file", "folder"])
def test_a_path_swapped_for_a_link_after_it_was_looked_at_is_not_read(
    where: str, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a fast program in the workspace does between the look and the reading."""
    secret = tmp_path / "outside" / "my.env"
    secret.parent.mkdir()
    secret.write_text("SECRET=1\n")
    (workspace / "data" / "my.env").write_text("A=1\n")
    looked = files.inside_workspace

    def look_then_swap(path: str, root: Path) -> str | None:
        found = looked(path, root)
        target = workspace / "data" / "my.env" if where == "file" else workspace / "data"
        target.rename(workspace / "aside")
        target.symlink_to(secret if where == "file" else secret.parent)
        return found

    assert read_pairs("--env-file", "./data/my.env", workspace) == ["A=1"]
    monkeypatch.setattr(files, "inside_workspace", look_then_swap)
    with pytest.raises(UnsupportedCommandError, match="outside the workspace"):
        read_pairs("--env-file", "./data/my.env", workspace)
    assert secret.read_text() == (workspace / "data" / "my.env").read_text()


def test_a_pipe_and_a_large_file_are_not_waited_for(workspace: Path) -> None:
    (workspace / "large").write_text("A=" + "x" * files.MAX_FILE_BYTES)
    for name in ("fifo", "large", "data", "none", "real.sock"):
        with pytest.raises(CommandSyntaxError, match="cannot be read"):
            read_pairs("--env-file", name, workspace)


def test_reading_leaves_no_open_file(workspace: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("ok.env", "data/none", "link-out/passwd", "fifo", "../x"):
        try:
            read_inside(f"{workspace}/{name}", workspace)
        except (OSError, ValueError, CommandError):
            continue
    assert len(list(Path("/proc/self/fd").iterdir())) == before
