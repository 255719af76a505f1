"""What could be filled in for a placeholder: names the Engine knows, ports that are free, files at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.execution.clean import clean
from assistant.protocols import Engine
from assistant.values import JsonObject, PlaceholderKind

MOST = 20
"""A form offers at most so many."""

_PORTS = ("8080:80", "8888:8888", "3000:3000", "5000:5000", "8000:8000", "9000:9000")


def candidates(engine: Engine, kind: PlaceholderKind, workspace: Path) -> tuple[str, ...]:
    """Values that fit a placeholder of a kind, best first, at most ``MOST``; data to show, each one word.

    Containers are named running ones first, images by their tags, ports as ``here:container`` without
    those a container holds already, paths as the folders and files of the workspace. Nothing for ``text``.

    Raises:
        EngineUnavailableError: no Engine answers.
    """
    match kind:
        case "container":
            found: Iterable[str] = _containers(engine.list_containers(all=True))
        case "image":
            found = _images(engine.list_images())
        case "port":
            taken = set(_taken(engine.list_containers()))
            found = (port for port in _PORTS if port.partition(":")[0] not in taken)
        case "path":
            found = _paths(workspace)
        case _:
            found = ()
    plain = (name for name in found if name == clean(name) and not name.startswith("-"))
    return tuple(dict.fromkeys(plain))[:MOST]


def _containers(listed: list[JsonObject]) -> Iterator[str]:
    for container in sorted(listed, key=lambda one: one.get("State") != "running"):
        names = container.get("Names") or ()
        yield str(names[0]).lstrip("/") if names else str(container.get("Id", ""))[:12]


def _images(listed: list[JsonObject]) -> Iterator[str]:
    for image in listed:
        for tag in image.get("RepoTags") or ():
            if "<none>" not in tag:
                yield str(tag)


def _taken(listed: list[JsonObject]) -> Iterator[str]:
    for container in listed:
        ports: Any = container.get("Ports") or ()
        for port in ports:
            yield str(port.get("PublicPort", ""))


def _paths(workspace: Path) -> Iterator[str]:
    try:
        entries = sorted(workspace.iterdir(), key=lambda path: (path.is_file(), path.name))
    except OSError:
        return
    for entry in entries:
        if not entry.is_symlink() and not entry.name.startswith("."):
            yield f"./{entry.name}"
