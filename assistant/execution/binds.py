"""Folders of the host in several containers at once: none may hold a folder that another could swap.

A container that can write a folder can put a link in the place of anything in it. Were a path below
it then given to another container, the link would be followed on the host, out of the workspace.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.commands.files import real_path
from assistant.errors import ExecutionError, RefusedPlanError
from assistant.protocols import Engine
from assistant.values import JsonObject
from knowledge.language import Text

Bind = tuple[str, bool]
"""A folder of the host, and whether the container can write it."""

_NOT_ENDED = {"status": ["created", "running", "restarting", "paused"]}
_PATIENCE_SECONDS = 60.0


def binds_of(body: JsonObject) -> list[Bind]:
    """The folders that a create body brings into its container.

    Raises:
        RefusedPlanError: one is written in no form that is known.
    """
    from assistant.commands.mount_rules import mounted

    try:
        entries = list(mounted(body.get("HostConfig") or {}))
    except (ValueError, AttributeError, TypeError, LookupError) as error:
        raise RefusedPlanError(
            Text(
                "A folder of this container is not written in a known form.", "该容器的某个目录写法无法识别。"
            )
        ) from error
    return [(entry.source, not entry.read_only) for entry in entries if entry.kind == "bind"]


def mounts(container: JsonObject) -> list[Bind]:
    """The folders of the host in a container that was listed or inspected."""
    return [
        (str(mount.get("Source") or ""), mount.get("RW") is not False)
        for mount in container.get("Mounts") or ()
        if mount.get("Type") == "bind"
    ]


def check_others(engine: Engine, binds: list[Bind], *, but: str = "") -> None:
    """Looks at the containers that have not ended; to be done with the lock held, just before a start.

    ``but`` is the id of the container that is to be started itself.

    Raises:
        RefusedPlanError: one of them could swap one of these folders, or the other way round.
    """
    for container in engine.list_containers(all=True, filters=_NOT_ENDED) if binds else ():
        if container.get("Id") == but:
            continue
        theirs = mounts(container)
        clash = _below(binds, theirs) or _below(theirs, binds)
        if clash is not None:
            raise _refused(container, *clash)


def check_each_other(container: JsonObject, binds: list[Bind]) -> None:
    """Looks at the folders of one container: while it ends to be started again, it still runs.

    Raises:
        RefusedPlanError: it could swap one of them through another.
    """
    clash = _below(binds, binds)
    if clash is not None:
        raise _refused({**container, "Names": [container.get("Name", "")]}, *clash)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Holds a lock file: no other run, here or in another process, looks and creates meanwhile.

    Raises:
        ExecutionError: another run holds it for too long, or it cannot be made.
    """
    held = FileLock(lock, thread_local=False)
    try:
        held.acquire(timeout=_PATIENCE_SECONDS)
    except (Timeout, OSError) as error:
        raise ExecutionError(
            Text(
                "Another run is just being started and does not end with that. Try again.",
                "另一个运行正在启动，一直没有完成。请重试。",
            )
        ) from error
    try:
        yield
    finally:
        held.release()


def _below(inner: list[Bind], outer: list[Bind]) -> tuple[str, str] | None:
    """A folder of the first that lies below one that the second can write, and that one."""
    writable = {real_path(source): source for source, writes in outer if writes}
    for source, _ in inner:
        for parent in Path(real_path(source)).parents:
            if str(parent) in writable:
                return source, writable[str(parent)]
    return None


def _refused(container: JsonObject, inner: str, outer: str) -> RefusedPlanError:
    names = container.get("Names") or [container.get("Id", "")[:12]]
    name = str(names[0]).lstrip("/")
    return RefusedPlanError(
        Text(
            f"The container {name} has not ended, and {inner} lies below {outer}, which can be written from "
            f"a container: it could be swapped for a link. Stop and remove {name} first, or mount the outer "
            "folder read-only (`:ro`).",
            f"容器 {name} 尚未结束，而 {inner} 位于容器可写的 {outer} 之下，可能被换成链接。"
            f"请先停止并删除 {name}，或把外层目录设为只读（`:ro`）。",
        )
    )
