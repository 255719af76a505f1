"""Mounts as run: folders by their real path, volumes with our label."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.commands.files import inside_workspace
from assistant.commands.mount_rules import Mounted, parse_bind
from assistant.commands.policy import Policy
from assistant.commands.rule_context import RUN


def bound_files(host: dict[str, Any], policy: Policy, workspace: Path, set_key: Callable[..., None]) -> None:
    """Rewrites Binds and Mounts of a HostConfig through ``set_key``.

    Named volumes move from Binds to Mounts, because only there can a volume that does not exist yet
    be given a label.
    """
    label = {policy.owner_label: policy.owner, policy.run_label: RUN}
    binds: list[str] = []
    mounts = [_bounded_mount(mount, label, workspace) for mount in host.get("Mounts") or ()]
    for bind in host["Binds"] or ():
        entry = parse_bind(bind)
        if entry.kind == "volume":
            mounts.append(_volume_mount(entry, label))
        else:
            source = inside_workspace(entry.source, workspace) or entry.source
            binds.append(":".join([source, entry.target, *([",".join(entry.modes)] if entry.modes else [])]))
    set_key(
        "Binds",
        binds or None,
        "Folders are named by their real path.",
        "目录以真实路径表示。",
        silent=not binds,
    )
    if mounts:
        set_key("Mounts", mounts, "Volumes made by this are marked as ours.", "由此创建的数据卷会加上标记。")


def _volume_mount(entry: Mounted, label: dict[str, str]) -> dict[str, Any]:
    mount: dict[str, Any] = {"Type": "volume", "Source": entry.source, "Target": entry.target}
    if entry.read_only:
        mount["ReadOnly"] = True
    mount["VolumeOptions"] = {"Labels": dict(label)}
    if "nocopy" in entry.modes:
        mount["VolumeOptions"]["NoCopy"] = True
    return mount


def _bounded_mount(mount: dict[str, Any], label: dict[str, str], workspace: Path) -> dict[str, Any]:
    if mount["Type"] == "volume":
        options = dict(mount.get("VolumeOptions") or {})
        return {**mount, "VolumeOptions": {**options, "Labels": {**options.get("Labels", {}), **label}}}
    if mount["Type"] == "bind" and mount.get("Source"):
        return {**mount, "Source": inside_workspace(mount["Source"], workspace) or mount["Source"]}
    return mount
