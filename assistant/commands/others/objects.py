"""Rules of the commands on volumes, networks and the whole Engine."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.commands.others.rules import READS, Rule
from assistant.commands.policy_values import Policy
from assistant.commands.rule_context import RUN
from assistant.config import Limits
from assistant.values import Change, OtherCommand, Plan, Reason
from knowledge.language import Text

LOOPBACK_PORTS = {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}
"""Source: options of Docker's bridge driver."""
BUILT_IN = frozenset({"bridge", "host", "none", "default"})
_WIDEST = {4: 16, 6: 48}
"""The shortest prefix a subnet may have: a wider one would take over addresses of this machine's network."""


def _volume_create(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    body: Mapping[str, Any] = plan.operations[0].as_written or {}
    if body.get("Driver") == "local" and not body.get("DriverOpts"):
        return ()
    text = Text(
        en="A volume with a driver or driver options of its own can be any part of this machine; only plain "
        "volumes are created here.",
        zh="带有特殊驱动或驱动选项的卷可能对应本机的任意位置；这里只创建普通的卷。",
    )
    return (Reason("volume-options", text),)


def _network_create(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    body: Mapping[str, Any] = plan.operations[0].as_written or {}
    found = [_option(name) for name in _FORBIDDEN if body.get(name)]
    if body.get("Driver") != "bridge":
        text = Text(
            en=f"The driver {body.get('Driver')} reaches the network of this machine; only bridge "
            "networks are created here.",
            zh=f"驱动 {body.get('Driver')} 会接触本机所在的网络；这里只创建 bridge 网络。",
        )
        found.append(Reason("network-driver", text))
    if body.get("Scope") not in {"", "local", None}:
        found.append(_option("Scope"))
    ipam: Mapping[str, Any] = body.get("IPAM") or {}
    if ipam.get("Driver") not in {"default", ""} or ipam.get("Options"):
        found.append(_option("IPAM"))
    for pool in ipam.get("Config") or ():
        if not _is_private(str(pool.get("Subnet"))):
            text = Text(
                en=f"The subnet {pool.get('Subnet')} is not a private one of sensible size (such as "
                "172.28.0.0/16): this machine could no longer reach those addresses.",
                zh=f"子网 {pool.get('Subnet')} 不是大小合适的私有网段（例如 172.28.0.0/16）：本机将无法再"
                "访问这些地址。",
            )
            found.append(Reason("subnet", text))
    if action.args and action.args[0] in BUILT_IN:
        text = Text(
            en=f"`{action.args[0]}` is a network of Docker's own.",
            zh=f"`{action.args[0]}` 是 Docker 自带的网络。",
        )
        found.append(Reason("network", text))
    return tuple(found)


_FORBIDDEN = ("Options", "Ingress", "ConfigOnly", "ConfigFrom")


def _option(name: str) -> Reason:
    text = Text(
        en=f"Networks are created without {name}: it can open ports to other machines.",
        zh=f"创建网络时不能设置 {name}：它可能会对其他机器开放端口。",
    )
    return Reason("network-option", text)


def _is_private(subnet: str) -> bool:
    try:
        network = ipaddress.ip_network(subnet, strict=False)
    except ValueError:
        return False
    reserved = network.is_loopback or network.is_link_local or network.is_multicast or network.is_unspecified
    return network.is_private and not reserved and network.prefixlen >= _WIDEST[network.version]


def _connected(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    found = []
    if action.args[0] in BUILT_IN:
        text = Text(
            en=f"Containers of others are in the network {action.args[0]}; make one with "
            "`docker network create`.",
            zh=f"网络 {action.args[0]} 中有其他程序的容器；请用 `docker network create` 新建一个网络。",
        )
        found.append(Reason("network", text))
    if flag := next((flag for flag in ("link", "driver-opt", "link-local-ip") if action.flags.get(flag)), ""):
        text = Text(en=f"`--{flag}` is not needed here.", zh=f"这里不需要 `--{flag}`。")
        found.append(Reason("network-option", text))
    return tuple(found)


def _labelled(plan: Plan, limits: Limits, policy: Policy, workspace: Path) -> tuple[Plan, tuple[Change, ...]]:
    """The body as run bears our labels, so that the object can be found and removed."""
    operation = plan.operations[0]
    written: Mapping[str, Any] = operation.as_written or {}
    labels = {**(written.get("Labels") or {}), policy.owner_label: policy.owner, policy.run_label: RUN}
    body = {**written, "Labels": labels}
    changes = [Change("Labels", _shown(written.get("Labels")), _shown(labels), _MARKED)]
    if operation.path == "/networks/create":
        body["Options"] = LOOPBACK_PORTS
        changes.append(Change("Options", "-", _shown(LOOPBACK_PORTS), _LOOPBACK))
    return replace(plan, operations=(replace(operation, as_run=body),)), tuple(changes)


def _shown(values: Mapping[str, str] | None) -> str:
    pairs = (f"{key}={'…' if value == RUN else value}" for key, value in (values or {}).items())
    return ", ".join(pairs) or "-"


_MARKED = Text(
    en="Marked as made here, so that it can be found and removed.", zh="加上标记，便于查找和删除。"
)
_LOOPBACK = Text(en="Ports are open on this machine only.", zh="端口只对本机开放。")

RULES: dict[str, Rule] = {
    "volume ls": READS,
    "network ls": READS,
    "system df": READS,
    "events": READS,
    "volume create": Rule("create", _volume_create, _labelled),
    "network create": Rule("create", _network_create, _labelled),
    "volume rm": Rule("remove."),
    "network rm": Rule("remove."),
    "network connect": Rule("change.", _connected),
    "network disconnect": Rule("change."),
}
