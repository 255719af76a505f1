"""An archive of a container's files, written into a folder of the workspace.

Each entry is opened from the folder above it, no link is followed or made, and nothing is replaced.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tarfile
from typing import IO

from assistant.commands.files import FOLDER, NEW
from assistant.errors import ExecutionError, RefusedPlanError
from knowledge.language import Text

MOST_BYTES = 4 * 1024**3
"""How much is copied at most, in bytes of files."""
MOST_FILES = 100_000
_PIECE_BYTES = 1024**2
TOO_MUCH = Text(
    f"More than {MOST_BYTES // 1024**3} GiB or {MOST_FILES} files; copy a part of it, or use a terminal of "
    "your own.",
    f"超过 {MOST_BYTES // 1024**3} GiB 或 {MOST_FILES} 个文件；请只复制一部分，或使用自己的终端。",
)


def unpacked(archive: IO[bytes], folder: int, name: str, *, contents: bool = False) -> list[str]:
    """Writes an archive's only top entry into a folder under a new name; what it leaves out is returned.

    Args:
        archive: a tar archive as the Engine makes it: one file, or one folder with all that is in it.
        folder: descriptor of the folder.
        name: of the new file or folder.
        contents: whether the archive holds what is in the folder (asked for as ``path/.``), not the folder.

    Raises:
        RefusedPlanError: something of that name is there already, or a name in the archive leads elsewhere.
        ExecutionError: it holds too much, or the disk does not take it.
    """
    half = f".{name[:100]}.{secrets.token_hex(4)}.part"
    left_out: list[str] = []
    try:
        os.mkdir(half, 0o700, dir_fd=folder)
        top = os.open(half, FOLDER, dir_fd=folder)
        try:
            with tarfile.open(fileobj=archive, mode="r:") as tar:
                for count, member in enumerate(tar):
                    if count >= MOST_FILES:
                        raise ExecutionError(TOO_MUCH)
                    _write(tar, member, top, _parts(member, name, contents), left_out)
            _named(top, folder, name)
        finally:
            os.close(top)
    except tarfile.TarError as error:
        raise ExecutionError(_BROKEN.filled(what=str(error))) from error
    except OSError as error:
        raise ExecutionError(_DISK.filled(what=error.strerror or str(error))) from error
    finally:
        _remove(half, folder)
    return left_out


def _parts(member: tarfile.TarInfo, name: str, contents: bool) -> list[str]:
    """An entry's path with the new name in the place of what was copied.

    Raises:
        RefusedPlanError: it leads elsewhere.
    """
    parts = [part for part in member.name.split("/") if part not in {"", "."}]
    if member.name.startswith("/") or ".." in parts:
        raise RefusedPlanError(_ELSEWHERE.filled(what=member.name))
    return [name, *(parts if contents else parts[1:])]


def _write(
    tar: tarfile.TarFile, member: tarfile.TarInfo, top: int, parts: list[str], left_out: list[str]
) -> None:
    """One entry below the new folder."""
    if not (member.isfile() or member.isdir()):
        left_out.append(member.name)
        return
    here = os.dup(top)
    try:
        *folders, last = parts
        for each in folders:
            here = _entered(here, each)
        if member.isdir():
            with contextlib.suppress(FileExistsError):
                os.mkdir(last, 0o755, dir_fd=here)
            return
        opened = os.open(last, NEW, member.mode & 0o755 | 0o600, dir_fd=here)
        with os.fdopen(opened, "wb") as file:
            content = tar.extractfile(member)
            while content is not None and (piece := content.read(_PIECE_BYTES)):
                file.write(piece)
    finally:
        os.close(here)


def _entered(here: int, name: str) -> int:
    """The folder below, made where it is missing; the one above is closed."""
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o755, dir_fd=here)
        return os.open(name, FOLDER, dir_fd=here)
    finally:
        os.close(here)


def _named(top: int, folder: int, name: str) -> None:
    """Moves what was written to its name; rename never replaces a folder that holds something."""
    try:
        details = os.stat(name, dir_fd=top, follow_symlinks=False)
    except FileNotFoundError as error:
        raise ExecutionError(_NOTHING) from error
    if stat.S_ISDIR(details.st_mode):
        try:
            os.mkdir(name, 0o755, dir_fd=folder)
        except FileExistsError as error:
            raise RefusedPlanError(_EXISTS.filled(what=name)) from error
        os.rename(name, name, src_dir_fd=top, dst_dir_fd=folder)
        return
    try:
        os.link(name, name, src_dir_fd=top, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError as error:
        raise RefusedPlanError(_EXISTS.filled(what=name)) from error


def _remove(half: str, folder: int) -> None:
    """Takes the unfinished folder away; it is ours alone, and links in it are not followed."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        shutil.rmtree(half, dir_fd=folder)


_ELSEWHERE = Text(
    "The archive names a place outside of itself ({what}), so nothing was copied.",
    "归档中的路径指向外部（{what}），因此没有复制任何内容。",
)
_BROKEN = Text("The Engine's archive cannot be read: {what}.", "无法读取引擎给出的归档：{what}。")
_DISK = Text("The files cannot be written: {what}.", "无法写入文件：{what}。")
_NOTHING = Text("There was no plain file to copy.", "没有可复制的普通文件。")
_EXISTS = Text(
    "{what} is there already and is not overwritten; name another file, or remove it first.",
    "{what} 已经存在，不会被覆盖；请换一个文件名，或先删除它。",
)
