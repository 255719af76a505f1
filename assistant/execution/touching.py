"""The objects on the Engine that a plan would change: looked up by their ids, so that they can be frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.errors import RefusedPlanError
from assistant.execution.containers import create_body
from assistant.execution.owned import Owned
from assistant.execution.volumes import stamps, touched_volumes
from assistant.protocols import Engine
from assistant.values import Plan, RemoveContainers, RunContainer, StopContainers, Touched
from knowledge.language import Text


def touched_by(engine: Engine, plan: Plan) -> tuple[Touched, ...]:
    """What a plan would change, each once, as it is now.

    Raises:
        ObjectMissingError: one of them is not there.
        RefusedPlanError: one of them is not to be used at all.
        EngineUnavailableError: no Engine answers.
    """
    action = plan.action
    if isinstance(action, RunContainer):
        return tuple(touched_volumes(engine, create_body(plan)))
    if isinstance(action, StopContainers | RemoveContainers):
        return tuple(dict.fromkeys(_containers(engine, action.containers)))
    return ()


def stamps_for(engine: Engine, plan: Plan) -> dict[str, str]:
    """The volumes a plan would use and that are there now; see ``volumes.stamps``."""
    return stamps(engine, create_body(plan)) if isinstance(plan.action, RunContainer) else {}


def _containers(engine: Engine, names: Sequence[str]) -> Iterator[Touched]:
    ours = Owned(engine)
    for name in names:
        container = engine.inspect("container", name)
        own_name = str(container.get("Name", "")).lstrip("/")
        yield Touched("container", str(container["Id"]), own_name, container in ours)


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
