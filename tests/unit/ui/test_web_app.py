"""The whole application behind its gate, as an HTTP client sees it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.fakes.assistant import MemoryAssistant
from ui.web.app import build_app
from ui.web.facade import AssistantView
from ui.web.gate import CONTENT_POLICY
from ui.web.head import script
from ui.web.pane import static

SECRET = "a-secret-of-this-launch"
ADDRESS = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    assistant: AssistantView = MemoryAssistant(pause_seconds=0)

    async def build() -> FastAPI:
        return build_app(assistant, language=None, secret=SECRET)

    app = asyncio.run(build())  # without a running loop Gradio makes some and never closes them
    with TestClient(app, base_url=ADDRESS) as client:
        client.cookies.set("docknotes-7860", SECRET, domain="127.0.0.1", path="/")
        yield client


def test_the_page_names_no_other_host_to_load_from(client: TestClient) -> None:
    page = client.get("/").text
    assert "fonts.googleapis" not in page
    assert "cdnjs" not in page
    assert "docknotes" in page


def test_what_loads_the_page_again_stands_first_in_the_page_itself(client: TestClient) -> None:
    for encoding in ("identity", "gzip, deflate, br"):
        answer = client.get("/", headers={"accept-encoding": encoding})
        head = answer.text.partition("<head>")[2]
        assert head.startswith(script())
        assert head.index("location.reload()") < head.index('type="module"')
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert answer.headers["content-security-policy"] == CONTENT_POLICY
    assert "location.reload()" not in client.get("/config").text


def test_gradio_is_set_to_tell_nobody_and_keep_nothing(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["footer_links"] == []
    assert config.get("run_history") in (False, None)
    assert {"en", "zh"} <= config["i18n_translations"].keys()


def test_uploads_files_and_listings_are_refused(client: TestClient) -> None:
    upload = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")})
    assert upload.status_code == 404
    for path in (
        "/gradio_api/file=/etc/hostname",
        "/docs",
        "/openapi.json",
        "/redoc",
        "/gradio_api/openapi.json",
    ):
        assert client.get(path).status_code == 404


def test_functions_cannot_be_called_by_name(client: TestClient) -> None:
    for dependency in client.get("/config").json()["dependencies"]:
        assert dependency["api_visibility"] == "private"
        name = dependency["api_name"]
        assert client.post(f"/gradio_api/call/{name}", json={"data": []}).status_code == 404


def test_what_a_client_says_of_the_session_counts_for_nothing(client: TestClient) -> None:
    """The queue takes no state and no command from the page: inputs are the two text boxes only."""
    config = client.get("/config").json()
    kinds = {component["id"]: component["type"] for component in config["components"]}
    inputs = {kinds[i] for dependency in config["dependencies"] for i in dependency["inputs"]}
    assert inputs == {"textbox"}


def test_a_forged_press_on_the_queue_runs_nothing(client: TestClient) -> None:
    config = client.get("/config").json()
    acts = [d for d in config["dependencies"] if any(target[1] == "act" for target in d["targets"])]
    assert acts
    for dependency in acts:
        body = {
            "fn_index": dependency["id"],
            "data": [],
            "session_hash": "forged",
            "event_data": {"do": "run", "card": "forged", "stamp": "forged", "line": "docker run x"},
        }
        assert client.post("/gradio_api/queue/join", content=json.dumps(body)).status_code in {200, 422}


def test_files_of_the_page_are_there() -> None:
    assert "data-do" in static("bridge.js")
    assert "--dn-paper" in static("docknotes.css")
    assert "http" not in static("docknotes.css")
