"""Containers that reach beyond themselves: what others made may be given anything, and ours change.

A container of ours holds folders of the workspace only. Its folders are looked up anew by the Engine at
every start, so they are looked at again before each: see ``binds``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.commands.files import inside_workspace
from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.binds import check_each_other, check_others, mounts
from assistant.protocols import Engine
from assistant.values import JsonObject
from knowledge.language import Text


def check_reach(engine: Engine, container: JsonObject, workspace: Path) -> None:
    """Looks at a container before a program in it is started, or files in it are written.

    Source of the settings: Engine API, HostConfig; CIS Docker Benchmark, sections 5.4 to 5.31.

    Raises:
        RefusedPlanError: it rules this machine, or sees a folder outside the workspace.
    """
    host = container.get("HostConfig") or {}
    modes = [
        str(host.get(key) or "") for key in ("NetworkMode", "PidMode", "IpcMode", "UTSMode", "UsernsMode")
    ]
    caps = {str(name).upper().removeprefix("CAP_") for name in host.get("CapAdd") or ()}
    what = (
        ("Privileged" if host.get("Privileged") else "")
        or ("host" if "host" in modes else "")
        or next((str(device.get("PathOnHost")) for device in host.get("Devices") or ()), "")
        or next((str(rule) for rule in host.get("DeviceCgroupRules") or ()), "")
        or next((key for key in ("MaskedPaths", "ReadonlyPaths") if host.get(key) == []), "")
        or next(iter(sorted(caps & _STRONG)), "")
        or next(iter(_options(host)), "")
        or next(_of_this_machine(engine, container, workspace), "")
    )
    if what:
        name = str(container.get("Name", "")).lstrip("/")
        raise RefusedPlanError(
            Text(
                f"The container {name} reaches beyond itself ({what}): what runs in it could rule "
                "this machine. "
                "docknotes starts nothing in it and writes no files into it; use a terminal of your own.",
                f"容器 {name} 的权限超出自身范围（{what}）：其中的程序可能控制本机。docknotes 不会在其中启动"
                "程序，也不会写入文件；请使用自己的终端。",
            )
        )


def check_copied_from(engine: Engine, container: JsonObject, workspace: Path) -> None:
    """Looks at a container before files are copied out of it; a link in it may lead to any of its folders.

    Raises:
        RefusedPlanError: it sees files of this machine that lie outside the workspace.
    """
    seen = next(_of_this_machine(engine, container, workspace), "")
    if seen:
        name = str(container.get("Name", "")).lstrip("/")
        raise RefusedPlanError(
            Text(
                f"The container {name} sees {seen} of this machine, outside the workspace; docknotes copies "
                "nothing out of it. Use a terminal of your own.",
                f"容器 {name} 能看到本机工作区之外的 {seen}；docknotes 不会从中复制文件。请使用自己的终端。",
            )
        )


def check_start(engine: Engine, container: JsonObject, workspace: Path) -> None:
    """Looks at a container before it is started again; to be done with the lock held.

    Raises:
        RefusedPlanError: see ``check_reach``; or it, or another container, could swap one of its folders.
    """
    check_reach(engine, container, workspace)
    check_each_other(container, mounts(container))
    check_others(engine, mounts(container), but=str(container["Id"]))


def _inside(source: str, workspace: Path) -> bool:
    return inside_workspace(source, workspace) is not None


def _options(host: JsonObject) -> list[str]:
    """Volumes with driver options, loosened confinement, other runtimes."""
    found = [
        str(mount.get("Source") or mount.get("Target"))
        for mount in host.get("Mounts") or ()
        if ((mount.get("VolumeOptions") or {}).get("DriverConfig") or {}).get("Options")
    ]
    found += [
        option for option in host.get("SecurityOpt") or () if "unconfined" in option or "disable" in option
    ]
    found += [str(host["CgroupParent"])] if host.get("CgroupParent") else []
    return found


def _of_this_machine(engine: Engine, container: JsonObject, workspace: Path) -> Iterator[str]:
    """Folders outside the workspace, and volumes that can be any of them: see ``volumes.existing``."""
    yield from (source for source, _ in mounts(container) if not _inside(source, workspace))
    for mount in container.get("Mounts") or ():
        if mount.get("Type") == "volume":
            name = str(mount.get("Name") or "")
            try:
                volume = engine.inspect("volume", name)
            except ObjectMissingError:
                continue
            if volume.get("Options") or volume.get("Driver") not in {None, "local"}:
                yield name


_STRONG = frozenset(
    {
        "ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_BOOT", "SYS_TIME",
        "DAC_READ_SEARCH",
        "NET_ADMIN", "BPF", "PERFMON", "MAC_ADMIN", "MAC_OVERRIDE", "SYSLOG", "MKNOD", "AUDIT_CONTROL",
    }
)  # fmt: skip
"""Capabilities that reach beyond the container; source: capabilities(7)."""
