"""A registry on loopback, as far as a push needs one.

Source: OCI Distribution Specification v1.1, pushing blobs and manifests.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class Registry:
    """Takes what is pushed, and notes the credentials it was offered."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.credentials: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def host(self) -> str:
        """Host and port, as they stand before an image's name."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Registry:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(registry: Registry) -> type[BaseHTTPRequestHandler]:
    uploads: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self, status: int, headers: dict[str, str] | None = None) -> None:
            registry.credentials.add(self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def do_GET(self) -> None:
            self._answer(200 if self.path == "/v2/" else 404)

        def do_HEAD(self) -> None:
            digest = self.path.rpartition("/")[2]
            self._answer(200 if digest in registry.blobs else 404)

        def do_POST(self) -> None:
            self._body()
            upload = secrets.token_hex(8)
            uploads[upload] = b""
            path = self.path.partition("?")[0].rstrip("/")
            self._answer(202, {"Location": f"{path}/{upload}", "Docker-Upload-UUID": upload, "Range": "0-0"})

        def do_PATCH(self) -> None:
            upload = self.path.partition("?")[0].rpartition("/")[2]
            uploads[upload] += self._body()
            end = max(len(uploads[upload]) - 1, 0)
            self._answer(202, {"Location": self.path, "Docker-Upload-UUID": upload, "Range": f"0-{end}"})

        def do_PUT(self) -> None:
            path, _, query = self.path.partition("?")
            content = self._body()
            if "/manifests/" in path:
                registry.manifests[path.removeprefix("/v2/")] = content
            else:
                content = uploads.pop(path.rpartition("/")[2]) + content
                match = re.search(r"digest=sha256(?::|%3A)([0-9a-f]+)", query)
                assert match is not None
                assert hashlib.sha256(content).hexdigest() == match[1]
                registry.blobs[f"sha256:{match[1]}"] = content
            digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
            self._answer(201, {"Location": path, "Docker-Content-Digest": digest})

    return Handler
