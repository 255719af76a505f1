"""``docker compose ps``, ``logs`` and ``config``: what only reads."""

from __future__ import annotations

import time
from functools import partial

from assistant.execution import tables
from assistant.execution.compose.following import Lines, Merged, Piece
from assistant.execution.compose.members import containers, name_of, short_name
from assistant.execution.others.job import Job, Steps
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.owned import Owned
from assistant.execution.pump import Pump
from assistant.values import ComposeCommand, Output
from knowledge.language import Text


def _action(job: Job) -> ComposeCommand:
    if not isinstance(job.action, ComposeCommand):
        raise TypeError(job.action)
    return job.action


def config(job: Job) -> Steps:
    """The file as it is understood."""
    if text := _action(job).text:
        yield Output(text)
    return Ending("succeeded")


def ps(job: Job) -> Steps:
    """The containers of the project, and whose they are."""
    action = _action(job)
    found = containers(job.engine, action.project, action.args)
    if not action.is_on("all"):
        found = [item for item in found if item.get("State") in {"running", "restarting", "paused"}]
    owned = Owned(job.engine)
    ours = {str(item["Id"]) for item in found if item in owned}
    found = sorted(found, key=name_of)
    if action.is_on("quiet"):
        yield Output("".join(f"{item['Id']}\n" for item in found))
    elif action.is_on("services"):
        names = dict.fromkeys(short_name(item).rpartition("-")[0] for item in found)
        yield Output("".join(f"{name}\n" for name in names))
    else:
        yield Output(tables.of_project(found, ours))
    return Ending("succeeded")


def logs(job: Job) -> Steps:
    """What the containers of the project wrote; with ``--follow`` until all have ended, within limits."""
    action = _action(job)
    query = job.plan.operations[-1].query
    found = sorted(containers(job.engine, action.project, action.args), key=name_of)
    if not found:
        text = Text(
            f"There is no container of the project {action.project}.", f"项目 {action.project} 没有容器。"
        )
        return Ending("failed", None, text)
    follow = partial(
        job.engine.follow,
        tail=query["tail"],
        since=query.get("since"),
        until=query.get("until"),
        timestamps="timestamps" in query,
        follow="follow" in query,
    )
    opened = {short_name(item): partial(follow, str(item["Id"])) for item in found}
    lines = Lines(list(opened), prefix=not action.is_on("no-log-prefix"))
    deadline = time.monotonic() + job.limits.time_seconds
    pump: Pump[Piece] = Pump(Merged(opened), cancel=job.session.cancel, deadline=deadline)
    for pieces in pump:
        for piece in pieces:
            yield from lines.feed(piece)
        if job.session.output_cut:
            return ending_of(None, stopped="output_limit")
    yield from lines.rest()
    if pump.stopped is not None:
        return ending_of(None, stopped=pump.stopped)
    return Ending("succeeded")
