"""An index outlives kills, other processes, damage, full disks and its own deletion."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.config import KnowledgeConfig
from knowledge.errors import DamagedIndexError
from knowledge.indexing import one_writer
from knowledge.library import Library
from knowledge.live import LiveLibrary
from knowledge.vectors import chunk_vectors
from tests import indexing
from tests.fakes.embedder import HashEmbedder

QUERIES = ("harbour 123", "pier 7", "part 12 of the harbour", "Harbour 99 of pier 3")


@pytest.fixture
def config(tmp_path: Path) -> KnowledgeConfig:
    return KnowledgeConfig((tmp_path / "notes",), tmp_path / "index", tmp_path / "cache")


def notes_of(config: KnowledgeConfig) -> Path:
    return config.sources[0]


def chroma_of(config: KnowledgeConfig) -> Path:
    return Library(config, HashEmbedder()).folder / "chroma"


def assert_holds_its_notes(library: Library) -> None:
    """Every chunk is stored on its lines with its own vector, nothing else is; searches find the nearest."""
    store = library._index.store
    chunks = list(library.chunks)
    assert store.places() == {c.id: (c.first_line, c.last_line) for c in chunks}
    vectors = chunk_vectors(chunks, HashEmbedder())
    stored = store.embeddings([c.id for c in chunks])
    assert len(stored) == len(chunks)
    held = np.stack([stored[c.id] for c in chunks])
    np.testing.assert_allclose(held, vectors, atol=1e-5)
    for query in QUERIES:
        scores = vectors @ HashEmbedder().embed_query(query)[0]
        found = store.nearest(HashEmbedder().embed_query(query), limit=1)
        assert found[0][1] == pytest.approx(scores.max(), abs=1e-4)


def test_killed_at_any_moment_an_index_stays_searchable_and_the_next_run_completes_it(
    config: KnowledgeConfig, tmp_path: Path
) -> None:
    chance = random.Random(20261124)  # noqa: S311 - moments for a test
    killed = 0
    for seed in (100, 0):  # the second of the two takes as long as those that follow
        indexing.write_notes(notes_of(config), seed, chunks=25)
        begun = time.monotonic()
        first = indexing.start(indexing.index_notes, config)
        first.join(indexing.PATIENCE)
        whole_run = time.monotonic() - begun
        assert first.exitcode == 0
    for moment in range(1, 21):
        before, _ = Library.open(config, HashEmbedder())
        indexing.write_notes(notes_of(config), moment, chunks=25)
        process = indexing.start(indexing.index_notes, config)
        process.join(chance.uniform(0.05, 0.95) * whole_run)
        process.kill()
        process.join(indexing.PATIENCE)
        killed += process.exitcode == -9
        assert before.search("harbour pier", limit=3), f"moment {moment}: the state before is searchable"
        after, report = Library.open(config, HashEmbedder())
        assert report.embedded <= 125, f"moment {moment}: half the notes stayed as they were"
        assert_holds_its_notes(after)
    assert killed >= 3  # the machine's speed decides how many were still at work
    fresh, _ = Library.open(
        KnowledgeConfig(config.sources, tmp_path / "fresh", tmp_path / "cache"), HashEmbedder()
    )
    for query in QUERIES:
        assert [h.chunk.id for h in after.search(query)] == [h.chunk.id for h in fresh.search(query)]


def test_a_second_process_says_whom_it_waits_for_and_goes_on(config: KnowledgeConfig) -> None:
    indexing.write_notes(notes_of(config), 0, notes=2)
    folder = Library(config, HashEmbedder()).folder
    context = indexing.context()
    held, release, said = context.Event(), context.Event(), context.Queue()
    holder = indexing.start(indexing.hold, folder, held, release)
    assert held.wait(indexing.PATIENCE)
    second = indexing.start(indexing.index_notes, config, said)
    kind, told = said.get(timeout=indexing.PATIENCE)
    assert kind == "told"
    assert str(holder.pid) in told
    assert str(folder) in told
    assert "waiting" in told
    assert "正在等" in told
    release.set()
    assert said.get(timeout=indexing.PATIENCE) == ("done", "80")
    for process in (holder, second):
        process.join(indexing.PATIENCE)
        assert process.exitcode == 0


def test_processes_that_index_at_once_leave_one_whole_index(config: KnowledgeConfig) -> None:
    indexing.write_notes(notes_of(config), 0, chunks=20)
    for seed in (1, 2):
        processes = [indexing.start(indexing.index_notes, config) for _ in range(3)]
        indexing.write_notes(notes_of(config), seed, chunks=20)
        for process in processes:
            process.join(indexing.PATIENCE)
            assert process.exitcode == 0
    library, _ = Library.open(config, HashEmbedder())
    assert_holds_its_notes(library)


def test_what_another_process_wrote_is_noticed_by_whoever_has_the_index_open(config: KnowledgeConfig) -> None:
    notes = notes_of(config)
    indexing.write_notes(notes, 0, notes=2)
    (notes / "gone.md").write_text("# Lighthouse\n\nThe lighthouse keeper leaves.\n", encoding="utf-8")
    live, _ = LiveLibrary.open(config, HashEmbedder())
    alone, _ = Library.open(config, HashEmbedder())
    assert live.now().search("lighthouse keeper", limit=1)[0].chunk.note == "gone.md"
    (notes / "gone.md").unlink()
    (notes / "new.md").write_text("# Quay\n\nThe quay has a new crane.\n", encoding="utf-8")
    other = indexing.start(indexing.index_notes, config)
    other.join(indexing.PATIENCE)
    assert other.exitcode == 0
    # A library is one state of the notes: it does not know the new note, but gives nothing that is gone.
    assert {h.chunk.note for h in alone.search("lighthouse keeper")} <= {"note0.md", "note1.md"}
    assert "gone.md" not in {h.chunk.note for h in alone.nearest("lighthouse keeper")}
    assert live.latest().search("new crane quay", limit=1)[0].chunk.note == "new.md"
    assert live.latest().nearest("new crane quay", limit=1)[0].chunk.note == "new.md"
    assert "gone.md" not in live.latest().notes
    assert_holds_its_notes(live.latest())


def test_a_writer_that_was_killed_elsewhere_is_made_up_for_by_the_next_question(
    config: KnowledgeConfig,
) -> None:
    indexing.write_notes(notes_of(config), 0, notes=2)
    live, _ = LiveLibrary.open(config, HashEmbedder())
    store = live.now()._index.store
    with one_writer(live.now().folder):
        store._move_on(is_writing=True)  # a writer begins, and never comes to its end
        live.now()._index._generation = None
    assert live.now().is_outdated()
    assert_holds_its_notes(live.latest())
    assert not live.latest().is_outdated()


def _garbage(path: Path, start: int, count: int) -> None:
    held = bytearray(path.read_bytes())
    held[start : start + count] = random.Random(1).randbytes(count)  # noqa: S311
    path.write_bytes(held)


def _cut_off(path: Path, left: float = 0.5) -> None:
    os.truncate(path, int(path.stat().st_size * left))


def _without_vectors(chroma: Path) -> None:
    for folder in chroma.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut off": lambda chroma: _cut_off(chroma / "chroma.sqlite3"),
    "emptied": lambda chroma: _cut_off(chroma / "chroma.sqlite3", 0.0),
    "garbage within": lambda chroma: _garbage(chroma / "chroma.sqlite3", 500_000, 900_000),
    "vectors gone": _without_vectors,
    "vectors cut off": lambda chroma: _cut_off(next(chroma.glob("*/header.bin"))),
    "vectors garbage": lambda chroma: _garbage(next(chroma.glob("*/data_level0.bin")), 0, 100_000),
    "removed": shutil.rmtree,
    "generation garbage": lambda chroma: _garbage(chroma / "generation.json", 0, 60),
    "stamp garbage": lambda chroma: _garbage(chroma.parent / "stamp", 0, 60),
}
UNTOLD = ("emptied", "removed", "generation garbage", "stamp garbage")
"""Damages that leave an index without chunks, or a whole one that is only looked at again."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeConfig:
    """An index that is large enough for Chroma to keep its vectors in files of their own."""
    base = tmp_path_factory.mktemp("large")
    config = KnowledgeConfig((base / "notes",), base / "index", base / "cache")
    indexing.write_notes(base / "notes", 0, notes=13, chunks=80)
    process = indexing.start(indexing.index_notes, config)
    process.join(indexing.PATIENCE)
    assert process.exitcode == 0
    assert list(chroma_of(config).glob("*/data_level0.bin"))
    return config


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_again_and_that_is_said(
    large: KnowledgeConfig, tmp_path: Path, damage: str
) -> None:
    shutil.copytree(large.index, tmp_path / "index")
    config = KnowledgeConfig(large.sources, tmp_path / "index", tmp_path / "cache")
    chroma = chroma_of(config)
    DAMAGES[damage](chroma)
    told: list[str] = []
    library, _ = Library.open(config, HashEmbedder(), tell=lambda text: told.append(f"{text.en} {text.zh}"))
    assert library.search("harbour pier", limit=1)
    assert len(library._index.store) == len(library.chunks) == 1040
    assert all(str(chroma) in line for line in told)
    if damage not in UNTOLD:
        assert len(told) == 1
        assert "damaged" in told[0]
        assert "已损坏" in told[0]
    library.nearest("harbour pier")
    assert Library.open(config, HashEmbedder())[1].embedded == 0


def test_an_index_that_is_damaged_or_removed_while_it_is_open_is_made_again(config: KnowledgeConfig) -> None:
    indexing.write_notes(notes_of(config), 0, notes=3)
    library, _ = Library.open(config, HashEmbedder())
    shutil.rmtree(library.folder)
    assert library.search("harbour pier", limit=1)
    assert_holds_its_notes(library)
    indexing.write_notes(notes_of(config), 1, notes=3)
    after, _ = Library.open(config, HashEmbedder())
    assert_holds_its_notes(after)


@pytest.mark.parametrize("damage", ["cut off", "garbage", "garbage within"])
def test_a_damaged_catalogue_is_made_again(config: KnowledgeConfig, damage: str) -> None:
    indexing.write_notes(notes_of(config), 0, notes=4)
    live, _ = LiveLibrary.open(config, HashEmbedder())
    path = live.now().folder / "catalogue.sqlite3"
    size = path.stat().st_size
    if damage == "cut off":
        os.truncate(path, size // 2)
    else:
        _garbage(path, 0 if damage == "garbage" else size // 3, size // 2)
    after, report = Library.open(config, HashEmbedder())
    if damage == "garbage within":  # found where it is read: told clearly, and then made again
        for _ in range(2):
            with contextlib.suppress(DamagedIndexError):
                assert after.search("harbour pier", limit=3)
                break
            after, report = Library.open(config, HashEmbedder())
    assert after.search("harbour pier", limit=3)
    assert report.embedded == 0
    assert_holds_its_notes(after)


def test_a_finished_index_that_may_only_be_read_is_searched_or_told_in_one_line(
    config: KnowledgeConfig,
) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        base = Path(open_to_all)
        base.chmod(0o755)
        indexing.write_notes(base / "notes", 0, notes=1)
        readable = KnowledgeConfig((base / "notes",), base / "index", base / "cache")
        Library.open(readable, HashEmbedder())
        for path in base.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        said = indexing.context().Queue()
        process = indexing.start(indexing.index_notes, readable, said, None, True)
        kind, text = said.get(timeout=indexing.PATIENCE)
        process.join(indexing.PATIENCE)
        assert process.exitcode == 0
    assert kind == "done" or (kind == "StoreError" and str(base / "index") in text)


def test_a_folder_that_may_not_be_written_is_one_clear_error(config: KnowledgeConfig) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        base = Path(open_to_all)
        base.chmod(0o755)
        indexing.write_notes(base / "notes", 0, notes=1)
        (base / "index").mkdir(mode=0o555)
        locked = KnowledgeConfig((base / "notes",), base / "index", base / "cache")
        said = indexing.context().Queue()
        process = indexing.start(indexing.index_notes, locked, said, None, True)
        kind, text = said.get(timeout=indexing.PATIENCE)
        process.join(indexing.PATIENCE)
        (base / "index").chmod(0o755)
    assert kind == "StoreError"
    assert str(base / "index") in text
    assert "DOCKNOTES_HOME" in text


@pytest.mark.parametrize("limit", [40_000, 250_000, 700_000])
def test_a_full_disk_is_one_clear_error_and_the_next_run_goes_on(config: KnowledgeConfig, limit: int) -> None:
    indexing.write_notes(notes_of(config), 0, notes=8, chunks=60)
    said = indexing.context().Queue()
    process = indexing.start(indexing.index_notes, config, said, limit)
    kind, text = said.get(timeout=indexing.PATIENCE)
    process.join(indexing.PATIENCE)
    assert process.exitcode == 0
    assert kind == "StoreError"
    assert str(config.index) in text
    assert "DOCKNOTES_HOME" in text
    library, _ = Library.open(config, HashEmbedder())
    assert_holds_its_notes(library)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "docknotes-test", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small file system needs root")
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_really_full_is_one_clear_error_and_the_next_run_goes_on(
    config: KnowledgeConfig, small_disk: Path
) -> None:
    indexing.write_notes(notes_of(config), 0, notes=2)
    cramped = KnowledgeConfig(config.sources, small_disk, config.cache)
    (small_disk / "filler").write_bytes(bytes(1_600_000))
    said = indexing.context().Queue()
    process = indexing.start(indexing.index_notes, cramped, said)
    kind, text = said.get(timeout=indexing.PATIENCE)
    process.join(indexing.PATIENCE)
    assert kind == "StoreError"
    assert str(small_disk) in text
    assert "DOCKNOTES_HOME" in text
    (small_disk / "filler").unlink()
    library, _ = Library.open(cramped, HashEmbedder())
    assert_holds_its_notes(library)
