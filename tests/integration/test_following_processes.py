"""``docknotes index --watch`` and ``docknotes serve`` as a person starts, watches and ends them."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model_cache import model_cache

PATIENCE = 90.0

# Where the tests themselves run in the background, Ctrl-C is ignored, and that is inherited.
START = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("ui", run_name="__main__", alter_sys=True)
"""


class Started:
    """A ``docknotes`` process whose lines can be waited for."""

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.notes = home / "notes"
        self.notes.mkdir(parents=True)
        (self.notes / "one.md").write_text("# Containers\n\n`docker ps -a` lists all.\n", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[2],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "DOCKNOTES_HOME": str(home / "data"),
                "DOCKNOTES_CACHE": str(model_cache()),
                "DOCKNOTES_NOTES": str(self.notes),
                **environment,
            },
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def line(self, containing: str) -> str:
        """The next line with some words."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError(f"no line with {containing!r} after {self.said}") from None
            self.said.append(line)
            if containing in line:
                return line

    def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def processes() -> Iterator[list[Started]]:
    started: list[Started] = []
    yield started
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.wait(PATIENCE)
        if each.process.stdout:
            each.process.stdout.close()


def test_index_watch_says_in_one_line_what_it_picked_up_and_ends_on_ctrl_c(
    tmp_path: Path, processes: list[Started]
) -> None:
    started = Started(tmp_path, "index", "--watch")
    processes.append(started)
    started.line("Ctrl+C")
    (started.notes / "two.md").write_text("# Volumes\n\nA named volume stays.\n", encoding="utf-8")
    assert "new: two.md" in started.line("two.md")
    (started.notes / "two.md").unlink()
    assert "0 chunks embedded, 1 removed" in started.line("removed: two.md")
    assert started.interrupted() == 0
    started.line("No longer watching")
    assert "Traceback" not in "".join(started.said)


def test_the_web_chat_follows_the_notes_and_says_so_in_the_persons_language(
    tmp_path: Path, processes: list[Started]
) -> None:
    started = Started(tmp_path, "serve", "--port", "0", DOCKNOTES_LANGUAGE="zh")
    processes.append(started)
    started.line("Ctrl+C")
    (started.notes / "two.md").write_text("# 数据卷\n\n数据卷在容器删除后仍然保留。\n", encoding="utf-8")
    assert "笔记新增：two.md" in started.line("two.md")
    assert started.interrupted() in (0, 130)
    assert "Traceback" not in "".join(started.said)
