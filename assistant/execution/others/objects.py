"""Commands on volumes and networks."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.networks import joinable
from assistant.execution.others import whole
from assistant.execution.others.job import (
    Carrier,
    Job,
    Steps,
    containers_named,
    networks_named,
    on_each,
    volumes_named,
)
from assistant.execution.others.reaching import check_reach
from assistant.execution.outcome import Ending
from assistant.execution.session import RUN_LABEL
from assistant.execution.volumes import stamp_of
from assistant.protocols import Engine
from assistant.values import Created, OtherCommand, Output, Touched
from knowledge.language import Text

# ---- volumes


def _volume_created(job: Job) -> Steps:
    """Creates a volume under a name that is free: the Engine says yes to one that is there as well."""
    body = _filled(job, job.plan.operations[0].as_run or {})
    name = str(body.get("Name") or secrets.token_hex(32))  # as the Engine itself would name it
    try:
        job.engine.inspect("volume", name)
    except ObjectMissingError:
        pass
    else:
        yield Output(f"{name}\n")
        return Ending("succeeded", None, _THERE.filled(name=name))
    job.engine.send("POST", "volumes", "create", body={**body, "Name": name})
    if (job.engine.inspect("volume", name).get("Labels") or {}).get(RUN_LABEL) == job.session.run:
        job.session.made(Created("volume", name, name))
    yield Output(f"{name}\n")
    return Ending("succeeded")


def _volumes(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return volumes_named(engine, action.args)


def _stamps(engine: Engine, action: OtherCommand) -> Mapping[str, str]:
    return {name: stamp_of(engine.inspect("volume", name)) for name in action.args}


def _volume_removed(job: Job) -> Steps:
    def removed(item: Touched) -> None:
        if job.stamps.get(item.id) != stamp_of(job.engine.inspect("volume", item.id)):
            raise RefusedPlanError(_ANOTHER.filled(name=item.name))
        job.engine.remove_volume(item.id)

    return on_each(job.frozen("volume"), removed)


# ---- networks


def _network_created(job: Job) -> Steps:
    body = _filled(job, job.plan.operations[0].as_run or {})
    # Two networks may bear one name; the second would be taken for the first.
    if any(network.get("Name") == body["Name"] for network in job.engine.list_networks()):
        return Ending("failed", None, _TAKEN.filled(name=str(body["Name"])))
    network = job.engine.create_network(body)
    job.session.made(Created("network", network, str(body["Name"])))
    yield Output(f"{network}\n")
    return Ending("succeeded")


def _networks(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return networks_named(engine, action.args)


def _network_removed(job: Job) -> Steps:
    return on_each(job.frozen("network"), lambda item: job.engine.remove_network(item.id))


def _network_and_container(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    network, container = action.args
    yield from networks_named(engine, [network])
    yield from containers_named(engine, [container])


def _connected(job: Job) -> Steps:
    (network,), (container,) = job.frozen("network"), job.frozen("container")
    joinable(job.engine, network.id)
    check_reach(job.engine, job.engine.inspect("container", container.id), job.workspace)
    endpoint = (job.plan.operations[0].as_written or {}).get("EndpointConfig") or {}
    kept = {key: endpoint[key] for key in ("Aliases", "IPAMConfig") if endpoint.get(key)}
    body = {"Container": container.id, "EndpointConfig": kept}
    job.engine.send("POST", "networks", network.id, "connect", body=body)
    yield from ()
    return Ending("succeeded")


def _disconnected(job: Job) -> Steps:
    (network,), (container,) = job.frozen("network"), job.frozen("container")
    body = {"Container": container.id, "Force": job.action.is_on("force")}
    job.engine.send("POST", "networks", network.id, "disconnect", body=body)
    yield from ()
    return Ending("succeeded")


def _filled(job: Job, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body with the run's id in our label."""
    labels = body.get("Labels") or {}
    return {**body, "Labels": {k: job.session.run if k == RUN_LABEL else v for k, v in labels.items()}}


_THERE = Text(
    "The volume {name} was there already; nothing was created.", "卷 {name} 已经存在；没有创建新的卷。"
)
_ANOTHER = Text(
    "The volume {name} is another one than when you approved; it was left alone.",
    "卷 {name} 与批准时的不是同一个；没有删除它。",
)
_TAKEN = Text(
    "There is a network called {name} already; give this one another name, or use that one.",
    "已经有名为 {name} 的网络；请换一个名称，或直接使用它。",
)

CARRIERS: dict[str, Carrier] = {
    "volume ls": Carrier(whole.volumes),
    "network ls": Carrier(whole.networks),
    "system df": Carrier(whole.disk_use),
    "events": Carrier(whole.events),
    "volume create": Carrier(_volume_created),
    "network create": Carrier(_network_created),
    "volume rm": Carrier(_volume_removed, _volumes, _stamps),
    "network rm": Carrier(_network_removed, _networks),
    "network connect": Carrier(_connected, _network_and_container),
    "network disconnect": Carrier(_disconnected, _network_and_container),
}
