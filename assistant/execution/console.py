"""A person's way into a program that runs in a container: what they type, and how large their terminal is.

One Console is made for one run by whoever has a person in front of it (the command line, the page) and
handed to ``Sandbox.run(…, console=console)``. The person's side calls ``send``, ``end`` and ``resize``,
from any thread and also before the program has begun: what is typed early waits. Only what is handed to
``send`` reaches the program; nothing a note, a model or a container says can.

The run's side connects it, here for ``docker exec -it`` as an example of another command::

    way = engine.…            # a Way: Connection.hijack("/exec/ID/start", tty=tty, body={"Tty": tty})
    with console.connected(way, tty=tty, resize=lambda rows, columns: …) as console:
        for outputs in Pump(way, cancel=session.cancel, deadline=lambda: console.typed_at + seconds):
            console.show(outputs)
            yield from joined(outputs)

``typed_at`` moves on with each key, so that a time limit counts from the last one: a person thinks.
What is typed is not kept anywhere. Whether a run was interactive is told by the operations its record
holds (``Run.interactive``).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from assistant.errors import ExecutionError
from assistant.execution.terminal import TerminalCleaner
from assistant.protocols import Way
from assistant.values import Operation, Output, Plan

HELD_BYTES = 256 * 1024
"""How much may wait for a program that does not read."""
_END_OF_INPUT = b"\x04"  # Ctrl-D, which a terminal turns into the end of its input
_GIVE_UP_SECONDS = 0.5


class Console:
    """One person at one run.

    Args:
        screen: writes to a real terminal, which may be told colours and cursor moves, and nothing that
            answers, renames, copies or hides; without it output is seen by the run's events alone.
        size: rows and columns of the terminal.
        on_open: called once the program can be typed to.
    """

    def __init__(
        self,
        *,
        screen: Callable[[str], None] | None = None,
        size: tuple[int, int] | None = None,
        on_open: Callable[[], None] = lambda: None,
    ) -> None:
        self._screen = screen
        self._size = size
        self._on_open = on_open
        self._changed = threading.Condition()
        self._waiting: deque[bytes | None] = deque()  # None: the end of input
        self._held = 0
        self._new_size = size is not None
        self._cleaner = TerminalCleaner()
        self._tty = False
        self._open = self._closed = self._ended = False
        self.typed_at = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether what is typed reaches a program now."""
        return self._open and not self._closed and not self._ended

    @property
    def has_screen(self) -> bool:
        """Whether output is shown on a real terminal by this console, and not by the run's events."""
        return self._screen is not None

    def send(self, data: bytes, *, wait: bool = True) -> bool:
        """Types: whether it was taken. Not after the end of the run or of the input.

        Where the program does not read and too much waits already, this waits too, or with ``wait``
        False takes nothing.
        """
        with self._changed:
            while self._held + len(data) > HELD_BYTES and self._held and not self._closed:
                if not wait:
                    return False
                self._changed.wait()
            if self._closed or self._ended:
                return False
            self.typed_at = time.monotonic()
            self._waiting.append(data)
            self._held += len(data)
            self._changed.notify_all()
            return True

    def send_line(self, line: str) -> bool:
        """Types a line and Enter; whether it was taken."""
        return self.send(line.encode(errors="replace") + (b"\r" if self._tty else b"\n"), wait=False)

    def end(self) -> None:
        """Ends the input. A terminal gets a Ctrl-D, which the program may take for something else."""
        with self._changed:
            self.typed_at = time.monotonic()
            self._waiting.append(None)
            self._changed.notify_all()

    def resize(self, rows: int, columns: int) -> None:
        """Tells the program how large the terminal is now."""
        with self._changed:
            self._size, self._new_size = (rows, columns), True
            self._changed.notify_all()

    def show(self, outputs: Sequence[Output]) -> None:
        """Passes what the program wrote on to a real terminal, where there is one."""
        if self._screen is not None:
            for output in outputs:
                self._screen(self._cleaner.feed(output.text))

    @contextmanager
    def connected(self, way: Way, *, tty: bool, resize: Callable[[int, int], None]) -> Iterator[Console]:
        """Passes on what is typed for as long as this lasts; the program is running already.

        ``resize`` is called with rows and columns; what it raises of ExecutionError counts for nothing.
        """
        self._tty, self._open = tty, True
        self.typed_at = max(self.typed_at, time.monotonic())  # its time begins now, however long it waited
        writer = threading.Thread(
            target=self._write, args=(way, resize if tty else None), name="docknotes-console", daemon=True
        )
        writer.start()
        try:
            self._on_open()
            yield self
        finally:
            self.close()
            writer.join(_GIVE_UP_SECONDS)
            if self._screen is not None:
                self._screen(self._cleaner.finish())

    def close(self) -> None:
        """The run is over: nothing is taken any more, and nobody waits. The run's side calls it."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._held = 0
            self._changed.notify_all()

    def _write(self, way: Way, resize: Callable[[int, int], None] | None) -> None:
        try:
            while True:
                with self._changed:
                    while not (self._waiting or self._closed or (self._new_size and resize)):
                        self._changed.wait()
                    if self._closed:
                        return
                    data = self._waiting[0] if self._waiting else b""
                    size, self._new_size = (self._size if self._new_size else None), False
                if resize is not None and size is not None:
                    _resized(resize, size)
                if data is None and not self._tty:
                    way.close_input()
                    self._ended = True
                elif data != b"":
                    way.send(_END_OF_INPUT if data is None else data)
                self._done(data)
        except ExecutionError:
            self.close()  # the program has ended; its run tells how

    def _done(self, data: bytes | None) -> None:
        with self._changed:
            if data != b"" and self._waiting:
                self._waiting.popleft()
                self._held -= len(data or b"")
            self._changed.notify_all()


def _resized(resize: Callable[[int, int], None], size: tuple[int, int]) -> None:
    try:
        resize(*size)
    except ExecutionError:
        return  # a terminal of the wrong size is no reason to end a run


def without_attaching(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """What is sent where nobody types: output is read from the log, and no input is asked for."""
    return tuple(_without(operation) if operation.takes_input else operation for operation in operations)


def _without(operation: Operation) -> Operation:
    if operation.path.endswith("/attach"):
        return replace(operation, sent="by docker")
    return replace(operation, as_run={**(operation.as_run or {}), "AttachStdin": False, "Tty": False})


def takes_input(plan: Plan) -> bool:
    """Whether a plan's program is one that a person types to: ``-i``, and not in the background."""
    return any(operation.takes_input for operation in plan.operations)
