"""Named volumes a container would use: found in its body, looked at on the Engine before it is made.

A volume's name says nothing of what it is: one made with driver options can be a folder, a disk or
``/proc`` of the host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.session import is_owned
from assistant.protocols import Engine
from assistant.values import Created, JsonObject, Touched
from knowledge.language import Text


def named_volumes(body: JsonObject) -> dict[str, bool]:
    """Names of the volumes a container-create body mounts, and whether it can write to each."""
    host = body.get("HostConfig") or {}
    found: dict[str, bool] = {}
    for name, writes in (*_mounts(host), *_binds(host)):
        found[name] = found.get(name, False) or writes
    return found


def _mounts(host: Mapping[str, object]) -> Iterator[tuple[str, bool]]:
    mounts = host.get("Mounts")
    for mount in mounts if isinstance(mounts, list | tuple) else ():
        if mount.get("Type") == "volume" and mount.get("Source"):
            yield str(mount["Source"]), not mount.get("ReadOnly")


def _binds(host: Mapping[str, object]) -> Iterator[tuple[str, bool]]:
    binds = host.get("Binds")
    for bind in binds if isinstance(binds, list | tuple) else ():
        source, *rest = str(bind).split(":")
        if rest and not source.startswith("/"):
            yield source, "ro" not in rest[-1].split(",")


def existing(engine: Engine, names: Mapping[str, bool]) -> dict[str, JsonObject]:
    """Those that are there already, with the Engine's description.

    Raises:
        RefusedPlanError: one of them is more than a plain volume.
    """
    found: dict[str, JsonObject] = {}
    for name in names:
        try:
            volume = engine.inspect("volume", name)
        except ObjectMissingError:
            continue
        if volume.get("Driver") != "local" or volume.get("Options"):
            raise RefusedPlanError(
                Text(
                    f"The volume {name} was made with a driver or driver options of its own, so it can be "
                    "any part of this machine. Use another volume.",
                    f"卷 {name} 使用了特殊的驱动或驱动选项，可能对应本机的任意位置。请换用其他卷。",
                )
            )
        found[name] = volume
    return found


def touched_volumes(engine: Engine, body: JsonObject) -> Iterator[Touched]:
    """Volumes that are there already and that a container would see, to read them only or to write."""
    for name, volume in existing(engine, named_volumes(body)).items():
        yield Touched("volume", name, name, is_owned(volume.get("Labels")))


def stamps(engine: Engine, body: JsonObject) -> dict[str, str]:
    """The volumes that are there already, each with what tells it from a later one of the same name."""
    return {name: stamp_of(volume) for name, volume in existing(engine, named_volumes(body)).items()}


def stamp_of(volume: JsonObject) -> str:
    """What tells a volume from a later one of the same name."""
    return f"{volume.get('CreatedAt')} {sorted((volume.get('Labels') or {}).items())}"


def unnamed_volumes(container: JsonObject) -> list[str]:
    """The volumes that came into being with a container, without a name of their own, by its description."""
    mounts = [mount for mount in container.get("Mounts") or () if mount.get("Type") == "volume"]
    names = [str(mount.get("Name", "")) for mount in mounts]
    return [name for name in names if _RANDOM.fullmatch(name)]


def is_unnamed(created: Created) -> bool:
    """Whether an object is such a volume: its name was drawn by the Engine, and is never given again."""
    return created.kind == "volume" and _RANDOM.fullmatch(created.name) is not None


_RANDOM = re.compile(r"[0-9a-f]{64}")


def check_known(known: Mapping[str, JsonObject], approved: Mapping[str, str]) -> None:
    """Looks at volumes that are there just before a container is made that would see them.

    Raises:
        RefusedPlanError: one was made by somebody else since the person approved.
    """
    for name, volume in known.items():
        if not is_owned(volume.get("Labels")) and approved.get(name) != stamp_of(volume):
            raise _came_since(name)


def check_new(engine: Engine, names: Iterable[str]) -> None:
    """Looks at volumes that came into being with a container: they must be ours.

    Raises:
        RefusedPlanError: somebody else made one at the same moment.
    """
    for name, volume in existing(engine, dict.fromkeys(names, True)).items():
        if not is_owned(volume.get("Labels")):
            raise _came_since(name)


def _came_since(name: str) -> RefusedPlanError:
    return RefusedPlanError(
        Text(
            f"The volume {name} was made by somebody else since you approved; look at the command again.",
            f"批准之后，有其他程序创建了卷 {name}；请重新查看这条命令。",
        )
    )
