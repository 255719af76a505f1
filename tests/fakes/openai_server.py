"""A loopback server that speaks OpenAI's chat protocol, to hold the real client to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, TypeAlias

Fault = Literal["", "silent", "half", "broken", "html", "endless", "cut", "refuses"]
"""Nothing wrong; no word; the line goes dead; no JSON; a web page; no end; cut at its limit; status 400."""

Request: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One reply: words, then tool calls as ``(name, arguments as JSON text)``, or a fault on the way."""

    text: str = ""
    calls: Sequence[tuple[str, str]] = ()
    fault: Fault = ""


@dataclass
class Script:
    """What the server does: streams ``reply`` word by word, or fails in one way.

    ``replies`` are given one a request, the last again and again; ``answer`` makes a reply of a request
    and goes before both.
    """

    reply: str = "hello there"
    status: int = 200
    breaks_after: int | None = None
    replies: Sequence[Reply] = ()
    answer: Callable[[Request], Reply] | None = None
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def next(self, request: Request) -> Reply:
        """The reply to a request, which is kept."""
        self.requests.append(request)
        if self.answer is not None:
            return self.answer(request)
        if self.replies:
            return self.replies[min(len(self.requests), len(self.replies)) - 1]
        return Reply(self.reply)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        reply = self.script.next(json.loads(self.rfile.read(length)))
        self.close_connection = True
        try:
            if self.script.status != 200:
                self._fail()
            elif reply.fault == "silent":
                self.script.over.wait(60)
            elif reply.fault == "refuses":
                self._whole(400, "application/json", b'{"error": {"message": "this model has no tools"}}')
            elif reply.fault == "html":
                self._page()
            else:
                self._stream(reply)
        except OSError:  # the client has gone
            pass

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while reply.fault == "endless" and not self.script.over.is_set():
            self._event({"content": "and so on "}, None)
        for count, word in enumerate(reply.text.split(" ") if reply.text else ()):
            if count == self.script.breaks_after or (reply.fault == "broken" and count == 1):
                self.wfile.write(b"data: {broken\n\n")
                return
            if reply.fault == "half" and count == 2:
                return
            self._event({"content": word if count == 0 else f" {word}"}, None)
        for at, (name, arguments) in enumerate(reply.calls):
            call = {"name": name, "arguments": arguments}
            made = {"index": at, "id": f"c{len(self.script.requests)}-{at}", "type": "function"}
            self._event({"tool_calls": [{**made, "function": call}]}, None)
        self._event({}, "length" if reply.fault == "cut" else "tool_calls" if reply.calls else "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, Any], finish: str | None) -> None:
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _page(self) -> None:
        self._whole(200, "text/html", b"<!doctype html><title>A router</title>")

    def _fail(self) -> None:
        body = {"error": {"message": f"status {self.script.status}", "type": "x"}}
        self._whole(self.script.status, "application/json", json.dumps(body).encode())

    def _whole(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The address (with ``/v1``) of a server that follows a script."""
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        script.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
