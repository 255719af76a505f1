"""What every place of the stored chunks must do: a folder of this machine, and a real Chroma server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.chroma import Place, open_place
from knowledge.config import KnowledgeConfig
from knowledge.errors import StoreError
from knowledge.library import Library
from knowledge.store import ChunkStore
from knowledge.values import Chunk, FloatMatrix
from tests.chroma_server import ChromaServer
from tests.fakes.embedder import HashEmbedder

EMBEDDER = HashEmbedder()
TEXTS = (
    "docker ps lists containers",
    "docker images lists images",
    "数据卷保留数据",
    "compose starts services",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with ChromaServer(tmp_path_factory.mktemp("chroma") / "server") as server:
        yield server


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return open_place(tmp_path / "chroma")
    server: ChromaServer = request.getfixturevalue("server")
    return open_place(tmp_path, server.url)


@pytest.fixture
def store(place: Place, tmp_path: Path) -> ChunkStore:
    return ChunkStore(place, str(tmp_path), EMBEDDER.model, EMBEDDER.dimension)


def chunk(number: int) -> Chunk:
    return Chunk(f"id{number}", "note.md", ("H",), number, number, TEXTS[number], "en")


def vector(number: int) -> FloatMatrix:
    return EMBEDDER.embed_query(TEXTS[number])


def fill(store: ChunkStore, *numbers: int) -> None:
    with store.writing():
        store.put([chunk(n) for n in numbers], np.concatenate([vector(n) for n in numbers]))


def test_what_is_put_is_found_the_nearest_first(store: ChunkStore) -> None:
    assert len(store) == 0 and store.nearest(vector(0), limit=3) == []
    fill(store, 0, 1, 2, 3)
    assert len(store) == 4
    found = store.nearest(vector(2), limit=3)
    assert found[0][0] == "id2" and found[0][1] == pytest.approx(1.0, abs=1e-4)
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
    assert len(found) == 3


def test_places_embeddings_moving_and_removing(store: ChunkStore) -> None:
    fill(store, 0, 1)
    assert store.places() == {"id0": ("note.md", 0, 0), "id1": ("note.md", 1, 1)}
    assert np.allclose(store.embeddings(["id1", "none"])["id1"], vector(1)[0], atol=1e-5)
    assert store.embeddings([]) == {}
    store.move([replace(chunk(1), first_line=7, last_line=9)])
    assert store.places()["id1"] == ("note.md", 7, 9)
    assert np.allclose(store.embeddings(["id1"])["id1"], vector(1)[0], atol=1e-5)
    store.remove({"id0"})
    assert store.places() == {"id1": ("note.md", 7, 9)}
    assert [i for i, _ in store.nearest(vector(0), limit=5)] == ["id1"]


def test_putting_twice_is_putting_once(store: ChunkStore) -> None:
    fill(store, 0, 1)
    fill(store, 1, 0)
    assert len(store) == 2


def test_models_and_notes_stay_apart(place: Place, store: ChunkStore, tmp_path: Path) -> None:
    fill(store, 0)
    other_model = ChunkStore(place, str(tmp_path), "other", EMBEDDER.dimension)
    other_notes = ChunkStore(place, f"{tmp_path}/other", EMBEDDER.model, EMBEDDER.dimension)
    assert (len(store), len(other_model), len(other_notes)) == (1, 0, 0)


def test_every_writing_moves_the_generation_on(store: ChunkStore) -> None:
    fill(store, 0)
    first = store.generation()
    assert first is not None and not first.is_writing
    assert store.generation() == first
    with store.writing():
        during = store.generation()
    assert during is not None and during.is_writing
    after = store.generation()
    assert after is not None and not after.is_writing and after.token != first.token


# ---- a server that goes away and comes back --------------------------------------------------


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.md").write_text(f"# T{number}\n\n{text}\n", encoding="utf-8")
    return folder


def test_a_library_on_a_server_says_so_when_it_is_gone_and_goes_on_when_it_is_back(
    notes: Path, tmp_path: Path
) -> None:
    with ChromaServer(tmp_path / "server") as server:
        config = KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache", chroma_url=server.url)
        library, report = Library.open(config, HashEmbedder())
        assert (report.embedded, not (library.folder / "chroma").exists()) == (4, True)
        before = [(hit.chunk.id, round(hit.score, 4)) for hit in library.search("docker images")]
        assert before
        server.kill()
        with pytest.raises(StoreError) as raised:
            library.search("docker images")
        for said in (raised.value.text.en, raised.value.text.zh):
            assert server.url in said and "DOCKNOTES_CHROMA_URL" in said
        server.start()
        assert [(h.chunk.id, round(h.score, 4)) for h in library.search("docker images")] == before
        assert Library.open(config, HashEmbedder())[1].embedded == 0


def test_a_server_that_lost_everything_is_filled_again(notes: Path, tmp_path: Path) -> None:
    config = KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache")
    with ChromaServer(tmp_path / "first") as first:
        Library.open(replace(config, chroma_url=first.url), HashEmbedder())
    with ChromaServer(tmp_path / "second") as second:
        library, report = Library.open(replace(config, chroma_url=second.url), HashEmbedder())
        assert report.embedded == 4
        assert library.search("docker images")[0].chunk.headings == ("T1",)


def test_two_machines_on_one_server_see_each_others_notes_right(notes: Path, tmp_path: Path) -> None:
    with ChromaServer(tmp_path / "server") as server:
        one = KnowledgeConfig((notes,), tmp_path / "one", tmp_path / "cache", chroma_url=server.url)
        other = replace(one, index=tmp_path / "other")
        Library.open(one, HashEmbedder())
        library, report = Library.open(other, HashEmbedder())
        assert report.embedded == 0
        (notes / "0.md").unlink()
        Library.open(one, HashEmbedder())
        assert all(hit.chunk.note != "0.md" for hit in library.search("docker ps lists containers"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "does not answer"),
        ("http://no-such-host.invalid:8000", "does not answer"),
    ],
)
def test_a_wrong_address_is_one_clear_error(notes: Path, tmp_path: Path, url: str, said: str) -> None:
    config = KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache", chroma_url=url)
    with pytest.raises(StoreError, match=said) as raised:
        Library.open(config, HashEmbedder())
    assert url in raised.value.text.zh


def test_https_where_the_server_speaks_http(notes: Path, tmp_path: Path, server: ChromaServer) -> None:
    url = server.url.replace("http:", "https:")
    config = KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache", chroma_url=url)
    with pytest.raises(StoreError, match="does not speak https"):
        Library.open(config, HashEmbedder())
