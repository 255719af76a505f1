"""The one guard for every host file a line names, and the two kinds of file that are read.

Source: docker CLI 28.2, ``--env-file`` and ``--label-file``.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import CommandSyntaxError, UnreadableFileError, UnsupportedCommandError
from knowledge.language import Text

MAX_FILE_BYTES = 64 * 1024
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW
"""How a folder of the workspace is opened: never through a link. Source: openat(2)."""
READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""How a file of it is opened to be read; without O_NONBLOCK a pipe would be waited for."""
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
"""How a file of it is made: nothing that is there already is opened."""


def real_path(path: str) -> str:
    """Where a path leads when every link is followed.

    Of a path with a link that may not be read (``/proc/1/root``) it is a path that cannot be, so that
    it equals no other.
    """
    try:
        return os.path.realpath(path)
    except OSError:
        return f"{os.path.normpath(path)}/\0"


def inside_workspace(path: str, workspace: Path) -> str | None:
    """The real path of an absolute path that lies in the workspace without passing a link; else None."""
    if not path.startswith("/") or "\0" in path:
        return None
    root = os.path.realpath(workspace)
    plain = os.path.normpath(path)
    if plain.startswith("//"):
        plain = plain[1:]
    written_root = os.path.normpath(workspace)
    if plain == written_root or plain.startswith(written_root + "/"):
        plain = root + plain[len(written_root) :]
    if real_path(plain) != plain or ".." in path.split("/"):
        return None
    return plain if plain == root or plain.startswith(root.rstrip("/") + "/") else None


def guarded_path(flag: str, name: str, workspace: Path) -> str:
    """The real path of a file or folder on this machine that a line names.

    Raises:
        UnsupportedCommandError: it lies outside the workspace, or behind a link.
    """
    absolute = name if name.startswith("/") else os.path.normpath(f"{workspace}/{name}")
    path = inside_workspace(absolute, workspace) if name != "-" else None
    if path is None:
        raise UnsupportedCommandError(
            Text(
                en=f"`{flag}`: `{name}` lies outside the workspace; only files inside it are used.",
                zh=f"`{flag}`：`{name}` 在工作区之外；只能使用工作区内的文件。",
            ),
            word=name,
        )
    return path


def read_pairs(flag: str, name: str, workspace: Path) -> list[str]:
    """The ``NAME=value`` lines of a file in the workspace.

    Raises:
        UnsupportedCommandError: the file lies outside the workspace, or would copy our environment.
        CommandSyntaxError: it cannot be read, or is no such file.
    """
    absolute = name if name.startswith("/") else f"{workspace}/{name.removeprefix('./')}"
    path = inside_workspace(absolute, workspace)
    if path is None:
        raise _outside(flag, name)
    try:
        content = read_inside(path, workspace)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in {errno.ELOOP, errno.ENOTDIR}:
            raise _outside(flag, name) from error  # swapped for a link since it was looked at
        raise UnreadableFileError(
            Text(
                en=f"The file `{name}` of `{flag}` cannot be read: it must be a small text file in "
                "the workspace.",
                zh=f"无法读取 `{flag}` 的文件 `{name}`：它必须是工作区内的小型文本文件。",
            ),
            word=name,
        ) from error
    return _pairs(flag, name, content)


def read_inside(path: str, workspace: Path) -> str:
    """The text of a file below the workspace, reached folder by folder without following any link.

    What is opened is what is judged and read: a path that somebody swaps meanwhile leads nowhere.

    Raises:
        OSError: a part of the path is a link, or the file cannot be opened.
        ValueError: it is no plain file of sensible size, or no text.
    """
    root = os.path.realpath(workspace)
    *folders, last = os.path.relpath(path, root).split("/")
    if last in {"", ".", ".."} or ".." in folders:
        raise ValueError("not below the workspace")
    here = open_below(root, folders)
    try:
        opened = os.open(last, READ, dir_fd=here)
    finally:
        os.close(here)
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise ValueError("no plain file")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ValueError("too large")
    return data.decode("utf-8-sig")


def open_below(root: str, folders: Sequence[str]) -> int:
    """The descriptor of a folder below ``root``, each part opened from the one above, through no link.

    ``root`` is the workspace's real path.

    Raises:
        OSError: a part is a link or no folder, or cannot be opened.
    """
    here = os.open(root, FOLDER)
    try:
        for folder in folders:
            below = os.open(folder, FOLDER, dir_fd=here)
            os.close(here)
            here = below
    except BaseException:
        os.close(here)
        raise
    return here


def _outside(flag: str, name: str) -> UnsupportedCommandError:
    return UnsupportedCommandError(
        Text(
            en=f"`{flag} {name}` would read a file outside the workspace; only files inside it are read.",
            zh=f"`{flag} {name}` 会读取工作区以外的文件；只能读取工作区内的文件。",
        ),
        word=name,
    )


def _pairs(flag: str, name: str, content: str) -> list[str]:
    pairs = []
    for line in content.split("\n"):
        entry = line.rstrip("\r").lstrip()
        if not entry or entry.startswith("#"):
            continue
        key, equals, _ = entry.partition("=")
        if not key or any(char.isspace() for char in key):
            raise CommandSyntaxError(
                Text(
                    en=f"`{name}` holds a line that is no `NAME=value`.",
                    zh=f"`{name}` 中有一行不是 `名称=值`。",
                ),
                word=name,
            )
        if not equals and flag == "--env-file":
            raise UnsupportedCommandError(
                Text(
                    en=f"`{key}` in `{name}` has no value: docker would copy it from this machine's "
                    "environment. "
                    "Write the value into the file.",
                    zh=f"`{name}` 中的 `{key}` 没有值：docker 会从本机环境复制它。请在文件中写明值。",
                ),
                word=key,
            )
        pairs.append(entry)
    return pairs
