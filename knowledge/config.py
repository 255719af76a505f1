"""Settings of the knowledge side, passed in and never fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SHIPPED_NOTES = Path(__file__).parent / "notes"
"""The notes that come with the package: used where the person names none."""


@dataclass(frozen=True, slots=True)
class KnowledgeConfig:
    """Where the notes are, where their index lies, and which model embeds them.

    ``sources`` are files and folders; ``index`` is the folder all indexes lie in (deleting it loses
    nothing but time). ``own`` is a folder that counts to the sources once it is there, and to the same
    index before and after, so that a first note in it takes no new one. ``cache`` holds the rebuilt
    embedding model. ``embedding`` is ``bundled``, or any sentence-transformers model name or folder.
    ``chroma_url`` is the Chroma server that keeps the chunks instead of ``index``, ``chroma_token`` what
    it asks for.
    """

    sources: tuple[Path, ...]
    index: Path
    cache: Path
    embedding: str = "bundled"
    chroma_url: str | None = None
    chroma_token: str | None = None
    own: Path | None = None

    @property
    def present(self) -> tuple[Path, ...]:
        """The sources as they are now: with the folder of one's own where it is there."""
        if self.own is None or self.own in self.sources or not self.own.is_dir():
            return self.sources
        return (*self.sources, self.own)
