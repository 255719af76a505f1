"""What belongs to a project on the Engine, and what a plan of ``up`` finds there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from assistant.compose import labels
from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.images import image_id
from assistant.execution.owned import Owned
from assistant.execution.session import is_owned
from assistant.execution.volumes import stamps
from assistant.protocols import Engine
from assistant.values import ComposeCommand, ComposeObject, JsonObject, Plan
from knowledge.language import Text

IMAGE = "image "
"""What stands before the name of an image among the stamps; no volume can be called that."""


def of_project(project: str) -> dict[str, list[str]]:
    """The filter for the objects of a project."""
    return {"label": [f"{labels.PROJECT}={project}"]}


def containers(engine: Engine, project: str, services: Collection[str] = ()) -> list[JsonObject]:
    """Containers of a project as they are listed, the newest first; of some services only, where named.

    An image built by compose bears its project's name too, and so does any container made from it: those
    that compose made, or docknotes in its way, are told by the hash of what was asked for.
    """
    listed = engine.list_containers(all=True, filters=of_project(project))
    members = [item for item in listed if label(item, labels.HASH)]
    return [item for item in members if not services or label(item, labels.SERVICE) in services]


def label(item: JsonObject, name: str) -> str:
    """One label of a listed object."""
    return str((item.get("Labels") or {}).get(name, ""))


def name_of(item: JsonObject) -> str:
    """The name of a listed container."""
    return str((item.get("Names") or [str(item.get("Id", ""))[:12]])[0]).lstrip("/")


def short_name(item: JsonObject) -> str:
    """``service-1``, as its lines of output begin."""
    return f"{label(item, labels.SERVICE)}-{label(item, labels.NUMBER)}"


def ours_and_others(
    engine: Engine, action: ComposeCommand, services: Collection[str]
) -> tuple[list[JsonObject], list[JsonObject]]:
    """The containers of a project's services: those docknotes made, and the others."""
    owned = Owned(engine)
    found = containers(engine, action.project, services)
    ours = [item for item in found if item in owned]
    return ours, [item for item in found if item not in ours]


def existing_network(engine: Engine, item: ComposeObject, project: str) -> JsonObject | None:
    """The network of that name; None where there is none and it is to be made.

    Raises:
        ObjectMissingError: it has to be there already and is not.
        RefusedPlanError: it is not the project's, or no plain bridge.
    """
    found = [network for network in engine.list_networks() if network["Name"] == item.name]
    if not found:
        if item.external:
            raise ObjectMissingError(
                Text(
                    f"There is no network {item.name}; create it first.",
                    f"没有网络 {item.name}；请先创建它。",
                )
            )
        return None
    network = found[0]
    its_own = is_owned(network.get("Labels")) and label(network, labels.PROJECT) == project
    if len(found) > 1 or network.get("Driver") != "bridge" or not (item.external or its_own):
        raise RefusedPlanError(
            Text(
                f"The network {item.name} is there already and was not made by docknotes for the project "
                f"{project}, or is no plain bridge. Remove it, or choose another project name with `-p`.",
                f"网络 {item.name} 已存在，但不是 docknotes 为项目 {project} 创建的，或不是普通的桥接网络。"
                "请删除它，或用 `-p` 换一个项目名。",
            )
        )
    return network


def check_external_volumes(engine: Engine, action: ComposeCommand) -> None:
    """Passes where all volumes are there that have to be.

    Raises:
        ObjectMissingError: one is not.
    """
    for item in action.volumes:
        if item.external:
            engine.inspect("volume", item.name)


def bodies(plan: Plan) -> Iterator[tuple[str, JsonObject]]:
    """The containers of a plan as run, each with its name, in the order they start in."""
    for operation in plan.operations:
        if operation.path == "/containers/create":
            yield operation.query["name"], operation.as_run or {}


def stamps_of(engine: Engine, action: ComposeCommand) -> Mapping[str, str]:
    """What an approval of ``up`` holds for: the volumes it would use that are there, and the images' ids."""
    found: dict[str, str] = {}
    for item in action.containers:
        found |= stamps(engine, item.run.body)
        if item.run.pull != "always" and (found_id := image_id(engine, item.run.image)) is not None:
            found[f"{IMAGE}{item.run.image}"] = found_id
    return found
