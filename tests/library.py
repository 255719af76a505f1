"""A small library for tests: Markdown text to notes that can be searched and asked, on a real Chroma."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.answering import answer
from assistant.citations import holds
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Answer, AnswerDone, Verdict
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


def verdict(line: str) -> Verdict:
    """A line's verdict by the standard policy, with a workspace that does not exist."""
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=Path("/nonexistent/workspace"))


def asked(library: Library, question: str) -> Answer:
    """What a library answers without a chat model; every citation must hold."""
    *_, done = answer(question, library, verdict)
    assert isinstance(done, AnswerDone)
    assert all(holds(c, library.notes[c.note]) for c in done.answer.citations)
    return done.answer
