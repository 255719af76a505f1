"""``docker exec``: a program inside a running container."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial

from assistant.execution.console import without_attaching
from assistant.execution.others.job import Job, Steps
from assistant.execution.others.reaching import check_reach
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.showing import output_of
from assistant.values import Output
from knowledge.language import Text


def executed(job: Job) -> Steps:
    """Runs the program and shows its output; the Engine has no way to end it, so that is said.

    Raises:
        RefusedPlanError: the container reaches beyond itself.
    """
    (item,) = job.frozen("container")
    check_reach(job.engine, job.engine.inspect("container", item.id), job.workspace)
    console, operations = job.session.console, job.plan.operations
    if console is None:
        operations = without_attaching(operations)
    body = next(operation.as_run or {} for operation in operations if operation.path.endswith("/exec"))
    tty = bool(body.get("Tty"))
    program = str(job.engine.send("POST", "containers", item.id, "exec", body=body)["Id"])
    if body.get("Detach"):
        job.engine.send("POST", "exec", program, "start", body={"Detach": True, "Tty": tty})
        return Ending("detached")
    way = job.engine.execute(program, tty=tty)
    resize = partial(_resize, job, program)
    with console.connected(way, tty=tty, resize=resize) if console is not None else nullcontext():
        stopped = yield from output_of(way, job.session, seconds=job.limits.time_seconds)
    state = job.engine.send("GET", "exec", program, "json")
    if state.get("Running"):
        yield Output(_goes_on(item.name), "stderr")
        return ending_of(None, stopped=stopped)
    return ending_of(state.get("ExitCode"), stopped=stopped)


def _resize(job: Job, program: str, rows: int, columns: int) -> None:
    job.engine.send("POST", "exec", program, "resize", query={"h": str(rows), "w": str(columns)})


def _goes_on(name: str) -> str:
    text = Text(
        f"The program goes on inside {name}: an Engine cannot end it. `docker restart {name}` does.",
        f"程序仍在容器 {name} 中运行：引擎无法单独结束它。可以用 `docker restart {name}` 结束。",
    )
    return f"{text.en} / {text.zh}\n"
