"""Which state an index folder is in: a token that every writer moves on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

_FILE = "generation.json"

SegmentFiles = dict[str, tuple[int, int]]
"""Chroma's files of vectors, by their path in the folder: size in bytes, last change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of an index. While it is being written, or was when its writer was killed, it is not whole."""

    token: str
    is_writing: bool


def read_generation(folder: Path) -> Generation | None:
    """The generation of a folder; None where there is none, or what stands there is none."""
    held = _read(folder)
    return held.generation if held else None


def write_generation(folder: Path, generation: Generation) -> None:
    """Puts a generation in place at once, with the files of vectors as they are.

    Raises:
        OSError: the folder cannot be written.
    """
    files = segment_files(folder)
    text = json.dumps({"token": generation.token, "writing": generation.is_writing, "files": files})
    draft = folder / f".{_FILE}.{os.getpid()}"
    draft.write_text(text, encoding="utf-8")
    draft.replace(folder / _FILE)


def is_as_left(folder: Path) -> bool:
    """Whether the files of vectors are those that the last writer left, or found and did not come to change.

    Where they are not, loading them may bring the process down: hnswlib trusts what it reads.
    """
    held = _read(folder)
    if held is None:
        return not segment_files(folder)
    return held.files == segment_files(folder)


def segment_files(folder: Path) -> SegmentFiles:
    """Chroma's files of vectors; one folder for each collection that has more than a few chunks."""
    found: SegmentFiles = {}
    for path in sorted(folder.glob("*/*")):
        stat = path.stat()
        found[path.relative_to(folder).as_posix()] = (stat.st_size, stat.st_mtime_ns)
    return found


@dataclass(frozen=True, slots=True)
class _Held:
    generation: Generation
    files: SegmentFiles


def _read(folder: Path) -> _Held | None:
    try:
        held = json.loads((folder / _FILE).read_bytes())
        files = {str(path): (int(size), int(time)) for path, (size, time) in held["files"].items()}
        return _Held(Generation(str(held["token"]), bool(held["writing"])), files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
