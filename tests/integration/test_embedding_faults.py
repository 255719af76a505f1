"""A model that cannot be had: what is missing and what to try, at once and in both languages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from knowledge.embedding_faults import failed, is_name, unloadable

_LOAD = """
from knowledge.embeddings import SentenceTransformerEmbedder
from knowledge.errors import EmbeddingError
try:
    SentenceTransformerEmbedder("nobody/no-such-model").embed(["text"])
except EmbeddingError as error:
    print(error.text.en, error.text.zh, sep="\\n")
"""
_REACH = "from knowledge.embedding_faults import unreachable_hub; print(unreachable_hub())"


def run(script: str, home: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    kept.pop("HF_HUB_OFFLINE", None)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=Path(__file__).parents[2],
        env={**kept, "HF_HOME": str(home), **environment},
    )
    return done.stdout


class _EmptyHub(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 (the name http.server looks for)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def empty_hub() -> Iterator[str]:
    """A hub that holds no model."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _EmptyHub)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_name_the_hub_does_not_know_is_said_to_be_unknown(empty_hub: str, tmp_path: Path) -> None:
    english, chinese = run(_LOAD, tmp_path, HF_ENDPOINT=empty_hub).splitlines()
    assert english.startswith("There is no embedding model called nobody/no-such-model")
    assert chinese.startswith("无法加载嵌入模型 nobody/no-such-model：没有这个名称的模型")
    assert "DOCKNOTES_EMBEDDING" in english
    assert "DOCKNOTES_EMBEDDING" in chinese


def test_a_hub_that_cannot_be_reached_is_found_out_before_its_client_tries_for_a_minute(
    empty_hub: str, tmp_path: Path
) -> None:
    assert run(_REACH, tmp_path, HF_ENDPOINT=empty_hub) == "None\n"
    assert "http://127.0.0.1:9 cannot be reached" in run(_REACH, tmp_path, HF_ENDPOINT="http://127.0.0.1:9")
    assert "HF_HUB_OFFLINE" in run(_REACH, tmp_path, HF_ENDPOINT=empty_hub, HF_HUB_OFFLINE="1")


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (OSError("https://hub.invalid cannot be reached: no route"), "hub it would come from", "连不上"),
        (FileNotFoundError("Path /nowhere not found"), "no such folder", "没有这个文件夹"),
        (OSError(28, "No space left on device"), "no space left", "没有空间"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "not enough memory", "内存不足"),
        (ValueError("Unrecognized model in /x"), "whole sentence-transformers model", "完整的"),
    ],
)
def test_each_kind_of_fault_has_its_own_words_in_both_languages(
    error: Exception, english: str, chinese: str
) -> None:
    text = unloadable("some/model", error).text
    assert english in text.en
    assert chinese in text.zh
    assert "some/model" in text.en
    assert "some/model" in text.zh
    assert "嵌入模型 m 运行出错" in failed("m", error).text.zh


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("bge-m3", True),
        ("/a/b", False),
        ("a/b/c", False),
        (".", False),
    ],
)
def test_names_are_told_from_folders(source: str, expected: bool) -> None:
    assert is_name(source) is expected
