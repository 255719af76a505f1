"""Commands that only read: their answers as the docker client would print them."""

from __future__ import annotations

from collections.abc import Generator

from assistant.errors import ImageUnavailableError, ObjectMissingError
from assistant.execution import tables
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.pump import Pump
from assistant.execution.session import Session, is_owned, joined
from assistant.protocols import Engine
from assistant.values import (
    Inspect,
    InspectKind,
    JsonObject,
    ListContainers,
    ListImages,
    Output,
    ReadLogs,
    ShowInfo,
    ShowVersion,
)
from knowledge.language import Text

_KINDS: tuple[InspectKind, ...] = ("container", "image", "network", "volume")


def table(engine: Engine, action: ListContainers | ListImages | ShowVersion | ShowInfo) -> str:
    """What ``docker ps``, ``images``, ``version`` or ``info`` prints.

    Raises:
        ExecutionError: the Engine did not answer, or said no.
    """
    if isinstance(action, ListContainers):
        found = engine.list_containers(
            all=action.all, last=action.last, size=action.size, filters=action.filters
        )
        return tables.containers(found, action)
    if isinstance(action, ListImages):
        filters = dict(action.filters)
        if action.reference is not None:
            filters["reference"] = (action.reference,)
        return tables.images(engine.list_images(all=action.all, filters=filters), action)
    if isinstance(action, ShowVersion):
        return tables.version(engine.version_text())
    return tables.info(engine.info_text())


def inspected(engine: Engine, action: Inspect) -> Generator[Output, None, Ending]:
    """``docker inspect``: a JSON array of what was found; what was not is named on stderr."""
    found: list[JsonObject] = []
    missing: list[str] = []
    for name in action.names:
        description = _find(engine, action.kind, name)
        if description is None:
            missing.append(name)
        else:
            found.append(description)
    yield Output(tables.json_text(found) + "\n")
    for name in missing:
        yield Output(f"Error: No such {action.kind or 'object'}: {name}\n", "stderr")
    if not missing:
        return Ending("succeeded")
    names = ", ".join(missing)
    return Ending("failed", None, Text(f"There is no such object: {names}.", f"没有这个对象：{names}。"))


def _find(engine: Engine, kind: InspectKind | None, name: str) -> JsonObject | None:
    for each in (kind,) if kind is not None else _KINDS:
        try:
            description = engine.inspect(each, name)
        except (ImageUnavailableError, ObjectMissingError):
            continue
        return _without_secrets(description) if each == "container" else description
    return None


def _without_secrets(container: JsonObject) -> JsonObject:
    """A container's description; the values of another's variables are nobody's business."""
    config = container.get("Config") or {}
    if is_owned(config.get("Labels")):
        return container
    names = [str(variable).partition("=")[0] for variable in config.get("Env") or ()]
    return {**container, "Config": {**config, "Env": [f"{name}=(hidden)" for name in names]}}


def logs(
    engine: Engine, action: ReadLogs, session: Session, *, deadline: float
) -> Generator[Output, None, Ending]:
    """``docker logs``; with ``--follow`` until the container ends, or a limit is reached."""
    stream = engine.follow(
        action.container,
        tail=action.tail,
        since=action.since,
        until=action.until,
        timestamps=action.timestamps,
        follow=action.follow,
    )
    pump = Pump(stream, cancel=session.cancel, deadline=deadline)
    for outputs in pump:
        yield from joined(outputs)
        if session.output_cut:
            return ending_of(None, stopped="output_limit")
    if pump.cancelled or pump.timed_out:
        return ending_of(None, stopped="cancelled" if pump.cancelled else "timed_out")
    return Ending("succeeded")
