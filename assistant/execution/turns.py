"""Runs in turn: so many at once, the others in the order they came, and a bound on how many wait.

Order and bound are those of one process. How many run at once holds for all processes that keep the same
record of runs: each run holds one of so many lock files, which the system lets go when a process dies.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import BusyError
from assistant.execution.session import Cancelled
from assistant.values import Waiting
from knowledge.language import Text

_LOOK_SECONDS = 0.1


class Turns:
    """The line of runs of one sandbox; usable from several threads.

    Args:
        at_once: how many run at the same time.
        waiting: how many more may wait.
        places: the beginning of the names of the lock files.
    """

    def __init__(self, *, at_once: int, waiting: int, places: Path) -> None:
        self._places = places
        self._held: dict[str, FileLock] = {}
        self._at_once = at_once
        self._most = at_once + waiting
        self._line: list[str] = []  # those that run stand at its head
        self._changed = threading.Condition()

    def check(self) -> None:
        """Whether one more may come.

        Raises:
            BusyError: as many wait as may.
        """
        with self._changed:
            if len(self._line) >= self._most:
                raise self._busy()

    def enter(self, run: str) -> None:
        """Puts a run at the end of the line, where there is room; ``wait`` tells where there was none."""
        with self._changed:
            if len(self._line) < self._most:
                self._line.append(run)

    def wait(self, run: str, cancel: threading.Event) -> Iterator[Waiting]:
        """Tells how many wait before a run each time that changes, and ends when its turn has come.

        ``leave`` is to be called afterwards, also where this raises.

        Raises:
            BusyError: there was no room when it entered.
            Cancelled: ``cancel`` was set.
        """
        with self._changed:
            if run not in self._line:
                raise self._busy()
        told: int | None = None
        while True:
            with self._changed:
                before = self._line.index(run) - self._at_once
                if before >= 0 and before == told:
                    self._changed.wait(_LOOK_SECONDS)
                    before = self._line.index(run) - self._at_once
            if cancel.is_set():
                raise Cancelled
            if before < 0 and self._takes_place(run):
                return
            if before < 0:
                cancel.wait(_LOOK_SECONDS)  # for another process
            if max(before, 0) != told:
                told = max(before, 0)
                yield Waiting(told)

    def leave(self, run: str) -> None:
        """The run is over, or waits no more."""
        with self._changed:
            if run in self._line:
                self._line.remove(run)
            place = self._held.pop(run, None)
            self._changed.notify_all()
        if place is not None:
            place.release()

    def _takes_place(self, run: str) -> bool:
        for number in range(self._at_once):
            place = FileLock(f"{self._places}{number}", thread_local=False)
            try:
                place.acquire(timeout=0)
            except Timeout:
                continue
            with self._changed:
                self._held[run] = place
            return True
        return False

    def _busy(self) -> BusyError:
        waiting = self._most - self._at_once
        return BusyError(
            Text(
                f"{self._at_once} runs are going on and {waiting} wait, which is as many as may. "
                "Nothing was started; cancel one of them, or try again when some have ended.",
                f"已有 {self._at_once} 个运行在进行、{waiting} 个在等待，已达上限。"
                "没有启动新的运行；请取消其中一个，或等一部分结束后再试。",
            )
        )


def waiting_text(before: int) -> Text:
    """What a person is told about a run's place."""
    if before == 0:
        return Text(
            "Waiting for other runs to end; none waits before this one.",
            "正在等待其他运行结束；前面没有排队的。",
        )
    return Text(
        f"Waiting for other runs to end; {before} before this one.",
        f"正在等待其他运行结束；前面还有 {before} 个。",
    )
