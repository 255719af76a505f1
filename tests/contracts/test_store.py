"""What every place of an index promises: a folder of this machine, and a real Chroma server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from knowledge.chroma import open_place
from knowledge.config import KnowledgeConfig
from knowledge.errors import StoreError
from knowledge.library import Library
from knowledge.live import LiveLibrary
from knowledge.store import ChunkStore
from knowledge.values import Chunk, FloatMatrix
from tests.chroma_server import ChromaServer
from tests.fakes.embedder import HashEmbedder

DIMENSION = 16
Open = Callable[..., ChunkStore]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma-server"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["folder", "server"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the store of some notes and a model at the place under test, each time anew."""
    url = request.getfixturevalue("server").url if request.param == "server" else None

    def opened(notes: str = "notes", model: str = "a model") -> ChunkStore:
        place = open_place(tmp_path / "chroma", url)
        return ChunkStore(place, f"{tmp_path} {notes}", model, DIMENSION)

    return opened


def chunk(number: int, line: int = 1) -> Chunk:
    return Chunk(f"id{number}", "a.md", ("Häfen", "港口"), line, line + 1, f"text {number} 文字", "en")


def vectors(*numbers: int) -> FloatMatrix:
    rows = [np.random.default_rng(n).standard_normal(DIMENSION) for n in numbers]
    return np.asarray([row / np.linalg.norm(row) for row in rows], np.float32)


def test_what_is_put_is_found_nearest_first_with_its_cosine(open_store: Open) -> None:
    store = open_store()
    assert (len(store), store.nearest(vectors(1), limit=3), store.places()) == (0, [], {})
    with store.writing():
        store.put([chunk(n) for n in range(5)], vectors(*range(5)))
    assert len(store) == 5
    found = store.nearest(vectors(3), limit=3)
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)
    cosines = {f"id{n}": float((vectors(n) @ vectors(3).T)[0, 0]) for n in range(5)}
    assert [identity for identity, _ in found] == sorted(cosines, key=cosines.__getitem__, reverse=True)[:3]
    assert [cosine for _, cosine in found] == pytest.approx([cosines[i] for i, _ in found], abs=1e-4)
    assert store.nearest(vectors(3), limit=0) == []


def test_putting_again_changes_nothing_and_moving_keeps_the_embedding(open_store: Open) -> None:
    store = open_store()
    with store.writing():
        for _ in range(2):
            store.put([chunk(1), chunk(2)], vectors(1, 2))
        store.move([chunk(2, line=40)])
    assert store.places() == {"id1": (1, 2), "id2": (40, 41)}
    np.testing.assert_allclose(store.embeddings(["id2", "nothing"])["id2"], vectors(2)[0], atol=1e-6)
    assert store.embeddings([]) == {}
    assert store.embeddings(["nothing"]) == {}


def test_what_is_removed_is_not_found_any_more(open_store: Open) -> None:
    store = open_store()
    with store.writing():
        store.put([chunk(n) for n in range(4)], vectors(*range(4)))
        store.remove({"id1", "nothing"})
    assert store.places().keys() == {"id0", "id2", "id3"}
    assert "id1" not in dict(store.nearest(vectors(1), limit=4))


def test_other_notes_and_other_models_never_meet(open_store: Open) -> None:
    with open_store().writing():
        open_store().put([chunk(1)], vectors(1))
    assert len(open_store(notes="others")) == 0
    assert len(open_store(model="another")) == 0
    assert open_store(model="another").nearest(vectors(1), limit=5) == []
    assert len(open_store()) == 1


def test_a_generation_tells_of_every_write_and_of_one_that_was_broken_off(open_store: Open) -> None:
    store, other = open_store(), open_store()
    assert store.generation() is None
    with store.writing():
        now = store.generation()
        assert now
        assert now.is_writing
    first = store.generation()
    assert first
    assert not first.is_writing
    assert first == other.generation()
    with pytest.raises(RuntimeError), other.writing():
        raise RuntimeError("killed")
    broken = store.generation()
    assert broken
    assert broken.is_writing
    assert broken != first
    assert len(open_store()) == 0  # opening it again leaves the generation as it is
    assert store.generation() == broken


def _notes(folder: Path) -> Path:
    notes = folder / "notes"
    notes.mkdir()
    text = "# Volumes\n\nA named volume stays.\n\n# Images\n\nAn image is made of layers.\n"
    (notes / "a.md").write_text(text, encoding="utf-8")
    return notes


def test_a_server_that_goes_away_is_named_and_found_again_when_it_is_back(tmp_path: Path) -> None:
    server = ChromaServer(tmp_path / "server")
    config = KnowledgeConfig(
        (_notes(tmp_path),), tmp_path / "index", tmp_path / "cache", chroma_url=server.url
    )
    try:
        with pytest.raises(StoreError, match="does not answer"):
            Library.open(config, HashEmbedder())
        server.start()
        live, report = LiveLibrary.open(config, HashEmbedder())
        assert report.embedded == 2
        assert not list(tmp_path.glob("index/*/chroma"))
        assert Library.open(config, HashEmbedder())[1].embedded == 0
        server.kill()
        for question in (live.now().search, live.now().nearest):
            with pytest.raises(StoreError) as told:
                question("named volume")
            assert server.url in told.value.text.en
            assert "DOCKNOTES_CHROMA_URL" in told.value.text.zh
        server.start()
        assert live.now().search("named volume", limit=1)[0].chunk.headings == ("Volumes",)
        assert not live.now().is_outdated()
        server.kill()
        shutil.rmtree(server.folder)  # a server that lost everything: indexed again, by the next question
        server.start()
        assert live.now().is_outdated()
        assert live.latest().nearest("named volume", limit=1)[0].chunk.headings == ("Volumes",)
        assert len(live.now()._index.store) == 2
    finally:
        server.kill()


def test_two_machines_that_share_a_server_and_paths_end_with_what_the_last_one_has(
    server: ChromaServer, tmp_path: Path
) -> None:
    notes = _notes(tmp_path)
    here, there = (
        KnowledgeConfig((notes,), tmp_path / place, tmp_path / "cache", chroma_url=server.url)
        for place in ("here", "there")
    )
    first, report = LiveLibrary.open(here, HashEmbedder())
    assert report.embedded == 2
    assert LiveLibrary.open(there, HashEmbedder())[1].embedded == 0  # the same ids: nothing is done twice
    (notes / "a.md").write_text("# Networks\n\nA bridge joins containers.\n", encoding="utf-8")
    assert LiveLibrary.open(there, HashEmbedder())[1].removed == 2
    assert {hit.chunk.headings for hit in first.now().search("named volume")} == set()
    assert first.latest().search("bridge", limit=1)[0].chunk.headings == ("Networks",)


class _NoChroma(BaseHTTPRequestHandler):
    status = 200
    seen: dict[str, str]

    def do_GET(self) -> None:
        type(self).seen = dict(self.headers)
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"<html>hello</html>")

    do_POST = do_GET  # noqa: N815 (the name http.server looks for)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def stranger() -> Iterator[ThreadingHTTPServer]:
    """A web server that is no Chroma."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _NoChroma)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "no Chroma server"),
        (401, "let docknotes in"),
        (403, "let docknotes in"),
        (502, "no Chroma server"),
    ],
)
def test_what_is_no_chroma_server_or_lets_nobody_in_is_said_in_both_languages(
    stranger: ThreadingHTTPServer, tmp_path: Path, status: int, words: str
) -> None:
    _NoChroma.status = status
    url = f"http://127.0.0.1:{stranger.server_port}"
    with pytest.raises(StoreError) as told:
        len(ChunkStore(open_place(tmp_path, url), "notes", "model", DIMENSION))
    assert words in told.value.text.en
    assert url in told.value.text.zh


def test_credentials_are_sent_and_never_shown(stranger: ThreadingHTTPServer, tmp_path: Path) -> None:
    _NoChroma.status = 401
    at = f"127.0.0.1:{stranger.server_port}"
    for place, sent in (
        (open_place(tmp_path, f"http://me:s%3Acret@{at}"), "Basic bWU6czpjcmV0"),
        (open_place(tmp_path, f"http://{at}", "s:cret"), "Bearer s:cret"),
    ):
        with pytest.raises(StoreError) as told:
            len(ChunkStore(place, "notes", "model", DIMENSION))
        assert _NoChroma.seen["Authorization"] == sent
        assert "cret" not in told.value.text.en + told.value.text.zh


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid:8000"])
def test_an_address_where_nobody_answers_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not answer") as told:
        len(ChunkStore(open_place(tmp_path, url), "notes", "model", DIMENSION))
    assert url in told.value.text.zh


def test_a_server_without_https_is_said_to_be_one(server: ChromaServer, tmp_path: Path) -> None:
    place = open_place(tmp_path, server.url.replace("http:", "https:"))
    with pytest.raises(StoreError, match="does not speak https"):
        len(ChunkStore(place, "notes", "model", DIMENSION))


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://host", "http://", "http://host:port", "http://h:99999"]
)
def test_what_is_no_address_is_said_to_be_none(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="DOCKNOTES_CHROMA_URL"):
        open_place(tmp_path, url)


def test_more_chunks_than_one_call_takes(open_store: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.store._BATCH", 2)
    store = open_store()
    with store.writing():
        store.put([chunk(n) for n in range(5)], vectors(*range(5)))
        store.move([chunk(n, line=9) for n in range(5)])
    assert store.places() == {f"id{n}": (9, 10) for n in range(5)}
