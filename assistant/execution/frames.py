"""Bytes of a container's log stream to decoded pieces, as they come. Pure.

Source: Engine API, "Stream format" of ``POST /containers/{id}/attach``: each frame has a header of
8 bytes (stream number, three zero bytes, payload length as big-endian uint32).
A frame of stream 3 is an error of the Engine itself (``Systemerr`` of its pkg/stdcopy).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Literal

from assistant.errors import ExecutionError
from assistant.values import Output
from knowledge.language import Text

StreamName = Literal["stdout", "stderr"]

_HEADER = 8
_ENGINE_ERROR = 3
_NAMES: dict[int, StreamName] = {0: "stdout", 1: "stdout", 2: "stderr"}


class FrameError(ValueError):
    """The bytes are no log stream of an Engine."""


class LogCutError(ExecutionError):
    """The Engine could not read the log on: the container wrote faster than the log could be read."""

    def __init__(self, message: str) -> None:
        super().__init__(
            Text(
                f"The Engine could not read the container's log to its end. The Engine said: {message}",
                f"Engine 未能读完容器的日志。Engine 返回：{message}",
            )
        )


class StreamDecoder:
    """Feeds on chunks cut anywhere, gives text per stream; never splits a character.

    With ``tty`` the bytes are the terminal's own, without frames.
    """

    def __init__(self, *, tty: bool) -> None:
        self._tty = tty
        self._header = b""
        self._left = 0
        self._name: StreamName = "stdout"
        self._broken = False
        decoder = codecs.getincrementaldecoder("utf-8")
        self._decoders = {"stdout": decoder(errors="replace"), "stderr": decoder(errors="replace")}

    def feed(self, chunk: bytes) -> Iterator[Output]:
        """What can be read now.

        Raises:
            FrameError: a header is not one of the Engine's.
            LogCutError: the Engine says that it cannot read the log on.
        """
        if self._tty:
            yield from self._text("stdout", chunk)
            return
        position = 0
        while position < len(chunk):
            if self._left == 0:
                taken = chunk[position : position + _HEADER - len(self._header)]
                position += len(taken)
                self._header += taken
                if len(self._header) == _HEADER:
                    self._open_frame()
                continue
            payload = chunk[position : position + self._left]
            position += len(payload)
            self._left -= len(payload)
            if self._broken:
                raise LogCutError(payload.decode(errors="replace"))
            yield from self._text(self._name, payload)

    def finish(self) -> Iterator[Output]:
        """What was held back, at the end of the stream."""
        yield from self._text("stdout", b"", final=True)
        yield from self._text("stderr", b"", final=True)

    def _open_frame(self) -> None:
        self._broken = self._header[0] == _ENGINE_ERROR
        name = "stderr" if self._broken else _NAMES.get(self._header[0])
        if name is None or self._header[1:4] != b"\0\0\0":
            raise FrameError(f"not a log stream: header {self._header.hex()}")
        self._name, self._left, self._header = name, int.from_bytes(self._header[4:], "big"), b""

    def _text(self, name: StreamName, payload: bytes, *, final: bool = False) -> Iterator[Output]:
        text = self._decoders[name].decode(payload, final)
        if text:
            yield Output(text, name)
