"""How much a container may write into itself: by the storage driver's quota, or watched from here.

A quota comes from the driver: btrfs and zfs have one, overlay2 has one on XFS where projects are counted
(``pquota``), which the Engine does not tell, so it is tried once. Source: Docker CLI, ``docker run
--storage-opt``. Elsewhere the Engine is asked again and again how much the container has written
(``SizeRw``), and the container is ended when it is too much; between two looks it can write more. What
lies in volumes and folders counts for neither.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from assistant.errors import EngineUnavailableError, ExecutionError, ImageUnavailableError, ObjectMissingError
from assistant.protocols import Engine
from assistant.values import JsonObject

FIRST_LOOK_SECONDS = 1.0
LOOK_SECONDS = 2.0
_REST = 10
"""A look may take long where the driver has to count files; then ten times as long is waited."""
_QUOTA_DRIVERS = frozenset({"btrfs", "zfs"})
_REFUSALS = ("storage-opt", "storage opt", "quota")


@dataclass(slots=True)
class Quotas:
    """Whether an Engine's storage driver bounds what a container writes; found out at the first container."""

    _supported: bool | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def create(
        self, engine: Engine, body: JsonObject, *, name: str | None, platform: str | None, most_bytes: int
    ) -> str:
        """Creates a container, bounded by the storage driver where it can be; its id."""
        if not self._may(engine):
            return engine.create_container(body, name=name, platform=platform)
        host = {**(body.get("HostConfig") or {}), "StorageOpt": {"size": str(most_bytes)}}
        try:
            return engine.create_container({**body, "HostConfig": host}, name=name, platform=platform)
        except (EngineUnavailableError, ImageUnavailableError, ObjectMissingError):
            raise
        except ExecutionError as error:
            if not any(word in error.text.en.lower() for word in _REFUSALS):
                raise
            with self._lock:
                self._supported = False
            return engine.create_container(body, name=name, platform=platform)

    @property
    def bound(self) -> bool:
        """Whether containers made here are bounded by the driver, so that nobody needs to look."""
        return bool(self._supported)

    def _may(self, engine: Engine) -> bool:
        with self._lock:
            if self._supported is None:
                self._supported = has_quota(engine.info_text())
            return self._supported


def has_quota(info: JsonObject) -> bool:
    """Whether a storage driver has quotas, as far as the Engine's own description tells."""
    driver = str(info.get("Driver", ""))
    status = {str(pair[0]): str(pair[1]) for pair in info.get("DriverStatus") or () if len(pair) == 2}
    return driver in _QUOTA_DRIVERS or (driver == "overlay2" and status.get("Backing Filesystem") == "xfs")


class DiskWatch:
    """Looks how much a container has written, and ends it where that is too much."""

    def __init__(self, engine: Engine, container: str, *, most_bytes: int) -> None:
        self._engine = engine
        self._container = container
        self._most = most_bytes
        self._over = threading.Event()
        self.filled = False

    @contextmanager
    def looking(self) -> Iterator[DiskWatch]:
        """Looks for as long as this lasts; ``filled`` tells afterwards whether it ended the container."""
        watcher = threading.Thread(target=self._look, name="docknotes-disk", daemon=True)
        watcher.start()
        try:
            yield self
        finally:
            self._over.set()

    def _look(self) -> None:
        pause = FIRST_LOOK_SECONDS
        while not self._over.wait(pause):
            begun = time.monotonic()
            with suppress(ExecutionError):  # the run itself tells where the Engine is gone
                if written_bytes(self._engine, self._container) > self._most:
                    self.filled = True
                    self._engine.kill_container(self._container)
            pause = max(LOOK_SECONDS, _REST * (time.monotonic() - begun))


def written_bytes(engine: Engine, container: str) -> int:
    """How much a container that runs has written into itself; 0 where it does not run."""
    found = engine.list_containers(size=True, filters={"id": [container]})
    return max((int(item.get("SizeRw") or 0) for item in found if item["Id"] == container), default=0)
