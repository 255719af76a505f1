"""Commands on containers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.execution.others.job import Carrier, Job, Steps, containers_named, on_each
from assistant.protocols import Engine
from assistant.values import OtherCommand, Touched


def _all_named(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return containers_named(engine, action.args)


def _first_named(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return containers_named(engine, action.args[:1])


def _posted(verb: str) -> Callable[[Job], Steps]:
    """``POST /containers/{id}/verb`` for each."""

    def steps(job: Job) -> Steps:
        query = job.plan.operations[0].query
        return on_each(
            job.frozen("container"),
            lambda item: job.engine.send("POST", "containers", item.id, verb, query=query),
        )

    return steps


CARRIERS: dict[str, Carrier] = {
    "pause": Carrier(_posted("pause"), _all_named),
    "unpause": Carrier(_posted("unpause"), _all_named),
    "rename": Carrier(_posted("rename"), _first_named),
}
