"""What an index holds, kept beside it, so that one changed file does not mean asking Chroma for all rows."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.generation import Generation
from knowledge.store import Places

_FILE = "held.txt"


def as_places(lines: Iterable[str]) -> Places:
    """Places from lines of ``id first last``; the order is kept.

    Raises:
        ValueError: a line is none.
    """
    places: Places = {}
    for line in lines:
        identity, first, last = line.split(" ")
        places[identity] = (int(first), int(last))
    return places


def write_held(folder: Path, collection: str, generation: Generation | None, lines: Sequence[str]) -> None:
    """Keeps what a collection holds in one state of it.

    Raises:
        OSError: the folder cannot be written.
    """
    draft = folder / f"{_FILE}.{os.getpid()}.part"
    draft.write_text("\n".join([_head(collection, generation), *lines]), encoding="utf-8")
    draft.replace(folder / _FILE)


def read_held(folder: Path, collection: str, generation: Generation | None) -> Places | None:
    """What a collection holds; None where that is not known of this state of it."""
    if generation is None or generation.is_writing:
        return None
    try:
        head, *lines = (folder / _FILE).read_text(encoding="utf-8").split("\n")
        return as_places(lines) if head == _head(collection, generation) else None
    except (OSError, ValueError):
        return None


def _head(collection: str, generation: Generation | None) -> str:
    return f"{collection} {generation.token if generation else ''}"
