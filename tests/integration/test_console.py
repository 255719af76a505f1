"""A person at a container: through the Engine's own socket, a real terminal and a real pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.execution.console import Console
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from assistant.values import Ended, Output
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine
WAIT_SECONDS = 60.0


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


def test_a_shell_answers_what_is_typed(at: Bench) -> None:
    console = Console()
    verdict = at.sandbox.review("docker run --rm -i busybox sh")
    said = ""
    for event in at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"), console=console):
        if isinstance(event, Output):
            said += event.text
            if event.text == "42\n":
                assert console.send_line("echo oops >&2; exec 1>&- 2>&-; sleep 1; exit 5")
        elif not said:
            console.send_line("echo $((6 * 7))")
    assert isinstance(event, Ended)
    # It closed its output before it ended, and was watched to its end all the same.
    assert (event.run.outcome, event.run.exit_code, said) == ("failed", 5, "42\noops\n")
    assert event.run.interactive


class Terminal:
    """``docknotes run LINE`` on a terminal of its own."""

    def __init__(self, home: Path, engine: str, line: str, *, rows: int = 31, columns: int = 97) -> None:
        self.parent, child = pty.openpty()
        self.resize(rows, columns)
        self.modes = termios.tcgetattr(child)
        self.child = child
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui", "run", line, "--approve"],
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
            env=_environment(home, engine),
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(WAIT_SECONDS)
        os.close(self.child)
        os.close(self.parent)

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.parent, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text: str) -> None:
        os.write(self.parent, text.encode())

    def until(self, pattern: str) -> None:
        """Reads on until what was seen since the last look matches."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not (found := re.search(pattern, self.seen)):
            assert time.monotonic() < deadline, f"no {pattern!r} in {self.seen!r}"
            if select.select([self.parent], [], [], 0.2)[0]:
                self.seen += os.read(self.parent, 65536).decode(errors="replace")
        self.seen = self.seen[found.end() :]

    def end(self) -> int:
        """Its exit code; the terminal is as it was before."""
        deadline = time.monotonic() + WAIT_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.seen
            if select.select([self.parent], [], [], 0.1)[0]:
                self.seen += os.read(self.parent, 65536).decode(errors="replace")
        assert termios.tcgetattr(self.child) == self.modes
        return self.process.returncode


def _environment(home: Path, engine: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "HOME": str(home),
        "DOCKNOTES_HOME": str(home / "data"),
        "DOCKNOTES_ENGINE": engine,
        "DOCKNOTES_LANGUAGE": "en",
    }


def test_a_terminal_of_ones_own(engine: DockerEngine, tmp_path: Path) -> None:
    with Terminal(tmp_path, engine.address, "docker run --rm -it busybox sh") as terminal:
        _use_a_shell(terminal)
    ledger = Ledger(tmp_path / "data" / "ledger.sqlite3")
    (run,) = ledger.runs()
    ledger.close()
    assert run.interactive
    assert "\x1b" not in run.output


def _use_a_shell(terminal: Terminal) -> None:
    terminal.until(r"typing to the container[\s\S]*/ # ")
    assert termios.tcgetattr(terminal.child) != terminal.modes
    terminal.type("stty size\r")
    terminal.until(r"31 97\r\n")
    terminal.resize(25, 61)
    os.kill(terminal.process.pid, signal.SIGWINCH)
    terminal.until(r"/ # ")
    terminal.type("until stty size | grep -q '25 61'; do sleep 0.1; done; echo re''sized\r")
    terminal.until("resized")
    terminal.type("sh -c 'echo be\"\"gun; exec sleep 600'\r")
    terminal.until("begun")
    terminal.type("\x03")  # Ctrl-C goes in, and ends what the shell runs only
    terminal.until(r"/ # ")
    terminal.type("printf '\\033]0;ti''tle\\007\\033[1mbo''ld\\n'; exit 7\r")
    terminal.until("\x1b\\[1mbold\r\n")
    assert terminal.end() == 7
    assert "\x1b]0" not in terminal.seen


@pytest.mark.parametrize("how", ["keys", "signal"])
def test_a_program_that_ignores_everything_can_be_left(
    engine: DockerEngine, tmp_path: Path, how: str
) -> None:
    line = """docker run --rm -it busybox sh -c 'trap "" INT TERM HUP; stty raw; echo begun; sleep 600'"""
    with Terminal(tmp_path, engine.address, line) as terminal:
        terminal.until("begun")
        if how == "keys":
            terminal.type("a\x1d")
            terminal.type("\x1d")
        else:
            os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.end() == 137
        assert "cancelled" in terminal.seen
    assert engine.list_containers(all=True) == []


def test_a_pipe_goes_in_and_its_end_too(engine: DockerEngine, tmp_path: Path) -> None:
    for line, given, said in (
        ("docker run --rm -i busybox wc -c", "x" * 300_000, "300000\n"),
        ("docker run --rm -it busybox cat", "no terminal here", ""),  # as docker's own client: none there
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ui", "run", line, "--approve"],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=WAIT_SECONDS,
            env=_environment(tmp_path, engine.address),
        )
        assert (done.returncode, done.stdout) == (0, said), done.stderr
