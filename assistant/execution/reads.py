"""Commands that only read: their answers as the docker client would print them."""

from __future__ import annotations

import textwrap
from collections.abc import Generator

from assistant.config import Limits
from assistant.errors import ImageUnavailableError, ObjectMissingError
from assistant.execution import shown, tables
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.owned import Owned
from assistant.execution.session import Session, is_owned
from assistant.execution.showing import output_of
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
_OUTPUT_BYTES = Limits().output_bytes


def table(engine: Engine, action: ListContainers | ListImages | ShowVersion | ShowInfo) -> str:
    """What ``docker ps``, ``images``, ``version`` or ``info`` prints.

    Raises:
        ExecutionError: the Engine did not answer, or said no.
    """
    if isinstance(action, ListContainers):
        found = engine.list_containers(
            all=action.all, last=action.last, size=action.size, filters=action.filters
        )
        owned = Owned(engine)
        ours = {str(item["Id"]) for item in found if not action.quiet and item in owned}
        return tables.containers(found, action, ours)
    if isinstance(action, ListImages):
        filters = dict(action.filters)
        if action.reference is not None:
            filters["reference"] = (action.reference,)
        return tables.images(engine.list_images(all=action.all, filters=filters), action)
    if isinstance(action, ShowVersion):
        return tables.version(engine.version_text())
    return tables.info(engine.info_text())


def inspected(
    engine: Engine, action: Inspect, *, output_bytes: int = _OUTPUT_BYTES
) -> Generator[Output, None, Ending]:
    """``docker inspect``: a JSON array of what was found; what was not is named on stderr.

    A name given twice is looked up once, and none is any more once there is output enough.
    """
    owned = Owned(engine)
    missing: list[str] = []
    left_out: dict[InspectKind, Text] = {}
    written = 0
    for name in dict.fromkeys(action.names):
        found = _find(engine, action.kind, name)
        if found is None:
            missing.append(name)
            continue
        kind, description = found
        fit = _without_secrets(kind, description, owned)
        if fit != description:
            left_out[kind] = shown.LEFT_OUT[kind]
        item = textwrap.indent(tables.json_text(fit), "    ")
        yield Output(f"{',' if written else '['}\n{item}")
        written += len(item.encode()) + 2
        if written > output_bytes:
            return ending_of(None, stopped="output_limit")
    yield Output("\n]\n" if written else "[]\n")
    for text in left_out.values():
        yield Output(f"{text.en} / {text.zh}\n", "stderr")
    for name in missing:
        yield Output(f"Error: No such {action.kind or 'object'}: {name}\n", "stderr")
    if not missing:
        return Ending("succeeded")
    names = ", ".join(missing)
    return Ending("failed", None, Text(f"There is no such object: {names}.", f"没有这个对象：{names}。"))


def _find(engine: Engine, kind: InspectKind | None, name: str) -> tuple[InspectKind, JsonObject] | None:
    for each in (kind,) if kind is not None else _KINDS:
        try:
            return each, engine.inspect(each, name)
        except (ImageUnavailableError, ObjectMissingError):
            continue
    return None


def _without_secrets(kind: InspectKind, description: JsonObject, owned: Owned) -> JsonObject:
    """A description; the secrets of what others made are nobody's business."""
    if kind == "container":
        return description if description in owned else shown.foreign_container(description)
    if kind == "volume" and not is_owned(description.get("Labels")):
        return shown.foreign_volume(description)
    return shown.image(description) if kind == "image" else description


def logs(
    engine: Engine, action: ReadLogs, session: Session, *, seconds: float
) -> Generator[Output, None, Ending]:
    """``docker logs``; with ``--follow`` until the container ends, or a limit is reached.

    Logs of other containers are shown as they are: a person reads them to see what is wrong there,
    and which of their words are secret nobody can tell.
    """
    stream = engine.follow(
        action.container,
        tail=action.tail,
        since=action.since,
        until=action.until,
        timestamps=action.timestamps,
        follow=action.follow,
    )
    stopped = yield from output_of(stream, session, seconds=seconds)
    return ending_of(None, stopped=stopped) if stopped is not None else Ending("succeeded")
