"""Chunks to store: embeds what is new, keeps what is known, removes what is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.errors import StoreError
from knowledge.language import Text
from knowledge.protocols import Embedder
from knowledge.store import ChunkStore
from knowledge.values import Chunk, IndexReport
from knowledge.vectors import chunk_vectors

Progress = Callable[[int, int], None]
"""Called with how many chunks are embedded and how many there are to embed."""

_BATCH = 32  # small enough that progress moves and little is lost on a crash
_LOCK_SECONDS = 600.0


def sync(
    chunks: Sequence[Chunk],
    store: ChunkStore,
    embedder: Embedder,
    *,
    notes: int,
    skipped: Sequence[str] = (),
    progress: Progress | None = None,
) -> IndexReport:
    """Makes the store hold exactly these chunks; each batch is stored as soon as it is embedded.

    New chunks come before old ones go, so a run that is broken off leaves an index that can be
    searched, and the next run goes on from there.

    Raises:
        EmbeddingError: the embedding model cannot be loaded or fails.
        StoreError: the index cannot be written.
    """
    begun = time.monotonic()
    stored = store.places()
    new = [c for c in chunks if c.id not in stored]
    moved = [c for c in chunks if c.id in stored and stored[c.id] != (c.note, c.first_line, c.last_line)]
    gone = stored.keys() - {c.id for c in chunks}
    if progress:
        progress(0, len(new))
    for done, part in _embedded(new, store, embedder):
        if progress:
            progress(done + part, len(new))
    store.move(moved)
    store.remove(gone)
    seconds = time.monotonic() - begun
    return IndexReport(notes, len(chunks), len(new), len(gone), tuple(skipped), seconds)


def _embedded(new: Sequence[Chunk], store: ChunkStore, embedder: Embedder) -> Iterator[tuple[int, int]]:
    for start in range(0, len(new), _BATCH):
        part = new[start : start + _BATCH]
        store.put(part, chunk_vectors(part, embedder, of=len(new)))
        yield start, len(part)


@contextmanager
def one_writer(folder: Path, *, wait_seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Holds the index of a folder for writing; Chroma does not guard itself against a second writer.

    Raises:
        StoreError: another process kept writing for the whole time.
    """
    lock = FileLock(str(folder / "writer.lock"), timeout=wait_seconds)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            Text(
                en=f"Another docknotes has been writing the index in {folder} for {wait_seconds:.0f} s. "
                "Wait for it to finish, or end it, and try again.",
                zh=f"另一个 docknotes 进程正在写入 {folder} 中的索引，已等待 {wait_seconds:.0f} 秒。"
                "请等它完成或结束它，然后重试。",
            )
        ) from error
    except OSError as error:
        raise StoreError(
            Text(
                en=f"The index folder {folder} cannot be written: {error.strerror}. Set DOCKNOTES_HOME to a "
                "folder of yours.",
                zh=f"无法写入索引文件夹 {folder}：{error.strerror}。"
                "请把 DOCKNOTES_HOME 设为你有权写入的文件夹。",
            )
        ) from error
    try:
        yield
    finally:
        lock.release()
