"""Runs that were left in the background: how their containers are now, and their end when time is up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from assistant.commands.quantities import duration
from assistant.errors import ExecutionError, ObjectMissingError
from assistant.execution.cleanup import goes_at_its_end, remove_container, seconds_of
from assistant.execution.ledger import Ledger
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.session import OWNER, OWNER_LABEL, RUN_LABEL
from assistant.protocols import Engine
from assistant.values import JsonObject, Run
from knowledge.language import Text

STOP_SECONDS = 5
"""How long a container whose time is up may take to end by itself."""


@dataclass(frozen=True, slots=True)
class Background:
    """The container of a run as the Engine knows it now.

    ``state`` is the Engine's word (``running``, ``exited``, ``paused`` …), or ``gone``. ``health`` is
    ``starting``, ``healthy`` or ``unhealthy`` where the image or the line asks for a health check.
    ``links`` are its open TCP ports as addresses of this machine. ``ends_at`` is when docknotes ends it,
    in seconds since the epoch; None where it does not.
    """

    container: str
    name: str
    state: str
    exit_code: int | None = None
    health: str | None = None
    links: tuple[str, ...] = ()
    ends_at: float | None = None


def background_of(engine: Engine, run: Run, *, limit_seconds: float) -> Background | None:
    """How the container of a run is now; None where the run left none in the background.

    Raises:
        EngineUnavailableError: no Engine answers.
    """
    made = next((created for created in run.created if created.kind == "container"), None)
    if run.outcome not in {"detached", "timed_out", "disk_limit"} or made is None:
        return None
    try:
        found = engine.inspect("container", made.id)
    except ObjectMissingError:
        return Background(made.id, made.name, "gone")
    state = found["State"]
    running = bool(state.get("Running"))
    return Background(
        container=made.id,
        name=str(found.get("Name", "")).lstrip("/"),
        state=str(state.get("Status", "")),
        exit_code=None if running else state.get("ExitCode"),
        health=(state.get("Health") or {}).get("Status") if running else None,
        links=tuple(dict.fromkeys(_links(found))) if running else (),
        ends_at=_since(found, run) + limit_seconds if running and limit_seconds else None,
    )


def end_overdue(engine: Engine, ledger: Ledger, *, limit_seconds: float) -> list[Run]:
    """Ends the containers in the background whose time is up; their runs as recorded now.

    Only containers that a run of this ledger made, and none whose run goes on. 0 seconds: no limit.

    Raises:
        EngineUnavailableError: no Engine answers.
        LedgerError: the ledger cannot be used.
    """
    ended = []
    for run, container in _running(engine, ledger) if limit_seconds else ():
        with suppress(ExecutionError):  # one that cannot be ended now is tried again
            found = engine.inspect("container", str(container["Id"]))
            if _since(found, run) + limit_seconds <= time.time():
                ended.append(
                    _end(engine, ledger, run, found, Ending("timed_out", None, _time_is_up(limit_seconds)))
                )
    return ended


def end_too_large(engine: Engine, ledger: Ledger, *, most_bytes: int) -> list[Run]:
    """Ends the containers in the background that have written more into themselves than they may.

    Raises:
        EngineUnavailableError: no Engine answers.
        LedgerError: the ledger cannot be used.
    """
    ended = []
    for run, container in _running(engine, ledger, size=True):
        if int(container.get("SizeRw") or 0) > most_bytes:
            with suppress(ExecutionError):
                found = engine.inspect("container", str(container["Id"]))
                ended.append(_end(engine, ledger, run, found, ending_of(None, stopped="disk_limit")))
    return ended


def _running(engine: Engine, ledger: Ledger, *, size: bool = False) -> Iterator[tuple[Run, JsonObject]]:
    """Containers that run in the background, each with the run of this ledger that made it."""
    for container in engine.list_containers(size=size, filters={"label": [f"{OWNER_LABEL}={OWNER}"]}):
        run = ledger.get(str((container.get("Labels") or {}).get(RUN_LABEL, "")))
        if run is not None and run.outcome and container["Id"] in {made.id for made in run.created}:
            yield run, container


def _since(container: JsonObject, run: Run) -> float:
    """When the time of a container began: at its last start, or, if it starts itself again, the first."""
    restarts = ((container.get("HostConfig") or {}).get("RestartPolicy") or {}).get("Name", "")
    if restarts not in {"", "no"}:
        return run.started_at
    return max(run.started_at, seconds_of(container["State"].get("StartedAt")))


def _end(engine: Engine, ledger: Ledger, run: Run, container: JsonObject, ending: Ending) -> Run:
    identity = str(container["Id"])
    engine.stop_container(identity, timeout_seconds=STOP_SECONDS)
    state = engine.inspect("container", identity)["State"]
    goes = goes_at_its_end(run)
    if run.outcome == "detached":
        run = replace(
            run,
            outcome=ending.outcome,
            exit_code=state.get("ExitCode"),
            ended_at=time.time(),
            error=ending.error,
        )
        ledger.record(run)
    if goes:
        remove_container(engine, container, force=False, volumes=True)
    return run


def _links(container: JsonObject) -> Iterator[str]:
    ports = (container.get("NetworkSettings") or {}).get("Ports") or {}
    for inner, bindings in ports.items():
        for binding in bindings or () if inner.endswith("/tcp") else ():
            host = "[::1]" if ":" in binding.get("HostIp", "") else "127.0.0.1"
            yield f"http://{host}:{binding['HostPort']}"


def _time_is_up(limit_seconds: float) -> Text:
    lasts = duration(limit_seconds)
    return Text(
        f"It was stopped: it had run in the background for {lasts.en}, as long as the policy lets it.",
        f"已被停止：它在后台运行满 {lasts.zh}，达到了策略允许的上限。",
    )
