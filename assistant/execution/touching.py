"""The objects on the Engine that a plan would change: looked up by their ids, so that they can be frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution import networks, others
from assistant.execution.containers import create_body
from assistant.execution.others.job import Made
from assistant.execution.owned import Owned
from assistant.execution.volumes import stamps, touched_volumes
from assistant.protocols import Engine
from assistant.values import OtherCommand, Plan, RemoveContainers, RunContainer, StopContainers, Touched
from knowledge.language import Text


def touched_by(engine: Engine, plan: Plan, workspace: Path, made: Made) -> tuple[Touched, ...]:
    """What a plan would change, each once, as it is now.

    ``made`` tells whether an image is ours.

    Raises:
        ObjectMissingError: one of them is not there.
        RefusedPlanError: one of them is not to be used at all.
        EngineUnavailableError: no Engine answers.
    """
    action = plan.action
    if isinstance(action, RunContainer):
        body = create_body(plan)
        return (*touched_volumes(engine, body), *networks.touched(engine, body))
    if isinstance(action, StopContainers | RemoveContainers):
        return tuple(dict.fromkeys(_containers(engine, action.containers)))
    if isinstance(action, OtherCommand):
        return tuple(dict.fromkeys(_whose(others.touched(engine, action, workspace), made)))
    return ()


def _whose(found: Iterable[Touched], made: Made) -> Iterator[Touched]:
    """The objects, images with whose they are; nameless ones that belong to another only where ours."""
    for item in found:
        if item.kind != "image":
            yield item
        elif made(item):
            yield replace(item, owned=True)
        elif item.name:
            yield item


def stamps_for(engine: Engine, plan: Plan, workspace: Path) -> dict[str, str]:
    """The volumes and images a plan would use and that are there now; see ``volumes.stamps``."""
    if isinstance(plan.action, OtherCommand):
        return dict(others.stamps(engine, plan.action, workspace))
    return stamps(engine, create_body(plan)) if isinstance(plan.action, RunContainer) else {}


def _containers(engine: Engine, names: Sequence[str]) -> Iterator[Touched]:
    ours = Owned(engine)
    for name in names:
        try:
            container = engine.inspect("container", name)
        except ObjectMissingError as error:
            raise _or_an_image(engine, name, error) from error
        own_name = str(container.get("Name", "")).lstrip("/")
        yield Touched("container", str(container["Id"]), own_name, container in ours)


def _or_an_image(engine: Engine, name: str, error: ObjectMissingError) -> ObjectMissingError:
    """The error of a container that is not there; where an image has that name, its containers are named."""
    plain = name.removesuffix(":latest")
    made = [
        str((listed.get("Names") or ["?"])[0]).lstrip("/")
        for listed in engine.list_containers(all=True)
        if str(listed.get("Image", "")).removesuffix(":latest") == plain
    ]
    if not made:
        return error
    return ObjectMissingError(
        Text(
            f"No container is called {name}; that is an image. Made from it: {', '.join(made)}. "
            "Name one of them instead.",
            f"没有名为 {name} 的容器；这是一个镜像。由它创建的容器有：{'、'.join(made)}。"
            "请改写其中一个的名称。",
        )
    )


def refuse_others(touched: Sequence[Touched], profile: str) -> None:
    """For a policy that leaves objects of others alone, whoever names them.

    Raises:
        RefusedPlanError: one of them was not made by docknotes.
    """
    others = ", ".join(item.name or item.id[:12] for item in touched if not item.owned)
    if others:
        raise RefusedPlanError(
            Text(
                f"Not made by docknotes: {others}. The policy ({profile}) leaves objects of others alone.",
                f"这些对象不是 docknotes 创建的：{others}。策略（{profile}）不允许改动它们。",
            )
        )


def changes_something(plan: Plan) -> bool:
    """Whether a plan sends more than requests that read."""
    return any(operation.method != "GET" for operation in plan.operations)
