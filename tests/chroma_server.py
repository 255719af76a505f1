"""A real Chroma server of a test's own, on a free loopback port; it can be killed and started again."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0


class ChromaServer:
    """``chroma run`` over a folder; ``url`` stays the same however often it is started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        beside = Path(sys.executable).with_name("chroma")
        command = str(beside) if beside.exists() else shutil.which("chroma")
        assert command is not None, "chromadb brings the chroma command"
        self._process = subprocess.Popen(
            [command, "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)],
            cwd=self._folder.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "the Chroma server ended at once"
            assert time.monotonic() < end, "the Chroma server does not answer"
            time.sleep(0.1)

    def kill(self) -> None:
        """Ends it without a chance to tidy up."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
