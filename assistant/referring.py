"""What "it" is: the container, image, volume or network a conversation's commands are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from assistant.values import (
    Inspect,
    OtherCommand,
    Plan,
    PullImage,
    ReadLogs,
    RemoveContainers,
    RunContainer,
    StopContainers,
    SuggestedCommand,
)
from knowledge.language import Text

ObjectKind = Literal["container", "image", "volume", "network"]

NOUNS: dict[ObjectKind, Text] = {
    "container": Text(en="container", zh="容器"),
    "image": Text(en="image", zh="镜像"),
    "volume": Text(en="volume", zh="数据卷"),
    "network": Text(en="network", zh="网络"),
}
"""How each kind of object is called in a question."""

_OF_CONTAINERS = frozenset(
    {"start", "restart", "kill", "pause", "unpause", "wait", "attach", "rename", "top", "port", "diff"}
    | {"exec", "export", "commit", "update", "stats"}
)
_OF_IMAGES = frozenset({"push", "tag", "rmi", "history", "save"})


@dataclass(frozen=True, slots=True)
class Named:
    """An object a command is about; ``name`` is empty where the command gives none, or a placeholder."""

    kind: ObjectKind
    name: str = ""


def objects_of(plan: Plan) -> tuple[Named, ...]:
    """The objects one docker line is about, the one it is mainly about first."""
    waiting = {placeholder.text for placeholder in plan.placeholders}
    return tuple(
        Named(one.kind, "" if any(text in one.name for text in waiting) else one.name)
        for one in _objects(plan)
    )


def _objects(plan: Plan) -> Iterator[Named]:
    match plan.action:
        case RunContainer(image=image, name=name):
            yield Named("container", name or "")
            yield Named("image", image)
        case StopContainers(containers=names) | RemoveContainers(containers=names):
            yield from (Named("container", name) for name in names)
        case ReadLogs(container=name):
            yield Named("container", name)
        case PullImage(reference=name):
            yield Named("image", name)
        case Inspect(names=names, kind=kind):
            yield from (Named(kind or "container", name) for name in names)
        case OtherCommand(name=name, args=args):
            yield from _others(name, args, plan.argv)


def _others(name: str, args: Sequence[str], argv: Sequence[str]) -> Iterator[Named]:
    first = args[0] if args else ""
    if name in _OF_CONTAINERS:
        yield Named("container", first)
    elif name in _OF_IMAGES:
        yield Named("image", first)
    elif name == "build":
        tags = [word for flag, word in pairwise(argv) if flag in {"-t", "--tag"}]
        yield Named("image", tags[0] if tags else "")
    elif name == "cp":
        yield from (Named("container", arg.partition(":")[0]) for arg in args if ":" in arg)
    elif name.startswith("network "):
        yield Named("network", first)
        yield from (Named("container", arg) for arg in args[1:])
    elif name.startswith("volume "):
        yield Named("volume", first)


def known_object(
    commands: Sequence[SuggestedCommand], kind: ObjectKind | None, *, named: bool = False
) -> Named | None:
    """The object the first of these commands is about that is of this kind (None: of any kind).

    ``named`` leaves out objects without a name.
    """
    for suggested in commands:
        for one in objects_of(suggested.verdict.plan) if suggested.verdict.plan else ():
            if kind in (None, one.kind) and (one.name or not named):
                return one
    return None
