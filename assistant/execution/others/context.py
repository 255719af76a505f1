"""The folder of a build as the archive that is sent: no link is followed, nothing outside is read.

Source: docker CLI 28.2, ``docker build PATH``; Dockerfile reference, ``.dockerignore``.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.commands.files import FOLDER, READ
from assistant.errors import ExecutionError, RefusedPlanError
from assistant.execution.workspace_files import open_folder_in_workspace
from knowledge.language import Text

MOST_BYTES = 512 * 1024**2
"""The largest context, all its files together."""
MOST_ENTRIES = 50_000
_MOST_IGNORE_BYTES = 64 * 1024
_IGNORE = ".dockerignore"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, folder or link below the context: its path from there, and the folder it was found in."""

    path: str
    name: str
    folder: int
    details: os.stat_result


def packed(
    into: IO[bytes],
    workspace: Path,
    context: str,
    *,
    dockerfile: str,
    text: str,
    stop: Callable[[], None],
) -> None:
    """Writes the archive of a context, with ``text`` at the place of its Dockerfile.

    Args:
        into: where it is written.
        workspace: the one folder of this machine that may be read.
        context: the folder to be built.
        dockerfile: the path of the Dockerfile from there.
        text: what is sent as the Dockerfile.
        stop: is called for each entry, and raises where the person cancelled.

    Raises:
        RefusedPlanError: it is too large, or a part of a path was swapped for a link.
        ExecutionError: a file cannot be read.
    """
    with (
        open_folder_in_workspace(workspace, context) as folder,
        tarfile.open(fileobj=into, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        ignored = _ignored(folder)
        count, size = 0, 0
        for entry in below(folder):
            stop()
            if entry.path == dockerfile or (entry.path != _IGNORE and ignored(entry.path)):
                continue
            count += 1
            size += entry.details.st_size if stat.S_ISREG(entry.details.st_mode) else 0
            if count > MOST_ENTRIES or size > MOST_BYTES:
                raise RefusedPlanError(_too_large(context))
            add(tar, entry)
        _add_text(tar, dockerfile, text)


def _ignored(folder: int) -> Callable[[str], bool]:
    """Whether ``.dockerignore`` leaves a path out. The Docker SDK knows its patterns."""
    try:
        opened = os.open(_IGNORE, READ, dir_fd=folder)
    except OSError:  # none, or a link, which is not followed
        return lambda path: False
    with os.fdopen(opened, "rb") as file:
        lines = file.read(_MOST_IGNORE_BYTES).decode("utf-8-sig", "replace").splitlines()
    from assistant.execution.connection import ignoring

    return ignoring([line.strip() for line in lines if line.strip() and not line.startswith("#")])


def below(folder: int, prefix: str = "") -> Iterator[Entry]:
    """Everything below a folder, in the order of names; folders are opened, links are not."""
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise _unreadable(prefix or ".", error) from error
    for name in names:
        path = f"{prefix}{name}"
        try:
            details = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue  # gone meanwhile
        yield Entry(path, name, folder, details)
        if not stat.S_ISDIR(details.st_mode):
            continue
        try:
            inner = os.open(name, FOLDER, dir_fd=folder)
        except OSError as error:
            raise _unreadable(path, error) from error
        try:
            yield from below(inner, f"{path}/")
        finally:
            os.close(inner)


def add(tar: tarfile.TarFile, entry: Entry) -> None:
    """One entry; what is neither file, folder nor link (a socket, a pipe) stays out."""
    info = tarfile.TarInfo(entry.path)
    info.mtime, info.mode = int(entry.details.st_mtime), stat.S_IMODE(entry.details.st_mode) & 0o777
    if stat.S_ISDIR(entry.details.st_mode):
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
    elif stat.S_ISLNK(entry.details.st_mode):
        try:
            info.type, info.linkname = tarfile.SYMTYPE, os.readlink(entry.name, dir_fd=entry.folder)
        except OSError as error:
            raise RefusedPlanError(_changed(entry.path)) from error
        tar.addfile(info)
    elif stat.S_ISREG(entry.details.st_mode):
        try:
            opened = os.open(entry.name, READ, dir_fd=entry.folder)
        except OSError as error:
            raise _unreadable(entry.path, error) from error
        with os.fdopen(opened, "rb") as file:
            now = os.fstat(opened)
            if not stat.S_ISREG(now.st_mode) or now.st_size != entry.details.st_size:
                raise RefusedPlanError(_changed(entry.path))
            info.size = now.st_size
            try:
                tar.addfile(info, file)
            except OSError as error:
                raise RefusedPlanError(_changed(entry.path)) from error


def _add_text(tar: tarfile.TarFile, path: str, text: str) -> None:
    data = text.encode()
    info = tarfile.TarInfo(path)
    info.size, info.mode = len(data), 0o644
    tar.addfile(info, io.BytesIO(data))


def _too_large(context: str) -> Text:
    size = f"{MOST_BYTES // 1024**2} MiB"
    return Text(
        f"The folder {context} holds more than {size} or {MOST_ENTRIES} files; leave some out "
        "with a .dockerignore, or build a folder that holds only what is needed.",
        f"目录 {context} 超过 {size} 或 {MOST_ENTRIES} 个文件；请用 .dockerignore 排除一部分，"
        "或只构建包含所需文件的目录。",
    )


def _changed(path: str) -> Text:
    return Text(
        f"{path} was changed while it was read; build again.", f"读取时 {path} 发生了变化；请重新构建。"
    )


def _unreadable(path: str, error: OSError) -> ExecutionError:
    why = error.strerror or str(error)
    return ExecutionError(Text(f"{path} cannot be read: {why}.", f"无法读取 {path}：{why}。"))
