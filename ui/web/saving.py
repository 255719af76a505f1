"""Where saving something to the notes stands."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.keeping.saving import Draft
from knowledge.language import Text


@dataclass(slots=True)
class Saving:
    """How far saving an answer, a run or a correction has come; what is written is the server's own draft.

    ``files`` and ``headings`` are offered while the person types; ``is_mend`` tells that the draft mends a
    line in its place instead of adding a section.
    """

    title: str
    file: str = ""
    under: str = ""
    files: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    draft: Draft | None = None
    is_mend: bool = False
    message: Text | None = None
    done: Text | None = None


def key_of(what: str, id: str) -> str:
    """The name of a saving: what is saved (answer, run, correction), and the id of it."""
    return f"{what}-{id}"
