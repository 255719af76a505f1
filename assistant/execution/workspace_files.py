"""Files of the workspace, opened so that nobody can lead the opening elsewhere.

A path that was judged may be swapped for a link before it is opened, by a container that may write to
the workspace. So each part of it is opened from the folder that was opened before it, and no part may
be a link; what is opened is what was meant, or nothing is.

Source: openat(2), ``O_NOFOLLOW``; linkat(2), which never replaces a file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assistant.commands.files import NEW, READ, open_below
from assistant.errors import ExecutionError, RefusedPlanError
from knowledge.language import Text


def open_in_workspace(workspace: Path, path: str | Path, write: bool = False) -> BinaryIO:
    """A plain file of the workspace, opened to be read, or made anew to be written.

    Args:
        workspace: the one folder of this machine that may be touched.
        path: the file, absolute or counted from the workspace.
        write: make the file; one that is there already is never overwritten.

    Raises:
        RefusedPlanError: it lies outside the workspace, a part of the path is a link, it is no plain
            file, or (with ``write``) something of that name is there already.
        ExecutionError: it is not there, or may not be opened.
    """
    with _parent(workspace, path) as (folder, name), _said(path):
        opened = os.open(name, NEW if write else READ, 0o644, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise RefusedPlanError(_NO_FILE.filled(path=path))
        return os.fdopen(opened, "wb" if write else "rb")


@contextmanager
def open_folder_in_workspace(workspace: Path, path: str | Path) -> Iterator[int]:
    """A folder of the workspace (or the workspace itself), as a descriptor for ``dir_fd``.

    Raises:
        RefusedPlanError: it lies outside the workspace, or a part of the path is a link.
        ExecutionError: it is not there, or may not be opened.
    """
    with _said(path):
        opened = open_below(os.path.realpath(workspace), _parts(workspace, path))
    try:
        yield opened
    finally:
        os.close(opened)


@contextmanager
def written_in_workspace(workspace: Path, path: str | Path) -> Iterator[BinaryIO]:
    """A new file that bears its name only once it is whole; where the block raises, there is none.

    Raises:
        RefusedPlanError: it lies outside the workspace, a part of the path is a link, or something of
            that name is there already; it stays as it is.
        ExecutionError: its folder is not there, or may not be written to.
    """
    with _parent(workspace, path) as (folder, name), _said(path):
        if _is_there(folder, name):
            raise RefusedPlanError(_EXISTS.filled(path=path))
        half = f".{name[:100]}.{secrets.token_hex(4)}.part"
        try:
            with os.fdopen(os.open(half, NEW, 0o644, dir_fd=folder), "wb") as file:
                yield file
            os.link(half, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(half, dir_fd=folder)


def refuse_existing(workspace: Path, path: str | Path) -> None:
    """For a file that is to be written: it must not be there yet.

    Raises:
        RefusedPlanError: it is there, or it lies outside the workspace or behind a link.
        ExecutionError: its folder is not there.
    """
    with _parent(workspace, path) as (folder, name):
        if _is_there(folder, name):
            raise RefusedPlanError(_EXISTS.filled(path=path))


def _is_there(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _parent(workspace: Path, path: str | Path) -> Iterator[tuple[int, str]]:
    """The folder a file lies in, opened, and the file's name in it."""
    *folders, name = _parts(workspace, path) or [""]
    if not name:
        raise RefusedPlanError(_NO_FILE.filled(path=path))
    with _said(path):
        folder = open_below(os.path.realpath(workspace), folders)
    try:
        yield folder, name
    finally:
        os.close(folder)


def _parts(workspace: Path, path: str | Path) -> list[str]:
    """The names from the workspace down to a path; none may lead up again."""
    text = os.fspath(path)
    if "\0" in text or ".." in text.split("/"):
        raise RefusedPlanError(_OUTSIDE.filled(path=path))
    if text.startswith("/"):
        roots = {os.path.normpath(workspace), os.path.realpath(workspace)}
        plain = "/" + os.path.normpath(text).lstrip("/")
        inside = next(
            (root for root in roots if plain == root or plain.startswith(root.rstrip("/") + "/")), None
        )
        if inside is None:
            raise RefusedPlanError(_OUTSIDE.filled(path=path))
        text = plain[len(inside) :]
    return [part for part in text.split("/") if part not in {"", "."}]


@contextmanager
def _said(path: str | Path) -> Iterator[None]:
    """The system's errors in words; a link shows as ELOOP, or as ENOTDIR in the middle of a path."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise RefusedPlanError(_LINK.filled(path=path)) from error
        if isinstance(error, FileExistsError):
            raise RefusedPlanError(_EXISTS.filled(path=path)) from error
        if error.errno in {errno.ENXIO, errno.ENODEV}:  # a socket, a device
            raise RefusedPlanError(_NO_FILE.filled(path=path)) from error
        why = error.strerror or str(error)
        raise ExecutionError(
            Text(f"{path} cannot be used: {why}.", f"无法使用 {path}：{why}。"),
        ) from error


_OUTSIDE = Text("{path} lies outside the workspace.", "{path} 在工作区之外。")
_LINK = Text(
    "{path} leads through a link; name the file itself.", "{path} 经过了符号链接；请写文件本身的路径。"
)
_NO_FILE = Text("{path} is no plain file.", "{path} 不是普通文件。")
_EXISTS = Text(
    "{path} is there already and is not overwritten; name another file, or remove it first.",
    "{path} 已经存在，不会被覆盖；请换一个文件名，或先删除它。",
)
