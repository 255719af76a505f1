"""Work that goes on whoever watches, and watching that can be taken up again.

Browsers drop every open connection when the machine's network changes, and a container with a
network of its own is such a change. So what runs is never tied to the request that began it: it
writes into the session, and any later request of the page can watch on from where it stands.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

PAUSE_SECONDS = 0.12
WAIT_SECONDS = 5.0


class Changes:
    """Tells the one request that watches a pane that there is something new to draw."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._version = 0
        self._watcher = 0

    def tell(self) -> None:
        """Something changed."""
        with self._condition:
            self._version += 1
            self._condition.notify_all()

    def watch(self, is_busy: Callable[[], bool]) -> Iterator[None]:
        """Yields at once, then after changes, until nothing is under way or another request watches."""
        with self._condition:
            self._watcher += 1
            me, seen = self._watcher, self._version
            self._condition.notify_all()
        yield
        while True:
            busy = is_busy()
            with self._condition:
                if busy and self._version == seen and self._watcher == me:
                    self._condition.wait(WAIT_SECONDS)
                if self._watcher != me or (not busy and self._version == seen):
                    return
                changed, seen = self._version != seen, self._version
            if changed:
                yield
                threading.Event().wait(PAUSE_SECONDS)


class Work:
    """A generator, run to its end in a thread of its own.

    Args:
        start: makes the generator.
        take: what to do with each item.
        finish: what to do at the end, with the error where one ended it; not called after `stop`.
        changes: told after each item and at the end.
    """

    def __init__(
        self,
        start: Callable[[], Iterator[T]],
        take: Callable[[T], None],
        finish: Callable[[Exception | None], None],
        changes: Changes,
    ) -> None:
        self._stopped = threading.Event()

        def work() -> None:
            error: Exception | None = None
            try:
                for item in start():
                    if self._stopped.is_set():
                        return
                    take(item)
                    changes.tell()
            except Exception as raised:  # noqa: BLE001 (handed on to be shown)
                error = raised
            if not self._stopped.is_set():
                finish(error)
                changes.tell()

        self._thread = threading.Thread(target=work, name="docknotes-page", daemon=True)

    def begin(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the generator at its next item; nothing more is taken from it."""
        self._stopped.set()
