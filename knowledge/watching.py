"""What the note files look like now, what differs since, and waiting until something stirs."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.language import Tell, Text
from knowledge.notes import SUFFIXES, find_notes

if TYPE_CHECKING:
    from watchfiles.main import FileChange

    Reports = Generator[set[FileChange], None, None]

LOOK_SECONDS = 1.0
"""How often files are looked at though nothing was reported: network folders, links and containers'
mounts do not report what others change in them."""

_QUIET_SECONDS = 0.25  # files that did not change for so long are whole: a save takes milliseconds
_SETTLE_SECONDS = 1.0  # but what never rests is taken as it is after so long
_IDLE_SHARE = 50  # looking takes at most this part of the time

State = tuple[int, int, int]
"""Of one file: time of its last change in nanoseconds, size in bytes, inode."""

Files = Mapping[str, State]
"""The note files by the names a person knows them by."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How two looks differ, in names of notes; a renamed note is a pair of its old and new name."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any difference."""
        return bool(self.added or self.changed or self.removed or self.renamed)


def look(sources: Sequence[Path]) -> Files:
    """The note files as they are now; hidden and temporary files are none (see `find_notes`).

    Raises:
        NoteError: a source does not exist.
    """
    files: dict[str, State] = {}
    for path, name in find_notes(sources):
        with suppress(OSError):  # gone since it was found
            stat = path.stat()
            files[name] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return files


def compare(before: Files, after: Files) -> Changes:
    """What changed from one look to another; a file that only changed its name is renamed."""
    gone = {before[name]: name for name in before.keys() - after.keys()}
    new = sorted(after.keys() - before.keys())
    renamed = tuple((gone.pop(after[name]), name) for name in new if after[name] in gone)
    moved = {name for _, name in renamed}
    return Changes(
        added=tuple(name for name in new if name not in moved),
        changed=tuple(sorted(n for n in before.keys() & after.keys() if before[n] != after[n])),
        removed=tuple(sorted(gone.values())),
        renamed=renamed,
    )


def settled(sources: Sequence[Path], stop: threading.Event) -> Files:
    """The note files once they rest, so that a burst of saves is one change.

    Raises:
        NoteError: a source does not exist.
    """
    latest = time.monotonic() + _SETTLE_SECONDS
    before = look(sources)
    while not stop.wait(_QUIET_SECONDS):
        after = look(sources)
        if after == before or time.monotonic() > latest:
            return after
        before = after
    return before


class Stirrings:
    """Waits until the system reports a change under some sources, or it is time to look.

    Where the system cannot watch (its limit of watches is reached, a source is missing), looking
    from time to time is all there is; that a limit was reached is told once.
    """

    def __init__(self, sources: Sequence[Path], tell: Tell, stop: threading.Event) -> None:
        self._sources = sources
        self._tell = tell
        self._stop = stop
        self._can_watch = True
        self._watched: Sequence[tuple[Path, int]] = ()
        self._reports: Reports | None = None

    def wait(self, looking_takes: float) -> None:
        """Returns after a change, at the next time to look, or at the stop.

        Args:
            looking_takes: seconds one look takes: of many files it is taken less often.
        """
        pause = max(LOOK_SECONDS, looking_takes * _IDLE_SHARE)
        latest = time.monotonic() + pause
        try:
            while (reports := self._watching(pause)) is not None and time.monotonic() < latest:
                reported = next(reports, None)
                if not reported or any(self._is_of_interest(Path(path)) for _, path in reported):
                    return
        except (OSError, RuntimeError) as error:  # watchfiles: OSError at limits, its own RuntimeError
            self._give_up(error)
        if self._reports is None:
            self._stop.wait(pause)

    def close(self) -> None:
        """Ends the watch."""
        reports, self._reports = self._reports, None
        if reports is not None:
            reports.close()

    def _is_of_interest(self, path: Path) -> bool:
        """Whether a report can be of a note: what a repository or an editor keeps for itself is not."""
        below = (path.relative_to(root) for root, _ in self._watched if path.is_relative_to(root))
        if any(part.startswith(".") for part in next(below, path).parts):
            return path in self._sources
        return path.suffix.lower() in SUFFIXES or path in self._sources or not path.is_file()

    def _watching(self, pause: float) -> Reports | None:
        """The system's reports, of the folders as they are now; None where only looking is left."""
        roots = _roots(self._sources) if self._can_watch else None
        if roots is None:
            self.close()
            return None
        if self._reports is None or roots != self._watched:
            from watchfiles import watch

            self.close()
            self._watched = roots
            self._reports = watch(
                *{str(path) for path, _ in roots},
                watch_filter=None,
                step=20,
                debounce=200,
                stop_event=self._stop,
                rust_timeout=int(pause * 1000),
                yield_on_timeout=True,
                ignore_permission_denied=True,
            )
        return self._reports

    def _give_up(self, error: Exception) -> None:
        self._reports = None
        if isinstance(error, FileNotFoundError) or _roots(self._sources) is None:
            return  # a source has just gone; it is watched again when it is back
        self._can_watch = False
        self._tell(
            Text(
                en=f"The system cannot report changes of the notes ({error}); they are looked at every few "
                "seconds instead. On Linux a higher fs.inotify.max_user_watches and max_user_instances help.",
                zh=f"系统无法通知笔记的变化（{error}），改为每隔几秒检查一次。"
                "在 Linux 上可调高 fs.inotify.max_user_watches 和 max_user_instances。",
            )
        )


def _roots(sources: Sequence[Path]) -> list[tuple[Path, int]] | None:
    """The folders to watch, with their inodes: another folder of the same name is to be watched anew.

    The folder of a file is watched for it, since editors put a new file in its place. None where a
    source is missing.
    """
    try:
        folders = [source if source.is_dir() else source.parent for source in sources]
        if not all(source.exists() for source in sources):
            return None
        return [(folder, folder.stat().st_ino) for folder in folders]
    except OSError:
        return None
