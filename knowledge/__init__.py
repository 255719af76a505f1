"""Markdown notes in, ranked chunks out."""

from typing import TYPE_CHECKING

from knowledge.lazy import lazily

if TYPE_CHECKING:
    from knowledge.config import KnowledgeConfig
    from knowledge.errors import EmbeddingError, KnowledgeError, NoteError, StoreError
    from knowledge.langchain import NotesRetriever
    from knowledge.library import Library
    from knowledge.protocols import Embedder, Retriever
    from knowledge.values import Chunk, Hit, IndexReport, Note, Section

__all__ = [
    "Chunk",
    "Embedder",
    "EmbeddingError",
    "Hit",
    "IndexReport",
    "KnowledgeConfig",
    "KnowledgeError",
    "Library",
    "Note",
    "NoteError",
    "NotesRetriever",
    "Retriever",
    "Section",
    "StoreError",
]

_HOMES = {
    "KnowledgeConfig": "knowledge.config",
    "Library": "knowledge.library",
    "NotesRetriever": "knowledge.langchain",
    **dict.fromkeys(("EmbeddingError", "KnowledgeError", "NoteError", "StoreError"), "knowledge.errors"),
    **dict.fromkeys(("Embedder", "Retriever"), "knowledge.protocols"),
    **dict.fromkeys(("Chunk", "Hit", "IndexReport", "Note", "Section"), "knowledge.values"),
}

__getattr__ = lazily(__name__, _HOMES)
