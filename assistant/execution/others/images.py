"""Commands on images: named, removed, looked at, looked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

from assistant.errors import EngineUnavailableError, ExecutionError, SandboxLostError
from assistant.execution.images import image_id
from assistant.execution.made_images import full_name, short_id
from assistant.execution.others.image_names import (
    check_taken,
    named,
    pinned,
    remove,
    stamp_of_first,
    stamps_of,
    taken,
    to_remove,
)
from assistant.execution.others.job import Carrier, Job, Steps
from assistant.execution.outcome import Ending
from assistant.execution.pump import Pump
from assistant.execution.session import Cancelled
from assistant.execution.streams import progress_of
from assistant.execution.tables import ago, size, table
from assistant.protocols import Engine
from assistant.values import OtherCommand, Output, Touched
from knowledge.language import Text

_CREATED_BY_WIDTH = 45
_DESCRIPTION_WIDTH = 45
_VALUES = re.compile(r"\b([A-Za-z_][A-Za-z0-9_]*)=(\"[^\"]*\"|'[^']*'|\S+)")


# ---- tag


def _target_taken(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    source, target = action.args
    return taken(engine, [full_name(target)], but=str(engine.inspect("image", source)["Id"]))


def _tag(job: Job) -> Steps:
    source, target = job.action.args
    image, name = pinned(job, source), full_name(target)
    before = image_id(job.engine, name)
    check_taken(job, [name], but=image)
    query = job.plan.operations[0].query
    job.engine.send("POST", "images", image, "tag", query=query)
    yield from named(job, image, {name: before}, {image})
    return Ending("succeeded")


# ---- push


def _pushed(engine: Engine, action: OtherCommand) -> dict[str, str]:
    return stamps_of(engine, [full_name(action.args[0])])


def _push(job: Job) -> Steps:
    """Pushes without any credentials: those of docker's client are not looked at."""
    name = full_name(job.action.args[0])
    pinned(job, name)
    repository, _, tag = name.rpartition(":")
    messages = job.engine.messages("images", repository, "push", query={"tag": tag}, headers=_NOBODY)
    pump = Pump(messages, cancel=job.session.cancel)
    for items in pump:
        for item in items:
            if item.get("id") or item.get("progressDetail"):
                yield progress_of(item)
            elif item.get("status"):
                yield Output(f"{item['status']}\n")
    if pump.cancelled:
        raise Cancelled
    return Ending("succeeded")


_NOBODY = {"X-Registry-Auth": base64.urlsafe_b64encode(b"{}").decode()}


# ---- rmi


def _removed(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return to_remove(engine, action.args, force=action.is_on("force"))


def _rmi(job: Job) -> Steps:
    force, noprune = job.action.is_on("force"), job.action.is_on("no-prune")
    items = [item for item in job.frozen("image") if item.name or not noprune]
    return remove_each(job.engine, items, force=force, noprune=noprune)


def remove_each(
    engine: Engine, items: Iterable[Touched], *, force: bool = False, noprune: bool = False
) -> Steps:
    """Removes images one by one, and prints what went as docker's client does.

    One that fails does not keep the others; what lies below an image stays quietly where it is used.

    Raises:
        EngineUnavailableError, SandboxLostError: nothing more can be done.
    """
    failures: list[Text] = []
    for item in items:
        try:
            yield from _lines(remove(engine, item, force=force and bool(item.name), noprune=noprune))
        except (EngineUnavailableError, SandboxLostError):
            raise
        except ExecutionError as error:
            if item.name:
                failures.append(error.text)
                yield Output(f"{error.text.en}\n", "stderr")
    return Ending("failed", None, failures[0]) if failures else Ending("succeeded")


def _lines(lines: Iterable[str]) -> Iterator[Output]:
    return (Output(f"{line}\n") for line in lines)


# ---- history and search


def _history(job: Job) -> Steps:
    (name,) = job.action.args
    layers = job.engine.send("GET", "images", name, "history")
    whole, quiet = job.action.is_on("no-trunc"), job.action.is_on("quiet")
    human = job.action.last("human") is None or job.action.is_on("human")
    rows = []
    for layer in layers:
        identity = str(layer.get("Id") or "<missing>")
        # What was given to a build by name may be a secret, and stands in the history for ever.
        made_by = _VALUES.sub(r"\1=(hidden)", " ".join(str(layer.get("CreatedBy", "")).split()))
        rows.append(
            [
                identity if whole or identity == "<missing>" else short_id(identity),
                ago(float(layer.get("Created", 0))),
                made_by if whole or len(made_by) <= _CREATED_BY_WIDTH else f"{made_by[:44]}…",
                size(int(layer.get("Size", 0))) if human else str(layer.get("Size", 0)),
                str(layer.get("Comment", "")),
            ]
        )
    heads = ["IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"]
    yield Output("".join(f"{row[0]}\n" for row in rows) if quiet else table(heads, rows))
    return Ending("succeeded")


def _search(job: Job) -> Steps:
    found = job.engine.send("GET", "images", "search", query=job.plan.operations[0].query)
    whole = job.action.is_on("no-trunc")
    rows = []
    for hit in sorted(found or (), key=lambda hit: -int(hit.get("star_count", 0))):
        said = " ".join(str(hit.get("description", "")).split())
        rows.append(
            [
                str(hit.get("name", "")),
                said if whole or len(said) <= _DESCRIPTION_WIDTH else f"{said[:44]}…",
                str(hit.get("star_count", 0)),
                "[OK]" if hit.get("is_official") else "",
            ]
        )
    yield Output(table(["NAME", "DESCRIPTION", "STARS", "OFFICIAL"], rows))
    return Ending("succeeded")


CARRIERS: dict[str, Carrier] = {
    "tag": Carrier(_tag, _target_taken, stamp_of_first),
    "push": Carrier(_push, stamps=_pushed),
    "rmi": Carrier(_rmi, _removed),
    "history": Carrier(_history),
    "search": Carrier(_search),
}
