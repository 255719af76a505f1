"""Answers that come piece by piece: a container's log, the progress of a pull, a program's own streams.

All are iterators that another thread may close, which ends them at once.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from assistant.errors import ExecutionError, ImageUnavailableError
from assistant.execution.engine_texts import image_unavailable, one_line, said_no
from assistant.execution.frames import StreamDecoder
from assistant.values import JsonObject, Output, Progress

Item = TypeVar("Item")
_PROGRESS_AT_MOST = 200


class ClosableStream(Generic[Item]):
    """Wraps an iterator of bytes: ``items`` turns them into values, ``close`` cuts the connection.

    Args:
        items: yields values from the connection; its errors are passed to ``translate``.
        close: cuts the connection; the thread that waits for bytes wakes up.
        translate: an error of the connection as one of ours.
    """

    def __init__(
        self,
        items: Iterator[Item],
        *,
        close: Callable[[], None],
        translate: Callable[[Exception], ExecutionError],
    ) -> None:
        self._items = items
        self._close = close
        self._translate = translate
        self._closed = False

    def __iter__(self) -> ClosableStream[Item]:
        """Itself."""
        return self

    def __next__(self) -> Item:
        """The next value, when it comes."""
        try:
            return next(self._items)
        except (StopIteration, ExecutionError):
            raise
        except Exception as error:
            if self._closed:
                raise StopIteration from None
            raise self._translate(error) from error

    def close(self) -> None:
        """Ends the stream; nothing happens where it has ended."""
        self._closed = True
        with contextlib.suppress(Exception):
            self._close()


class Duplex(ClosableStream[Output]):
    """What a program writes, and the way to its input, over one connection.

    Args:
        items: what it writes.
        close: cuts the connection.
        send: writes to its input.
        close_input: ends its input.
        translate: an error of the connection as one of ours.
    """

    def __init__(
        self,
        items: Iterator[Output],
        *,
        close: Callable[[], None],
        send: Callable[[bytes], None],
        close_input: Callable[[], None],
        translate: Callable[[Exception], ExecutionError],
    ) -> None:
        super().__init__(items, close=close, translate=translate)
        self._send = send
        self._close_input = close_input

    def send(self, data: bytes) -> None:
        """Writes to the program's input; waits where the program does not read.

        Raises:
            ExecutionError: there is nobody left to read it.
        """
        self._do(lambda: self._send(data))

    def close_input(self) -> None:
        """Lets the program find the end of its input; its output goes on."""
        self._do(self._close_input)

    def _do(self, what: Callable[[], None]) -> None:
        try:
            what()
        except (OSError, ValueError) as error:
            raise self._translate(error) from error


def log_items(chunks: Iterator[bytes], *, tty: bool) -> Iterator[Output]:
    """A container's log, decoded."""
    decoder = StreamDecoder(tty=tty)
    for chunk in chunks:
        yield from decoder.feed(chunk)
    yield from decoder.finish()


def pull_items(chunks: Iterator[bytes], reference: str) -> Iterator[Progress]:
    """The progress of a pull.

    Raises:
        ImageUnavailableError: the Engine reports a failure inside the stream; its status said 200.
    """
    for item in json_lines(chunks):
        if "error" in item or "errorDetail" in item:
            raise ImageUnavailableError(image_unavailable(reference, _message(item)))
        yield progress_of(item)


def progress_of(item: JsonObject) -> Progress:
    """What the Engine says of one layer."""
    detail = item.get("progressDetail") or {}
    return Progress(
        item=one_line(str(item.get("id", "")), _PROGRESS_AT_MOST),
        status=one_line(str(item.get("status", "")), _PROGRESS_AT_MOST),
        done=detail.get("current"),
        total=detail.get("total"),
    )


def messages(chunks: Iterator[bytes]) -> Iterator[JsonObject]:
    """What the Engine says while it works, object by object.

    Raises:
        ExecutionError: it reports a failure inside the stream; its status said 200.
    """
    failure: JsonObject | None = None
    for item in json_lines(chunks):  # to its end, so that the connection can be used again
        if "error" in item or "errorDetail" in item:
            failure = failure or item
        elif failure is None:
            yield item
    if failure is not None:
        raise ExecutionError(said_no(_message(failure)))


def _message(item: JsonObject) -> str:
    return str(item.get("error") or (item.get("errorDetail") or {}).get("message", ""))


def json_lines(chunks: Iterator[bytes]) -> Iterator[JsonObject]:
    """One JSON object a line."""
    held = b""
    for chunk in chunks:
        *lines, held = (held + chunk).split(b"\n")
        yield from (json.loads(line) for line in lines if line.strip())
    if held.strip():
        yield json.loads(held)
