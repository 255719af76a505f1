"""An index that is killed, shared, damaged, deleted or out of space: searchable, or one clear error."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from knowledge.config import KnowledgeConfig
from knowledge.errors import StoreError
from knowledge.indexing import one_writer
from knowledge.language import Text
from knowledge.library import Library
from knowledge.values import FloatMatrix
from tests.fakes.embedder import HashEmbedder

KILLS = 20
NOTES = 12

START = multiprocessing.get_context("forkserver")
START.set_forkserver_preload(["chromadb", "knowledge.library", "tests.fakes.embedder"])


@pytest.fixture
def config(tmp_path: Path) -> KnowledgeConfig:
    notes = tmp_path / "notes"
    notes.mkdir()
    write(notes, version=0)
    return KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache")


def write(folder: Path, *, version: int) -> None:
    for number in range(NOTES):
        parts = "\n".join(f"## Part {p}\n\nnote {number} part {p} version {version}\n" for p in range(8))
        (folder / f"{number}.md").write_text(
            f"# Note {number}\n\nalways here {number}\n\n{parts}", encoding="utf-8"
        )


class Slow(HashEmbedder):
    """Takes its time, so that there are moments to be killed at."""

    def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
        time.sleep(0.08)
        return super().embed(texts, of=of)


def index(config: KnowledgeConfig, begun: Event | None = None) -> None:
    if begun:
        begun.set()
    Library.open(config, Slow())


def test_killed_at_any_moment_it_stays_searchable_and_the_next_run_completes_it(
    config: KnowledgeConfig, tmp_path: Path
) -> None:
    generator = random.Random(5)  # noqa: S311 - moments, no secret
    library, _ = Library.open(config, HashEmbedder())
    killed = 0
    for version in range(1, KILLS + 1):
        write(config.sources[0], version=version)
        begun = START.Event()
        process = START.Process(target=index, args=(config, begun))
        process.start()
        assert begun.wait(60)
        time.sleep(generator.random() * 0.6)
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        hits = library.search(f"always here {version % NOTES}", limit=3)
        assert hits and "always here" in hits[0].chunk.text
        if version % 4 == 0:  # some kills come upon what the last one left
            library, _ = Library.open(config, HashEmbedder())
            assert same(library, config, tmp_path / f"fresh-{version}")
    assert killed > KILLS // 2
    assert same(Library.open(config, HashEmbedder())[0], config, tmp_path / "fresh")


def same(library: Library, config: KnowledgeConfig, folder: Path) -> bool:
    """Whether a library answers as one made anew does."""
    fresh, _ = Library.open(KnowledgeConfig(config.sources, folder, config.cache), HashEmbedder())

    def found(library: Library, query: str) -> list[tuple[str, float]]:
        return [(hit.chunk.id, round(hit.score, 3)) for hit in library.matches(query, limit=20)]

    queries = ("note 3 part 5 version", "always here 7", "version 2")
    return len(library.chunks) == len(fresh.chunks) and all(
        found(library, q) == found(fresh, q) for q in queries
    )


# ---- two at once -----------------------------------------------------------------------------


def test_two_processes_leave_one_whole_index(config: KnowledgeConfig, tmp_path: Path) -> None:
    both = [START.Process(target=index, args=(config,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    library, report = Library.open(config, HashEmbedder())
    assert report.embedded == 0
    assert same(library, config, tmp_path / "fresh")


def test_who_has_to_wait_says_so_and_goes_on(config: KnowledgeConfig) -> None:
    library = Library(config, HashEmbedder())
    told: list[Text] = []
    waiting = threading.Event()

    def tell(text: Text) -> None:
        told.append(text)
        waiting.set()

    with one_writer(library.folder):
        thread = threading.Thread(target=library.index, kwargs={"tell": tell})
        thread.start()
        assert waiting.wait(60)
        assert thread.is_alive()
    thread.join(60)
    assert not thread.is_alive()
    assert str(library.folder) in told[0].en and str(os.getpid()) in told[0].zh
    assert library.search("always here 3")


def test_a_reader_sees_no_chunk_that_another_process_removed(config: KnowledgeConfig) -> None:
    library, _ = Library.open(config, HashEmbedder())
    (config.sources[0] / "3.md").unlink()
    (config.sources[0] / "new.md").write_text("# New\n\nbrand new text\n", encoding="utf-8")
    process = START.Process(target=index, args=(config,))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    assert library.is_outdated()
    assert all(hit.chunk.note != "3.md" for hit in library.search("always here 3", limit=20))
    again, report = Library.open(config, HashEmbedder())
    assert report.embedded == 0
    assert again.search("brand new text", limit=1)[0].chunk.note == "new.md"


# ---- damaged, deleted, full, locked ----------------------------------------------------------


@pytest.mark.parametrize("what", ["database", "vectors", "cut", "generation", "stamp", "catalogue", "all"])
def test_a_damaged_index_is_made_again(config: KnowledgeConfig, tmp_path: Path, what: str) -> None:
    folder = Library.open(config, HashEmbedder())[0].folder
    # A process of its own damages nothing it has open itself, as a broken disk or another program would.
    chroma = folder / "chroma"
    vectors = [path for path in chroma.glob("*/*") if path.is_file()]
    files = {
        "database": [chroma / "chroma.sqlite3"],
        "vectors": vectors,
        "cut": vectors,
        "generation": [chroma / "generation.json"],
        "stamp": [folder / "stamp"],
        "catalogue": [folder / "catalogue.sqlite3"],
        "all": [path for path in folder.rglob("*") if path.is_file()],
    }[what]
    assert files or what in ("vectors", "cut")
    for path in files:
        replaced = path.with_suffix(".new")
        replaced.write_bytes(path.read_bytes()[:10] if what == "cut" else b"\0garbage" * 20)
        replaced.replace(path)
    process = START.Process(target=index, args=(config,))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    assert same(Library.open(config, HashEmbedder())[0], config, tmp_path / "fresh")


def test_an_index_that_is_deleted_is_made_again_also_while_it_is_used(
    config: KnowledgeConfig, tmp_path: Path
) -> None:
    library, _ = Library.open(config, HashEmbedder())
    shutil.rmtree(library.folder)
    assert library.search("always here 3", limit=1)[0].chunk.note == "3.md"
    shutil.rmtree(library.folder)
    assert same(Library.open(config, HashEmbedder())[0], config, tmp_path / "fresh")


def test_a_folder_that_cannot_be_written_is_one_clear_error(config: KnowledgeConfig, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    with pytest.raises(StoreError) as raised:
        Library.open(config, HashEmbedder())
    for said in (raised.value.text.en, raised.value.text.zh):
        assert str(tmp_path / "index") in said and "DOCKNOTES_HOME" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    if mounted:
        line = ["mount", "-t", "tmpfs", "-o", "size=2m", "docknotes-test", str(folder)]
        mounted = subprocess.run(line, check=False, capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_one_clear_error_and_nothing_is_lost(
    config: KnowledgeConfig, small_disk: Path, tmp_path: Path
) -> None:
    cramped = KnowledgeConfig(config.sources, small_disk, config.cache)
    (small_disk / "filler").write_bytes(b"\0" * 1_900_000)
    with pytest.raises(StoreError) as raised:
        Library.open(cramped, HashEmbedder(dimension=384))
    for said in (raised.value.text.en, raised.value.text.zh):
        assert str(small_disk) in said and "DOCKNOTES_HOME" in said
    (small_disk / "filler").unlink()
    assert (config.sources[0] / "3.md").read_text(encoding="utf-8").startswith("# Note 3")
