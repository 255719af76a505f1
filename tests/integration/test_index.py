"""The index on a real Chroma: only what changed is embedded, what is gone leaves, models stay apart."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import catalogue, contents
from knowledge.config import KnowledgeConfig
from knowledge.errors import StoreError
from knowledge.generation import Generation
from knowledge.held import read_held, write_held
from knowledge.indexing import one_writer
from knowledge.library import Library
from knowledge.live import LiveLibrary
from knowledge.store import ChunkStore, Places
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


def test_a_folder_of_ones_own_joins_the_same_index_when_it_comes(
    config: KnowledgeConfig, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    live, first = LiveLibrary.open(replace(config, own=own), HashEmbedder())
    folder = live.now().folder
    assert first.embedded == 3
    own.mkdir()
    (own / "mine.md").write_text("# Mine\n\nMy registry is at port 5000.\n")
    assert live.refresh().embedded == 1
    assert "mine.md" in live.now().notes
    started_again = replace(config, sources=(*config.sources, own), own=own)
    library, report = Library.open(started_again, HashEmbedder())
    assert (library.folder, report.embedded) == (folder, 0)
    (own / "mine.md").unlink()
    own.rmdir()
    assert live.refresh().removed == 1


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


def test_one_changed_file_asks_chroma_for_nothing_that_is_known(
    config: KnowledgeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    Library.open(config, HashEmbedder())

    def places(_: ChunkStore) -> Places:
        raise AssertionError("all rows were asked for")

    (notes_of(config) / "one.md").write_text(f"{ONE}\nA line more.\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(ChunkStore, "places", places)
        _, report = Library.open(config, HashEmbedder())
    assert (report.embedded, report.removed) == (1, 1)
    library, _ = Library.open(config, HashEmbedder())
    (library.folder / "held.txt").write_text("notes-other token\nno places", encoding="utf-8")
    (notes_of(config) / "two.md").unlink()
    library, report = Library.open(config, HashEmbedder())
    assert (report.chunks, report.embedded, report.removed) == (2, 0, 1)
    assert {hit.chunk.note for hit in library.search("数据卷 保留 数据")} == {"one.md"}


def test_what_is_held_counts_only_for_the_state_it_was_written_in(tmp_path: Path) -> None:
    state = Generation("one", is_writing=False)
    write_held(tmp_path, "notes-a", state, ["id1 1 2", "id2 4 9"])
    assert read_held(tmp_path, "notes-a", state) == {"id1": (1, 2), "id2": (4, 9)}
    assert read_held(tmp_path, "notes-b", state) is None
    assert read_held(tmp_path, "notes-a", Generation("two", is_writing=False)) is None
    assert read_held(tmp_path, "notes-a", Generation("one", is_writing=True)) is None
    assert read_held(tmp_path, "notes-a", None) is None
    assert read_held(tmp_path / "nowhere", "notes-a", state) is None


def test_the_order_of_the_sources_changes_nothing(config: KnowledgeConfig, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.md").write_text("# Networks\n\n`docker network ls` lists networks.\n", encoding="utf-8")
    sources = (notes_of(config), other)
    library, _ = Library.open(replace(config, sources=sources), HashEmbedder())
    again, report = Library.open(replace(config, sources=(*reversed(sources), other)), HashEmbedder())
    assert again.folder == library.folder
    assert list(again.notes) == list(library.notes)
    assert (report.chunks, report.embedded, report.removed) == (4, 0, 0)


def test_an_unchanged_tree_of_five_thousand_files_is_neither_read_nor_embedded(
    config: KnowledgeConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_RACY_NS", -(10**18))  # what was just written counts as settled
    read: list[str] = []

    def watched(path: Path, name: str) -> bytes:
        read.append(name)
        return path.read_bytes()

    monkeypatch.setattr(contents, "read_bytes", watched)
    for number in range(5_000):
        (notes_of(config) / f"{number}.md").write_text(f"about {number}\n", encoding="utf-8")
    _, first = Library.open(config, HashEmbedder(dimension=8))
    assert (first.notes, first.embedded, len(read)) == (5_002, 5_003, 5_002)
    read.clear()
    embedder = HashEmbedder(dimension=8)
    _, report = Library.open(config, embedder)
    assert (report.notes, report.chunks, report.embedded, report.removed) == (5_002, 5_003, 0, 0)
    assert (read, embedder.embedded) == ([], [])
    (notes_of(config) / "17.md").write_text("about something else\n", encoding="utf-8")
    (notes_of(config) / "18.md").rename(notes_of(config) / "eighteen.md")
    (notes_of(config) / "19.md").unlink()
    library, report = Library.open(config, embedder)
    assert sorted(read) == ["17.md", "eighteen.md"]
    assert (report.notes, report.embedded, report.removed) == (5_001, 2, 3)
    assert {"18.md", "19.md"}.isdisjoint(library.notes)


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
