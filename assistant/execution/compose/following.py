"""The output of several containers as one: lines with the name of their container in front."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from assistant.protocols import Stream
from assistant.values import Output

_HELD_ITEMS = 1024
_LOOK_SECONDS = 0.1
_LONGEST_LINE = 8192


@dataclass(frozen=True, slots=True)
class Piece:
    """What one container wrote; None where it has ended."""

    name: str
    output: Output | None


class Merged:
    """Several streams as one; it ends when all have, and closing it closes them."""

    def __init__(self, opened: Mapping[str, Callable[[], Stream[Output]]]) -> None:
        self._queue: queue.Queue[Piece | Exception] = queue.Queue(_HELD_ITEMS)
        self._closed = threading.Event()
        self._left = len(opened)
        self._streams: list[Stream[Output]] = []
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._read, args=item, name="docknotes-compose", daemon=True)
            for item in opened.items()
        ]
        for thread in self._threads:
            thread.start()

    def __iter__(self) -> Iterator[Piece]:
        """Itself."""
        return self

    def __next__(self) -> Piece:
        """The next piece, when it comes."""
        while self._left and not self._closed.is_set():
            try:
                item = self._queue.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if isinstance(item, Exception):
                raise item
            self._left -= item.output is None
            return item
        raise StopIteration

    def close(self) -> None:
        """Ends it; nothing happens where it has ended."""
        self._closed.set()
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            stream.close()

    def _read(self, name: str, opened: Callable[[], Stream[Output]]) -> None:
        try:
            stream = opened()
            with self._lock:
                self._streams.append(stream)
            if self._closed.is_set():
                stream.close()
            for output in stream:
                if not self._put(Piece(name, output)):
                    return
            self._put(Piece(name, None))
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits
            self._put(error)

    def _put(self, item: Piece | Exception) -> bool:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return True
        return False


class Lines:
    """Pieces of output to whole lines, each with its container's name in front, as compose shows them."""

    def __init__(self, names: list[str], *, prefix: bool = True) -> None:
        self._width = max((len(name) for name in names), default=0)
        self._prefix = prefix
        self._held: dict[tuple[str, str], str] = {}

    def feed(self, piece: Piece) -> Iterator[Output]:
        """The lines that are whole now; all of a container that has ended."""
        if piece.output is None:
            yield from self._rest(piece.name)
            return
        stream = piece.output.stream
        *lines, held = (self._held.get((piece.name, stream), "") + piece.output.text).split("\n")
        while len(held) > _LONGEST_LINE:
            lines.append(held[:_LONGEST_LINE])
            held = held[_LONGEST_LINE:]
        self._held[piece.name, stream] = held
        if lines:
            yield Output("".join(self._line(piece.name, line) for line in lines), stream)

    def rest(self) -> Iterator[Output]:
        """What was held back, at the end."""
        for name in list(dict.fromkeys(name for name, _ in self._held)):
            yield from self._rest(name)

    def _rest(self, name: str) -> Iterator[Output]:
        if text := self._held.pop((name, "stdout"), ""):
            yield Output(self._line(name, text), "stdout")
        if text := self._held.pop((name, "stderr"), ""):
            yield Output(self._line(name, text), "stderr")

    def _line(self, name: str, line: str) -> str:
        return f"{name.ljust(self._width)}  | {line}\n" if self._prefix else f"{line}\n"
