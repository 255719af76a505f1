"""``--network`` and what goes with it to NetworkMode and NetworkingConfig.

Source: docker CLI 28.2, observed request bodies; Engine API v1.50, NetworkingConfig.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from assistant.commands.grammar import Parsed
from assistant.commands.quantities import bad, parse_int
from assistant.commands.specs import csv_fields

_JOINED = re.compile(r"\{network:([A-Za-z0-9<][^{}]*)\}")
_LONG = re.compile(r"\w+=\w+(?:,\w+=\w+)*", re.ASCII)
EMPTY_ENDPOINT: dict[str, Any] = {
    "IPAMConfig": None,
    "Links": None,
    "Aliases": None,
    "MacAddress": "",
    "DriverOpts": None,
    "GwPriority": 0,
    "NetworkID": "",
    "EndpointID": "",
    "Gateway": "",
    "IPAddress": "",
    "IPPrefixLen": 0,
    "IPv6Gateway": "",
    "GlobalIPv6Address": "",
    "GlobalIPv6PrefixLen": 0,
    "DNSNames": None,
}
"""EndpointSettings with nothing set, as the CLI writes it."""


@dataclass(slots=True)
class _Attachment:
    target: str
    aliases: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    addresses: dict[str, Any] = field(default_factory=dict)
    mac_address: str = ""
    options: dict[str, str] = field(default_factory=dict)
    priority: int = 0


def is_user_defined(target: str) -> bool:
    """Whether a network mode names a network that somebody made."""
    return target not in {"", "default", "bridge", "host", "none"} and not target.startswith("container:")


def joined_network(name: str) -> str:
    """What stands in a body for a network that is there already, until its id is known."""
    return f"{{network:{name}}}"


def named_network(mode: str) -> str | None:
    """The name in what ``joined_network`` gave; None for any other network mode."""
    found = _JOINED.fullmatch(mode)
    return found.group(1) if found else None


def network_mode(parsed: Parsed) -> str:
    """HostConfig.NetworkMode of a line."""
    values = parsed.all("network")
    return _attachment(values[0]).target if values else "default"


def endpoints(parsed: Parsed) -> dict[str, Any]:
    """NetworkingConfig.EndpointsConfig of a line."""
    attachments = [_attachment(value) for value in parsed.all("network")] or [_Attachment("default")]
    _apply_flags(attachments[0], parsed)
    result: dict[str, Any] = {}
    for attachment in attachments:
        endpoint = _endpoint(attachment)
        if attachment.target in result:
            raise bad("--network", attachment.target, "it stands there twice", "出现了两次")
        if len(parsed.all("network")) == 1 and endpoint == EMPTY_ENDPOINT:
            continue
        result[attachment.target] = endpoint
    if len({is_user_defined(attachment.target) for attachment in attachments}) > 1:
        raise bad(
            "--network", attachments[0].target, "these networks exclude each other", "这些网络不能同时使用"
        )
    return result


def _attachment(value: str) -> _Attachment:
    if not _LONG.search(value):
        return _Attachment(value)
    attachment = _Attachment("")
    for item in csv_fields("--network", value):
        key, equals, content = (part.strip() for part in item.partition("="))
        if not equals or not key:
            raise bad("--network", value, f"`{item}` must be `key=value`", f"`{item}` 应为 `键=值`")
        _set(attachment, key, content, value)
    if not attachment.target:
        raise bad("--network", value, "`name=…` is missing", "缺少 `name=…`")
    return attachment


def _set(attachment: _Attachment, key: str, content: str, value: str) -> None:
    match key:
        case "name":
            attachment.target = content
        case "alias":
            attachment.aliases.append(content)
        case "ip":
            attachment.addresses["IPv4Address"] = content
        case "ip6":
            attachment.addresses["IPv6Address"] = content
        case "link-local-ip":
            attachment.addresses.setdefault("LinkLocalIPs", []).append(content)
        case "mac-address":
            attachment.mac_address = content
        case "driver-opt":
            name, _, setting = content.partition("=")
            attachment.options[name.strip()] = setting.strip()
        case "gw-priority":
            attachment.priority = parse_int("--network gw-priority", content)
        case _:
            raise bad("--network", value, f"there is no key `{key}`", f"没有键 `{key}`")


def _apply_flags(attachment: _Attachment, parsed: Parsed) -> None:
    """The older single flags belong to the first network."""
    attachment.aliases = attachment.aliases or parsed.all("network-alias")
    if is_user_defined(attachment.target):
        attachment.links = parsed.all("link")
    for flag, key in (("ip", "IPv4Address"), ("ip6", "IPv6Address")):
        if value := parsed.last(flag):
            attachment.addresses[key] = value
    if local := parsed.all("link-local-ip"):
        attachment.addresses["LinkLocalIPs"] = local
    attachment.mac_address = parsed.last("mac-address") or attachment.mac_address


def _endpoint(attachment: _Attachment) -> dict[str, Any]:
    if attachment.aliases and not is_user_defined(attachment.target):
        raise bad(
            "--network-alias",
            attachment.aliases[0],
            "aliases need a network of one's own",
            "别名只能用于自定义网络",
        )
    return {
        **EMPTY_ENDPOINT,
        "Aliases": attachment.aliases or None,
        "Links": attachment.links or None,
        "IPAMConfig": attachment.addresses or None,
        "MacAddress": attachment.mac_address,
        "DriverOpts": attachment.options or None,
        "GwPriority": attachment.priority,
    }
