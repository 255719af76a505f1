"""Plans of the reading commands: ps, images, logs, version, info, inspect."""

from __future__ import annotations

import json
import re
from pathlib import Path

from assistant.commands import placeholders
from assistant.commands.grammar import Parsed
from assistant.commands.plan_parts import Parts, filters_query, format_notes, named_objects, read_filters
from assistant.commands.quantities import parse_int, parse_moment
from assistant.commands.references import parse_reference
from assistant.errors import CommandSyntaxError, UnsupportedCommandError
from assistant.values import (
    Inspect,
    InspectKind,
    ListContainers,
    ListImages,
    Operation,
    Placeholder,
    ReadLogs,
    ShowInfo,
    ShowVersion,
)
from knowledge.language import Text


def ps(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker ps``."""
    last = parse_int("--last", parsed.last("last") or "-1")
    if parsed.is_on("latest") and last == -1:
        last = 1
    action = ListContainers(
        all=parsed.is_on("all"),
        last=last if last > 0 else None,
        size=parsed.is_on("size") or ".Size" in (parsed.last("format") or ""),
        quiet=parsed.is_on("quiet"),
        no_trunc=parsed.is_on("no-trunc"),
        filters=read_filters(parsed.all("filter")),
    )
    query = {"all": "1"} if action.all else {}
    query |= {"limit": str(action.last)} if action.last else {}
    query |= {"size": "1"} if action.size else {}
    query |= filters_query(action.filters)
    operation = Operation("GET", "/containers/json", query)
    return Parts(action, (operation,), client_notes=format_notes(parsed))


def images(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker images``."""
    reference = parsed.args[0] if parsed.args else None
    filters = read_filters(parsed.all("filter"))
    if reference:
        filters["reference"] = tuple(dict.fromkeys((*filters.get("reference", ()), reference)))
    action = ListImages(
        all=parsed.is_on("all"),
        quiet=parsed.is_on("quiet"),
        no_trunc=parsed.is_on("no-trunc"),
        digests=parsed.is_on("digests"),
        reference=reference,
        filters=filters,
    )
    query = {"all": "1"} if action.all else {}
    query |= {"manifests": "1"} if parsed.is_on("tree") else {}
    query |= filters_query(filters)
    found = placeholders.find_in(reference, "image") if reference else ()
    return Parts(action, (Operation("GET", "/images/json", query),), found, format_notes(parsed))


def logs(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker logs``."""
    (container,) = parsed.args
    since, until = parsed.last("since"), parsed.last("until")
    action = ReadLogs(
        container=container,
        follow=parsed.is_on("follow"),
        tail=parsed.last("tail") or "all",
        since=parse_moment("--since", since, now=now) if since else None,
        until=parse_moment("--until", until, now=now) if until else None,
        timestamps=parsed.is_on("timestamps"),
    )
    query = {"stdout": "1", "stderr": "1", "tail": action.tail}
    query |= {"details": "1"} if parsed.is_on("details") else {}
    query |= {"follow": "1"} if action.follow else {}
    query |= {"since": action.since} if action.since else {}
    query |= {"until": action.until} if action.until else {}
    query |= {"timestamps": "1"} if action.timestamps else {}
    found = named_objects([container], "container")
    name = container.removeprefix("/")
    operations = (
        Operation("GET", f"/containers/{name}/json"),
        Operation("GET", f"/containers/{name}/logs", query),
    )
    return Parts(action, operations, found)


def version(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker version``."""
    return Parts(ShowVersion(), (Operation("GET", "/version"),), client_notes=format_notes(parsed))


def info(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker info``."""
    return Parts(ShowInfo(), (Operation("GET", "/info"),), client_notes=format_notes(parsed))


# ---- inspect

_KINDS: dict[str, InspectKind] = {
    "container": "container",
    "image": "image",
    "volume": "volume",
    "network": "network",
}
_PATHS = {
    "container": "/containers/{}/json",
    "image": "/images/{}/json",
    "volume": "/volumes/{}",
    "network": "/networks/{}",
}
_SEARCH_NOTE = Text(
    en="A name of no stated type is looked for among containers first, then images, networks and volumes.",
    zh="没有指明类型的名称会先在容器中查找，然后是镜像、网络和数据卷。",
)


def inspect(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker inspect`` and its management forms."""
    kind = _inspect_kind(parsed)
    size = parsed.is_on("size")
    found: tuple[Placeholder, ...] = ()
    for name in parsed.args:
        found += _inspected(name, kind)
    query = {"size": "1"} if size and kind in {None, "container"} else {}
    query |= {"verbose": "true"} if parsed.is_on("verbose") else {}
    query |= platform_query(parsed)
    path = _PATHS[kind or "container"]
    operations = tuple(Operation("GET", path.format(name.removeprefix("/")), query) for name in parsed.args)
    notes = format_notes(parsed) + ((_SEARCH_NOTE,) if kind is None else ())
    return Parts(Inspect(parsed.args, kind, size), operations, found, notes)


def _inspect_kind(parsed: Parsed) -> InspectKind | None:
    first = parsed.name[0] if len(parsed.name) > 1 else parsed.last("type")
    if not first:
        return None
    if first not in _KINDS:
        raise UnsupportedCommandError(
            Text(
                en=f"Objects of type `{first}` are not inspected here; container, image, volume and "
                "network are.",
                zh=f"这里不能查看 `{first}` 类型的对象；可以查看 container、image、volume 和 network。",
            ),
            word=first,
        )
    return _KINDS[first]


def _inspected(name: str, kind: InspectKind | None) -> tuple[Placeholder, ...]:
    if kind in {"container", "volume", "network"}:
        return named_objects([name], "container" if kind == "container" else "text")
    if found := placeholders.find_in(name, "image" if kind == "image" else "text"):
        return found
    parse_reference(
        name.removeprefix("sha256:") if re.fullmatch(r"sha256:[0-9a-f]+", name) else name.lstrip("/")
    )
    return ()


def platform_query(parsed: Parsed) -> dict[str, str]:
    """``--platform`` as the Engine takes it, as JSON; empty where there is none."""
    value = parsed.last("platform")
    if not value:
        return {}
    if not re.fullmatch(r"[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9]+)?", value):
        raise CommandSyntaxError(
            Text(
                en=f"`{value}` is no platform such as `linux/amd64`.",
                zh=f"`{value}` 不是平台名，例如 `linux/amd64`。",
            ),
            word=value,
        )
    names = dict(zip(("os", "architecture", "variant"), value.split("/"), strict=False))
    return {"platform": json.dumps(names, sort_keys=True, separators=(",", ":"))}
