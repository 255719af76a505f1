"""What ``docker inspect`` shows of objects docknotes did not make: no secrets. Pure.

Variables, arguments, labels, health checks and driver options often hold passwords. So of a
container only what is named here is shown, and what is new in a later Engine is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.values import InspectKind, JsonObject
from knowledge.language import Text

_HIDDEN = "(hidden)"
_PLAIN = ("Id", "Name", "Image", "Created", "RestartCount", "Platform")
_STATE = (
    "Status",
    "Running",
    "Paused",
    "Restarting",
    "OOMKilled",
    "Dead",
    "Pid",
    "ExitCode",
    "StartedAt",
    "FinishedAt",
)
_MOUNT = ("Type", "Name", "Source", "Destination", "RW")
_LIMITS = (
    "Memory",
    "MemorySwap",
    "MemoryReservation",
    "NanoCpus",
    "CpuShares",
    "CpuPeriod",
    "CpuQuota",
    "CpusetCpus",
    "PidsLimit",
    "ShmSize",
    "Ulimits",
)

LEFT_OUT: Mapping[InspectKind, Text] = {
    "container": Text(
        "Not made by docknotes, so shown in part: the command, the values of variables, labels, health "
        "checks, mount options and the other settings are left out.",
        "这个容器不是 docknotes 创建的，只显示部分内容：命令、变量的值、标签、健康检查、挂载选项"
        "和其他设置均已略去。",
    ),
    "image": Text(
        "The values of the image's variables are left out.",
        "镜像中变量的值已略去。",
    ),
    "volume": Text(
        "Not made by docknotes: the values of the volume's driver options are left out.",
        "这个卷不是 docknotes 创建的：驱动选项的值已略去。",
    ),
}


def foreign_container(container: JsonObject) -> JsonObject:
    """A container of others: its state, limits, mounts and ports, and the names of its variables."""
    config = container.get("Config") or {}
    network = container.get("NetworkSettings") or {}
    return {
        **_only(container, _PLAIN),
        "State": _only(container.get("State") or {}, _STATE),
        "Config": {"Image": config.get("Image"), "Env": _names(config)},
        "HostConfig": _only(container.get("HostConfig") or {}, _LIMITS),
        "Mounts": [_only(mount, _MOUNT) for mount in container.get("Mounts") or ()],
        "NetworkSettings": {
            "Ports": network.get("Ports") or {},
            "Networks": {name: {} for name in network.get("Networks") or ()},
        },
    }


def image(description: JsonObject) -> JsonObject:
    """An image, its variables without their values."""
    configs = {
        key: {**description[key], "Env": _names(description[key])}
        for key in ("Config", "ContainerConfig")
        if (description.get(key) or {}).get("Env")
    }
    return {**description, **configs}


def foreign_volume(volume: JsonObject) -> JsonObject:
    """A volume of others: its driver options can hold the password of a share."""
    options = volume.get("Options")
    return {**volume, "Options": dict.fromkeys(options, _HIDDEN)} if options else volume


def _names(config: JsonObject) -> list[str]:
    variables = (str(variable).partition("=") for variable in config.get("Env") or ())
    return [f"{name}={_HIDDEN}" for name, _, _ in variables]


def _only(item: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: item[key] for key in keys if key in item}
