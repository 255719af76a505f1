"""Chunks to store: embeds what is new, keeps what is known, removes what is gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.chroma_faults import folder_fault
from knowledge.errors import StoreError
from knowledge.language import Tell, Text, silent
from knowledge.protocols import Embedder
from knowledge.store import ChunkStore, Places
from knowledge.values import Chunk
from knowledge.vectors import chunk_vectors

Progress = Callable[[int, int], None]
"""Called with how many chunks are embedded and how many there are to embed."""

_BATCH = 32  # small enough that progress moves and little is lost on a crash
_LOCK_SECONDS = 600.0
_UNTOLD_SECONDS = 0.5  # a wait nobody notices


def sync(
    chunks: Sequence[Chunk],
    store: ChunkStore,
    embedder: Embedder,
    *,
    wanted: Places,
    stored: Places,
    progress: Progress | None = None,
) -> tuple[int, int]:
    """Makes the store hold exactly these chunks; each batch is stored as soon as it is embedded.

    New chunks come before old ones go, so a run that is broken off leaves an index that can be
    searched, and the next run goes on from there. Only chunks that are new or moved are looked at.

    Args:
        chunks: all there are.
        store: where they are to be.
        embedder: the model.
        wanted: the places of the chunks, in their order.
        stored: the places of what the store holds now.
        progress: told how far embedding has come.

    Returns:
        How many chunks were embedded, and how many removed.

    Raises:
        EmbeddingError: the embedding model cannot be loaded or fails.
        StoreError: the index cannot be written.
    """
    new = [at for at, identity in enumerate(wanted) if identity not in stored]
    moved = [at for at, (i, place) in enumerate(wanted.items()) if stored.get(i, place) != place]
    gone = stored.keys() - wanted.keys()
    if progress:
        progress(0, len(new))
    generation = store.generation()
    if new or moved or gone or generation is None or generation.is_writing:
        with store.writing():
            for done, part in _embedded(chunks, new, store, embedder):
                if progress:
                    progress(done + part, len(new))
            for start in range(0, len(moved), _BATCH):
                store.move([chunks[at] for at in moved[start : start + _BATCH]])
            store.remove(gone)
    return len(new), len(gone)


def _embedded(
    chunks: Sequence[Chunk], new: Sequence[int], store: ChunkStore, embedder: Embedder
) -> Iterator[tuple[int, int]]:
    for start in range(0, len(new), _BATCH):
        part = [chunks[at] for at in new[start : start + _BATCH]]
        store.put(part, chunk_vectors(part, embedder, of=len(new)))
        yield start, len(part)


@contextmanager
def one_writer(folder: Path, *, wait_seconds: float = _LOCK_SECONDS, tell: Tell = silent) -> Iterator[None]:
    """Holds the index of a folder for writing; Chroma does not guard itself against a second writer.

    Who has to wait is told so, and for whom.

    Raises:
        StoreError: another process kept writing for the whole time, or the folder cannot be written.
    """
    lock = FileLock(str(folder / "writer.lock"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _acquire(lock, folder, min(wait_seconds, _UNTOLD_SECONDS), wait_seconds, tell)
    except OSError as error:
        raise folder_fault(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, folder: Path, untold: float, longest: float, tell: Tell) -> None:
    who = folder / "writer.pid"  # beside the lock, which other systems let nobody read
    try:
        lock.acquire(timeout=untold)
    except Timeout:
        tell(_waiting(folder, who))
        try:
            lock.acquire(timeout=max(longest - untold, 0.0))
        except Timeout as error:
            raise StoreError(
                Text(
                    en=f"Another docknotes{_pid(who)} has been writing the index in {folder} for "
                    f"{longest:.0f} s. Wait for it to finish, or end it, and try again.",
                    zh=f"另一个 docknotes 进程{_pid(who)}正在写入 {folder} 中的索引，"
                    f"已等待 {longest:.0f} 秒。请等它完成或结束它，然后重试。",
                )
            ) from error
    with suppress(OSError):
        who.write_text(str(os.getpid()), encoding="ascii")


def _waiting(folder: Path, who: Path) -> Text:
    return Text(
        en=f"Another docknotes{_pid(who)} is writing the index in {folder}; waiting until it is done.",
        zh=f"另一个 docknotes 进程{_pid(who)}正在写入 {folder} 中的索引，正在等它完成。",
    )


def _pid(who: Path) -> str:
    with suppress(OSError):
        if pid := who.read_text(encoding="ascii", errors="replace").strip():
            return f" (PID {pid})"
    return ""


def is_being_written(folder: Path) -> bool:
    """Whether somebody holds the index of a folder for writing at this moment."""
    lock = FileLock(str(folder / "writer.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
