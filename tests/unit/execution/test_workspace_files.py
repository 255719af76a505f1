"""Files of the workspace are opened part by part, so that no link leads elsewhere."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from assistant.errors import ExecutionError, RefusedPlanError
from assistant.execution.workspace_files import (
    open_folder_in_workspace,
    open_in_workspace,
    refuse_existing,
    written_in_workspace,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "plain").write_bytes(b"ours")
    (tmp_path / "secret").write_bytes(b"theirs")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "out").symlink_to(tmp_path)
    (folder / "loop").symlink_to("loop")
    (folder / "inner").symlink_to("sub")
    os.mkfifo(folder / "pipe")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("path", ["sub/plain", "./sub//plain", "{workspace}/sub/plain"])
def test_a_plain_file_is_read(workspace: Path, path: str) -> None:
    with open_in_workspace(workspace, path.format(workspace=workspace)) as file:
        assert file.read() == b"ours"


@pytest.mark.parametrize(
    "path",
    ["link", "out/secret", "inner/plain", "loop", "../secret", "sub/../../secret", "/etc/passwd", "pipe",
     "sub", ".", "", "sub\0/plain", "{workspace}/../secret", "{workspace}x/plain", "sub/plain/x"],
)  # fmt: skip
@pytest.mark.parametrize("write", [False, True])
def test_links_pipes_folders_and_paths_outside_are_refused(workspace: Path, path: str, write: bool) -> None:
    with pytest.raises(RefusedPlanError) as error:
        open_in_workspace(workspace, path.format(workspace=workspace), write=write)
    assert error.value.text.zh
    assert (workspace.parent / "secret").read_bytes() == b"theirs"


def test_a_socket_is_no_plain_file(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("sock")
        with pytest.raises(RefusedPlanError, match="no plain file"):
            open_in_workspace(workspace, "sock")


def test_what_is_not_there_cannot_be_read(workspace: Path) -> None:
    with pytest.raises(ExecutionError, match="sub/none"):
        open_in_workspace(workspace, "sub/none")


def test_a_new_file_is_made_and_an_old_one_is_kept(workspace: Path) -> None:
    with open_in_workspace(workspace, "sub/new", write=True) as file:
        file.write(b"made")
    assert (workspace / "sub" / "new").read_bytes() == b"made"
    with pytest.raises(RefusedPlanError, match="not overwritten"):
        open_in_workspace(workspace, "sub/plain", write=True)
    assert (workspace / "sub" / "plain").read_bytes() == b"ours"


def test_a_file_bears_its_name_once_it_is_whole(workspace: Path) -> None:
    with written_in_workspace(workspace, "sub/whole") as file:
        file.write(b"half")
        file.flush()
        assert not (workspace / "sub" / "whole").exists()
    assert (workspace / "sub" / "whole").read_bytes() == b"half"
    assert names(workspace / "sub") == ["plain", "whole"]


def test_nothing_is_left_of_a_file_that_was_not_finished(workspace: Path) -> None:
    with pytest.raises(ValueError, match="broke"), written_in_workspace(workspace, "sub/broken") as file:
        file.write(b"half")
        raise ValueError("broke")
    assert names(workspace / "sub") == ["plain"]


def test_a_file_made_meanwhile_is_not_overwritten(workspace: Path) -> None:
    with (
        pytest.raises(RefusedPlanError, match="not overwritten"),
        written_in_workspace(workspace, "a") as file,
    ):
        file.write(b"ours")
        (workspace / "a").write_bytes(b"theirs")
    assert (workspace / "a").read_bytes() == b"theirs"
    with pytest.raises(RefusedPlanError, match="not overwritten"):
        refuse_existing(workspace, "a")
    with pytest.raises(RefusedPlanError, match="not overwritten"):
        refuse_existing(workspace, "link")
    refuse_existing(workspace, "b")


def test_a_folder_swapped_for_a_link_leads_nowhere(workspace: Path) -> None:
    """Somebody swaps a folder for a link out of the workspace and back, as fast as they can."""
    outside = workspace.parent / "outside"
    outside.mkdir()
    (outside / "plain").write_bytes(b"theirs")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (workspace / "sub").rename(workspace / "kept")
            (workspace / "sub").symlink_to(outside)
            (workspace / "sub").unlink()
            (workspace / "kept").rename(workspace / "sub")

    thread = threading.Thread(target=swap)
    thread.start()
    read = set[bytes]()
    try:
        for number in range(2000):
            try:
                with open_in_workspace(workspace, "sub/plain") as file:
                    read.add(file.read())
                with written_in_workspace(workspace, f"sub/new{number}") as file:
                    file.write(b"ours")
            except (RefusedPlanError, ExecutionError):
                continue
    finally:
        stop.set()
        thread.join()
    assert b"theirs" not in read
    assert names(outside) == ["plain"]


def test_a_folder_is_opened_and_a_link_to_one_is_not(workspace: Path) -> None:
    with open_folder_in_workspace(workspace, "sub") as folder:
        assert os.listdir(folder) == ["plain"]  # noqa: PTH208 - a descriptor
    with open_folder_in_workspace(workspace, workspace) as folder:
        assert "sub" in os.listdir(folder)  # noqa: PTH208 - a descriptor
    with pytest.raises(RefusedPlanError, match="link"), open_folder_in_workspace(workspace, "inner"):
        raise AssertionError
