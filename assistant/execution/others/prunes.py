"""The prune commands: what nothing uses is looked up for the approval, and only that goes, one by one.

The Engine's own prune removes whatever nothing uses at that moment, also what came in between; it is never
asked. What counts as unused: Engine API reference, ``POST /containers/prune`` and its like.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from assistant.errors import ExecutionError
from assistant.execution.cleanup import remove_container, seconds_of
from assistant.execution.others.image_names import tags_of, whole
from assistant.execution.others.images import remove_each
from assistant.execution.others.job import Carrier, Job, Steps, on_each
from assistant.execution.outcome import Ending
from assistant.execution.owned import Owned
from assistant.execution.session import is_owned
from assistant.execution.volumes import stamp_of
from assistant.protocols import Engine
from assistant.values import JsonObject, OtherCommand, Output, Touched
from knowledge.language import Text

_ENDED = {"status": ["created", "exited", "dead"]}
_UNUSED = {"dangling": ["true"]}
_ANONYMOUS = "com.docker.volume.anonymous"
_BUILT_IN = frozenset({"bridge", "host", "none"})


def _kinds(action: OtherCommand) -> Sequence[str]:
    """The kinds of objects a prune is about, in the order they go."""
    kind = action.name.split()[0]
    if kind != "system":
        return (kind,)
    return ("container", "network", *(("volume",) if action.is_on("volumes") else ()), "image")


def _touched(engine: Engine, action: OtherCommand) -> Iterator[Touched]:
    kinds = _kinds(action)
    ended = [item for item in _ended(engine) if _passes(item, action)] if "container" in kinds else []
    for kind in kinds:
        match kind:
            case "container":
                yield from _containers(engine, ended)
            case "network":
                yield from _networks(engine, action)
            case "volume":
                yield from _volumes(engine, action)
            case _:
                yield from _images(engine, action, {str(item["Id"]) for item in ended})


# ---- what is unused


def _ended(engine: Engine) -> list[JsonObject]:
    return engine.list_containers(all=True, filters=_ENDED)


def _containers(engine: Engine, ended: Iterable[JsonObject]) -> Iterator[Touched]:
    ours = Owned(engine)
    for item in ended:
        name = str((item.get("Names") or [""])[0]).lstrip("/")
        yield Touched("container", str(item["Id"]), name, item in ours)


def _networks(engine: Engine, action: OtherCommand) -> Iterator[Touched]:
    """Networks without a running container. The list's own filter takes those in use for unused ones."""
    for network in engine.list_networks():
        name = str(network["Name"])
        if name in _BUILT_IN or network.get("Ingress") or not _passes(network, action):
            continue
        if not engine.inspect("network", str(network["Id"])).get("Containers"):
            yield Touched("network", str(network["Id"]), name, is_owned(network.get("Labels")))


def _volumes(engine: Engine, action: OtherCommand) -> Iterator[Touched]:
    every = action.is_on("all") and action.name != "system prune"
    for volume in engine.list_volumes(filters=_UNUSED):
        if (every or _is_anonymous(volume)) and _passes(volume, action):
            name = str(volume["Name"])
            yield Touched("volume", name, name, is_owned(volume.get("Labels")))


def _is_anonymous(volume: JsonObject) -> bool:
    """Engines before 23.0 do not say so; they give such volumes 64 hexadecimal digits as a name."""
    name = str(volume["Name"])
    return _ANONYMOUS in (volume.get("Labels") or {}) or (
        len(name) == 64 and set(name) <= set("0123456789abcdef")
    )


def _images(engine: Engine, action: OtherCommand, but: set[str]) -> Iterator[Touched]:
    """Images that no container uses, except those in ``but``, which go before; the last built first."""
    used = {
        str(item.get("ImageID")) for item in engine.list_containers(all=True) if str(item["Id"]) not in but
    }
    listed = {str(image["Id"]): image for image in engine.list_images(all=True)}
    children: dict[str, set[str]] = {}
    for identity, image in listed.items():
        children.setdefault(str(image.get("ParentId") or ""), set()).add(identity)
    going = {
        identity
        for identity, image in listed.items()
        if identity not in used and _passes(image, action) and (action.is_on("all") or _is_nameless(image))
    }
    while kept := {identity for identity in going if not children.get(identity, set()) <= going}:
        going -= kept
    ordered: list[str] = []
    while rest := [identity for identity in listed if identity in going and identity not in ordered]:
        ordered += [identity for identity in rest if not children.get(identity, set()) & set(rest)]
    for identity in ordered:
        if tags_of(listed[identity]) or not children.get(identity):
            yield from whole(listed[identity])
        else:
            yield Touched("image", identity, "", False)


def _is_nameless(image: JsonObject) -> bool:
    digests = [str(digest) for digest in image.get("RepoDigests") or ()]
    return not tags_of(image) and all(digest.startswith("<none>") for digest in digests)


# ---- filters


def _passes(item: JsonObject, action: OtherCommand) -> bool:
    """Whether an object passes the filters of the line, as the Engine's prune takes them."""
    from assistant.commands.plan_parts import read_filters
    from assistant.commands.quantities import parse_moment

    labels: Mapping[str, str] = item.get("Labels") or {}
    filters = read_filters(action.flags.get("filter", ()))
    if not all(_bears(labels, value) for value in filters.get("label", ())):
        return False
    if any(_bears(labels, value) for value in filters.get("label!", ())):
        return False
    moments = [float(parse_moment("--filter", value, now=time.time())) for value in filters.get("until", ())]
    return not moments or seconds_of(item.get("Created") or item.get("CreatedAt")) < min(moments)


def _bears(labels: Mapping[str, str], wanted: str) -> bool:
    key, equals, value = wanted.partition("=")
    return key in labels and (not equals or labels[key] == value)


# ---- removal


def _steps(job: Job) -> Steps:
    removers: dict[str, Callable[[Touched], None]] = {
        "container": lambda item: _remove_container(job.engine, item),
        "network": lambda item: job.engine.remove_network(item.id),
        "volume": lambda item: _remove_volume(job, item),
    }
    endings = [Ending("succeeded")]
    for kind in _kinds(job.action):
        items = job.frozen(kind)
        if not items:
            continue
        yield Output(f"{_HEADS[kind]}:\n")
        if kind == "image":
            endings.append((yield from remove_each(job.engine, items)))
        else:
            endings.append((yield from on_each(items, removers[kind])))
    if not job.touched:
        yield Output(f"{_NOTHING.en}\n{_NOTHING.zh}\n", "stderr")
    return next((ending for ending in endings if ending.outcome != "succeeded"), endings[0])


def _remove_container(engine: Engine, item: Touched) -> None:
    container = engine.inspect("container", item.id)
    remove_container(engine, container, force=False, volumes=False)


def _remove_volume(job: Job, item: Touched) -> None:
    if job.stamps.get(item.id) != stamp_of(job.engine.inspect("volume", item.id)):
        raise ExecutionError(
            Text(
                f"The volume {item.name} is another one than when you approved; it was left alone.",
                f"卷 {item.name} 与批准时的不是同一个；没有删除它。",
            )
        )
    job.engine.remove_volume(item.id)


def _stamps(engine: Engine, action: OtherCommand) -> Mapping[str, str]:
    """What tells the volumes from later ones of the same name; other objects have ids."""
    if "volume" not in _kinds(action):
        return {}
    return {item.id: stamp_of(engine.inspect("volume", item.id)) for item in _volumes(engine, action)}


_HEADS = {
    "container": "Deleted Containers",
    "network": "Deleted Networks",
    "volume": "Deleted Volumes",
    "image": "Deleted Images",
}
_NOTHING = Text("Nothing to remove.", "没有可删除的对象。")

CARRIERS: dict[str, Carrier] = {
    f"{kind} prune": Carrier(_steps, _touched, _stamps)
    for kind in ("container", "image", "volume", "network", "system")
}
