"""Where saving an answer to the notes stands."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.keeping.saving import Draft
from knowledge.language import Text


@dataclass(slots=True)
class Saving:
    """How far saving one answer has come; the draft that is written is the server's own."""

    file: str = ""
    under: str = ""
    draft: Draft | None = None
    message: Text | None = None
    done: Text | None = None
