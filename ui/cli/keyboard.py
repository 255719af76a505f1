"""The keyboard of the terminal docknotes runs in, connected to a program that takes input.

With a terminal in the container (``-it``) each key goes to the program as it is pressed, Ctrl-C too, and
the terminal is put back at the end, however that comes about. Without one (``-i``) lines go, or what is
piped in.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from assistant.execution.console import Console, takes_input
from assistant.values import Plan, RunContainer
from knowledge.language import Text
from ui.cli.show import Screen

END_KEY = b"\x1d"  # Ctrl-]
_CHUNK = 4096
_TYPING = Text(
    en="# You are typing to the container now. Ctrl-] twice cancels the run.",
    zh="# 现在输入的内容会送到容器。连按两次 Ctrl-] 可取消运行。",
)


class Keyboard:
    """Standard input, read in a thread of its own from when the program has begun until the run is over.

    Args:
        tty: whether the program has a terminal.
        cancel: ends the run.
        screen: where the person is told what the keys do; None where nobody looks.
    """

    def __init__(self, *, tty: bool, cancel: Callable[[], None], screen: Screen | None) -> None:
        self._tty = tty
        self._cancel = cancel
        self._say = screen
        self._fd = sys.stdin.fileno()
        self._ready, self._stop = os.pipe()
        self._reader: threading.Thread | None = None
        self._saved: list[Any] | None = None
        self._handlers: dict[int, Any] = {}
        self._held_end = False
        self.console = Console(
            screen=self._show if tty else None, size=_size() if tty else None, on_open=self._begin
        )

    def close(self) -> None:
        """Stops reading and puts the terminal back."""
        self._put_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}
        with suppress(OSError):
            os.write(self._stop, b".")
        if self._reader is not None:
            self._reader.join(1.0)
        os.close(self._stop)
        os.close(self._ready)

    def _begin(self) -> None:
        if self._tty:
            if self._say is not None:
                self._say.warn(_TYPING)
            self._take_over()
        self._reader = threading.Thread(target=self._read, name="docknotes-keyboard", daemon=True)
        self._reader.start()

    def _take_over(self) -> None:
        """Every key and every line end as they are: the container's terminal sees to them."""
        import termios

        self._saved = termios.tcgetattr(self._fd)
        mode = termios.tcgetattr(self._fd)
        mode[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.ISTRIP)
        mode[1] &= ~termios.OPOST
        mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._fd, termios.TCSADRAIN, mode)
        if threading.current_thread() is threading.main_thread():
            self._handle(signal.SIGWINCH, lambda *_: self.console.resize(*_size()))
            for number in (signal.SIGTERM, signal.SIGHUP):
                # Ending at once would leave the terminal as it is now, and the container running.
                self._handle(number, lambda *_: threading.Thread(target=self._cancel, daemon=True).start())

    def _handle(self, number: int, handler: Callable[..., None]) -> None:
        self._handlers[number] = signal.signal(number, handler)

    def _put_back(self) -> None:
        if self._saved is not None:
            import termios

            with suppress(termios.error, OSError):
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._saved)
            self._saved = None

    def _show(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _read(self) -> None:
        while True:
            readable, _, _ = select.select([self._fd, self._ready], [], [])
            if self._ready in readable:
                return
            try:
                data = os.read(self._fd, _CHUNK)
            except OSError:
                data = b""
            if not data:
                self.console.end()
                return
            data = self._without_end_keys(data) if self._tty else data
            if data and not self.console.send(data):
                return

    def _without_end_keys(self, data: bytes) -> bytes:
        """What is typed but for two Ctrl-] in a row, which cancel; a single one waits for the next key."""
        typed = END_KEY + data if self._held_end else data
        self._held_end = typed.endswith(END_KEY)
        if END_KEY * 2 in typed:
            self._cancel()
            return b""
        return typed.removesuffix(END_KEY)


@contextmanager
def keyboard_for(
    plan: Plan | None, *, cancel: Callable[[], None], screen: Screen | None
) -> Iterator[Console | None]:
    """The console of a plan that takes input, where there is somebody to give some; else None.

    A program with a terminal needs one here too, on both sides. In JSON (``screen`` None) nobody types.
    """
    tty = plan is not None and _has_terminal(plan)
    if plan is None or screen is None or not takes_input(plan) or not _may_type(tty=tty):
        yield None
        return
    keyboard = Keyboard(tty=tty, cancel=cancel, screen=screen)
    try:
        yield keyboard.console
    finally:
        keyboard.close()


def _may_type(*, tty: bool) -> bool:
    try:
        sys.stdin.fileno()
    except (AttributeError, ValueError, OSError):
        return False
    if not tty:
        return sys.platform != "win32"  # where a pipe cannot be waited for together with another
    return sys.stdin.isatty() and sys.stdout.isatty() and _has_termios()


def _has_termios() -> bool:
    try:
        import termios  # noqa: F401
    except ImportError:
        return False
    return True


def _has_terminal(plan: Plan) -> bool:
    if isinstance(plan.action, RunContainer):
        return plan.action.tty
    return any((operation.as_run or {}).get("Tty") for operation in plan.operations)


def _size() -> tuple[int, int]:
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return rows, columns
