"""Errors of the knowledge side.

KnowledgeError
  NoteError             a note cannot be read: path, line
  EmbeddingError        the embedding model is missing or does not fit the index
  StoreError            the index is absent, locked, incompatible or cannot be written
    DamagedIndexError   the index cannot be read any more; it is made again from the notes
"""

from __future__ import annotations

from knowledge.language import Text


class KnowledgeError(Exception):
    """Base of all errors of the knowledge side; carries its message in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NoteError(KnowledgeError):
    """A note cannot be read or is not text."""

    def __init__(self, text: Text, *, path: str, line: int | None = None) -> None:
        super().__init__(text)
        self.path = path
        self.line = line


class EmbeddingError(KnowledgeError):
    """The embedding model is missing, broken, or of another dimension than the index."""


class StoreError(KnowledgeError):
    """The index is absent, locked by another process, incompatible, or cannot be written."""


class DamagedIndexError(StoreError):
    """The index cannot be read any more; a library makes it again from the notes."""
