"""A small library for tests: Markdown text to notes that can be searched, on a real Chroma."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from knowledge.config import KnowledgeConfig
from knowledge.library import Library
from tests.fakes.embedder import HashEmbedder


def library_of(folder: Path, notes: Mapping[str, str]) -> Library:
    """The library of some notes, written under a folder and indexed with the model-free embedder."""
    source = folder / "notes"
    source.mkdir(parents=True, exist_ok=True)
    for name, text in notes.items():
        (source / name).write_text(text, encoding="utf-8")
    config = KnowledgeConfig((source,), folder / "index", folder / "cache")
    return Library.open(config, HashEmbedder())[0]
