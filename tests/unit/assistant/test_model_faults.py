"""Whatever a model's server does wrong ends in the notes' own answer, with one clear line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.answering import answer
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.local_models import find_ollama, is_loopback
from assistant.model import LangChainModel
from assistant.values import Answer, AnswerDone, Verdict
from knowledge.library import Library
from tests.fakes.openai_server import Fault, Reply, Script, serving
from tests.library import library_of

NOTES = "# Containers\n\nList all containers, stopped ones too:\n\n```bash\ndocker ps -a\n```\n"
QUESTION = "how do I list all containers?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def verdict(line: str) -> Verdict:
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=Path("/nonexistent/workspace"))


def asked(library: Library, model: LangChainModel, question: str = QUESTION) -> Answer:
    *_, done = answer(question, library, verdict, model=model)
    assert isinstance(done, AnswerDone)
    return done.answer


def assert_stands_in(got: Answer, *words: str) -> None:
    """The notes' own answer, and one line in each language that names the model and what to try."""
    assert got.answered
    assert got.model is None
    assert [c.command.text for c in got.commands] == ["docker ps -a"]
    assert got.text.startswith("Your notes say:") or got.text.startswith("The command in your notes")
    assert got.notice is not None
    for said in (got.notice.en, got.notice.zh):
        assert "openai:m" in said
        assert "\n" not in said
        assert len(said) < 600
    assert all(word in got.notice.en for word in words), got.notice.en


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("half", ["broke off"]),
        ("broken", ["cannot be understood"]),
        ("html", ["DOCKNOTES_MODEL_URL"]),
        ("endless", ["no end"]),
        ("cut", ["no end"]),
    ],
)
def test_a_reply_that_goes_wrong(library: Library, fault: Fault, words: list[str]) -> None:
    with serving(Script(replies=[Reply("docker ps -a lists all containers [1]", fault=fault)])) as url:
        assert_stands_in(asked(library, LangChainModel("openai:m", url=url)), *words)


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, ["401", "DOCKNOTES_MODEL_KEY"]), (429, ["429", "wait"]), (404, ["404", "name"]), (500, ["log"])],
)
def test_a_server_that_refuses(library: Library, status: int, words: list[str]) -> None:
    with serving(Script(status=status)) as url:
        assert_stands_in(asked(library, LangChainModel("openai:m", url=url, key="sk-1")), *words)


def test_no_server(library: Library) -> None:
    model = LangChainModel("openai:m", url="http://127.0.0.1:9/v1")
    assert_stands_in(asked(library, model), "cannot be reached", "http://127.0.0.1:9/v1", "Start its server")


def test_a_server_that_says_nothing(library: Library) -> None:
    with serving(Script(replies=[Reply(fault="silent")])) as url:
        model = LangChainModel("openai:m", url=url, silent_seconds=0.3)
        assert_stands_in(asked(library, model), "said nothing for 0.3 seconds")


def test_an_empty_reply_and_one_without_a_word_of_the_notes(library: Library) -> None:
    with serving(Script(replies=[Reply("")])) as url:
        assert_stands_in(asked(library, LangChainModel("openai:m", url=url)), "empty")
    with serving(Script(replies=[Reply("Bake the sourdough at 250 degrees [1].")])) as url:
        got = asked(library, LangChainModel("openai:m", url=url))
    assert got.text.startswith(("Your notes", "The command"))
    assert got.notice is not None


def test_the_key_is_never_shown(library: Library) -> None:
    key = "sk-very-secret"
    with serving(Script(status=401)) as url:
        got = asked(library, LangChainModel(f"openai:{key}", url=url, key=key))
    assert got.notice is not None
    model = LangChainModel("openai:m", url=url, key=key)
    failed = model.failed(ValueError(f"the key {key} is wrong"))
    assert key not in failed.text.en + failed.text.zh


def test_nothing_goes_to_a_tracing_service_or_a_proxy_of_the_environment(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def _take(self) -> None:
            heard.append(self.path)
            self.send_error(500)

        def do_GET(self) -> None:
            self._take()

        def do_POST(self) -> None:
            self._take()

    other = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{other.server_address[1]}"
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", address)
    monkeypatch.setenv("LANGSMITH_API_KEY", "key")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, address)
    try:
        with serving(Script("`docker ps -a` lists all containers [1].")) as url:
            got = asked(library, LangChainModel("openai:m", url=url))
    finally:
        other.shutdown()
        other.server_close()
    assert got.model == "openai:m"
    assert heard == []


@pytest.fixture
def ollama() -> Iterator[tuple[str, dict[str, object]]]:
    """The address of a server that lists models as Ollama does, and what it lists."""
    listed: dict[str, object] = {}

    class Tags(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            body = json.dumps(listed).encode()
            self.send_response(200 if self.path == "/api/tags" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tags)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", listed
    server.shutdown()
    server.server_close()
    thread.join()


def test_auto_takes_the_chat_model_changed_last(ollama: tuple[str, dict[str, object]]) -> None:
    address, listed = ollama
    listed["models"] = [
        {"name": "qwen2.5:7b", "modified_at": "2026-01-02T00:00:00Z", "details": {"family": "qwen2"}},
        {"name": "llama3.2:3b", "modified_at": "2026-05-02T00:00:00Z", "details": {"family": "llama"}},
        {"name": "nomic-embed-text:latest", "modified_at": "2026-06-02T00:00:00Z", "details": {}},
        {"name": "mxbai", "modified_at": "2026-07-02T00:00:00Z", "details": {"family": "bert"}},
        {"no": "name"},
    ]
    assert find_ollama(address) == "ollama:llama3.2:3b"


@pytest.mark.parametrize("models", [[], None, "x", [{"name": "bge-embed"}]])
def test_auto_takes_nothing_where_there_is_no_chat_model(
    ollama: tuple[str, dict[str, object]], models: object
) -> None:
    address, listed = ollama
    listed["models"] = models
    assert find_ollama(address) is None


def test_auto_finds_nothing_where_nobody_listens() -> None:
    assert find_ollama("http://127.0.0.1:9") is None


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:11434", True),
        ("http://localhost:8080/v1", True),
        ("http://[::1]:8080/v1", True),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1/v1", False),
        ("http://127.0.0.1@example.com/", False),
        (None, False),
    ],
)
def test_which_addresses_are_this_machine(url: str | None, own: bool) -> None:
    assert is_loopback(url) is own
