"""The one guard for every host file a line names, and the two kinds of file that are read.

Source: docker CLI 28.2, ``--env-file`` and ``--label-file``.
"""

from __future__ import annotations

import os
from pathlib import Path

from assistant.errors import CommandSyntaxError, UnsupportedCommandError
from knowledge.language import Text

MAX_FILE_BYTES = 64 * 1024


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
    if os.path.realpath(plain) != plain or ".." in path.split("/"):
        return None
    return plain if plain == root or plain.startswith(root.rstrip("/") + "/") else None


def read_pairs(flag: str, name: str, workspace: Path) -> list[str]:
    """The ``NAME=value`` lines of a file in the workspace.

    Raises:
        UnsupportedCommandError: the file lies outside the workspace, or would copy our environment.
        CommandSyntaxError: it cannot be read, or is no such file.
    """
    absolute = name if name.startswith("/") else f"{workspace}/{name.removeprefix('./')}"
    path = inside_workspace(absolute, workspace)
    if path is None:
        raise UnsupportedCommandError(
            Text(
                en=f"`{flag} {name}` would read a file outside the workspace; only files inside it are read.",
                zh=f"`{flag} {name}` 会读取工作区以外的文件；只能读取工作区内的文件。",
            ),
            word=name,
        )
    return _pairs(flag, name, _content(flag, name, Path(path)))


def _content(flag: str, name: str, path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError("no plain file of sensible size")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise CommandSyntaxError(
            Text(
                en=f"The file `{name}` of `{flag}` cannot be read: it must be a small text file in "
                "the workspace.",
                zh=f"无法读取 `{flag}` 的文件 `{name}`：它必须是工作区内的小型文本文件。",
            ),
            word=name,
        ) from error


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
