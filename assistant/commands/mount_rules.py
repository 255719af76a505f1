"""Rules for everything that brings files into a container: binds, volumes, tmpfs.

Source: how the Engine reads ``Binds`` (``source:target[:mode]``) and ``Mounts``, Engine API v1.50.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.commands.files import inside_workspace, real_path
from assistant.commands.rule_context import FORM, Context, Rule
from assistant.commands.special_files import SOCKET, why_special
from assistant.values import Reason
from knowledge.language import Text

_RUN_ID = re.compile(r"\{run\}|[0-9a-f]{1,32}")
_VOLUME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Mounted:
    """One entry of Binds or Mounts, as the Engine understands it; ``source`` empty where anonymous."""

    kind: str
    source: str
    target: str
    modes: tuple[str, ...] = ()
    read_only: bool = False


def parse_bind(bind: str) -> Mounted:
    """An entry of HostConfig.Binds.

    Raises:
        ValueError: the Engine would not take it.
    """
    parts = bind.split(":")
    if len(parts) not in {2, 3} or "" in parts or "\0" in bind:
        raise ValueError(bind)
    modes = tuple(parts[2].split(",")) if len(parts) == 3 else ()
    kind = "bind" if parts[0].startswith("/") else "volume"
    return Mounted(kind, parts[0], parts[1], modes, "ro" in modes)


def mounted(host: Mapping[str, Any]) -> Iterator[Mounted]:
    """Every bind, volume and tmpfs of a HostConfig.

    Raises:
        ValueError: an entry the Engine would not take.
    """
    for bind in host.get("Binds") or ():
        yield parse_bind(bind)
    for mount in host.get("Mounts") or ():
        source, target = mount.get("Source") or "", mount.get("Target") or ""
        yield Mounted(mount.get("Type") or "", source, target, (), mount.get("ReadOnly") is True)


# ---- rules


def _binds(value: Any, context: Context) -> Text | None:
    for bind in value or ():
        try:
            entry = parse_bind(bind)
        except (ValueError, AttributeError):
            return Text(en=f"`{bind}` is not `source:target[:ro]`", zh=f"`{bind}` 不是 `来源:目标[:ro]`")
        if wrong := [mode for mode in entry.modes if mode not in context.policy.bind_modes]:
            return Text(en=f"the mode `{wrong[0]}` is not listed", zh=f"挂载方式 `{wrong[0]}` 不在允许之列")
        if (why := _judge(entry, context)) is not None:
            return why
    return None


_MOUNT_KEYS = {
    "Type",
    "Source",
    "Target",
    "ReadOnly",
    "Consistency",
    "BindOptions",
    "VolumeOptions",
    "TmpfsOptions",
}
_BIND_SWITCHES = {"NonRecursive", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive", "CreateMountpoint"}


def _mounts(value: Any, context: Context) -> Text | None:
    for mount in value or ():
        kind = mount.get("Type")
        if kind not in {"bind", "volume", "tmpfs"} or not set(mount) <= _MOUNT_KEYS:
            return Text(en=f"mounts of type `{kind}` are not listed", zh=f"`{kind}` 类型的挂载不在允许之列")
        if not isinstance(mount.get("ReadOnly", False), bool):
            return FORM
        source, target = mount.get("Source") or "", mount.get("Target") or ""
        entry = Mounted(kind, source, target, (), mount.get("ReadOnly") is True)
        why = _options(mount, context) or _judge(entry, context)
        if why is not None:
            return why
    return None


def _options(mount: Mapping[str, Any], context: Context) -> Text | None:
    bind = mount.get("BindOptions") or {}
    if bind.get("Propagation", "") not in {"", "rprivate", "private"}:
        return Text(en="mounts would pass between it and this machine", zh="挂载会在它与本机之间传播")
    if not set(bind) <= _BIND_SWITCHES | {"Propagation"}:
        return FORM
    tmpfs = mount.get("TmpfsOptions") or {}
    if not set(tmpfs) <= {"SizeBytes", "Mode"} or any(
        not isinstance(number, int) for number in tmpfs.values()
    ):
        return FORM
    volume = mount.get("VolumeOptions") or {}
    driver = volume.get("DriverConfig") or {}
    if driver.get("Options") or driver.get("Name", "") not in {"", "local"}:
        return Text(
            en="volume options can mount any disk or folder of this machine, also without saying so",
            zh="数据卷选项可以挂载本机的任何磁盘或目录，即使没有明说",
        )
    if not set(driver) <= {"Name", "Options"} or not set(volume) <= {"NoCopy", "Labels", "DriverConfig"}:
        return FORM
    ours = {context.policy.owner_label: context.policy.owner} if context.final else {}
    labels = volume.get("Labels") or {}
    prefix = context.policy.owner_label.split(".")[0] + "."
    forged = any(
        name.casefold().startswith(prefix)
        and ours.get(name) != text
        and not (context.final and name == context.policy.run_label and _RUN_ID.fullmatch(text))
        for name, text in labels.items()
    )
    return FORM if forged else None


def _volumes(value: Any, context: Context) -> Text | None:
    for target, setting in (value or {}).items():
        if setting:
            return FORM
        if (why := _target(target)) is not None:
            return why
    return None


def _tmpfs(value: Any, context: Context) -> Text | None:
    for target, options in (value or {}).items():
        if (why := _target(target)) is not None:
            return why
        for option in filter(None, options.split(",")):
            name, equals, setting = option.partition("=")
            listed = context.policy.tmpfs_settings if equals else context.policy.tmpfs_options
            if name not in listed or (equals and not re.fullmatch(r"[0-9]{1,15}[kmgKMG%]?", setting)):
                return Text(
                    en=f"the tmpfs option `{option}` is not listed", zh=f"tmpfs 选项 `{option}` 不在允许之列"
                )
    return None


RULES: dict[str, Rule] = {"binds": _binds, "mounts": _mounts, "volumes": _volumes, "tmpfs": _tmpfs}


# ---- one mount


def _judge(entry: Mounted, context: Context) -> Text | None:
    if (why := _target(entry.target)) is not None:
        return why
    if entry.kind == "tmpfs":
        return FORM if entry.source else None
    if entry.kind == "volume":
        if not entry.source or _VOLUME.fullmatch(entry.source):
            return None
        return Text(
            en=f"`{entry.source}` is neither a folder in the workspace (write it as `./name`) nor a "
            "volume's name",
            zh=f"`{entry.source}` 既不是工作区内的目录（请写成 `./名称`），也不是数据卷名",
        )
    if not entry.read_only and not context.policy.writable_folders:
        return Text(
            en=f"the policy ({context.policy.profile}) gives folders to read only; add `:ro`",
            zh=f"策略（{context.policy.profile}）只允许以只读方式挂载目录；请加上 `:ro`",
        )
    return _bind_source(entry.source, context)


def _target(target: str) -> Text | None:
    plain = os.path.normpath(target).replace("//", "/")
    if not target.startswith("/") or ".." in target.split("/") or "\0" in target or plain == "/":
        return Text(
            en=f"`{target}` is no place in the container to mount to", zh=f"`{target}` 不是容器内可挂载的位置"
        )
    if re.match(r"/(?:proc|sys|dev(?!/shm))(?:/|$)", plain):
        return Text(en=f"`{target}` belongs to the kernel's own folders", zh=f"`{target}` 属于内核目录")
    return None


def _bind_source(source: str, context: Context) -> Text | None:
    if source.endswith(".sock") or real_path(source) in _sockets(context):
        return SOCKET
    path = inside_workspace(source, context.workspace)
    if path is None:
        return Text(
            en=f"`{source}` lies outside the workspace ({context.workspace}), or is reached through a link",
            zh=f"`{source}` 位于工作区（{context.workspace}）之外，或经由链接到达",
        )
    if context.final and path != source:
        return Text(en=f"`{source}` is not the real path `{path}`", zh=f"`{source}` 不是真实路径 `{path}`")
    return _special_file(path, context)


def _sockets(context: Context) -> set[str]:
    return {real_path(socket) for socket in context.policy.sockets}


def _special_file(path: str, context: Context) -> Text | None:
    """Why a path that lies in the workspace is refused after all: a socket or device is, or lies, there."""
    if any(socket.startswith(path.rstrip("/") + "/") for socket in _sockets(context)):
        return SOCKET
    return why_special(path)


# ---- mounts together


def judge_together(host: Mapping[str, Any], context: Context) -> list[Reason]:
    """What several mounts, or a mount and a restart policy, would do that one alone does not."""
    try:
        binds = [entry for entry in mounted(host) if entry.kind == "bind"]
    except (ValueError, AttributeError, TypeError, LookupError):
        return []  # said already, entry by entry
    reasons = []
    restart = host.get("RestartPolicy")
    name = restart.get("Name") if isinstance(restart, Mapping) else restart
    if binds and name not in (None, "", "no"):
        reasons.append(
            _together(
                "body.restart-with-binds",
                "A container that restarts must not have folders of the workspace: it could swap "
                "them for links "
                "in between. Leave out `--restart` or the folder.",
                "会自动重启的容器不能挂载工作区目录：它可能在重启之间把目录换成链接。请去掉 "
                "`--restart` 或目录挂载。",
            )
        )
    writable = {real_path(entry.source) for entry in binds if not entry.read_only}
    for inner in binds:
        if any(str(folder) in writable for folder in Path(real_path(inner.source)).parents):
            reasons.append(
                _together(
                    "body.bind-below-bind",
                    f"`{inner.source}` lies below another folder that the container can write; it "
                    "could swap it "
                    "for a link. Mount the outer folder read-only (`:ro`), or only one of the two.",
                    f"`{inner.source}` 位于容器可写的另一个目录之下；容器可能把它换成链接。"
                    "请把外层目录设为只读（`:ro`），或只挂载其中一个。",
                )
            )
            break
    return reasons


def _together(rule: str, en: str, zh: str) -> Reason:
    return Reason(rule, Text(en=en, zh=zh))
