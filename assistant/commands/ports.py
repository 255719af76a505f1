"""``--publish`` and ``--expose`` to port maps.

Source: docker CLI 28.2, observed request bodies; Engine API v1.50, HostConfig.PortBindings.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Any

from assistant.commands.quantities import bad
from assistant.errors import UnsupportedCommandError
from knowledge.language import Text

PortBindings = dict[str, list[dict[str, str]]]
MAX_PORTS = 256


def parse_publish(values: Iterable[str]) -> PortBindings:
    """HostConfig.PortBindings of all ``-p`` values, in order."""
    bindings: PortBindings = {}
    count = 0
    for value in values:
        for port, host_ip, host_port in _publish(value, _standard(value) if "=" in value else value):
            count = _counted(value, count)
            bindings.setdefault(port, []).append({"HostIp": host_ip, "HostPort": host_port})
    return bindings


def parse_expose(values: Iterable[str]) -> dict[str, Any]:
    """The exposed ports of all ``--expose`` values."""
    ports: dict[str, Any] = {}
    for value in values:
        port, protocol = _protocol(value, value)
        first, last = _range("--expose", value, port)
        _counted(value, len(ports) + last - first)
        ports.update({f"{number}/{protocol}": {} for number in range(first, last + 1)})
    return ports


def _counted(value: str, count: int) -> int:
    """One more than ``count``, as long as that is a number of ports somebody may want."""
    if count >= MAX_PORTS:
        raise UnsupportedCommandError(
            Text(
                en=f"More than {MAX_PORTS} ports are opened at once; name the few that are needed.",
                zh=f"一次开放的端口超过 {MAX_PORTS} 个；请只写需要的几个端口。",
            ),
            word=value,
        )
    return count + 1


def _standard(value: str) -> str:
    """``published=8080,target=80`` as ``8080:80/tcp``."""
    fields = {"protocol": "tcp", "published": "", "target": ""}
    for field in value.split(","):
        key, equals, content = field.partition("=")
        if not equals or not key:
            raise bad("-p", value, "`key=value` is needed", "应为 `键=值`")
        fields[key] = content
    return f"{fields['published']}:{fields['target']}/{fields['protocol']}"


def _publish(written: str, value: str) -> Iterator[tuple[str, str, str]]:
    """(port/protocol, host address, host port) for each port of one value."""
    *front, target = value.split(":")
    host_port = front.pop() if front else ""
    host_ip = ":".join(front)
    if host_ip.startswith("[") and host_ip.endswith("]"):
        host_ip = host_ip[1:-1]
    if host_ip:
        try:
            ipaddress.ip_address(host_ip)
        except ValueError as error:
            raise bad("-p", written, f"`{host_ip}` is no IP address", f"`{host_ip}` 不是 IP 地址") from error
    port, protocol = _protocol(written, target)
    first, last = _range("-p", written, port)
    if not host_port:
        return ((f"{number}/{protocol}", host_ip, "") for number in range(first, last + 1))
    low, high = _range("-p", written, host_port)
    if high - low != last - first:
        if first != last:
            raise bad("-p", written, "the two port ranges differ in length", "两个端口范围的长度不同")
        return iter([(f"{first}/{protocol}", host_ip, f"{low}-{high}")])
    return ((f"{first + i}/{protocol}", host_ip, str(low + i)) for i in range(last - first + 1))


def _protocol(written: str, target: str) -> tuple[str, str]:
    port, slash, protocol = target.partition("/")
    protocol = protocol.lower() if slash and protocol else "tcp"
    if protocol not in {"tcp", "udp", "sctp"}:
        raise bad("-p", written, "the protocol is tcp, udp or sctp", "协议应为 tcp、udp 或 sctp")
    return port, protocol


def _range(flag: str, written: str, text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", text)
    if not match:
        raise bad(flag, written, "`host port:container port` is needed", "应为 `宿主机端口:容器端口`")
    first = int(match.group(1))
    last = int(match.group(2) or first)
    if not 0 <= first <= last <= 65535:
        raise bad(
            flag,
            written,
            "ports go from 0 to 65535, the lower one first",
            "端口范围为 0 到 65535，且小的在前",
        )
    return first, last
