"""Commands that change containers: started, frozen, ended, renamed, given other limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.binds import mounts, one_at_a_time
from assistant.execution.others import inside, looking
from assistant.execution.others.job import Carrier, Job, Steps, containers_named, on_each
from assistant.execution.others.reaching import check_start
from assistant.execution.owned import Owned
from assistant.execution.session import RUN_LABEL
from assistant.protocols import Engine
from assistant.values import JsonObject, OtherCommand, Touched
from knowledge.language import Text


def _all_named(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return containers_named(engine, action.args)


def _first_named(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return containers_named(engine, action.args[:1])


def _posted(verb: str) -> Callable[[Job], Steps]:
    """``POST /containers/{id}/verb`` for each."""

    def steps(job: Job) -> Steps:
        operation = job.plan.operations[0]
        return on_each(
            job.frozen("container"),
            lambda item: job.engine.send(
                "POST", "containers", item.id, verb, query=operation.query, body=operation.as_run
            ),
        )

    return steps


# ---- start and restart


def _start(job: Job) -> Steps:
    if not job.action.is_on("attach"):
        return (yield from on_each(job.frozen("container"), lambda item: _started(job, item)))
    (item,) = job.frozen("container")
    tty = bool(job.engine.inspect("container", item.id)["Config"].get("Tty"))
    way = job.engine.attach(item.id, tty=tty)  # before it starts: its log cannot tell old output from new
    try:
        _started(job, item)
        way.close_input()
        return (yield from looking.until_its_end(job, item, way))
    finally:
        way.close()


def _started(job: Job, item: Touched) -> None:
    with _looked_at(job, item) as container:
        _with_its_network(job.engine, container)
        job.engine.start_container(item.id)


def _restart(job: Job) -> Steps:
    query = job.plan.operations[0].query

    def restarted(item: Touched) -> None:
        with _looked_at(job, item) as container:
            _with_its_network(job.engine, container)
            patience = 60.0 + int(query.get("t", 10))
            job.engine.send("POST", "containers", item.id, "restart", query=query, seconds=patience)

    return on_each(job.frozen("container"), restarted)


@contextmanager
def _looked_at(job: Job, item: Touched) -> Iterator[JsonObject]:
    """Holds the lock while a container with folders of the host starts: they are looked up anew then."""
    container = job.engine.inspect("container", item.id)
    if not mounts(container):
        check_start(job.engine, container, job.workspace)
        yield container
        return
    with one_at_a_time(job.lock):
        check_start(job.engine, container, job.workspace)
        yield container


def _with_its_network(engine: Engine, container: JsonObject) -> None:
    """Makes the network of a container of ours anew where it is gone: it goes when a run has ended.

    A network of the same name is not enough to the Engine, which has noted the id of the old one.
    """
    if container not in Owned(engine):
        return
    run = container["Config"]["Labels"][RUN_LABEL]
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    for name, endpoint in networks.items():
        if name != f"docknotes-{run}":
            continue
        try:
            engine.inspect("network", str(endpoint.get("NetworkID") or name))
        except ObjectMissingError:
            from assistant.commands.bounds import network_body
            from assistant.commands.policy import Policy

            policy = Policy.standard()  # the names and labels in it are fixed
            body = {**network_body(policy), "Name": name}
            body["Labels"] = {policy.owner_label: policy.owner, policy.run_label: run}
            made = engine.create_network(body)
            short = str(container["Id"])[:12]
            aliases = [alias for alias in endpoint.get("Aliases") or () if alias != short]
            connection = {"Container": container["Id"], "EndpointConfig": {"Aliases": aliases}}
            engine.send("POST", "networks", made, "connect", body=connection)


# ---- update


def _update(job: Job) -> Steps:
    body = job.plan.operations[0].as_run or {}
    restarts = (body.get("RestartPolicy") or {}).get("Name") not in {None, "", "no"}

    def updated(item: Touched) -> None:
        if restarts and mounts(job.engine.inspect("container", item.id)):
            raise RefusedPlanError(
                Text(
                    f"{item.name} sees a folder of this machine, so it may not start again by itself: "
                    "the folder would not be looked at again.",
                    f"{item.name} 挂载了本机目录，因此不能自行重启：重启时不会再次检查该目录。",
                )
            )
        job.engine.send("POST", "containers", item.id, "update", body=body)

    return on_each(job.frozen("container"), updated)


CARRIERS: dict[str, Carrier] = {
    "start": Carrier(_start, _all_named),
    "restart": Carrier(_restart, _all_named),
    "kill": Carrier(_posted("kill"), _all_named),
    "pause": Carrier(_posted("pause"), _all_named),
    "unpause": Carrier(_posted("unpause"), _all_named),
    "rename": Carrier(_posted("rename"), _first_named),
    "update": Carrier(_update, _all_named),
    "exec": Carrier(inside.executed, _first_named),
    "attach": Carrier(looking.attached),
    "wait": Carrier(looking.waited),
    "top": Carrier(looking.top),
    "stats": Carrier(looking.stats),
    "port": Carrier(looking.port),
    "diff": Carrier(looking.diff),
}
