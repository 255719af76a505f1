"""``docker compose down``: exactly the objects of the project that were frozen when the person approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from assistant.compose import labels
from assistant.errors import EngineUnavailableError, ExecutionError, ObjectMissingError
from assistant.execution.compose.members import containers, label, name_of, of_project, ours_and_others
from assistant.execution.containers import remove_network
from assistant.execution.others.job import Job, Steps
from assistant.execution.outcome import Ending
from assistant.execution.session import is_owned
from assistant.protocols import Engine
from assistant.values import ComposeCommand, JsonObject, OtherCommand, Output, Touched
from knowledge.language import Text

_AT_ONCE = 8


def touched(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    """The objects of the project that docknotes made; with services named, their containers only."""
    if not isinstance(action, ComposeCommand):
        return
    ours, _ = ours_and_others(engine, action, action.args)
    for item in ours:
        yield Touched("container", str(item["Id"]), name_of(item), True)
    if action.args:
        return
    for network in _owned(engine.list_networks(filters=of_project(action.project))):
        yield Touched("network", str(network["Id"]), str(network["Name"]), True)
    if action.is_on("volumes"):
        for volume in _owned(engine.list_volumes(filters=of_project(action.project))):
            yield Touched("volume", str(volume["Name"]), str(volume["Name"]), True)


def _owned(items: Iterable[JsonObject]) -> Iterator[JsonObject]:
    return (item for item in items if is_owned(item.get("Labels")))


def steps(job: Job) -> Steps:
    """Stops the containers, those that others wait for last, and removes everything that was frozen."""
    action = job.action
    if not isinstance(action, ComposeCommand):
        raise TypeError(action)
    frozen = job.frozen("container")
    listed = {str(item["Id"]): item for item in containers(job.engine, action.project)}
    seconds = action.last("timeout")
    for level in _levels([listed[item.id] for item in frozen if item.id in listed]):
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda item: _stop(job.engine, item, seconds), level))
    failures: list[Text] = []
    for kind in ("container", "network", "volume"):
        for touched_item in job.frozen(kind):
            yield from _removed(job.engine, touched_item, failures)
    left = [name_of(other) for key, other in listed.items() if key not in {item.id for item in frozen}]
    if left and not action.args:
        yield Output(f"Not made by docknotes, left alone: {', '.join(left)}\n", "stderr")
    if not job.touched:
        yield Output(f"Nothing of the project {action.project} that docknotes made is there.\n", "stderr")
    return Ending("failed", None, failures[0]) if failures else Ending("succeeded")


def _levels(items: list[JsonObject]) -> Iterator[list[JsonObject]]:
    """Containers in the order they are stopped in: first those that nothing else waits for."""
    left = list(items)
    while left:
        needed = {name for item in left for name in _needs(item)}
        level = [item for item in left if label(item, labels.SERVICE) not in needed] or left
        yield level
        left = [item for item in left if item not in level]


def _needs(item: JsonObject) -> list[str]:
    return [entry.partition(":")[0] for entry in label(item, labels.NEEDS).split(",") if entry]


def _stop(engine: Engine, item: JsonObject, seconds: str | None) -> None:
    try:
        own = engine.inspect("container", str(item["Id"]))["Config"].get("StopTimeout")
        engine.stop_container(str(item["Id"]), timeout_seconds=int(seconds) if seconds else own)
    except EngineUnavailableError:
        raise
    except ExecutionError:
        return  # it is removed by force


def _removed(engine: Engine, item: Touched, failures: list[Text]) -> Iterator[Output]:
    try:
        match item.kind:
            case "container":
                engine.remove_container(item.id, force=True, volumes=True)
            case "network":
                if not remove_network(engine, item.id):
                    failures.append(
                        Text(
                            f"A container still uses the network {item.name}.",
                            f"仍有容器在使用网络 {item.name}。",
                        )
                    )
                    return
            case "volume":
                engine.remove_volume(item.id)
    except ObjectMissingError:
        pass
    except EngineUnavailableError:
        raise
    except ExecutionError as error:
        failures.append(error.text)
        yield Output(f"{error.text.en}\n", "stderr")
        return
    yield Output(f" {item.kind.capitalize()} {item.name}  Removed\n", "stderr")
