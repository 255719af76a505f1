"""The bytes of a connection that an answer of the Engine has turned into a program's own streams."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

_CHUNK = 64 * 1024


class Wire:
    """The connection under an HTTP answer: a Unix or TCP socket, TLS, or a channel of ssh.

    ``response`` is the answer as requests gives it, not read yet; it is kept alive, because it would
    close the connection at its own end.
    """

    def __init__(self, response: Any) -> None:
        self._response = response
        reader = response.raw._fp.fp
        # ssh: a channel of paramiko, which has the methods of a socket.
        channel = getattr(reader, "channel", None)
        self._socket: Any = channel if channel is not None else reader.raw._sock
        # What came together with the head of the answer lies in the reader, so it is asked first.
        self._read = channel.recv if channel is not None else reader.read1
        self._socket.settimeout(None)  # a program may be silent for hours

    def chunks(self) -> Iterator[bytes]:
        """What comes, until the other side has ended."""
        while chunk := self._read(_CHUNK):
            yield chunk

    def send(self, data: bytes) -> None:
        """Writes all of it."""
        self._socket.sendall(data)

    def close_input(self) -> None:
        """Ends this side's half; the other half goes on."""
        self._shut(socket.SHUT_WR)

    def close(self) -> None:
        """Ends both; a thread that waits for bytes wakes up."""
        with contextlib.suppress(OSError):
            self._shut(socket.SHUT_RDWR)
        self._response.close()

    def _shut(self, how: int) -> None:
        # TLS has no half that could be ended by itself, and Python's would forget the keys: its socket is.
        shut = (
            socket.socket.shutdown if isinstance(self._socket, socket.socket) else type(self._socket).shutdown
        )
        shut(self._socket, how)
