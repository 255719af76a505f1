"""A small Engine API server on a unix socket that records every request and answers enough for the CLI."""

from __future__ import annotations

import base64
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


def _body(raw: bytes) -> Any:
    """A JSON body decoded; None for none, and for an archive, which is no request to compare."""
    try:
        return json.loads(raw) if raw.strip() else None
    except ValueError:
        return None


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
        query: dict[str, str] = {}
        for key, value in parse_qsl(parts.query, keep_blank_values=True):
            query[key] = f"{query[key]},{value}" if key in query else value
        is_archive = self.headers.get("Content-Type") == "application/x-tar"
        self.server.requests.append(Request(self.command, path, query, None if is_archive else _body(raw)))
        body = self.server.requests[-1].body
        self._answer(path, detached=isinstance(body, dict) and body.get("Detach") is True)

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
        if urlsplit(self.path).path.endswith("/archive"):
            self.send_header("X-Docker-Container-Path-Stat", _PATH_STAT)
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the client may have read all it wanted
            self.wfile.write(b"" if self.command == "HEAD" else content)

    def _answer(self, path: str, *, detached: bool) -> None:
        if path.endswith("/attach") or (path == "/exec/e/start" and not detached):
            self.send_response(101, "UPGRADED")
            self.send_header("Connection", "Upgrade")
            self.send_header("Upgrade", "tcp")
            self.send_header("Content-Type", "application/vnd.docker.raw-stream")
            self.end_headers()
            self.close_connection = True
            return
        status, content = _answer_for(path, self.command)
        self._reply(status, json.dumps(content).encode() if content is not None else b"")


_STAT = {"name": "a", "size": 0, "mode": 0o755 | 1 << 31, "mtime": "2024-01-01T00:00:00Z", "linkTarget": ""}
_PATH_STAT = base64.b64encode(json.dumps(_STAT).encode()).decode()
_ANSWERS: dict[str, tuple[int, Any]] = {
    "/containers/create": (201, {"Id": CONTAINER, "Warnings": []}),
    "/containers/json": (200, []),
    "/images/json": (200, []),
    "/images/create": (200, {"status": "done"}),
    "/events": (200, None),
    "/images/search": (200, []),
    "/images/load": (200, {"stream": "done"}),
    "/networks": (200, []),
    "/networks/create": (201, {"Id": CONTAINER}),
    "/volumes": (200, {"Volumes": []}),
    "/volumes/create": (201, {"Name": "v"}),
    "/system/df": (200, {}),
    "/build": (200, {"stream": "done"}),
    "/commit": (201, {"Id": CONTAINER}),
    "/version": (200, {"Version": "28.2.2", "ApiVersion": API_VERSION, "Os": "linux", "Arch": "amd64"}),
    "/info": (200, {"ID": "recorder", "OSType": "linux", "ServerVersion": "28.2.2"}),
}


_BY_END: dict[str, tuple[int, Any]] = {
    "/wait": (200, {"StatusCode": 0}),
    "/logs": (200, None),
    "/archive": (200, None),
    "/export": (200, None),
    "/push": (200, None),
    "/changes": (200, []),
    "/history": (200, []),
    "/top": (200, {"Titles": ["PID"], "Processes": [["1"]]}),
    "/exec": (201, {"Id": "e"}),
    "/prune": (200, {}),
    "/update": (200, {}),
    "/tag": (201, None),
    "/exec/e/json": (200, {"ID": "e", "Running": False, "ExitCode": 0}),
    "/exec/e/start": (200, None),
}
_ANYTHING = {
    "Id": CONTAINER,
    "Name": "/it",
    "Config": {"Tty": True},
    "State": {"Running": True},
    "HostConfig": {},
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}},
}


def _answer_for(path: str, method: str) -> tuple[int, Any]:
    if path in _ANSWERS:
        return _ANSWERS[path]
    if method == "DELETE" and path.startswith("/images/"):
        return 200, []
    if (ending := next((end for end in _BY_END if path.endswith(end)), None)) is not None:
        return _BY_END[ending]
    if method == "GET":
        return 200, _ANYTHING
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
