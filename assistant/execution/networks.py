"""Networks a container joins: found in its body, frozen by their ids when the person approves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.commands.networks import named_network
from assistant.errors import RefusedPlanError
from assistant.execution.session import is_owned
from assistant.protocols import Engine
from assistant.values import JsonObject, Touched
from knowledge.language import Text

_OF_DOCKER = frozenset({"bridge", "host", "none"})


def touched(engine: Engine, body: JsonObject) -> Iterator[Touched]:
    """The network that is there already and that a container would join.

    Raises:
        ObjectMissingError: it is not there.
        RefusedPlanError: no container joins a network of its kind.
    """
    name = named_network(str((body.get("HostConfig") or {}).get("NetworkMode") or ""))
    if name is not None:
        yield joinable(engine, name)


def joinable(engine: Engine, name: str) -> Touched:
    """A network by its name or id, looked at before a container joins it.

    Raises:
        ObjectMissingError: it is not there.
        RefusedPlanError: it is Docker's own, or no bridge: it reaches beyond the containers of this machine.
    """
    network = engine.inspect("network", name)
    if network.get("Driver") != "bridge" or network.get("Name") in _OF_DOCKER:
        raise RefusedPlanError(
            Text(
                f"The network {name} is Docker's own or reaches beyond this machine's containers; "
                "make one with `docker network create`.",
                f"网络 {name} 是 Docker 自带的，或其范围超出本机的容器；请用 "
                "`docker network create` 新建一个网络。",
            )
        )
    return Touched("network", str(network["Id"]), str(network["Name"]), is_owned(network.get("Labels")))


def joining(engine: Engine, body: JsonObject, frozen: Sequence[Touched]) -> JsonObject:
    """A body with the id of the network that was frozen in the place of its name.

    Raises:
        RefusedPlanError: no network was frozen for it, or the one that was is gone or has changed its kind.
    """
    host = body.get("HostConfig") or {}
    mode = str(host.get("NetworkMode") or "")
    if named_network(mode) is None:
        return body
    found = next((item for item in frozen if item.kind == "network"), None)
    if found is None:
        text = Text("The network of this container was not approved.", "该容器的网络没有经过批准。")
        raise RefusedPlanError(text)
    joinable(engine, found.id)
    endpoints = ((body.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}).items()
    joined = {found.id if key == mode else key: endpoint for key, endpoint in endpoints}
    return {
        **body,
        "HostConfig": {**host, "NetworkMode": found.id},
        "NetworkingConfig": {"EndpointsConfig": joined},
    }
