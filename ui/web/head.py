"""Puts our own script first into the page Gradio serves, so that it runs whatever else of the page is lost.

What is given to Gradio for its head is put there by Gradio's own script: where that script never came, as
when the network changed while it was fetched, nothing would be left to notice it.
"""

from __future__ import annotations

import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web import words
from ui.web.gate import LANGUAGES
from ui.web.pane import static

_HEAD = b"<head>"


class Head:
    """ASGI middleware: the page at ``/`` with the script in it; every other answer passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._script = script().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request."""
        if scope["type"] == "http" and scope["path"] == "/":
            send = _Inserting(send, self._script)
        await self._app(scope, receive, send)


def script() -> str:
    """The script as an element; it stands in the page itself and so can never be lost by itself."""
    told = [[words.HALF_LOADED.said_in(x), words.LOAD_AGAIN.said_in(x)] for x in LANGUAGES]
    return f"<script>{static('reload.js').replace('TOLD', json.dumps(told))}</script>"


class _Inserting:
    """Holds a page back until it is whole, and sends it on with something put after its ``<head>``."""

    def __init__(self, send: Send, inserted: bytes) -> None:
        self._send = send
        self._inserted = inserted
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)
        else:
            await self._send(message)

    async def _finish(self, start: Message) -> None:
        body = self._body.replace(_HEAD, _HEAD + self._inserted, 1)
        headers = MutableHeaders(scope=start)
        if self._body:  # a HEAD request has none, and says how long it would be without ours
            headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_page(message: Message) -> bool:
    headers = Headers(scope=message)
    is_plain = not headers.get("content-encoding")
    return message["status"] == 200 and is_plain and headers.get("content-type", "").startswith("text/html")
