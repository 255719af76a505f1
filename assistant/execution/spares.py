"""Networks of runs that are over, kept a moment for the next run: making and removing one takes long.

A network is only ever one container's at a time: it is handed on when that container is gone. Only a
program that goes on, as the web chat does, keeps any, and not for long.
"""

from __future__ import annotations

import atexit
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import ExecutionError
from assistant.execution.session import is_owned
from assistant.protocols import Engine
from assistant.values import JsonObject

KEPT_SECONDS = 5.0
"""How long a network waits for the next run."""
OLDEST_SECONDS = 40.0
"""Older ones are removed: another docknotes takes an idle one of a minute for one that was left behind."""
MOST = 2


@dataclass(frozen=True, slots=True)
class Spare:
    """A network without a container: what it was made like, and when, in monotonic seconds."""

    id: str
    name: str
    kind: str
    made: float


class SpareNetworks:
    """The spare networks of one program on one Engine. With ``keep_seconds`` 0 there are none, ever."""

    def __init__(self, engine: Engine, *, keep_seconds: float = KEPT_SECONDS) -> None:
        self._engine = engine
        self._keep_seconds = keep_seconds
        self._lock = threading.Lock()
        self._waiting: list[Spare] = []
        self._closed = keep_seconds <= 0

    def take(self, body: JsonObject) -> Spare | None:
        """A spare network as a create body asks for, still there and empty; the caller's from now on."""
        kind = _kind(body)
        while True:
            with self._lock:
                spare = next((one for one in reversed(self._waiting) if one.kind == kind), None)
                if spare is None:
                    return None
                self._waiting.remove(spare)
            if self._is_fit(spare):
                return spare
            self._remove(spare)

    def give(self, id: str, name: str, body: JsonObject, *, made: float) -> bool:
        """Whether a network without a container is kept; else the caller removes it.

        ``made`` is when the network was made, in monotonic seconds.
        """
        spare = Spare(id, name, _kind(body), made)
        with self._lock:
            if self._closed or len(self._waiting) >= MOST or time.monotonic() - made > OLDEST_SECONDS:
                return False
            self._waiting.append(spare)
        atexit.unregister(self.close)
        atexit.register(self.close)
        timer = threading.Timer(self._keep_seconds, self._drop, [spare])
        timer.daemon = True
        timer.start()
        return True

    def close(self) -> None:
        """Removes those that wait; none is kept any more."""
        with self._lock:
            waiting, self._waiting, self._closed = self._waiting, [], True
        for spare in waiting:
            self._remove(spare)
        atexit.unregister(self.close)

    def _drop(self, spare: Spare) -> None:
        with self._lock:
            if not any(one is spare for one in self._waiting):  # taken, and perhaps given back since
                return
            self._waiting = [one for one in self._waiting if one is not spare]
        self._remove(spare)

    def _is_fit(self, spare: Spare) -> bool:
        if time.monotonic() - spare.made > OLDEST_SECONDS:
            return False
        try:
            found = self._engine.inspect("network", spare.id)
        except ExecutionError:
            return False
        return not found.get("Containers") and is_owned(found.get("Labels"))

    def _remove(self, spare: Spare) -> None:
        from assistant.execution.containers import remove_network

        remove_network(self._engine, spare.id)


def no_spares(engine: Engine) -> SpareNetworks:
    """For a program that makes a run and ends: it keeps none."""
    return SpareNetworks(engine, keep_seconds=0.0)


def _kind(body: Mapping[str, object]) -> str:
    """What a network is made like; its name and its run's label aside."""
    like = {key: value for key, value in body.items() if key not in {"Name", "Labels"}}
    return json.dumps(like, sort_keys=True)
