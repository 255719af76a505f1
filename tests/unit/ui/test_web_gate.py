"""The gate: who gets through to the page, and who does not."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.web.gate import Gate

SECRET = "a-secret-of-this-launch"
ADDRESS = "http://127.0.0.1:7860"


async def _fine(request: object) -> PlainTextResponse:
    return PlainTextResponse("through", headers={"access-control-allow-origin": "*"})


async def _socket(socket: WebSocket) -> None:
    await socket.accept()


@pytest.fixture
def client() -> TestClient:
    app = Starlette(
        routes=[
            WebSocketRoute("/socket", _socket),
            Route("/{path:path}", _fine, methods=["GET", "POST"]),
        ]
    )
    app.add_middleware(Gate, secret=SECRET)
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


@pytest.fixture
def entered(client: TestClient) -> TestClient:
    client.cookies.set("docknotes-7860", SECRET, domain="127.0.0.1", path="/")
    return client


def test_the_printed_address_lets_in_and_hides_its_token(client: TestClient) -> None:
    answer = client.get(f"/?token={SECRET}&__theme=dark")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["refresh"] == "0; url=/?__theme=dark"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert SECRET not in answer.text
    assert client.get("/").text == "through"


@pytest.mark.parametrize("address", ["/", "/?token=", "/?token=wrong"])
def test_without_the_secret_the_page_says_what_to_do_in_both_languages(
    client: TestClient, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 401
    assert "terminal" in answer.text
    assert "终端" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data"),
        ("GET", "/config"),
        ("GET", "/assets/index.js"),
        ("GET", f"/gradio_api/queue/data?token={SECRET}"),
    ],
)
def test_every_route_needs_the_cookie(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 401


def test_a_cookie_of_another_launch_or_port_does_not_help(client: TestClient) -> None:
    client.cookies.set("docknotes-7860", "of-another-launch")
    client.cookies.set("docknotes-7861", SECRET)
    assert client.get("/config").status_code == 401


def test_an_empty_secret_lets_nobody_in() -> None:
    app = Starlette(routes=[Route("/", _fine)])
    app.add_middleware(Gate, secret="")
    assert TestClient(app, base_url=ADDRESS).get("/?token=").status_code == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7860",
        "127.0.0.1",
        "127.0.0.1:7861",
        "192.168.1.4:7860",
        "0.0.0.0:7860",
        "",
    ],
)
def test_only_loopback_names_with_our_port_are_hosts(entered: TestClient, host: str) -> None:
    assert entered.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST:7860", "[::1]:7860"])
def test_loopback_names_are_hosts(client: TestClient, host: str) -> None:
    cookie = {"host": host, "cookie": f"docknotes-7860={SECRET}"}
    assert client.get("/", headers=cookie).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:7860",
        "http://127.0.0.1:8080",
        "http://localhost:7860",
        "",
    ],
)
def test_foreign_origins_are_refused(entered: TestClient, origin: str) -> None:
    answer = entered.post("/gradio_api/queue/join", headers={"origin": origin})
    assert answer.status_code == 403


def test_our_own_origin_is_let_through(entered: TestClient) -> None:
    assert entered.post("/gradio_api/queue/join", headers={"origin": ADDRESS}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_requests_other_pages_cause_are_refused(entered: TestClient, site: str) -> None:
    headers = {"sec-fetch-site": site}
    assert entered.post("/gradio_api/queue/join", headers=headers).status_code == 403
    assert entered.get("/config", headers=headers).status_code == 403
    assert entered.get("/", headers=headers).status_code == 403


def test_a_link_from_another_page_may_open_ours(entered: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert entered.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://evil.example",
        "/gradio_api/call/ask",
        "/gradio_api/run/ask",
        "/gradio_api/api/ask",
        "/gradio_api/component_server",
        "/gradio_api/vibe-edit",
        "/gradio_api/openapi.json",
        "/gradio_api/runs",
        "/openapi.json",
        "/docs",
        "/monitoring",
        "/login",
    ],
)
def test_routes_the_page_does_not_need_are_not_there(entered: TestClient, path: str) -> None:
    assert entered.get(path).status_code == 404
    assert entered.post(path).status_code == 404


def test_answers_carry_a_content_policy_and_open_nothing_to_others(entered: TestClient) -> None:
    headers = entered.get("/").headers
    assert "connect-src 'self'" in headers["content-security-policy"]
    assert "img-src 'self' data: blob:" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_each_browser_gets_a_conversation_of_its_own(entered: TestClient) -> None:
    cookie = entered.get("/").headers["set-cookie"]
    assert cookie.startswith("docknotes-page-7860=")
    assert "HttpOnly; SameSite=Strict" in cookie
    assert "set-cookie" not in entered.get("/").headers
    assert "set-cookie" not in entered.get("/config").headers


def test_web_sockets_are_refused(entered: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), entered.websocket_connect("/socket"):
        pass
