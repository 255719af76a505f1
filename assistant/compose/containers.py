"""Which containers ``docker compose up`` makes of the services, and the requests for them.

Source: requests and labels of docker compose; Engine API v1.41 and later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from assistant.commands.grammar import Parsed
from assistant.commands.quantities import parse_int
from assistant.compose import labels
from assistant.compose.problems import FILE, Problems, WrongKeyError
from assistant.compose.project import Project
from assistant.compose.service import Service
from assistant.values import (
    ComposeCommand,
    ComposeCondition,
    ComposeContainer,
    ComposeObject,
    Operation,
    RunContainer,
)
from knowledge.language import Text

MOST_CONTAINERS = 20
"""Each has bounds of its own, so their number is what bounds them all."""


def scales_of(parsed: Parsed, project: Project) -> dict[str, int]:
    """How many containers the line asks for, by service.

    Raises:
        ComposeError: there is no such service.
    """
    found: dict[str, int] = {}
    problems = Problems()
    for value in parsed.all("scale"):
        name, _, count = value.partition("=")
        with problems.of(FILE, "scale"):
            if name not in project.services:
                raise WrongKeyError(
                    f"there is no service `{name}` in the file.", f"文件中没有服务 `{name}`。"
                )
            found[name] = parse_int("--scale", count)
    problems.check()
    return found


def containers_of(
    project: Project, services: Sequence[Service], scales: dict[str, int]
) -> tuple[ComposeContainer, ...]:
    """The containers of services, in order.

    Raises:
        ComposeError: too many, or several that exclude each other.
    """
    problems = Problems()
    found: list[ComposeContainer] = []
    taking_part = {item.name for item in services}
    for item in services:
        count = scales.get(item.name, item.replicas)
        with problems.of(FILE, f"services.{item.name}"):
            _check_copies(item, count)
            for number in range(1, count + 1):
                found.append(_container(project, item, number, taking_part))
                if len(found) > MOST_CONTAINERS:
                    raise WrongKeyError(
                        f"more than {MOST_CONTAINERS} containers would be started at once.",
                        f"一次启动的容器会超过 {MOST_CONTAINERS} 个。",
                    )
    names = [item.run.name for item in found]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        problems.say(
            FILE,
            "container_name",
            Text(f"two containers would be called `{doubled}`.", f"有两个容器都叫 `{doubled}`。"),
        )
    problems.check()
    return tuple(found)


def _check_copies(item: Service, count: int) -> None:
    fixed = [e["HostPort"] for es in item.body["HostConfig"]["PortBindings"].values() for e in es]
    if not 0 <= count <= MOST_CONTAINERS:
        raise WrongKeyError(
            f"0 to {MOST_CONTAINERS} containers can be asked for.", f"容器数量应为 0 到 {MOST_CONTAINERS}。"
        )
    if count > 1 and item.container_name:
        raise WrongKeyError(
            "several containers cannot all have its `container_name`.",
            "多个容器不能使用同一个 `container_name`。",
        )
    if count > 1 and any(port.isdigit() for port in fixed):
        raise WrongKeyError(
            "several containers cannot open the same port of this machine; leave the number before the colon "
            "out, or write a range.",
            "多个容器不能占用本机的同一个端口；请去掉冒号前的端口号，或写成范围。",
        )


def _container(project: Project, item: Service, number: int, taking_part: set[str]) -> ComposeContainer:
    name = item.container_name or f"{project.name}-{item.name}-{number}"
    networks = {project.networks[key].name: tuple(aliases) for key, aliases in item.networks.items()}
    needs = tuple(
        (other, cast(ComposeCondition, condition))
        for other, (condition, _) in item.needs.items()
        if other in taking_part
    )
    its_labels = labels.of_container(project.name, item.name, number, needs)
    body = {**item.body, "Labels": {**item.body["Labels"], **its_labels}}
    run = RunContainer(
        image=item.image,
        body=body,
        name=name,
        platform=item.platform,
        detach=True,
        interactive=bool(body["OpenStdin"]),
        tty=bool(body["Tty"]),
        pull=cast(Any, item.pull),
    )
    return ComposeContainer(item.name, number, run, needs, networks, item.build)


def used_volumes(project: Project, services: Sequence[Service]) -> tuple[ComposeObject, ...]:
    """The volumes these services mount."""
    used = {key for item in services for key in item.volumes}
    return tuple(item for key, item in project.volumes.items() if key in used)


# ---- requests


def up_requests(action: ComposeCommand) -> Iterator[Operation]:
    """The requests of ``up`` as written: networks, then each container with what it needs."""
    for network in action.networks:
        if not network.external:
            body = {
                "Name": network.name,
                "CheckDuplicate": True,
                "Driver": "bridge",
                "Internal": network.internal,
                "Labels": labels.of_network(action.project, network.key),
            }
            yield Operation("POST", "/networks/create", as_written=body)
    for volume in action.volumes:
        if not volume.external:
            body = {
                "Name": volume.name,
                "Driver": "local",
                "Labels": labels.of_volume(action.project, volume.key),
            }
            yield Operation("POST", "/volumes/create", as_written=body, sent="by docker")
    for item in action.containers:
        yield from _requests(item)


def _requests(item: ComposeContainer) -> Iterator[Operation]:
    query = {"name": item.run.name or ""} | ({"platform": item.run.platform} if item.run.platform else {})
    yield Operation("POST", "/containers/create", query, as_written=item.run.body)
    for network, aliases in list(item.networks.items())[1:]:
        body = {"Container": item.run.name, "EndpointConfig": {"Aliases": list(aliases)}}
        yield Operation("POST", f"/networks/{network}/connect", as_written=body, as_run=body)
    yield Operation("POST", f"/containers/{item.run.name}/start")
