"""A small Engine API server on a unix socket that records every request and answers enough for the CLI."""

from __future__ import annotations

import contextlib
import json
import re
import socketserver
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

API_VERSION = "1.50"
CONTAINER = "c0ffee" + "0" * 58

_VERSIONED = re.compile(r"^/v[0-9.]+")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: path without the version prefix, query and body decoded."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the test's output quiet."""

    def address_string(self) -> str:
        return "unix"

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        path = _VERSIONED.sub("", parts.path)
        raw = self._read_body()
        if path == "/_ping":
            self._reply(200, b"OK", "text/plain")
            return
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.server.requests.append(
            Request(self.command, path, query, json.loads(raw) if raw.strip() else None)
        )
        self._answer(path)

    do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = _handle  # noqa: N815 (names the server looks for)

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            pieces = []
            while size := int(self.rfile.readline().strip() or b"0", 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _reply(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Api-Version", API_VERSION)
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the client may have read all it wanted
            self.wfile.write(b"" if self.command == "HEAD" else content)

    def _answer(self, path: str) -> None:
        if path.endswith("/attach"):
            self.send_response(101, "UPGRADED")
            self.send_header("Connection", "Upgrade")
            self.send_header("Upgrade", "tcp")
            self.send_header("Content-Type", "application/vnd.docker.raw-stream")
            self.end_headers()
            self.close_connection = True
            return
        status, content = _answer_for(path, self.command)
        self._reply(status, json.dumps(content).encode() if content is not None else b"")


_ANSWERS: dict[str, tuple[int, Any]] = {
    "/containers/create": (201, {"Id": CONTAINER, "Warnings": []}),
    "/containers/json": (200, []),
    "/images/json": (200, []),
    "/images/create": (200, {"status": "done"}),
    "/version": (200, {"Version": "28.2.2", "ApiVersion": API_VERSION, "Os": "linux", "Arch": "amd64"}),
    "/info": (200, {"ID": "recorder", "OSType": "linux", "ServerVersion": "28.2.2"}),
}


def _answer_for(path: str, method: str) -> tuple[int, Any]:
    if path in _ANSWERS:
        return _ANSWERS[path]
    if path.endswith("/wait"):
        return 200, {"StatusCode": 0}
    if path.endswith("/logs"):
        return 200, None
    if method == "GET":
        return 200, {
            "Id": CONTAINER,
            "Name": "/it",
            "Config": {"Tty": True},
            "State": {"Running": True},
            "HostConfig": {},
        }
    return (204, None) if method in {"POST", "DELETE"} else (200, {})


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: str) -> None:
        self.requests: list[Request] = []
        super().__init__(path, _Handler)


class RecordingEngine:
    """The server, running in a thread while the ``with`` block lasts."""

    def __init__(self, socket: Path) -> None:
        self.address = f"unix://{socket}"
        self._server = _Server(str(socket))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> RecordingEngine:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self) -> list[Request]:
        """The requests since the last call, in order."""
        requests, self._server.requests = self._server.requests, []
        return requests
