"""One suite for every chat model: the scripted one, and LangChain's client against a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import pytest

from assistant.errors import ModelError
from assistant.model import LangChainModel
from assistant.protocols import ChatModel
from tests.fakes.chat_model import ScriptedChatModel
from tests.fakes.openai_server import Script, serving

Kind = Literal["scripted", "langchain"]
REPLY = "用 `docker ps -a` 列出所有容器 [1] and more"


@pytest.fixture(params=["scripted", "langchain"])
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


@contextmanager
def model(kind: Kind, breaks_after: int | None = None) -> Iterator[ChatModel]:
    if kind == "scripted":
        yield ScriptedChatModel(REPLY, breaks_after=breaks_after)
        return
    with serving(Script(REPLY, breaks_after=breaks_after)) as url:
        yield LangChainModel("openai:some-model", url=url)


def test_the_pieces_are_the_reply_in_order(kind: Kind) -> None:
    with model(kind) as chat:
        pieces = list(chat.stream([("system", "rules"), ("user", "question")]))
    assert len(pieces) > 1
    assert "".join(pieces) == REPLY


def test_a_model_has_a_name(kind: Kind) -> None:
    with model(kind) as chat:
        provider, _, name = chat.name.partition(":")
    assert provider
    assert name


def test_a_reply_that_breaks_off_raises_after_what_was_said(kind: Kind) -> None:
    said: list[str] = []
    with model(kind, breaks_after=2) as chat, pytest.raises(ModelError) as caught:
        for piece in chat.stream([("user", "question")]):
            said.append(piece)
    assert REPLY.startswith("".join(said))
    assert said
    assert caught.value.text.zh


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_server_that_refuses_is_named(status: int) -> None:
    with serving(Script(status=status)) as url:
        chat = LangChainModel("openai:some-model", url=url)
        with pytest.raises(ModelError, match=str(status)) as caught:
            list(chat.stream([("user", "question")]))
    assert url in str(caught.value)


def test_no_server_at_all_is_named() -> None:
    chat = LangChainModel("openai:some-model", url="http://127.0.0.1:9/v1")
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9.*DOCKNOTES_MODEL_URL"):
        list(chat.stream([("user", "question")]))


def test_a_provider_without_its_package_says_what_to_install() -> None:
    with pytest.raises(ModelError, match="nosuchprovider"):
        list(LangChainModel("nosuchprovider:m").stream([("user", "question")]))


def test_the_server_hears_the_messages_with_their_roles() -> None:
    script = Script()
    with serving(script) as url:
        list(LangChainModel("openai:m", url=url).stream([("system", "rules"), ("user", "why?")]))
    (request,) = script.requests
    assert request["model"] == "m"
    assert request["messages"] == [
        {"role": "system", "content": "rules"},
        {"role": "user", "content": "why?"},
    ]


def test_ollamas_own_protocol_with_its_key_and_its_end() -> None:
    heard: list[tuple[str, str | None, str]] = []

    class Ollama(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((self.path, self.headers.get("Authorization"), asked["model"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ndjson")
            self.end_headers()
            for text, ends in (("docker", {}), (" ps", {}), ("", {"done": True, "done_reason": "stop"})):
                message = {"role": "assistant", "content": text}
                line = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False}
                self.wfile.write(json.dumps({**line, **ends}).encode() + b"\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ollama)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        said = list(LangChainModel("ollama:m", url=url, key="k").stream([("user", "which command?")]))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert said == ["docker", " ps"]
    assert heard == [("/api/chat", "Bearer k", "m")]
