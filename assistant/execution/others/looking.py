"""Commands that look at containers: processes, use, ports, changed files; and those that wait for an end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from assistant.errors import ExecutionError, RefusedPlanError
from assistant.execution import tables
from assistant.execution.clean import visible
from assistant.execution.containers import END_SECONDS
from assistant.execution.others.job import Job, Steps
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.owned import Owned
from assistant.execution.showing import output_of
from assistant.protocols import Engine, Stream
from assistant.values import JsonObject, Output, Touched
from knowledge.language import Text

_STATS_SECONDS = 2.0
_WAIT_SECONDS = 0.5
_CHANGES = {0: "C", 1: "A", 2: "D"}
"""Source: Engine API, ``GET /containers/{id}/changes``."""


def top(job: Job) -> Steps:
    """``docker top``; of containers of others only the programs' names, their arguments hold secrets.

    Raises:
        RefusedPlanError: a container of others, with columns of the line's own choice: each could hold them.
    """
    container = job.engine.inspect("container", job.action.args[0])
    query = job.plan.operations[0].query
    is_ours = container in Owned(job.engine)
    if query and not is_ours:
        raise RefusedPlanError(_OWN_COLUMNS)
    answer = job.engine.send("GET", "containers", str(container["Id"]), "top", query=query)
    titles = [str(title) for title in answer.get("Titles") or ()]
    rows = [[str(cell) for cell in row] for row in answer.get("Processes") or ()]
    if not is_ours:
        rows = [[*row[:-1], _program_only(row[-1])] for row in rows]
    yield Output(tables.table(titles, rows))
    return Ending("succeeded")


_OWN_COLUMNS = Text(
    "Of a container docknotes did not make, arguments and environment of its programs are not shown; leave "
    "the options of ps out.",
    "对于不是 docknotes 创建的容器，不显示其中程序的参数和环境变量；请去掉 ps 的选项。",
)


def _program_only(command: str) -> str:
    program, *rest = command.split(maxsplit=1) or [""]
    return f"{program} …" if rest else program


def port(job: Job) -> Steps:
    """``docker port``."""
    name, *inner = job.action.args
    wanted = inner[0] if inner and "/" in inner[0] else f"{inner[0]}/tcp" if inner else ""
    settings = job.engine.inspect("container", name).get("NetworkSettings") or {}
    found = [
        f"{each} -> {visible(str(entry.get('HostIp', '')))}:{entry.get('HostPort', '')}"
        for each, entries in sorted((settings.get("Ports") or {}).items())
        for entry in entries or ()
        if wanted in {"", each}
    ]
    if wanted:
        found = [line.partition(" -> ")[2] for line in found]
    yield Output("".join(f"{line}\n" for line in found))
    if wanted and not found:
        yield Output(f"Error: No public port '{wanted}' published for {visible(name)}\n", "stderr")
        return Ending("failed")
    return Ending("succeeded")


def diff(job: Job) -> Steps:
    """``docker diff``."""
    container = job.engine.inspect("container", job.action.args[0])
    changes = job.engine.send("GET", "containers", str(container["Id"]), "changes") or ()
    for change in changes:
        yield Output(f"{_CHANGES.get(change.get('Kind'), '?')} {visible(str(change.get('Path', '')))}\n")
    return Ending("succeeded")


# ---- stats


def stats(job: Job) -> Steps:
    """``docker stats``: once with ``--no-stream``, else again and again until it is cancelled."""
    deadline = time.monotonic() + job.limits.time_seconds
    while True:
        names = job.action.args or tuple(_running(job.engine, every=job.action.is_on("all")))
        rows = [_use(job.engine, name) for name in names]
        yield Output(tables.table(_STATS_HEADS, rows))
        if job.action.is_on("no-stream") or job.session.output_cut:
            return Ending("succeeded")
        if job.session.cancel.wait(_STATS_SECONDS):
            return ending_of(None, stopped="cancelled")
        if time.monotonic() >= deadline:
            return ending_of(None, stopped="timed_out")


_STATS_HEADS = ["CONTAINER ID", "NAME", "CPU %", "MEM USAGE / LIMIT", "NET I/O", "PIDS"]


def _running(engine: Engine, *, every: bool) -> Iterator[str]:
    for container in engine.list_containers(all=every):
        yield str(container["Id"])


def _use(engine: Engine, name: str) -> list[str]:
    container = engine.inspect("container", name)
    answer = engine.send("GET", "containers", str(container["Id"]), "stats", query={"stream": "0"})
    memory = answer.get("memory_stats") or {}
    cache = (memory.get("stats") or {}).get("inactive_file") or 0
    used, most = int(memory.get("usage") or 0) - int(cache), int(memory.get("limit") or 0)
    networks = (answer.get("networks") or {}).values()
    received, sent = (sum(int(net.get(key) or 0) for net in networks) for key in ("rx_bytes", "tx_bytes"))
    return [
        str(container["Id"])[:12],
        visible(str(container.get("Name", "")).lstrip("/")),
        f"{cpu_percent(answer):.2f}%",
        f"{tables.size(max(used, 0))} / {tables.size(most)}",
        f"{tables.size(received)} / {tables.size(sent)}",
        str((answer.get("pids_stats") or {}).get("current") or 0),
    ]


def cpu_percent(answer: JsonObject) -> float:
    """CPU use between two looks, in percent of one CPU.

    Source: the formula of the docker CLI's ``stats`` (calculateCPUPercentUnix).
    """

    def used(part: str) -> tuple[int, int]:
        stats: Any = answer.get(part) or {}
        return int((stats.get("cpu_usage") or {}).get("total_usage") or 0), int(
            stats.get("system_cpu_usage") or 0
        )

    (now, system), (before, system_before) = used("cpu_stats"), used("precpu_stats")
    if system <= system_before or now <= before:
        return 0.0
    cpus = int((answer.get("cpu_stats") or {}).get("online_cpus") or 1)
    return (now - before) / (system - system_before) * cpus * 100


# ---- until an end


def attached(job: Job) -> Steps:
    """``docker attach``: what the container writes from now on, until it ends; nothing is typed."""
    container = job.engine.inspect("container", job.action.args[0])
    name = str(container.get("Name", "")).lstrip("/")
    item = Touched("container", str(container["Id"]), name, owned=False)
    return (yield from until_its_end(job, item, job.engine.follow(item.id, tail="0")))


def until_its_end(job: Job, item: Touched, stream: Stream[Output]) -> Steps:
    """The output of a container that runs, until it ends or a limit is reached; it is left running then."""
    stopped = yield from output_of(stream, job.session, seconds=job.limits.time_seconds)
    if stopped is not None:
        return ending_of(None, stopped=stopped)
    code = job.engine.wait_container(item.id, timeout_seconds=END_SECONDS)
    state = job.engine.inspect("container", item.id)["State"]
    return ending_of(code, out_of_memory=bool(state.get("OOMKilled")))


def waited(job: Job) -> Steps:
    """``docker wait``: the exit code of each, when it has ended."""
    deadline = time.monotonic() + job.limits.time_seconds
    failure: ExecutionError | None = None
    for name in job.action.args:
        try:
            container = str(job.engine.inspect("container", name)["Id"])
        except ExecutionError as error:
            failure = error
            yield Output(f"{error.text.en}\n", "stderr")
            continue
        code: int | None = None
        while code is None:
            code = job.engine.wait_container(container, timeout_seconds=_WAIT_SECONDS)
            if code is None and job.session.cancel.is_set():
                return ending_of(None, stopped="cancelled")
            if code is None and time.monotonic() >= deadline:
                return ending_of(None, stopped="timed_out")
        yield Output(f"{code}\n")
    return Ending("failed", None, failure.text) if failure is not None else Ending("succeeded")
