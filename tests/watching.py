"""What a thread does meanwhile that it must not: processes it starts, connections, files it writes."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_STARTS = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile"}
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = frozenset({"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "os.chmod"})

_seen: list[str] | None = None
_thread = 0
_installed = False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _seen is None or threading.get_ident() != _thread:
        return
    if event in _STARTS or event == "socket.connect" or event in _CHANGES:
        _seen.append(f"{event} {arguments!r}"[:300])
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
        _seen.append(f"{event} {arguments[0]!r}")


@contextmanager
def watched(*, free: Sequence[Path] = ()) -> Iterator[list[str]]:
    """What this thread starts, connects to or writes within the block, but for the free folders.

    Other threads are left alone: a server of another test may be at work. Python's own compiled files are
    no files of anybody's.

    Source: Python's table of audit events.
    """
    global _seen, _thread, _installed  # noqa: PLW0603 - an audit hook is there for good, so it is switched
    if not _installed:
        sys.addaudithook(_hook)
        _installed = True
    seen: list[str] = []
    _seen, _thread = seen, threading.get_ident()
    try:
        yield seen
    finally:
        _seen = None
        free_names = ["__pycache__", *(str(folder) for folder in free)]
        seen[:] = [event for event in seen if not any(name in event for name in free_names)]
