"""One suite for every embedder: the fake, and the bundled model on each of its engines."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.embeddings import BundledEmbedder, SentenceTransformerEmbedder
from knowledge.protocols import Embedder
from knowledge.quick import QuickEmbedder
from tests.fakes.embedder import HashEmbedder
from tests.model_cache import model_cache

TEXTS = (
    "docker ps -a 列出所有容器，包括已停止的容器。",
    "docker images lists the images on this machine.",
    "数据卷把数据保存在容器之外，删除容器后数据仍在。",
    "To make sourdough bread, feed the starter the day before.",
)


def _bundled() -> BundledEmbedder:
    return BundledEmbedder(model_cache(), few=0)


def _sentence_transformer() -> SentenceTransformerEmbedder:
    built = _bundled()
    built.embed(["build it"])
    return SentenceTransformerEmbedder(built.folder)


MAKERS: dict[str, Callable[[], Embedder]] = {
    "hash": HashEmbedder,
    "quick": QuickEmbedder,
    "bundled": _bundled,
    "sentence-transformers": _sentence_transformer,
}


@pytest.fixture(scope="module", params=MAKERS)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return MAKERS[request.param]()


def test_has_a_name_and_a_dimension(embedder: Embedder) -> None:
    assert embedder.model
    assert embedder.dimension > 0


def test_gives_one_unit_row_for_each_text(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_gives_one_unit_row_for_a_question(embedder: Embedder) -> None:
    row = embedder.embed_query("怎么列出所有容器？")
    assert row.shape == (1, embedder.dimension)
    assert row.dtype == np.float32
    assert np.isclose(np.linalg.norm(row), 1, atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    rows = embedder.embed([])
    assert rows.shape == (0, embedder.dimension)
    assert rows.dtype == np.float32


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\0", "</s>", "\ud83d", "\ue000\ue000", "e\u0301", "word " * 1_000, "容器" * 1_000]
)
def test_any_text_has_an_embedding(embedder: Embedder, text: str) -> None:
    for row in (embedder.embed([text]), embedder.embed_query(text)):
        assert row.shape == (1, embedder.dimension)
        assert np.isclose(np.linalg.norm(row), 1, atol=1e-5)


def test_the_same_text_has_the_same_embedding(embedder: Embedder) -> None:
    assert np.allclose(embedder.embed(TEXTS), embedder.embed(TEXTS), atol=1e-5)


def test_rows_stand_in_the_order_of_the_texts_whatever_their_neighbours(embedder: Embedder) -> None:
    texts = [f"{TEXTS[n % 4]} {'x ' * (n * 7 % 23)}" for n in range(20)]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert ((together * alone).sum(axis=1) > 0.999).all()


def test_a_question_is_nearest_to_the_chunk_that_answers_it(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)
    for question, answer in (("怎么列出所有容器，包括已停止的？", 0), ("bread starter", 3)):
        assert int((rows @ embedder.embed_query(question)[0]).argmax()) == answer


def test_serves_several_threads(embedder: Embedder) -> None:
    rows, row = embedder.embed(TEXTS), embedder.embed_query(TEXTS[1])
    with ThreadPoolExecutor(4) as threads:
        many = [threads.submit(embedder.embed, TEXTS) for _ in range(4)]
        ones = [threads.submit(embedder.embed_query, TEXTS[1]) for _ in range(4)]
    assert all(np.allclose(done.result(), rows, atol=1e-5) for done in many)
    assert all(np.allclose(done.result(), row, atol=1e-5) for done in ones)
