"""The index on a real Chroma: only what changed is embedded, what is gone leaves, models stay apart."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.config import KnowledgeConfig
from knowledge.errors import StoreError
from knowledge.indexing import one_writer
from knowledge.library import Library
from knowledge.values import FloatMatrix
from tests.fakes.embedder import HashEmbedder

ONE = "# Containers\n\n`docker ps -a` lists all containers.\n\n# Images\n\n`docker images` lists images.\n"
TWO = "# 数据卷\n\n数据卷在容器删除后仍然保留数据。\n"


@pytest.fixture
def config(tmp_path: Path) -> KnowledgeConfig:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "one.md").write_text(ONE, encoding="utf-8")
    (notes / "two.md").write_text(TWO, encoding="utf-8")
    return KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache")


def notes_of(config: KnowledgeConfig) -> Path:
    return config.sources[0]


def test_a_second_run_embeds_nothing(config: KnowledgeConfig) -> None:
    _, first = Library.open(config, HashEmbedder())
    embedder = HashEmbedder()
    _, second = Library.open(config, embedder)
    assert (first.notes, first.chunks, first.embedded) == (2, 3, 3)
    assert (second.chunks, second.embedded, second.removed) == (3, 0, 0)
    assert embedder.embedded == []


def test_only_what_changed_is_embedded_and_moved_chunks_have_their_new_lines(config: KnowledgeConfig) -> None:
    Library.open(config, HashEmbedder())
    one = notes_of(config) / "one.md"
    one.write_text(ONE.replace("# Images", "`docker stop web` stops it.\n\n# Images"), encoding="utf-8")
    embedder = HashEmbedder()
    library, report = Library.open(config, embedder)
    assert (report.embedded, report.removed) == (1, 1)
    assert "docker stop web" in embedder.embedded[0]
    (hit,) = library.search("docker images", limit=1)
    assert library.notes["one.md"].quote(hit.chunk.first_line, hit.chunk.last_line) == hit.chunk.text
    assert hit.chunk.text.startswith("`docker images`")


def test_a_note_that_is_gone_leaves_the_index(config: KnowledgeConfig) -> None:
    Library.open(config, HashEmbedder())
    (notes_of(config) / "two.md").unlink()
    library, report = Library.open(config, HashEmbedder())
    assert report.removed == 1
    assert {h.chunk.note for h in library.search("数据卷 保留 数据")} == {"one.md"}


def test_another_model_is_indexed_apart_and_never_mixed(config: KnowledgeConfig) -> None:
    Library.open(config, HashEmbedder())
    library, report = Library.open(config, HashEmbedder(dimension=32, model="other"))
    assert report.embedded == 3
    assert library.search("docker images", limit=1)[0].chunk.headings == ("Images",)


def test_what_is_no_text_is_skipped_and_named_and_the_rest_is_indexed(config: KnowledgeConfig) -> None:
    (notes_of(config) / "broken.md").write_bytes(b"\x89PNG\0\0\xff")
    library, report = Library.open(config, HashEmbedder())
    assert report.notes == 2
    assert len(report.skipped) == 1
    assert "broken.md" in report.skipped[0]
    assert library.search("docker images")


def test_a_broken_off_run_leaves_a_searchable_index_and_the_next_completes_it(
    config: KnowledgeConfig,
) -> None:
    class Failing(HashEmbedder):
        def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
            if self.embedded:
                raise KeyboardInterrupt
            return super().embed(texts, of=of)

    Library.open(config, HashEmbedder())
    (notes_of(config) / "three.md").write_text("\n\n".join(f"# H{n}\n\ntext {n}" for n in range(80)), "utf-8")
    with pytest.raises(KeyboardInterrupt):
        Library.open(config, Failing())
    embedder = HashEmbedder()
    library, report = Library.open(config, embedder)
    assert 0 < report.embedded < 80
    assert library.search("text 79", limit=1)


def test_progress_is_told_from_nothing_to_all(config: KnowledgeConfig) -> None:
    told: list[tuple[int, int]] = []
    Library.open(config, HashEmbedder(), progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)


def _hold(folder: Path, ready: object, release: object) -> None:
    with one_writer(folder):
        ready.set()  # type: ignore[attr-defined]
        release.wait(30)  # type: ignore[attr-defined]


def test_a_second_writer_is_told_who_waits_for_what(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path, ready, release))
    process.start()
    try:
        assert ready.wait(30)
        with pytest.raises(StoreError, match="Another docknotes"), one_writer(tmp_path, wait_seconds=0.2):
            pass
    finally:
        release.set()
        process.join(30)
    assert process.exitcode == 0


def test_an_index_folder_that_cannot_be_made_is_one_clear_error(config: KnowledgeConfig) -> None:
    config.index.write_text("a file, where a folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match=str(config.index)):
        Library.open(config, HashEmbedder())
