"""A loopback server that speaks OpenAI's chat protocol, to hold the real client to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """What the server does: streams ``reply`` word by word, or fails in one way."""

    reply: str = "hello there"
    status: int = 200
    breaks_after: int | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The address (with ``/v1``) of a server that follows a script."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            script.requests.append(json.loads(self.rfile.read(length)))
            if script.status != 200:
                self._fail()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for count, word in enumerate(script.reply.split(" ")):
                if count == script.breaks_after:
                    self.wfile.write(b"data: {broken\n\n")
                    self.close_connection = True
                    return
                self._event({"content": word if count == 0 else f" {word}"}, None)
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def _event(self, delta: dict[str, str], finish: str | None) -> None:
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "m",
                "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def _fail(self) -> None:
            body = json.dumps({"error": {"message": f"status {script.status}", "type": "x"}}).encode()
            self.send_response(script.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
