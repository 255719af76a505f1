"""``docker stop`` and ``docker rm``: exactly the objects that were frozen when the person approved."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.execution.cleanup import remove_container
from assistant.execution.others.job import Steps, on_each
from assistant.protocols import Engine
from assistant.values import RemoveContainers, StopContainers, Touched


def carried_out(
    engine: Engine, action: StopContainers | RemoveContainers, touched: Sequence[Touched]
) -> Steps:
    """Stops or removes the frozen objects; one that fails does not keep the others.

    Raises:
        EngineUnavailableError: no Engine answers.
    """
    return on_each(touched, lambda item: _change(engine, action, item))


def _change(engine: Engine, action: StopContainers | RemoveContainers, item: Touched) -> None:
    if isinstance(action, StopContainers):
        engine.stop_container(item.id, timeout_seconds=action.timeout_seconds, signal=action.signal)
        return
    container = engine.inspect("container", item.id)
    remove_container(engine, container, force=action.force, volumes=action.volumes)
