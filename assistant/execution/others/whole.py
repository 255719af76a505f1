"""Commands that look at the whole Engine: its volumes and networks, its disk use, what happens on it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.execution import tables
from assistant.execution.clean import visible
from assistant.execution.others.job import Job, Steps
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.pump import Pump
from assistant.values import JsonObject, Output


def volumes(job: Job) -> Steps:
    """``docker volume ls``."""
    found = sorted(job.engine.list_volumes(filters=_filters(job)), key=lambda volume: str(volume["Name"]))
    rows = [[str(volume.get("Driver", "")), str(volume["Name"])] for volume in found]
    yield Output(_listed(job, ["DRIVER", "VOLUME NAME"], rows, key=1))
    return Ending("succeeded")


def networks(job: Job) -> Steps:
    """``docker network ls``."""
    found = sorted(job.engine.list_networks(filters=_filters(job)), key=lambda network: str(network["Name"]))
    whole = job.action.is_on("no-trunc")
    rows = [
        [
            str(network["Id"]) if whole else str(network["Id"])[:12],
            *(str(network.get(key, "")) for key in ("Name", "Driver", "Scope")),
        ]
        for network in found
    ]
    yield Output(_listed(job, ["NETWORK ID", "NAME", "DRIVER", "SCOPE"], rows, key=0))
    return Ending("succeeded")


def _filters(job: Job) -> dict[str, Sequence[str]]:
    encoded = job.plan.operations[0].query.get("filters")
    return {name: list(values) for name, values in json.loads(encoded).items()} if encoded else {}


def _listed(job: Job, heads: Sequence[str], rows: Sequence[Sequence[str]], *, key: int) -> str:
    if job.action.is_on("quiet"):
        return "".join(f"{visible(row[key])}\n" for row in rows)
    return tables.table(heads, rows)


# ---- disk use


def disk_use(job: Job) -> Steps:
    """``docker system df``: how much space images, containers, volumes and the build cache take."""
    answer = job.engine.send("GET", "system", "df")
    images, containers = _items(answer, "Images"), _items(answer, "Containers")
    kept, cache = _items(answer, "Volumes"), _items(answer, "BuildCache")
    used = {str(container.get("ImageID")) for container in containers}
    layers = int(answer.get("LayersSize") or 0)
    free = sum(_own(image) for image in images if image.get("Id") not in used)
    going = [container for container in containers if container.get("State") in {"running", "paused"}]
    resting = sum(int(c.get("SizeRw") or 0) for c in containers if c not in going)
    idle = [volume for volume in kept if not _uses(volume)]
    unused = [item for item in cache if not item.get("InUse")]
    rows = [
        _row("Images", len(images), len(used & {str(i.get("Id")) for i in images}), layers, free),
        _row("Containers", len(containers), len(going), _sum(containers, "SizeRw"), resting),
        _row("Local Volumes", len(kept), len(kept) - len(idle), _space(kept), _space(idle)),
        _row("Build Cache", len(cache), len(cache) - len(unused), _sum(cache, "Size"), _sum(unused, "Size")),
    ]
    yield Output(tables.table(["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"], rows))
    return Ending("succeeded")


def _items(answer: JsonObject, key: str) -> list[Mapping[str, Any]]:
    return list(answer.get(key) or ())


def _own(image: Mapping[str, Any]) -> int:
    """What goes when an image goes: layers it shares with others stay."""
    return int(image.get("Size") or 0) - max(int(image.get("SharedSize") or 0), 0)


def _sum(items: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(max(int(item.get(key) or 0), 0) for item in items)


def _space(volumes: Sequence[Mapping[str, Any]]) -> int:
    return _sum([volume.get("UsageData") or {} for volume in volumes], "Size")


def _uses(volume: Mapping[str, Any]) -> int:
    return int((volume.get("UsageData") or {}).get("RefCount") or 0)


def _row(kind: str, total: int, active: int, space: int, free: int) -> list[str]:
    share = f" ({round(100 * free / space)}%)" if space else ""
    return [kind, str(total), str(active), tables.size(space), f"{tables.size(max(free, 0))}{share}"]


# ---- events


def events(job: Job) -> Steps:
    """``docker events``: what happens, as it happens, until it is cancelled or time is up.

    Only kind, action, id and name are shown: an event also carries all labels of its object, and those of
    others may hold secrets.
    """
    stream = job.engine.events(job.plan.operations[0].query)
    pump = Pump(stream, cancel=job.session.cancel, deadline=time.monotonic() + job.limits.time_seconds)
    for found in pump:
        yield Output("".join(_event(event) for event in found))
        if job.session.output_cut:
            return ending_of(None, stopped="output_limit")
    if pump.stopped is not None:
        return ending_of(None, stopped=pump.stopped)
    return Ending("succeeded")


def _event(event: JsonObject) -> str:
    actor = event.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    action = str(event.get("Action", "")).partition(":")[0]  # ``exec_start: CMD`` holds the arguments
    moment = datetime.fromtimestamp(int(event.get("time") or 0), tz=UTC).isoformat()
    name = attributes.get("name") or ""
    words = (
        moment,
        event.get("Type", ""),
        action,
        str(actor.get("ID", ""))[:64],
        f"({name})" if name else "",
    )
    return visible(" ".join(str(word) for word in words).rstrip()) + "\n"
