"""Reads a stream in a thread of its own, so that waiting for the next item can be given up."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from assistant.protocols import Stream

Item = TypeVar("Item")

_LOOK_SECONDS = 0.1
_HELD_ITEMS = 1024


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class _End:
    """The stream has ended."""


class Pump(Generic[Item]):
    """A stream whose reader may stop waiting: after a time, or when an event is set.

    Iterating gives lists: what has come since the last look, never an empty one. Afterwards
    ``timed_out`` and ``cancelled`` tell why it ended; both are False where the stream ended by
    itself. The stream is closed in any case. A ``deadline`` (of the monotonic clock, in seconds) may be
    a function, for one that moves.
    """

    def __init__(
        self,
        stream: Stream[Item],
        *,
        cancel: threading.Event,
        deadline: float | Callable[[], float] | None = None,
    ) -> None:
        self._stream = stream
        self._cancel = cancel
        self._deadline = deadline
        self._queue: queue.Queue[Item | _Failed | _End] = queue.Queue(_HELD_ITEMS)
        self._given_up = threading.Event()
        self.timed_out = False
        self.cancelled = False

    def __iter__(self) -> Iterator[list[Item]]:
        """The items, until the stream ends, time is up or the event is set."""
        reader = threading.Thread(target=self._read, name="docknotes-stream", daemon=True)
        reader.start()
        try:
            yield from self._items()
        finally:
            self._given_up.set()
            self._stream.close()
            reader.join(_LOOK_SECONDS * 5)

    @property
    def stopped(self) -> Literal["cancelled", "timed_out"] | None:
        """Why waiting was given up; None where the stream ended by itself."""
        return "cancelled" if self.cancelled else "timed_out" if self.timed_out else None

    def _items(self) -> Iterator[list[Item]]:
        while True:
            self.cancelled = self._cancel.is_set()
            deadline = self._deadline() if callable(self._deadline) else self._deadline
            self.timed_out = deadline is not None and time.monotonic() >= deadline
            if self.cancelled or self.timed_out:
                return
            items, end = self._waiting()
            if items:
                yield items
            if isinstance(end, _Failed):
                raise end.error
            if end is not None:
                return

    def _waiting(self) -> tuple[list[Item], _Failed | _End | None]:
        """What has come, waiting a little for the first item; and the end, if it has come."""
        items: list[Item] = []
        try:
            item = self._queue.get(timeout=_LOOK_SECONDS)
            while not isinstance(item, _Failed | _End):
                items.append(item)
                item = self._queue.get_nowait()
        except queue.Empty:
            return items, None
        return items, item

    def _read(self) -> None:
        try:
            for item in self._stream:
                if not self._put(item):
                    return
            self._put(_End())
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            self._put(_Failed(error))

    def _put(self, item: Item | _Failed | _End) -> bool:
        while not self._given_up.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return True
        return False


class Later(Generic[Item]):
    """A stream that is opened by whoever reads it, so that waiting for it to open can be given up as well.

    An Engine answers a pull only when the registry has answered it. ``open_stream`` is called at the
    first item; its errors come out there. Closed before it is open, it is closed once it is.
    """

    def __init__(self, open_stream: Callable[[], Stream[Item]]) -> None:
        self._open_stream = open_stream
        self._lock = threading.Lock()
        self._stream: Stream[Item] | None = None
        self._closed = False

    def __iter__(self) -> Iterator[Item]:
        """Itself."""
        return self

    def __next__(self) -> Item:
        """The next item, when it comes."""
        if self._stream is None:
            stream = self._open_stream()
            with self._lock:
                self._stream = stream
            if self._closed:
                stream.close()
        return next(self._stream)

    def close(self) -> None:
        """Ends the stream; nothing happens where it has ended."""
        with self._lock:
            self._closed = True
        if self._stream is not None:
            self._stream.close()
