"""One suite for every retriever: the word counter, and the hybrid one on a real Chroma."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.chroma import open_place
from knowledge.chunks import chunk_note
from knowledge.indexing import sync
from knowledge.keywords import KeywordIndex
from knowledge.notes import note_from_text
from knowledge.protocols import Retriever
from knowledge.retriever import HybridRetriever
from knowledge.sections import split_note
from knowledge.store import ChunkStore
from tests.fakes.embedder import HashEmbedder
from tests.fakes.retriever import WordRetriever

TEXT = """# Notes

## Containers

`docker ps -a` lists all containers, stopped ones too.

## Images

`docker images` lists the images on this machine.

## Volumes

A named volume keeps data when the container is gone.
"""


@pytest.fixture(params=["words", "hybrid"])
def retriever(request: pytest.FixtureRequest, tmp_path: Path) -> Retriever:
    note = note_from_text(TEXT, "note.md")
    chunks = chunk_note(note, split_note(note))
    if request.param == "words":
        return WordRetriever(chunks)
    embedder = HashEmbedder()
    store = ChunkStore(open_place(tmp_path / "chroma"), "notes", embedder.model, embedder.dimension)
    sync(chunks, store, embedder, wanted={c.id: (c.first_line, c.last_line) for c in chunks}, stored={})
    return HybridRetriever(chunks, store, KeywordIndex(chunks), embedder)


def test_the_best_hit_comes_first(retriever: Retriever) -> None:
    hits = retriever.search("list all containers")
    assert hits[0].chunk.headings == ("Notes", "Containers")
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_a_hit_is_a_chunk_with_its_lines(retriever: Retriever) -> None:
    (hit,) = retriever.search("named volume data", limit=1)
    assert (hit.chunk.note, hit.chunk.first_line, hit.chunk.last_line) == ("note.md", 13, 13)


def test_the_limit_is_kept_and_no_chunk_comes_twice(retriever: Retriever) -> None:
    hits = retriever.search("docker lists", limit=2)
    assert len({h.chunk.id for h in hits}) == len(hits) <= 2


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_a_blank_query_finds_nothing(retriever: Retriever, query: str) -> None:
    assert retriever.search(query) == []


@pytest.mark.parametrize("query", ["'; DROP TABLE chunks; --", "\0", "(" * 500, "🐳", "$gte", "%"])
def test_any_text_is_only_a_query(retriever: Retriever, query: str) -> None:
    assert len(retriever.search(query, limit=3)) <= 3
