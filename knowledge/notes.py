"""Files and folders to notes."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from knowledge.errors import NoteError
from knowledge.language import Language, Text, language_of
from knowledge.values import Note

SUFFIXES = frozenset({".md", ".markdown", ".mdx", ".txt"})

# A byte order mark decides; without one UTF-8 is tried, then the Chinese national encoding, which
# GBK and GB2312 are parts of. Latin-1 is not tried: it takes any bytes and would hide a wrong guess.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def find_notes(sources: Iterable[Path]) -> list[tuple[Path, str]]:
    """The note files under files and folders, each with the name a person knows it by.

    A file that is named directly is taken whatever its suffix; hidden files and folders are left
    out below a folder. The name is the path relative to the folder given (just the file's name
    where a file was given); where two sources would give one name, the source's own name goes
    before it.

    Raises:
        NoteError: a source does not exist.
    """
    found: list[tuple[Path, str]] = []
    taken: set[str] = set()
    for source in sources:
        if not source.exists():
            raise NoteError(
                Text(
                    en=f"There are no notes at {source}: no such file or folder. Check the path.",
                    zh=f"找不到笔记 {source}：没有这个文件或文件夹。请检查路径。",
                ),
                path=str(source),
            )
        root = source if source.is_dir() else source.parent
        for path in _files(source):
            name = path.relative_to(root).as_posix()
            if name in taken:
                name = f"{root.name}/{name}"
            taken.add(name)
            found.append((path, name))
    return found


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    for path in sorted(source.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
        if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
            yield path


def read_note(path: Path, name: str) -> Note:
    """One file as a note.

    Raises:
        NoteError: the file cannot be read, or is not text.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoteError(
            Text(en=f"{name} cannot be read: {reason}.", zh=f"无法读取 {name}：{reason}。"), path=name
        ) from error
    return note_from_text(_decode(raw, name), name)


def _decode(raw: bytes, name: str) -> str:
    encodings = [encoding for mark, encoding in _MARKS if raw.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoteError(
        Text(
            en=f"{name} is not text (tried {', '.join(encodings)}); it was left out.",
            zh=f"{name} 不是文本文件（试过 {'、'.join(encodings)}），已跳过。",
        ),
        path=name,
    )


def note_from_text(text: str, name: str) -> Note:
    """A note from its text; front matter is read, and its lines stay so that numbers hold."""
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if lines and lines[-1] == "":
        lines = lines[:-1]
    matter, _ = front_matter(lines)
    title = matter.get("title") or next(
        (line.lstrip("#").strip() for line in lines if line.startswith("#")), Path(name).stem
    )
    return Note(path=name, lines=lines, title=title, language=_language(matter, text), front_matter=matter)


def _language(matter: Mapping[str, str], text: str) -> Language:
    match matter.get("language", "").lower()[:2]:
        case "zh":
            return "zh"
        case "en":
            return "en"
        case _:
            return language_of(text)


def front_matter(lines: tuple[str, ...]) -> tuple[Mapping[str, str], int]:
    """The YAML block at a note's top, plain values only, and how many lines it takes (0: none).

    Front matter that is no YAML is a person's slip: it is passed over, and the text is still read.
    """
    if not lines or lines[0].strip() != "---":
        return {}, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() in {"---", "..."}:
            try:
                matter = yaml.safe_load("\n".join(lines[1:number]))
            except yaml.YAMLError:
                matter = None
            plain = matter if isinstance(matter, dict) else {}
            kept = {str(k): str(v) for k, v in plain.items() if isinstance(v, str | int | float | bool)}
            return kept, number + 1
    return {}, 0
