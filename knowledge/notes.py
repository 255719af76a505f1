"""Files and folders to notes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from knowledge.decoding import decode
from knowledge.dialects import as_commonmark
from knowledge.errors import NoteError
from knowledge.language import Language, Text, language_of
from knowledge.markup import title_of
from knowledge.matter import front_matter
from knowledge.values import Note

SUFFIXES = frozenset({".md", ".markdown", ".mdx", ".txt", ".rst"})

MAX_BYTES = 64_000_000
"""Larger files are left out: no person writes them, and parsing one takes minutes."""

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]")
_FENCE = re.compile(r"^[\s>]*(`{3,}|~{3,})")


def find_notes(sources: Iterable[Path]) -> list[tuple[Path, str]]:
    """The note files under files and folders, each with the name a person knows it by.

    A file that is named directly is taken whatever its suffix; hidden files and folders are left
    out below a folder. Folders that are linked into a folder are read too, once. The name is the path
    relative to the folder given (just the file's name where a file was given); where two sources would
    give one name, the source's own name goes before it. What looks like a note but cannot be read (a
    dangling link, a locked folder) is listed as well, so that `read_note` says why. In which order the
    sources are given does not matter, nor whether one is given twice.

    Raises:
        NoteError: a source does not exist.
    """
    found: list[tuple[Path, str]] = []
    taken: set[str] = set()
    for source in sorted({source.absolute(): source for source in sources}.values(), key=Path.absolute):
        folder = _is_folder(source)
        root = source if folder else source.parent
        for path in _files(source) if folder else [source]:
            name = path.relative_to(root).as_posix() if path != root else root.name
            if name in taken:
                name = _other_name(name, root, taken)
            taken.add(name)
            found.append((path, name))
    return found


def _is_folder(source: Path) -> bool:
    try:
        return stat.S_ISDIR(source.stat().st_mode)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoteError(
            Text(
                en=f"There are no notes at {source}: no such file or folder ({reason}). Check the path.",
                zh=f"找不到笔记 {source}：没有这个文件或文件夹（{reason}）。请检查路径。",
            ),
            path=str(source),
        ) from error


def _other_name(name: str, root: Path, taken: set[str]) -> str:
    """A free name: with the folder before it, then with more of the way to it, then numbered."""
    parts = root.absolute().parts
    for depth in range(1, len(parts)):
        longer = "/".join((*parts[-depth:], name))
        if longer not in taken:
            return longer
    return next(f"{name} ({n})" for n in range(2, len(taken) + 3) if f"{name} ({n})" not in taken)


def _files(source: Path) -> Iterator[Path]:
    """The note files below a folder in the order of their paths, and folders that cannot be read."""
    found: list[Path] = []
    top = Path(os.path.realpath(source))
    seen: set[str] = set()

    def locked(error: OSError) -> None:
        found.append(Path(error.filename))

    for folder, folders, files in os.walk(source, followlinks=True, onerror=locked):
        here = Path(folder)
        folders[:] = [
            name for name in folders if not name.startswith(".") and _is_new(here / name, top, seen)
        ]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                found.append(here / name)
    yield from sorted(found)


def _is_new(folder: Path, top: Path, seen: set[str]) -> bool:
    """Whether a folder is to be read: not a link back into what is read anyway, nor around it."""
    if not folder.is_symlink():
        return True
    real = os.path.realpath(folder)
    target = Path(real)
    if target.is_relative_to(top) or top.is_relative_to(target) or real in seen:
        return False
    seen.add(real)
    return True


def read_note(path: Path, name: str) -> Note:
    """One file as a note.

    Raises:
        NoteError: the file cannot be read, is no file (a pipe, a device), too large, or not text.
    """
    return note_from_bytes(read_bytes(path, name), name)


def note_from_bytes(raw: bytes, name: str) -> Note:
    """A note from what its file holds.

    Raises:
        NoteError: it is not text.
    """
    return note_from_text(decode(raw, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """What a note's file holds.

    Raises:
        NoteError: the file cannot be read, is no file (a pipe, a device), or too large.
    """
    try:
        return _read(path, name)
    except OSError as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: OSError) -> NoteError:
    """The error of a note whose file cannot be read."""
    reason = error.strerror or str(error)
    return NoteError(
        Text(en=f"{name} cannot be read: {reason}.", zh=f"无法读取 {name}：{reason}。"), path=name
    )


def _read(path: Path, name: str) -> bytes:
    """The bytes of a regular file; a pipe or device is neither waited for nor read."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not stat.S_ISREG(path.stat().st_mode):
        raise _left_out(path, name)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - Path.open takes no flags
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise _left_out(path, name)
        return file.read(MAX_BYTES + 1)[:MAX_BYTES]


def _left_out(path: Path, name: str) -> NoteError:
    if path.is_dir():
        try:
            os.listdir(path)  # noqa: PTH208 - asked only for its error
        except OSError as error:
            reason = error.strerror or str(error)
            en, zh = f"The folder {name} cannot be read: {reason}.", f"无法读取文件夹 {name}：{reason}。"
            return NoteError(Text(en=en, zh=zh), path=name)
    if path.is_file():
        most = MAX_BYTES // 1_000_000
        en = f"{name} was left out: it is larger than {most} MB. Split it into smaller files."
        zh = f"已跳过 {name}：它大于 {most} MB。请把它拆成较小的文件。"
    else:
        en = f"{name} was left out: it is not a regular file (a pipe, device or folder)."
        zh = f"已跳过 {name}：它不是普通文件（而是管道、设备或文件夹）。"
    return NoteError(Text(en=en, zh=zh), path=name)


def note_from_text(text: str, name: str) -> Note:
    """A note from its text; front matter is read, and its lines stay so that numbers hold.

    Lines end where an editor ends them: at LF, CRLF or a lone CR, and at no other separator.
    """
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if lines and lines[-1] == "":
        lines = lines[:-1]
    matter, skip = front_matter(lines)
    title = matter.get("title") or _first_heading(as_commonmark(lines[skip:], name)) or Path(name).stem
    return Note(path=name, lines=lines, title=title, language=_language(matter, text), front_matter=matter)


def _first_heading(lines: Sequence[str]) -> str | None:
    """The first line that is a heading; a comment in code is none."""
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence and _HEADING.match(line):
            return title_of(line.strip("# \t")) or None
    return None


def _language(matter: Mapping[str, str], text: str) -> Language:
    match (matter.get("language") or matter.get("lang") or "").lower()[:2]:
        case "zh":
            return "zh"
        case "en":
            return "en"
        case _:
            return language_of(text)
