"""Archives to and from an Engine, and what it says while it works on them.

Source: Engine API reference, v1.41 and later: ``POST /build``, ``POST /images/load``, ``GET /images/get``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from assistant.errors import ObjectMissingError
from assistant.execution.connection import Connection
from assistant.execution.engine_texts import missing
from assistant.execution.streams import ClosableStream, messages
from assistant.values import InspectKind, JsonObject

_TAR = {"Content-Type": "application/x-tar"}
_PIECE_BYTES = 256 * 1024


class StreamingEngine:
    """The part of an Engine that deals with archives."""

    _connection: Connection

    def messages(
        self,
        *parts: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Iterable[bytes] = (),
    ) -> Messages:
        """A request whose answer tells what the Engine does; it is made when the first item is asked for."""
        path = path_of(parts)

        def send(pieces: Iterable[bytes]) -> ClosableStream[JsonObject]:
            response = self._connection.send(
                "POST",
                path,
                query=query,
                headers={**(headers or {}), **(_TAR if data else {})},
                data=pieces,
                stream=True,
                seconds=None,
            )
            return self._connection.closable(response, messages)

        return Messages(send, data)

    def download(
        self, *parts: str, query: Mapping[str, str | list[str]] | None = None
    ) -> ClosableStream[bytes]:
        """An archive, piece by piece."""
        response = self._connection.send("GET", path_of(parts), query=query, stream=True, seconds=None)
        return self._connection.closable(response, lambda chunks: chunks, chunk_bytes=_PIECE_BYTES)

    def upload(self, *parts: str, query: Mapping[str, str], data: Iterable[bytes]) -> None:
        """Sends an archive and waits until the Engine has taken it."""
        self._connection.send("PUT", path_of(parts), query=query, headers=_TAR, data=data, seconds=None)

    def head(self, *parts: str, query: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of an answer without a body."""
        return dict(self._connection.send("HEAD", path_of(parts), query=query).headers)


class Messages:
    """A stream that begins with sending something; closing it ends the sending too.

    An Engine may take its time before it answers at all, so even the request is made by whoever reads.
    """

    def __init__(
        self, send: Callable[[Iterable[bytes]], ClosableStream[JsonObject]], data: Iterable[bytes]
    ) -> None:
        self._send = send
        self._data = data
        self._stream: ClosableStream[JsonObject] | None = None
        self._closed = False

    def __iter__(self) -> Messages:
        """Itself."""
        return self

    def __next__(self) -> JsonObject:
        """What the Engine says next; the first one only when all was sent."""
        if self._closed:
            raise StopIteration
        if self._stream is None:
            try:
                self._stream = self._send(self._pieces() if self._data else ())
            except _Closed:
                raise StopIteration from None
            if self._closed:
                self._stream.close()
                raise StopIteration
        return next(self._stream)

    def close(self) -> None:
        """Ends the sending, or the answer; nothing happens where both have ended."""
        self._closed = True
        if self._stream is not None:
            self._stream.close()

    def _pieces(self) -> Iterator[bytes]:
        for piece in self._data:
            if self._closed:
                raise _Closed
            yield piece


class _Closed(Exception):  # noqa: N818 - an end, not an error
    """The sending was given up; half an archive is an archive to no Engine."""


def path_of(parts: Sequence[str]) -> str:
    """A URL path made of parts, each quoted, so that nothing in it points at another endpoint."""
    kind: InspectKind = "image" if parts[0] == "images" else "container"
    return "".join(f"/{quoted(part, kind=kind)}" for part in parts)


def quoted(name: str, *, kind: InspectKind = "container") -> str:
    """A name for a URL path: nothing in it can point the request at another endpoint."""
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts) or (len(parts) > 1 and kind != "image"):
        raise ObjectMissingError(missing(f"{name!r} is no name of a {kind}"))
    return quote(name, safe="/:@")
