"""``volumes``, ``tmpfs``, ``secrets`` and ``configs`` of a service to what ``docker run`` would mount.

Source: Compose specification, services, volumes.
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.commands.files import inside_workspace
from assistant.commands.quantities import parse_bytes
from assistant.compose import forms
from assistant.compose.problems import WrongKeyError

MOST_MOUNTS = 50
_LONG = {"type", "source", "target", "read_only", "consistency", "bind", "volume", "tmpfs"}


@dataclass(slots=True)
class Mounts:
    """What a service mounts: values of ``-v`` and ``--tmpfs``, entries of Mounts, and the volumes in use.

    ``spelt`` is all that stands under ``volumes`` in the long form.
    """

    binds: list[str] = field(default_factory=list)
    tmpfs: list[str] = field(default_factory=list)
    mounts: list[dict[str, Any]] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    spelt: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Places:
    """Where paths of a file lie: its folder, the workspace, and the Engine's names of its volumes."""

    folder: Path
    workspace: Path
    volumes: Mapping[str, str]

    def on_host(self, path: str) -> str:
        """A path of this machine, made absolute; whether it may be used is judged later.

        Raises:
            WrongKeyError: it begins with somebody's home folder.
        """
        if path.startswith("~"):
            raise WrongKeyError(
                f"`{path}` lies in a home folder, outside the workspace; copy it into the workspace.",
                f"`{path}` 位于主目录，在工作区之外；请复制到工作区内。",
            )
        return path if path.startswith("/") else os.path.normpath(f"{self.folder}/{path}")

    def volume(self, name: str) -> str:
        """The Engine's name of a volume of the file.

        Raises:
            WrongKeyError: the file does not list it.
        """
        if name not in self.volumes:
            raise WrongKeyError(
                f"the volume `{name}` is not listed under `volumes` at the top of the file (a folder is "
                f"written `./{name}`).",
                f"文件顶层的 `volumes` 中没有列出数据卷 `{name}`（目录应写成 `./{name}`）。",
            )
        return self.volumes[name]


def add_volumes(found: Mounts, value: Any, places: Places) -> None:
    """Adds what ``volumes`` of a service says, short and long."""
    if not isinstance(value, list):
        raise WrongKeyError("a list is needed here.", "这里需要列表。")
    if len(value) > MOST_MOUNTS:
        raise WrongKeyError(f"there are more than {MOST_MOUNTS}.", f"超过 {MOST_MOUNTS} 个。")
    for item in value:
        if isinstance(item, dict):
            _long(found, item, places)
        else:
            _short(found, forms.text(item), places)
        found.spelt.append(_spelt(item, places))


def _short(found: Mounts, written: str, places: Places) -> None:
    source, colon, rest = written.partition(":")
    if not colon:
        found.binds.append(written)
    elif source.startswith((".", "/", "~")):
        found.binds.append(f"{places.on_host(source)}:{rest}")
    else:
        found.binds.append(f"{places.volume(source)}:{rest}")
        found.used.append(source)


def _spelt(item: Any, places: Places) -> dict[str, Any]:
    """An entry in the long form, paths absolute."""
    if isinstance(item, dict):
        source = {"source": places.on_host(forms.text(item["source"]))} if item.get("type") == "bind" else {}
        return {"type": "volume", **item, **source}
    source_text, colon, rest = forms.text(item).partition(":")
    if not colon:
        return {"type": "volume", "target": source_text, "volume": {}}
    target, _, modes = rest.partition(":")
    read_only = {"read_only": True} if "ro" in modes.split(",") else {}
    if source_text.startswith((".", "/", "~")):
        where = {"type": "bind", "source": places.on_host(source_text), "target": target}
        return {**where, **read_only, "bind": {"create_host_path": True}}
    return {"type": "volume", "source": source_text, "target": target, **read_only, "volume": {}}


def _long(found: Mounts, item: dict[str, Any], places: Places) -> None:
    forms.known_keys(item, _LONG, "volumes.")
    kind = forms.text(item.get("type", "volume"))
    target = forms.text(item.get("target"))
    mount: dict[str, Any] = {"Type": kind, "Target": target}
    if "read_only" in item and forms.switch(item["read_only"]):
        mount["ReadOnly"] = True
    if kind == "tmpfs":
        mount |= _tmpfs_options(forms.mapping(item.get("tmpfs")))
    elif kind == "bind":
        mount["Source"] = places.on_host(forms.text(item.get("source")))
        _bind_options(found, mount, forms.mapping(item.get("bind")))
        return
    elif kind == "volume":
        if item.get("source") is not None:
            name = forms.text(item["source"])
            mount["Source"] = places.volume(name)
            found.used.append(name)
        options = forms.mapping(item.get("volume"))
        forms.known_keys(options, {"nocopy"}, "volumes.volume.")
        if forms.switch(options.get("nocopy", False)):
            mount["VolumeOptions"] = {"NoCopy": True, "DriverConfig": {}}
    else:
        raise WrongKeyError(
            f"mounts of type `{kind}` are not carried out here.", f"这里不支持 `{kind}` 类型的挂载。"
        )
    found.mounts.append(mount)


def _tmpfs_options(options: dict[str, Any]) -> dict[str, Any]:
    forms.known_keys(options, {"size", "mode"}, "volumes.tmpfs.")
    made: dict[str, Any] = {}
    if "size" in options:
        made["SizeBytes"] = parse_bytes("tmpfs.size", forms.text(options["size"]))
    if "mode" in options:
        made["Mode"] = forms.whole(options["mode"])
    return {"TmpfsOptions": made} if made else {}


def _bind_options(found: Mounts, mount: dict[str, Any], options: dict[str, Any]) -> None:
    """A folder of this machine; where it may be made when it is missing, docker's short form does that."""
    forms.known_keys(options, {"create_host_path", "propagation", "selinux"}, "volumes.bind.")
    if "selinux" in options:
        raise WrongKeyError(
            "`bind.selinux` relabels files of this machine.", "`bind.selinux` 会改动本机文件的标签。"
        )
    if forms.switch(options.get("create_host_path", False)) and ":" not in mount["Source"]:
        mode = ":ro" if mount.get("ReadOnly") else ""
        found.binds.append(f"{mount['Source']}:{mount['Target']}{mode}")
        return
    if "propagation" in options:
        mount["BindOptions"] = {"Propagation": forms.text(options["propagation"])}
    found.mounts.append(mount)


# ---- files that are given to a service


def add_files(found: Mounts, value: Any, listed: Mapping[str, str], kind: str) -> None:
    """Adds the ``secrets`` or ``configs`` of a service: files of the workspace, to read only.

    ``listed`` are the real paths of those the file lists at its top.
    """
    if not isinstance(value, list):
        raise WrongKeyError("a list is needed here.", "这里需要列表。")
    for item in value:
        entry = item if isinstance(item, dict) else {"source": item}
        forms.known_keys(entry, {"source", "target", "mode", "uid", "gid"}, f"{kind}.")
        name = forms.text(entry.get("source"))
        if name not in listed:
            raise WrongKeyError(
                f"`{name}` is not listed under `{kind}` at the top of the file.",
                f"文件顶层的 `{kind}` 中没有列出 `{name}`。",
            )
        target = forms.text(entry.get("target", name))
        if not target.startswith("/"):
            target = f"/run/secrets/{target}" if kind == "secrets" else f"/{target}"
        mount = {"Type": "bind", "Source": listed[name], "Target": target, "ReadOnly": True}
        found.mounts.append(mount)


def listed_file(value: Any, places: Places) -> str:
    """The real path of the file that one entry of ``secrets`` or ``configs`` names.

    Raises:
        WrongKeyError: it comes from elsewhere, or lies outside the workspace.
    """
    entry = forms.mapping(value)
    if "file" not in entry:
        raise WrongKeyError(
            "only a `file` of the workspace can be given to a service, nothing from the Engine or this "
            "machine's environment.",
            "只能把工作区内的 `file` 提供给服务，不能来自引擎或本机环境。",
        )
    forms.known_keys(entry, {"file", "name"}, "")
    path = inside_workspace(places.on_host(forms.text(entry["file"])), places.workspace)
    if path is None:
        raise WrongKeyError(
            f"`{entry['file']}` lies outside the workspace, or is reached through a link.",
            f"`{entry['file']}` 位于工作区之外，或经由链接到达。",
        )
    return path
