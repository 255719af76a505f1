"""``docker stop`` and ``docker rm``: exactly the objects that were frozen when the person approved."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from assistant.errors import EngineUnavailableError, ExecutionError, SandboxLostError
from assistant.execution.cleanup import remove_container
from assistant.execution.outcome import Ending
from assistant.protocols import Engine
from assistant.values import Output, RemoveContainers, StopContainers, Touched
from knowledge.language import Text


def carried_out(
    engine: Engine, action: StopContainers | RemoveContainers, touched: Sequence[Touched]
) -> Generator[Output, None, Ending]:
    """Stops or removes the frozen objects; one that fails does not keep the others.

    Raises:
        EngineUnavailableError: no Engine answers.
    """
    failures: list[Text] = []
    for item in touched:
        try:
            _change(engine, action, item)
            yield Output(f"{item.name or item.id}\n")
        except (EngineUnavailableError, SandboxLostError):
            raise
        except ExecutionError as error:
            failures.append(error.text)
            yield Output(f"{error.text.en}\n", "stderr")
    return Ending("failed", None, failures[0]) if failures else Ending("succeeded")


def _change(engine: Engine, action: StopContainers | RemoveContainers, item: Touched) -> None:
    if isinstance(action, StopContainers):
        engine.stop_container(item.id, timeout_seconds=action.timeout_seconds, signal=action.signal)
        return
    container = engine.inspect("container", item.id)
    remove_container(engine, container, force=action.force, volumes=action.volumes)
