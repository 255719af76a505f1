"""The flags of ``docker run`` to the body's HostConfig, as the real CLI sends it.

Source: docker CLI 28.2, observed request bodies; Engine API v1.50, HostConfig.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.commands import networks, placeholders, specs
from assistant.commands.grammar import Parsed
from assistant.commands.quantities import bad, parse_bytes, parse_cpus, parse_int

_TEXTS = {
    "ContainerIDFile": "cidfile",
    "VolumeDriver": "volume-driver",
    "CgroupnsMode": "cgroupns",
    "IpcMode": "ipc",
    "PidMode": "pid",
    "UTSMode": "uts",
    "UsernsMode": "userns",
    "Isolation": "isolation",
    "CgroupParent": "cgroup-parent",
    "CpusetCpus": "cpuset-cpus",
    "CpusetMems": "cpuset-mems",
}
_SWITCHES = {
    "AutoRemove": "rm",
    "Privileged": "privileged",
    "PublishAllPorts": "publish-all",
    "ReadonlyRootfs": "read-only",
    "OomKillDisable": "oom-kill-disable",
}
_LISTS = {
    "VolumesFrom": "volumes-from",
    "GroupAdd": "group-add",
    "Links": "link",
    "DeviceCgroupRules": "device-cgroup-rule",
}
_NUMBERS: dict[str, tuple[str, Callable[[str, str], int]]] = {
    "OomScoreAdj": ("oom-score-adj", parse_int),
    "ShmSize": ("shm-size", parse_bytes),
    "CpuShares": ("cpu-shares", parse_int),
    "Memory": ("memory", parse_bytes),
    "NanoCpus": ("cpus", parse_cpus),
    "BlkioWeight": ("blkio-weight", parse_int),
    "CpuPeriod": ("cpu-period", parse_int),
    "CpuQuota": ("cpu-quota", parse_int),
    "CpuRealtimePeriod": ("cpu-rt-period", parse_int),
    "CpuRealtimeRuntime": ("cpu-rt-runtime", parse_int),
    "MemoryReservation": ("memory-reservation", parse_bytes),
    "MemorySwap": ("memory-swap", parse_bytes),
    "MemorySwappiness": ("memory-swappiness", parse_int),
    "PidsLimit": ("pids-limit", parse_int),
    "CpuCount": ("cpu-count", parse_int),
    "CpuPercent": ("cpu-percent", parse_int),
    "IOMaximumIOps": ("io-maxiops", parse_int),
    "IOMaximumBandwidth": ("io-maxbandwidth", parse_bytes),
}


def host_config(parsed: Parsed, workspace: Path) -> dict[str, Any]:
    """HostConfig without Binds and PortBindings, which go with other parts of the body."""
    host: dict[str, Any] = {key: parsed.last(flag) or "" for key, flag in _TEXTS.items()}
    host |= {key: parsed.is_on(flag) for key, flag in _SWITCHES.items()}
    host |= {key: parsed.all(flag) or None for key, flag in _LISTS.items()}
    for key, (flag, read) in _NUMBERS.items():
        value = parsed.last(flag)
        host[key] = read(f"--{flag}", value) if value else (-1 if key == "MemorySwappiness" else 0)
    add, drop = _capabilities(parsed)
    host |= {
        "LogConfig": {"Type": parsed.last("log-driver") or "", "Config": mapping(parsed, "log-opt")},
        "NetworkMode": networks.network_mode(parsed),
        "RestartPolicy": restart_policy(parsed),
        "ConsoleSize": [0, 0],
        "CapAdd": add,
        "CapDrop": drop,
        "Dns": [_address(value) for value in parsed.all("dns")],
        "DnsOptions": parsed.all("dns-option"),
        "DnsSearch": parsed.all("dns-search"),
        "ExtraHosts": [extra_host(value) for value in parsed.all("add-host")] or None,
        "Cgroup": "",
        "Devices": [_device(value) for value in parsed.all("device") if not _is_cdi(value)],
        "DeviceRequests": _device_requests(parsed),
        "Ulimits": sorted(
            map(specs.parse_ulimit, parsed.all("ulimit")), key=lambda limit: str(limit["Name"])
        ),
    }
    host |= _weights(parsed) | _security(parsed)
    optional: dict[str, Any] = {
        "Annotations": mapping(parsed, "annotation"),
        "StorageOpt": mapping(parsed, "storage-opt"),
        "Tmpfs": {value.partition(":")[0]: value.partition(":")[2] for value in parsed.all("tmpfs")},
        "Sysctls": mapping(parsed, "sysctl"),
        "Runtime": parsed.last("runtime"),
        "Mounts": [specs.parse_mount(value, workspace) for value in _filled_mounts(parsed)],
    }
    host |= {key: value for key, value in optional.items() if value}
    if parsed.last("init") is not None:
        host["Init"] = parsed.is_on("init")
    return host


def _filled_mounts(parsed: Parsed) -> list[str]:
    """The mounts without a placeholder; the others wait for the person."""
    return [value for value in parsed.all("mount") if not placeholders.find_in(value, "path")]


def mapping(parsed: Parsed, flag: str) -> dict[str, str]:
    """The values of a flag that takes ``key=value`` pairs."""
    return {value.partition("=")[0]: value.partition("=")[2] for value in parsed.all(flag)}


def restart_policy(parsed: Parsed) -> dict[str, Any]:
    """``--restart`` as RestartPolicy."""
    value = parsed.last("restart")
    if value is None:
        return {"Name": "no", "MaximumRetryCount": 0}
    name, colon, count = value.partition(":")
    if parsed.is_on("rm") and name not in {"", "no"}:
        raise bad("--restart", "--rm", "the two exclude each other", "两者不能同时使用")
    return {"Name": name, "MaximumRetryCount": parse_int("--restart", count) if colon else 0}


def _capabilities(parsed: Parsed) -> tuple[list[str] | None, list[str] | None]:
    """Capabilities as the CLI writes them: upper case, with CAP_, each once."""

    def named(flag: str) -> set[str]:
        names = {value.strip().upper() for value in parsed.all(flag)} - {""}
        full = {
            name if name in {"ALL", "RESET"} or name.startswith("CAP_") else f"CAP_{name}" for name in names
        }
        return {"ALL"} if "ALL" in full else full

    add, drop = named("cap-add"), named("cap-drop")
    return sorted(add) or None, sorted(drop) or None


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value.strip()))
    except ValueError as error:
        raise bad("--dns", value, "an IP address is needed", "需要 IP 地址") from error


def extra_host(value: str) -> str:
    """``--add-host`` as the CLI writes it."""
    separator = "=" if "=" in value else ":"
    name, found, address = value.partition(separator)
    address = address.removeprefix("[").removesuffix("]")
    if not found or not name or not address:
        raise bad("--add-host", value, "`name:address` is needed", "应为 `名称:地址`")
    if address != "host-gateway":
        _address(address)
    return f"{name}:{address}"


def _is_cdi(value: str) -> bool:
    return "=" in value and "/" in value.partition("=")[0] and not value.startswith("/")


def _device(value: str) -> dict[str, str]:
    source, _, rest = value.partition(":")
    target, _, mode = rest.partition(":")
    if target and set(target) <= set("rwm"):
        target, mode = "", target
    return {"PathOnHost": source, "PathInContainer": target or source, "CgroupPermissions": mode or "rwm"}


def _device_requests(parsed: Parsed) -> list[dict[str, Any]] | None:
    requests = [specs.parse_gpus(value) for value in parsed.all("gpus")]
    if names := [value for value in parsed.all("device") if _is_cdi(value)]:
        requests.append(
            {"Driver": "cdi", "Count": 0, "DeviceIDs": names, "Capabilities": None, "Options": None}
        )
    return requests or None


def _weights(parsed: Parsed) -> dict[str, list[dict[str, Any]]]:
    """Limits per device; the policy refuses them, so their numbers are kept as they came."""
    flags = {
        "BlkioWeightDevice": "blkio-weight-device",
        "BlkioDeviceReadBps": "device-read-bps",
        "BlkioDeviceWriteBps": "device-write-bps",
        "BlkioDeviceReadIOps": "device-read-iops",
        "BlkioDeviceWriteIOps": "device-write-iops",
    }
    return {
        key: [
            {"Path": value.rpartition(":")[0], "Rate": value.rpartition(":")[2]} for value in parsed.all(flag)
        ]
        for key, flag in flags.items()
    }


def _security(parsed: Parsed) -> dict[str, Any]:
    options = parsed.all("security-opt")
    unmasked = "systempaths=unconfined" in options
    return {
        "SecurityOpt": [option for option in options if option != "systempaths=unconfined"] or None,
        "MaskedPaths": [] if unmasked else None,
        "ReadonlyPaths": [] if unmasked else None,
    }
