"""Plans of the commands on volumes, networks and the whole Engine.

Source: requests of docker CLI 28.2, as observed; Engine API v1.50.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any

from assistant.commands.grammar import Parsed
from assistant.commands.host_config import mapping
from assistant.commands.networks import EMPTY_ENDPOINT
from assistant.commands.plan_parts import (
    Draft,
    Parts,
    filters_query,
    format_notes,
    named_objects,
    other,
    read_filters,
)
from assistant.commands.quantities import bad, parse_bytes, parse_int, parse_moment
from assistant.commands.specs import csv_fields
from assistant.errors import UnsupportedCommandError
from assistant.values import Operation
from knowledge.language import Text

_ASKS = Text(
    en="docker's client would ask once more before it removes anything.",
    zh="docker 客户端在删除之前还会再询问一次。",
)


def listed(path: str) -> Draft:
    """A builder: ``GET path`` with the filters of the line."""

    def draft(parsed: Parsed, workspace: Path, now: float) -> Parts:
        query = filters_query(read_filters(parsed.all("filter")))
        return other(parsed, [Operation("GET", path, query)], (), format_notes(parsed))

    return draft


# ---- volumes

_CLUSTER = (
    "availability",
    "group",
    "limit-bytes",
    "required-bytes",
    "scope",
    "secret",
    "sharing",
    "topology-preferred",
    "topology-required",
    "type",
)


def volume_create(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker volume create``."""
    if flag := next((flag for flag in _CLUSTER if parsed.all(flag)), ""):
        raise UnsupportedCommandError(
            Text(
                en=f"`--{flag}` belongs to the volumes of a swarm, which docknotes leaves alone.",
                zh=f"`--{flag}` 属于 swarm 集群的数据卷，docknotes 不处理。",
            ),
            word=f"--{flag}",
        )
    body: dict[str, Any] = {"Driver": parsed.last("driver") or "local"}
    body |= {"DriverOpts": mapping(parsed, "opt")} if parsed.all("opt") else {}
    body |= {"Labels": mapping(parsed, "label")} if parsed.all("label") else {}
    body |= {"Name": parsed.args[0]} if parsed.args else {}
    found = named_objects(parsed.args, "text")
    return other(parsed, [Operation("POST", "/volumes/create", as_written=body)], found)


def volume_rm(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker volume rm``."""
    query = {"force": "1"} if parsed.is_on("force") else {}
    found = named_objects(parsed.args, "text")
    return other(parsed, [Operation("DELETE", f"/volumes/{name}", query) for name in parsed.args], found)


# ---- networks


def network_create(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker network create``."""
    body: dict[str, Any] = {
        "Driver": parsed.last("driver") or "bridge",
        "Scope": parsed.last("scope") or "",
        "IPAM": {
            "Driver": parsed.last("ipam-driver") or "default",
            "Options": mapping(parsed, "ipam-opt"),
            "Config": _subnets(parsed),
        },
        "Internal": parsed.is_on("internal"),
        "Attachable": parsed.is_on("attachable"),
        "Ingress": parsed.is_on("ingress"),
        "ConfigOnly": parsed.is_on("config-only"),
        "ConfigFrom": {"Network": parsed.last("config-from")} if parsed.last("config-from") else None,
        "Options": mapping(parsed, "opt"),
        "Labels": mapping(parsed, "label"),
        "Name": parsed.args[0],
    }
    for flag, key in (("ipv4", "EnableIPv4"), ("ipv6", "EnableIPv6")):
        if parsed.last(flag) is not None:
            body[key] = parsed.is_on(flag)
    found = named_objects(parsed.args, "text")
    return other(parsed, [Operation("POST", "/networks/create", as_written=body)], found)


def _subnets(parsed: Parsed) -> list[dict[str, Any]]:
    """IPAM.Config: one entry a subnet, with what lies inside it."""

    def all_of(flag: str) -> list[str]:
        return [field for value in parsed.all(flag) for field in csv_fields(f"--{flag}", value)]

    entries: dict[str, dict[str, Any]] = {}
    for subnet in all_of("subnet"):
        try:
            entries[str(ipaddress.ip_network(subnet, strict=False))] = {"Subnet": subnet}
        except ValueError as error:
            raise bad(
                "--subnet", subnet, "a range such as 172.28.0.0/16 is needed", "应为网段，例如 172.28.0.0/16"
            ) from error
    for flag, key in (("ip-range", "IPRange"), ("gateway", "Gateway")):
        for value in all_of(flag):
            _entry_for(entries, flag, value)[key] = value
    for value in parsed.all("aux-address"):
        name, _, address = value.partition("=")
        _entry_for(entries, "aux-address", address).setdefault("AuxiliaryAddresses", {})[name] = address
    return list(entries.values())


def _entry_for(entries: dict[str, dict[str, Any]], flag: str, value: str) -> dict[str, Any]:
    try:
        address = ipaddress.ip_address(value.partition("/")[0])
    except ValueError as error:
        raise bad(f"--{flag}", value, "an address is needed", "需要 IP 地址") from error
    for subnet, entry in entries.items():
        if address in ipaddress.ip_network(subnet):
            return entry
    raise bad(f"--{flag}", value, "it lies in none of the subnets", "它不在任何一个子网内")


def network_connect(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker network connect``."""
    network, container = parsed.args
    addresses: dict[str, Any] = {
        key: value
        for flag, key in (("ip", "IPv4Address"), ("ip6", "IPv6Address"))
        if (value := parsed.last(flag))
    }
    if local := parsed.all("link-local-ip"):
        addresses["LinkLocalIPs"] = local
    endpoint = {
        **EMPTY_ENDPOINT,
        "IPAMConfig": addresses,
        "Links": parsed.all("link") or None,
        "Aliases": parsed.all("alias"),
        "DriverOpts": mapping(parsed, "driver-opt"),
        "GwPriority": parse_int("--gw-priority", parsed.last("gw-priority") or "0"),
    }
    body = {"Container": container, "EndpointConfig": endpoint}
    found = (*named_objects([network], "text"), *named_objects([container], "container"))
    return other(parsed, [Operation("POST", f"/networks/{network}/connect", as_written=body)], found)


def network_disconnect(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker network disconnect``."""
    network, container = parsed.args
    body = {"Container": container, "Force": parsed.is_on("force")}
    found = (*named_objects([network], "text"), *named_objects([container], "container"))
    return other(parsed, [Operation("POST", f"/networks/{network}/disconnect", as_written=body)], found)


def network_rm(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker network rm``: the client looks at each before it removes it."""
    found = named_objects(parsed.args, "text")
    pairs = ((Operation("GET", f"/networks/{n}"), Operation("DELETE", f"/networks/{n}")) for n in parsed.args)
    return other(parsed, [operation for pair in pairs for operation in pair], found)


# ---- the whole Engine


def system_df(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker system df``."""
    return other(parsed, [Operation("GET", "/system/df")], (), format_notes(parsed))


def events(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker events``."""
    query = filters_query(read_filters(parsed.all("filter")))
    for flag in ("since", "until"):
        if value := parsed.last(flag):
            query[flag] = parse_moment(f"--{flag}", value, now=now)
    return other(parsed, [Operation("GET", "/events", query)], (), format_notes(parsed))


def prune(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker container|image|volume|network|builder|system prune``."""
    kind = parsed.grammar.name.split()[0]
    kinds = (kind,)
    if kind == "system":
        kinds = (
            "container",
            "network",
            *(("volume",) if parsed.is_on("volumes") else ()),
            "image",
            "builder",
        )
    operations = [_pruned(one, parsed, whole=kind == "system") for one in kinds]
    return other(parsed, operations, (), () if parsed.is_on("force") else (_ASKS,))


def _pruned(kind: str, parsed: Parsed, *, whole: bool) -> Operation:
    every = parsed.is_on("all")
    filters = read_filters(parsed.all("filter"))
    if kind == "image":
        filters["dangling"] = ("false" if every else "true",)
    if kind == "volume" and every and not whole:
        filters["all"] = ("true",)
    query = filters_query(filters)
    if kind != "builder":
        return Operation("POST", f"/{kind}s/prune", query)
    query = {"filters": "", **query} | ({"all": "1"} if every else {})
    if kept := parsed.last("keep-storage"):
        query["keep-storage"] = str(parse_bytes("--keep-storage", kept))
    return Operation("POST", "/build/prune", query)
