"""What processes of their own do to an index in tests; started from a server that has Chroma loaded."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import threading
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from knowledge.config import KnowledgeConfig
from knowledge.errors import KnowledgeError
from knowledge.indexing import one_writer
from knowledge.library import Library
from tests.fakes.embedder import HashEmbedder

PATIENCE = 60.0

Said = tuple[str, str]
"""A word for what happened, and what was said, in English and Chinese, a line each."""


def context() -> ForkServerContext:
    """Processes that start in milliseconds: forked from one that has loaded Chroma and opened nothing."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["tests.indexing", "chromadb", "chromadb.api.rust", "bm25s"])
    return server


def start(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Begins some work in a process of its own."""
    process = context().Process(target=work, args=arguments, daemon=True)
    process.start()
    return process


def write_notes(folder: Path, seed: int, *, notes: int = 10, chunks: int = 40) -> None:
    """Notes whose text follows from a seed; half of it is the same for every seed."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = random.Random(seed)  # noqa: S311 - text for a test
    for note in range(notes):
        stays = note % 2 == 0
        chosen = random.Random(note) if stays else numbers  # noqa: S311
        parts = [f"# Part {n}\n\nHarbour {chosen.randrange(10**6)} of pier {n}.\n" for n in range(chunks)]
        draft = folder / f".{note}.draft"
        draft.write_text("\n".join(parts), encoding="utf-8")
        draft.replace(folder / f"note{note}.md")


def index_notes(
    config: KnowledgeConfig, said: Any = None, file_limit: int | None = None, as_nobody: bool = False
) -> None:
    """Brings an index up to date; what is told, the end and any error are put into a queue."""
    if as_nobody:
        _be_nobody()
    if file_limit is not None:
        _limit_files(file_limit)
    try:
        _, report = Library.open(
            config,
            HashEmbedder(),
            tell=lambda text: said.put(("told", f"{text.en}\n{text.zh}")) if said else None,
        )
    except KnowledgeError as error:
        said.put((type(error).__name__, f"{error.text.en}\n{error.text.zh}"))
        return
    if said:
        said.put(("done", str(report.embedded)))


def hold(folder: Path, held: threading.Event, release: threading.Event) -> None:
    """Holds the lock of an index until it is to be released."""
    with one_writer(folder):
        held.set()
        release.wait(PATIENCE)


def _limit_files(size: int) -> None:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _be_nobody() -> None:
    """Gives up the rights of root, to which no folder is read-only."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
