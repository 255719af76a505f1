"""What ``up`` would change and use, looked at when the person is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.errors import RefusedPlanError
from assistant.execution.compose.members import (
    check_external_volumes,
    existing_network,
    name_of,
    ours_and_others,
    stamps_of,
)
from assistant.execution.session import is_owned
from assistant.execution.volumes import touched_volumes
from assistant.protocols import Engine
from assistant.values import ComposeCommand, OtherCommand, Touched
from knowledge.language import Text


def touched(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    """Containers of these services that ``up`` may put new ones in the place of, and what it would use.

    Raises:
        RefusedPlanError: a container or network of the project was made by somebody else.
        ObjectMissingError: a network or volume that has to be there is not.
    """
    if not isinstance(action, ComposeCommand):
        return
    ours, others = ours_and_others(engine, action, {item.service for item in action.containers})
    if others:
        raise made_by_others(action.project, name_of(others[0]))
    for item in ours:
        yield Touched("container", str(item["Id"]), name_of(item), True)
    for network in action.networks:
        found = existing_network(engine, network, action.project)
        if found is not None and network.external:
            yield Touched("network", str(found["Id"]), network.name, is_owned(found.get("Labels")))
    check_external_volumes(engine, action)
    for item_to_make in action.containers:
        yield from touched_volumes(engine, item_to_make.run.body)


def stamps(engine: Engine, action: OtherCommand) -> Mapping[str, str]:
    """The volumes and images ``up`` would use and that are there now."""
    return stamps_of(engine, action) if isinstance(action, ComposeCommand) else {}


def made_by_others(project: str, name: str) -> RefusedPlanError:
    """The error of a container of the project that is somebody else's."""
    return RefusedPlanError(
        Text(
            f"The container {name} of the project {project} was not made by docknotes, so it is left alone; "
            "choose another project name with `-p`.",
            f"项目 {project} 的容器 {name} 不是 docknotes 创建的，因此不会改动；请用 `-p` 换一个项目名。",
        )
    )
