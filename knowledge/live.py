"""A library that follows its notes: each state is a whole `Library`, put in place of the last at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from knowledge.config import KnowledgeConfig
from knowledge.errors import KnowledgeError, NoteError
from knowledge.indexing import Progress
from knowledge.language import Tell, Text, silent
from knowledge.library import Library
from knowledge.protocols import Embedder
from knowledge.values import IndexReport
from knowledge.watching import Changes, Files, Stirrings, compare, look, settled

Synced = Callable[[Changes, IndexReport], None]
"""Told of each sync: which notes changed, and what was done."""

_RETRY_SECONDS = (2.0, 5.0, 15.0, 60.0)  # after a failure; each further one waits longest


class LiveLibrary:
    """The library of some notes as it is now; open it with `LiveLibrary.open`.

    Who asks keeps the `Library` it got: a question is answered from one state, old or new, never a
    mixture. Safe to use from several threads.
    """

    def __init__(self, config: KnowledgeConfig, embedder: Embedder, library: Library, files: Files) -> None:
        self._config = config
        self._embedder = embedder
        self._library = library
        self._files = files
        self._refreshing = threading.Lock()

    @classmethod
    def open(
        cls,
        config: KnowledgeConfig,
        embedder: Embedder,
        *,
        progress: Progress | None = None,
        tell: Tell = silent,
    ) -> tuple[LiveLibrary, IndexReport]:
        """Reads the notes and brings their index up to date; arguments as for `Library.index`.

        Raises:
            NoteError, EmbeddingError, StoreError: as `Library.open`.
        """
        files = look(config.present)  # before they are read: what changes meanwhile is seen as a change
        library, report = Library.open(config, embedder, progress=progress, tell=tell)
        return cls(config, embedder, library, files), report

    def now(self) -> Library:
        """The library in its present state."""
        return self._library

    def latest(self) -> Library:
        """The library in its present state, after what others did to its index was taken up.

        For who does not follow the notes (`follow`): waits while that is done.

        Raises:
            NoteError, EmbeddingError, StoreError: as `Library.open`.
        """
        if self._library.is_outdated():
            self.refresh()
        return self._library

    @property
    def config(self) -> KnowledgeConfig:
        """Which notes these are and where their index lies."""
        return self._config

    @property
    def files(self) -> Files:
        """The note files as they were when they were last read."""
        return self._files

    def refresh(self, progress: Progress | None = None, *, tell: Tell = silent) -> IndexReport:
        """Reads the notes again, brings the index up to date and puts the new state in place.

        Whatever is raised, the state before stays.

        Raises:
            NoteError, EmbeddingError, StoreError: as `Library.open`.
        """
        with self._refreshing:
            files = look(self._config.present)
            self._library, report = Library.open(self._config, self._embedder, progress=progress, tell=tell)
            self._files = files
            return report


class _Stopped(BaseException):
    """The follower is to end in the midst of a sync."""


def follow(live: LiveLibrary, *, stop: threading.Event, synced: Synced, tell: Tell) -> None:
    """Keeps a library in line with its notes until the stop is set; blocks until then.

    Faults are told once and tried again, sooner when the notes change; the state before stays
    searchable meanwhile.
    """
    stirrings = Stirrings(live.config.present, tell, stop)
    following = _Following(live, stop, synced, tell)
    try:
        while not stop.is_set():
            stirrings.wait(following.looking_takes)
            following.step()
    except _Stopped:
        pass
    finally:
        stirrings.close()


class _Following:
    """One look after the other, and what came of the last."""

    def __init__(self, live: LiveLibrary, stop: threading.Event, synced: Synced, tell: Tell) -> None:
        self.looking_takes = 0.0
        self._live = live
        self._stop = stop
        self._synced = synced
        self._tell = tell
        self._told = ""
        self._is_lost = False
        self._failures = 0
        self._tried: Files | None = None
        self._again_at = 0.0

    def step(self) -> None:
        """Looks once, and syncs where something changed."""
        try:
            self._sync()
        except KnowledgeError as error:
            self._failed(error)
        except Exception as error:  # noqa: BLE001 (whatever it is, the next change is to be seen)
            what = f"{type(error).__name__}: {error}"
            self._failed(KnowledgeError(Text(en=f"{what}.", zh=f"{what}。")))

    def _sync(self) -> None:
        sources = self._live.config.present
        begun = time.monotonic()
        files = look(sources)
        self.looking_takes = time.monotonic() - begun
        self._welcome_back()
        is_same = files == self._live.files
        if time.monotonic() < self._again_at and (is_same or files == self._tried):
            return
        if is_same and not self._live.now().is_outdated():
            self._recovered()
            return
        self._tried = settled(sources, self._stop)
        before = self._live.files
        report = self._live.refresh(self._progress, tell=self._tell)
        if changes := compare(before, self._live.files):
            self._synced(changes, report)
        elif report.embedded:
            self._tell(_made_again(report))
        self._forget_failures()

    def _progress(self, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise _Stopped  # what is embedded so far is stored; the next run goes on from there

    def _failed(self, error: KnowledgeError) -> None:
        self._is_lost = self._is_lost or isinstance(error, NoteError)
        self._again_at = time.monotonic() + _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        if error.text.en == self._told:
            return
        self._told = error.text.en
        self._tell(
            Text(
                en=f"{error.text.en} The index stays as it was, and docknotes tries again.",
                zh=f"{error.text.zh}索引保持原样，docknotes 会继续尝试。",
            )
        )

    def _welcome_back(self) -> None:
        """Tells of a source that was missing and is there again, though its notes may be the same."""
        if self._is_lost:
            self._forget_failures()
            self._tell(Text(en="The notes are there again.", zh="笔记又找到了。"))

    def _recovered(self) -> None:
        """Tells of an index that could not be reached and now can."""
        if self._told:
            self._forget_failures()
            self._tell(Text(en="The index can be used again.", zh="索引又可以使用了。"))

    def _forget_failures(self) -> None:
        self._is_lost, self._failures, self._told = False, 0, ""
        self._tried, self._again_at = None, 0.0


def _made_again(report: IndexReport) -> Text:
    return Text(
        en=f"The index was no longer whole; {report.embedded} chunks were embedded again.",
        zh=f"索引不再完整，已重新嵌入 {report.embedded} 个片段。",
    )
