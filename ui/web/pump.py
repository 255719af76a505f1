"""A slow generator, run in its own thread and handed on in batches."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Pump(Generic[T]):
    """Items of a generator as they come, gathered for at most ``pause_seconds``.

    The generator runs to its end also when nobody listens any more, so a run is always recorded.
    """

    def __init__(self, start: Callable[[], Iterator[T]], *, pause_seconds: float = 0.12) -> None:
        self._start = start
        self._pause = pause_seconds
        self._items: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
        self._stopped = threading.Event()

    def put(self, item: T) -> None:
        """Adds an item from outside the generator."""
        self._items.put(item)

    def stop(self) -> None:
        """Ends the batches now, and the generator at its next item."""
        self._stopped.set()
        self._items.put(_End(None))

    def batches(self) -> Iterator[list[T]]:
        """Starts the generator and gives its items, some at a time; at last raises what it raised."""
        threading.Thread(target=self._work, name="docknotes-page", daemon=True).start()
        while True:
            batch, end = self._gather()
            if batch:
                yield batch
            if end is not None:
                if end.error is not None:
                    raise end.error
                return

    def _gather(self) -> tuple[list[T], _End | None]:
        batch: list[T] = []
        item = self._items.get()
        while not isinstance(item, _End):
            batch.append(item)
            try:
                # The first pause gathers; whatever came meanwhile is taken at once.
                item = self._items.get(timeout=self._pause if len(batch) == 1 else 0.002)
            except queue.Empty:
                return batch, None
            if len(batch) >= _MOST:
                self._items.put(item) if isinstance(item, _End) else batch.append(item)
                return batch, None
        return batch, item

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._start():
                if self._stopped.is_set():
                    break
                self._items.put(item)
        except BaseException as raised:  # noqa: BLE001 (handed to the listener, who raises it)
            error = raised
        self._items.put(_End(error))


_MOST = 2000


class _End:
    """No more items; ``error`` is why, where something failed."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException | None) -> None:
        self.error = error
