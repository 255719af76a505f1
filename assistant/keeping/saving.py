"""A section written into a person's own notes file: shown as a difference first, a backup kept."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path, PurePath

from assistant.errors import KeepingError
from assistant.linting.fix import Mended, encoding_of, mend
from assistant.linting.fix import write as write_mended
from assistant.linting.lines import certain_edit
from assistant.values import Command
from knowledge.config import SHIPPED_NOTES
from knowledge.decoding import decode
from knowledge.errors import KnowledgeError
from knowledge.language import Text
from knowledge.notes import find_notes, note_from_text, read_bytes
from knowledge.sections import split_note
from knowledge.values import Note

_DEEPEST = 6  # Markdown's headings


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it would be: its bytes before (None where it is new) and after, and the difference."""

    path: Path
    name: str
    before: bytes | None
    after: bytes
    diff: str


def target(name: str, sources: Sequence[Path], *, shipped: Path, own: Path) -> Path:
    """The file of a name, within the folders of notes; ``own`` where the notes are only the shipped ones.

    Raises:
        KeepingError: the name is no Markdown file, leads out of the folders, or to one that is linked.
    """
    shape = PurePath(name)
    if shape.suffix.lower() != ".md" or shape.name.startswith(".") or "\0" in name:
        raise KeepingError(
            Text(
                f"`{name}` is no Markdown file. Name one that ends in .md.",
                f"`{name}` 不是 Markdown 文件。请指定以 .md 结尾的文件。",
            )
        )
    roots = _roots(sources, shipped, own)
    for root in roots:
        if root.is_file():
            if name in (root.name, str(root)) or Path(name).absolute() == root.absolute():
                return root
            continue
        path = root / name
        if ".." not in shape.parts and _is_within(path, root) and not path.is_symlink():
            return path
    named = "、".join(map(str, roots))
    raise KeepingError(
        Text(
            f"`{name}` is not in your notes ({named.replace('、', ', ')}), or is a link. Name one in them.",
            f"`{name}` 不在你的笔记（{named}）里，或者是一个链接。请指定其中的文件。",
        )
    )


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that was written.

    ``backup`` is what stood there before, None where the file is new. ``is_indexed`` tells whether the next
    question finds it; ``trouble`` is why not, where that was tried.
    """

    path: Path
    backup: Path | None
    is_indexed: bool
    trouble: Text | None = None


@dataclass(frozen=True, slots=True)
class Saver:
    """Writes sections into the notes of some sources; into ``own`` where those are only the shipped ones.

    ``index`` brings the index in line with a file that was written; it gives False where the file is not
    among the notes that are read.
    """

    sources: Sequence[Path]
    own: Path
    index: Callable[[Path], bool] | None = None

    def files(self) -> dict[str, Path]:
        """The note files a section may be saved to, by the names a person knows them by."""
        roots = _roots(self.sources, SHIPPED_NOTES, self.own)
        found = find_notes(one for one in (*self.sources, self.own) if one.exists())
        return {
            name: path
            for path, name in found
            if path.suffix.lower() == ".md"
            and path.is_file()
            and not path.is_symlink()
            and any(_is_within(path, root) for root in roots)
        }

    def draft(self, file: str, title: str, body: str, *, under: str = "") -> Draft:
        """A file with a section added; arguments and errors as `target` and `draft`."""
        path = self.files().get(file) or target(file, self.sources, shipped=SHIPPED_NOTES, own=self.own)
        return draft(path, file, title, body, under=under)

    def mended(self, command: Command, notes: Mapping[str, Note]) -> Draft | None:
        """A note with the slip of one of its commands mended in its place.

        None where the note is not the person's to change, or the mend not certain.

        Raises:
            NoteError: the file cannot be read or written back.
        """
        note = notes.get(command.note or "")
        path = self.files().get(note.path) if note is not None else None
        edit = certain_edit(note, command) if note is not None and path is not None else None
        if note is None or path is None or edit is None:
            return None
        made = mend(path, note.path, [edit])
        return Draft(path, note.path, made.before, made.after, made.diff) if made is not None else None

    def save(self, draft: Draft) -> Saved:
        """Writes a draft and brings the index up to date; errors as `save`.

        What goes wrong with the index is told, not raised: the file is written by then.
        """
        backup = save(draft)
        try:
            return Saved(draft.path, backup, self.index is not None and self.index(draft.path))
        except KnowledgeError as error:
            return Saved(draft.path, backup, is_indexed=False, trouble=error.text)


def _roots(sources: Sequence[Path], shipped: Path, own: Path) -> list[Path]:
    """The sources that are the person's, or the folder of their own where there is none."""
    return [source for source in sources if not _is_within(source, shipped)] or [own]


def _is_within(path: Path, root: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def draft(path: Path, name: str, title: str, body: str, *, under: str = "") -> Draft:
    """A section added to a file, at its end or within a section whose heading is ``under``.

    Raises:
        NoteError: the file cannot be read.
        KeepingError: the file has no such heading, or holds this very section already.
    """
    before = read_bytes(path, name) if path.exists() else None
    text = decode(before, name) if before is not None else ""
    mark, encoding = encoding_of(before, text, name) if before else (b"", "utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = re.split(r"\r\n|\n|\r", text)
    at, level = _place(text, name, under) if under else (len(lines), 2)
    head = f"{'#' * min(level, _DEEPEST)} {' '.join(title.split())}"
    section = "\n".join([head.lstrip("# "), "", *body.strip("\n").split("\n")])
    if f"# {section}\n" in "\n".join([*lines, ""]):
        raise KeepingError(
            Text(
                f"“{title}” is in {name} already, word for word. Nothing was written.",
                f"{name} 里已有一字不差的“{title}”，没有写入任何内容。",
            )
        )
    above = lines[:at]
    while above and not above[-1].strip():
        above.pop()
    below = lines[at:]
    while below and not below[0].strip():
        below = below[1:]
    new = [*above, *([""] if above else []), head, "", *body.strip("\n").split("\n"), "", *below]
    while below == [] and new[-1] == "":
        new.pop()
    after = end.join(new if below else [*new, ""])
    diff = unified_diff(text.splitlines(), after.splitlines(), f"{name} (now)", f"{name} (then)", lineterm="")
    return Draft(path, name, before, mark + after.encode(encoding), "\n".join(diff))


def _place(text: str, name: str, under: str) -> tuple[int, int]:
    """After which line a section below a heading goes, and its level."""
    sections = split_note(note_from_text(text, name))
    wanted = under.strip().casefold()
    found = next((s for s in sections if s.headings and s.headings[-1].strip().casefold() == wanted), None)
    if found is None:
        raise KeepingError(
            Text(f"{name} has no heading “{under}”.", f"{name} 里没有标题“{under}”。"),
        )
    below = [s for s in sections if s.headings[: len(found.headings)] == found.headings]
    line = re.split(r"\r\n|\n|\r", text)[found.first_line - 1]
    marks = re.match(r" {0,3}(#{1,6})(?!#)", line)  # a note may begin with a heading of any level
    return max(section.last_line for section in below), (len(marks[1]) if marks else found.level) + 1


def save(draft: Draft) -> Path | None:
    """Writes a draft at once, and gives the backup of what stood there; None where the file is new.

    Raises:
        NoteError: the file was changed since, or cannot be written.
        KeepingError: a new file cannot be made.
    """
    if draft.before is not None:
        return write_mended(Mended(draft.path, draft.before, draft.after, draft.diff), draft.name)
    try:
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(
            draft.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644
        )
        with os.fdopen(handle, "wb") as file:
            file.write(draft.after)
    except OSError as error:
        raise KeepingError(
            Text(
                f"{draft.path} cannot be written: {error.strerror}.",
                f"无法写入 {draft.path}：{error.strerror}。",
            )
        ) from error
    return None
