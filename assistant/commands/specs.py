"""Values with a grammar of their own: mounts, ports, networks, GPUs, ulimits, health checks.

Each function turns what stands after a flag into what the docker CLI puts into the request body.
Source: docker CLI 28.2, observed request bodies; Engine API v1.50, ContainerCreate.
"""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import Any

from assistant.commands.quantities import bad, parse_bool, parse_bytes, parse_int


def csv_fields(flag: str, value: str) -> list[str]:
    """The fields of one CSV line; quotes only around a whole field. Source: Go, encoding/csv."""
    fields, rest = [], value
    while True:
        if rest.startswith('"'):
            match = re.match(r'"((?:[^"]|"")*)"(?:,|$)', rest)
            if not match:
                raise bad(flag, value, "its quotes do not match", "引号不匹配")
            fields.append(match.group(1).replace('""', '"'))
            ended, rest = not match.group().endswith(","), rest[match.end() :]
        else:
            field, comma, rest = rest.partition(",")
            if '"' in field:
                raise bad(flag, value, "a quote stands inside a field", "字段中间出现了引号")
            fields.append(field)
            ended = not comma
        if ended:
            return fields


# ---- mounts


def parse_volume(value: str, workspace: Path) -> tuple[str | None, str | None]:
    """``-v`` as (bind, anonymous volume), one of them None; relative folders start at the workspace."""
    if not value:
        raise bad("-v", value, "it is empty", "内容为空")
    source, colon, rest = value.partition(":")
    if not colon:
        return None, value
    parts = value.split(":")
    if "" in parts:
        raise bad("-v", value, "`source:target[:ro]` is needed", "应为 `来源:目标[:ro]`")
    if source.startswith("."):
        source = os.path.normpath(Path(workspace) / source)
    return f"{source}:{rest}", None


_MOUNT_ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}
_OPTION_GROUPS = {
    "bind": "BindOptions",
    "volume": "VolumeOptions",
    "tmpfs": "TmpfsOptions",
    "image": "ImageOptions",
}


def parse_mount(value: str, workspace: Path) -> dict[str, Any]:
    """``--mount`` as an entry of HostConfig.Mounts. Keys are taken in any case, the last one counts."""
    mount: dict[str, Any] = {"Type": "volume"}
    groups: dict[str, dict[str, Any]] = {}
    for field in csv_fields("--mount", value):
        key, equals, content = field.partition("=")
        key = _MOUNT_ALIASES.get(key.lower(), key.lower())
        if not equals:
            if key not in {"readonly", "volume-nocopy", "bind-nonrecursive"}:
                raise bad("--mount", value, f"`{field}` must be `key=value`", f"`{field}` 应为 `键=值`")
            content = "true"
        _set_mount_key(mount, groups, key, content, workspace)
    for group, options in groups.items():
        kind = next(kind for kind, name in _OPTION_GROUPS.items() if name == group)
        if kind != mount["Type"]:
            raise bad(
                "--mount",
                value,
                f"`{kind}-…` options need type `{kind}`",
                f"`{kind}-…` 选项要求类型为 `{kind}`",
            )
        mount[group] = options
    if not mount["Type"] or not mount.get("Target"):
        raise bad("--mount", value, "`type` and `target` are needed", "需要 `type` 和 `target`")
    return mount


def _set_mount_key(
    mount: dict[str, Any], groups: dict[str, dict[str, Any]], key: str, value: str, workspace: Path
) -> None:
    if key == "type":
        mount["Type"] = value.lower()
    elif key == "source":
        relative = value == "." or value.startswith("./")
        mount["Source"] = os.path.normpath(Path(workspace) / value) if relative else value
    elif key == "target":
        mount["Target"] = value
    elif key == "readonly":
        _switch(mount, "ReadOnly", key, value)
    elif key == "consistency":
        mount["Consistency"] = value.lower()
    else:
        kind, _, option = key.partition("-")
        group = _OPTION_GROUPS.get(kind)
        if group is None or not _set_option(groups, group, option, value):
            raise bad("--mount", key, "there is no such key", "没有这个键")


def _switch(target: dict[str, Any], name: str, key: str, value: str) -> None:
    switch = parse_bool(value)
    if switch is None:
        raise bad("--mount", value, f"`{key}` is `true` or `false`", f"`{key}` 应为 `true` 或 `false`")
    target.pop(name, None)
    if switch:
        target[name] = True


def _set_option(groups: dict[str, dict[str, Any]], group: str, option: str, value: str) -> bool:
    """Sets one option of a group; False where the CLI knows none of that name."""
    options = groups.setdefault(group, {"DriverConfig": {}} if group == "VolumeOptions" else {})
    name, content = value.partition("=")[::2]
    match (group, option):
        case ("BindOptions", "propagation"):
            options["Propagation"] = value.lower()
        case ("BindOptions", "nonrecursive"):
            _switch(options, "NonRecursive", option, value)
        case ("BindOptions", "recursive"):
            return _set_recursive(options, value)
        case ("VolumeOptions", "nocopy"):
            _switch(options, "NoCopy", option, value)
        case ("VolumeOptions" | "ImageOptions", "subpath"):
            options["Subpath"] = value
        case ("VolumeOptions", "label"):
            options.setdefault("Labels", {}).update({name: content} if name else {})
        case ("VolumeOptions", "driver"):
            options["DriverConfig"]["Name"] = value
        case ("VolumeOptions", "opt"):
            options["DriverConfig"].setdefault("Options", {}).update({name: content} if name else {})
        case ("TmpfsOptions", "size"):
            options["SizeBytes"] = parse_bytes("--mount tmpfs-size", value)
        case ("TmpfsOptions", "mode"):
            if not re.fullmatch(r"[0-7]{1,6}", value):
                raise bad(
                    "--mount",
                    value,
                    "`tmpfs-mode` is octal, such as 1777",
                    "`tmpfs-mode` 应为八进制，例如 1777",
                )
            options["Mode"] = int(value, 8)
        case _:
            return False
    return True


def _set_recursive(options: dict[str, Any], value: str) -> bool:
    names = {
        "disabled": "NonRecursive",
        "writable": "ReadOnlyNonRecursive",
        "readonly": "ReadOnlyForceRecursive",
    }
    if value != "enabled" and value not in names:
        return False
    if value in names:
        options[names[value]] = True
    return True


# ---- GPUs and ulimits


def parse_gpus(value: str) -> dict[str, Any]:
    """``--gpus`` as an entry of HostConfig.DeviceRequests."""
    request: dict[str, Any] = {
        "Driver": "",
        "Count": 0,
        "DeviceIDs": None,
        "Capabilities": None,
        "Options": {},
    }
    seen: set[str] = set()
    for field in csv_fields("--gpus", value):
        key, equals, content = field.partition("=")
        if key in seen:
            raise bad("--gpus", value, f"`{key}` stands there twice", f"`{key}` 出现了两次")
        seen.add(key if equals else "count")
        if not equals or key == "count":
            request["Count"] = _count(key if not equals else content)
        elif key == "driver":
            request["Driver"] = content
        elif key == "device":
            request["DeviceIDs"] = content.split(",")
        elif key == "capabilities":
            request["Capabilities"] = [[*content.split(","), "gpu"]]
        elif key == "options":
            options = (item.partition("=") for item in csv_fields("--gpus", content))
            request["Options"] = {name: setting for name, _, setting in options}
        else:
            raise bad("--gpus", value, f"there is no key `{key}`", f"没有键 `{key}`")
    if "count" not in seen and request["DeviceIDs"] is None:
        request["Count"] = 1
    request["Capabilities"] = request["Capabilities"] or [["gpu"]]
    return request


def _count(value: str) -> int:
    if value == "all":
        return -1
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
        raise bad("--gpus", value, "`all`, a number or `device=…` is needed", "应为 `all`、数量或 `device=…`")
    return int(value)


def parse_ulimit(value: str) -> dict[str, Any]:
    """``--ulimit`` as an entry of HostConfig.Ulimits."""
    name, equals, limits = value.partition("=")
    soft, colon, hard = limits.partition(":")
    if not equals or not name or not soft:
        raise bad("--ulimit", value, "`name=soft[:hard]` is needed", "应为 `名称=软限制[:硬限制]`")
    low = parse_int("--ulimit", soft)
    high = parse_int("--ulimit", hard) if colon else low
    if low > high != -1:
        raise bad("--ulimit", value, "the soft limit is above the hard one", "软限制高于硬限制")
    return {"Name": name, "Hard": high, "Soft": low}
