"""The output of a project's containers, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from assistant.errors import ObjectMissingError
from assistant.execution.compose.following import Lines, Merged, Piece
from assistant.execution.containers import END_SECONDS
from assistant.execution.disk import DiskWatch
from assistant.execution.frames import LogCutError
from assistant.execution.others.job import Job, Steps
from assistant.execution.outcome import Ending, Stopped, ending_of
from assistant.execution.pump import Pump
from assistant.protocols import Engine
from assistant.values import ComposeCommand
from knowledge.language import Text


def watch(job: Job, action: ComposeCommand, ids: Mapping[str, str], deadline: float) -> Steps:
    """Shows what the containers write until all have ended, or a limit is reached; then all are ended.

    ``ids`` are the containers by their names.
    """
    short = {item.run.name or "": f"{item.service}-{item.number}" for item in action.containers}
    opened = {short[name]: partial(job.engine.follow, container) for name, container in ids.items()}
    lines = Lines(list(opened), prefix=not action.is_on("no-log-prefix"))
    pump: Pump[Piece] = Pump(Merged(opened), cancel=job.session.cancel, deadline=deadline)
    disks = [DiskWatch(job.engine, container, most_bytes=job.limits.disk_bytes) for container in ids.values()]
    first: str | None = None
    with ExitStack() as looking:
        for disk in disks if not job.quotas.bound else ():
            looking.enter_context(disk.looking())
        try:
            for pieces in pump:
                for piece in pieces:
                    yield from lines.feed(piece)
                    first = first or (piece.name if piece.output is None else None)
                if job.session.output_cut or (first and action.is_on("abort-on-container-exit")):
                    break
        except LogCutError:
            job.session.output_cut = True
    yield from lines.rest()
    stopped: Stopped | None = pump.stopped
    if any(disk.filled for disk in disks):
        stopped = "disk_limit"
    elif job.session.output_cut:
        stopped = "output_limit"
    for container in ids.values():
        if stopped is not None or action.is_on("abort-on-container-exit"):
            job.engine.kill_container(container)
    return _ending(job.engine, {short[name]: container for name, container in ids.items()}, stopped, first)


def _ending(engine: Engine, ids: Mapping[str, str], stopped: Stopped | None, first: str | None) -> Ending:
    """How it ended: well where all containers did. The one that ended first counts before the others."""
    if stopped is not None:
        return ending_of(None, stopped=stopped)
    names = sorted(ids, key=lambda name: name != first)
    for name in names:
        try:
            code = engine.wait_container(ids[name], timeout_seconds=END_SECONDS)
        except ObjectMissingError:
            code = None
        if code is None:
            return ending_of(None)
        if code != 0:
            return Ending(
                "failed", code, Text(f"{name} ended with exit code {code}.", f"{name} 的退出码为 {code}。")
            )
    return Ending("succeeded", 0)
