"""Finds and removes what docknotes made on an Engine, known by its labels."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from assistant.execution.containers import gone, remove_network
from assistant.execution.owned import Owned
from assistant.execution.session import OWNER, OWNER_LABEL, RUN_LABEL
from assistant.protocols import Engine
from assistant.values import Created, JsonObject, Run

_OURS = {"label": [f"{OWNER_LABEL}={OWNER}"]}
_YOUNG_SECONDS = 60.0
"""A network younger than this may wait for its container, made by another process just now."""


def leftovers(engine: Engine) -> list[Created]:
    """All objects that docknotes made, newest first; running containers too.

    Images are none of them: whoever builds one labels it as they like, and it stays after its run.

    Raises:
        EngineUnavailableError: no Engine answers.
    """
    found: list[tuple[float, Created]] = []
    for container in _containers(engine, _OURS):
        names = container.get("Names") or [""]
        created = Created("container", str(container["Id"]), str(names[0]).lstrip("/"))
        found.append((float(container.get("Created", 0)), created))
    for network in engine.list_networks(filters=_OURS):
        found.append((seconds_of(network.get("Created")), Created("network", network["Id"], network["Name"])))
    for volume in engine.list_volumes(filters=_OURS):
        found.append((seconds_of(volume.get("CreatedAt")), Created("volume", volume["Name"], volume["Name"])))
    return [created for _, created in sorted(found, key=lambda pair: pair[0], reverse=True)]


def remove_leftovers(engine: Engine, objects: Iterable[Created] | None = None) -> list[Created]:
    """Removes what ``leftovers`` found (or ``objects``, of these), and returns what is gone.

    Containers go first: networks and volumes cannot go while a container uses them.

    Raises:
        EngineUnavailableError: no Engine answers.
    """
    chosen = leftovers(engine)
    if objects is not None:
        wanted = {(created.kind, created.id) for created in objects}
        chosen = [created for created in chosen if (created.kind, created.id) in wanted]
    removers: Mapping[str, Callable[[str], bool]] = {
        "container": lambda name: gone(engine.remove_container, name, force=True, volumes=True),
        "network": lambda name: remove_network(engine, name),
        "volume": lambda name: gone(engine.remove_volume, name),
    }
    return [
        created
        for kind, remove in removers.items()
        for created in chosen
        if created.kind == kind and remove(created.id)
    ]


def remove_container(engine: Engine, container: JsonObject, *, force: bool, volumes: bool) -> None:
    """Removes a container by its description, and with it the network of its run.

    Raises:
        ExecutionError: the Engine does not remove the container.
    """
    is_ours = container in Owned(engine)  # before it goes, and its image perhaps with it
    engine.remove_container(str(container["Id"]), force=force, volumes=volumes)
    if is_ours:
        remove_networks(engine, container["Config"]["Labels"][RUN_LABEL])


def remove_networks(engine: Engine, run: str) -> None:
    """Removes the network made for a run, where no container of the run is left."""
    of_run = {"label": [*_OURS["label"], f"{RUN_LABEL}={run}"]}
    if not engine.list_containers(all=True, filters=of_run):
        for network in engine.list_networks(filters=of_run):
            remove_network(engine, str(network["Id"]))


def sweep(engine: Engine, is_to_go: Callable[[str], bool]) -> None:
    """Removes ended containers that were to go at their end, and networks of runs that nobody uses any more.

    A detached container with ``--rm`` ends when nobody looks, so this is done before the next run.

    Args:
        engine: where to look.
        is_to_go: whether the container of a run (its id is given) was to be removed at its end.
    """
    ended = {**_OURS, "status": ["exited", "dead"]}
    swept = set[str]()
    for container in _containers(engine, ended):
        run = _run_of(container)
        if run and is_to_go(run) and gone(engine.remove_container, str(container["Id"]), volumes=True):
            swept.add(run)
    used = {_run_of(container) for container in engine.list_containers(filters=_OURS)}
    for network in engine.list_networks(filters=_OURS):
        run = _run_of(network)
        if network.get("Name") != f"docknotes-{run}":
            continue  # the person made it by a command of their own
        old = time.time() - seconds_of(network.get("Created")) > _YOUNG_SECONDS
        if run in swept or (old and run not in used):
            gone(engine.remove_network, str(network["Id"]))


def goes_at_its_end(run: Run) -> bool:
    """Whether a run left a container running that was asked for with ``--rm``."""
    if run.outcome != "detached":
        return False
    bodies = [operation.as_written or {} for operation in run.operations]
    return any((body.get("HostConfig") or {}).get("AutoRemove") for body in bodies)


def _containers(engine: Engine, filters: Mapping[str, list[str]]) -> list[JsonObject]:
    owned = Owned(engine)
    return [item for item in engine.list_containers(all=True, filters=filters) if item in owned]


def _run_of(item: JsonObject) -> str:
    return str((item.get("Labels") or {}).get(RUN_LABEL, ""))


def seconds_of(stamp: object) -> float:
    """Seconds since the epoch of the Engine's time stamp (RFC 3339, nanoseconds), 0 where unreadable.

    A number is taken as the seconds it is.
    """
    if isinstance(stamp, int | float):
        return float(stamp)
    text = str(stamp or "")
    whole, _, rest = text.partition(".")
    zone = rest.lstrip("0123456789") if rest else ""
    fraction = rest[: len(rest) - len(zone)][:6].ljust(6, "0") if rest else ""
    try:
        return datetime.fromisoformat(f"{whole}.{fraction}{zone}" if rest else whole).timestamp()
    except ValueError:
        return 0.0
