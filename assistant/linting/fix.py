"""Certain mends written into note files: encoding and line ends stay, a backup is kept."""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from itertools import count
from pathlib import Path

from assistant.linting.values import Edit
from knowledge.decoding import decode
from knowledge.errors import NoteError
from knowledge.language import Text
from knowledge.notes import read_bytes

_ENCODINGS = (
    (b"", "utf-8"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "utf-16-le"),
    (b"", "utf-16-be"),
    (b"", "gb18030"),
    (b"", "big5"),
)


@dataclass(frozen=True, slots=True)
class Mended:
    """One file with its mends: its bytes before and after, and the difference as a unified diff."""

    path: Path
    before: bytes
    after: bytes
    diff: str


def mend(path: Path, name: str, edits: Iterable[Edit]) -> Mended | None:
    """A file with edits made; None where none of them fits what stands there.

    Raises:
        NoteError: the file cannot be read, is not text, or in an encoding it could not be written back in.
    """
    before = read_bytes(path, name)
    text = decode(before, name)
    mark, encoding = encoding_of(before, text, name)
    lines = _lines(text)
    for edit in edits:
        at = edit.line - 1
        if at < len(lines) and lines[at].count(edit.old) == 1:
            lines[at] = lines[at].replace(edit.old, edit.new)
    new = "".join(lines)
    if new == text:
        return None
    diff = unified_diff(_shown(text), _shown(new), f"{name} (now)", f"{name} (mended)", lineterm="")
    return Mended(path, before, mark + new.encode(encoding), "\n".join(diff))


def write(mended: Mended, name: str) -> Path:
    """Writes a mended file at once, and gives the backup of what it held.

    Raises:
        NoteError: the file was changed since it was looked at, or cannot be written.
    """
    if read_bytes(mended.path, name) != mended.before:
        raise NoteError(
            Text(
                f"{name} was changed meanwhile; nothing was written. Look at the difference again.",
                f"{name} 刚刚被修改过，没有写入任何内容。请重新查看差异。",
            ),
            path=name,
        )
    try:
        backup = _keep(mended)
        _put(mended.path.resolve(), mended.after)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoteError(
            Text(f"{name} cannot be written: {reason}.", f"无法写入 {name}：{reason}。"), path=name
        ) from error
    return backup


def _put(path: Path, content: bytes) -> None:
    """Replaces a file's content in one step, its mode kept; nothing is left behind where that fails."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(path.stat().st_mode & 0o7777)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _keep(mended: Mended) -> Path:
    """A copy of the file under a name that was free."""
    for number in count():
        backup = mended.path.with_name(f"{mended.path.name}.bak{number or ''}")
        try:
            with backup.open("xb") as file:
                file.write(mended.before)
        except FileExistsError:
            continue
        return backup
    raise AssertionError  # there is always another number


def encoding_of(raw: bytes, text: str, name: str) -> tuple[bytes, str]:
    """The mark and encoding that give exactly these bytes."""
    for mark, encoding in _ENCODINGS:
        try:
            if mark + text.encode(encoding) == raw:
                return mark, encoding
        except UnicodeEncodeError:
            continue
    raise NoteError(
        Text(
            f"{name} cannot be written back as it is encoded. Save it as UTF-8 first.",
            f"无法按原编码写回 {name}。请先把它另存为 UTF-8。",
        ),
        path=name,
    )


def _lines(text: str) -> list[str]:
    """Lines with their ends, numbered as notes are: at LF, CRLF or a lone CR."""
    lines, start, at = [], 0, 0
    while at < len(text):
        if text[at] in "\r\n":
            at += 2 if text[at : at + 2] == "\r\n" else 1
            lines.append(text[start:at])
            start = at
        else:
            at += 1
    return [*lines, text[start:]]


def _shown(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in _lines(text)]
