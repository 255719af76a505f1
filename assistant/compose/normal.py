"""A compose file as it was understood, written as ``docker compose config`` writes it.

Variables are put in, short forms are spelt out, paths are absolute; keys stand in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.commands.grammar import Parsed
from assistant.commands.quantities import parse_bytes
from assistant.compose import forms
from assistant.compose.project import Project
from assistant.compose.service import Service
from assistant.values import ComposeObject

_SIZES = ("mem_limit", "mem_reservation", "memswap_limit", "shm_size")
_READ = frozenset(["env_file", "environment", "extends", "networks", "network_mode"])
"""Keys that are written anew from what they came to."""


def normal_text(project: Project, services: Sequence[Service], parsed: Parsed) -> str:
    """The text ``compose config`` prints for these services."""
    lists: dict[str, Callable[[], list[str]]] = {
        "services": lambda: [item.name for item in services],
        "images": lambda: [item.image for item in services],
        "volumes": lambda: sorted(_used(services, "volumes")),
        "networks": lambda: sorted(_used(services, "networks")),
        "profiles": lambda: sorted({name for item in project.services.values() for name in item.profiles}),
    }
    if parsed.is_on("quiet"):
        return ""
    for flag, listed in lists.items():
        if parsed.is_on(flag):
            return "".join(f"{line}\n" for line in dict.fromkeys(listed()))
    return _dumped(_whole(project, services))


def _dumped(value: Mapping[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(dict(value), sort_keys=False, allow_unicode=True, width=1000))


def _used(services: Sequence[Service], kind: str) -> set[str]:
    return {key for item in services for key in getattr(item, kind)}


def _whole(project: Project, services: Sequence[Service]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": project.name}
    ordered = sorted(services, key=lambda item: item.name)
    found["services"] = {item.name: _escaped(_sorted(_service(item))) for item in ordered}
    networks, volumes = _used(services, "networks"), _used(services, "volumes")
    for kind, used, listed in (
        ("networks", networks, project.networks),
        ("volumes", volumes, project.volumes),
    ):
        if used:
            found[kind] = {key: _object(listed[key]) for key in sorted(used)}
    for kind in ("secrets", "configs"):
        if project.files.get(kind):
            found[kind] = {key: {"file": path} for key, path in sorted(project.files[kind].items())}
    return found


def _object(item: ComposeObject) -> dict[str, Any]:
    made: dict[str, Any] = {"name": item.name}
    return (
        made | ({"external": True} if item.external else {}) | ({"internal": True} if item.internal else {})
    )


def _sorted(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in sorted(value)}


def _escaped(value: Any) -> Any:
    """A dollar sign is doubled, so that the text can be read again and mean the same."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    return {key: _escaped(item) for key, item in value.items()} if isinstance(value, dict) else value


def _service(item: Service) -> dict[str, Any]:
    found = {key: value for key, value in item.keys.items() if key not in _READ}
    body = item.body
    found["command"], found["entrypoint"] = body["Cmd"], body["Entrypoint"]
    if body["Env"]:
        found["environment"] = dict(entry.split("=", 1) for entry in body["Env"])
    if item.networks:
        found["networks"] = {key: _endpoint(item, key) for key in sorted(item.networks)}
    else:
        found["network_mode"] = body["HostConfig"]["NetworkMode"]
    spelt: dict[str, Callable[[Any], Any]] = {
        "ports": lambda _: _ports(body["HostConfig"]["PortBindings"]),
        "depends_on": lambda _: _needs(item),
        "labels": lambda _: dict(body["Labels"]),
        "build": lambda value: {"context": value} if isinstance(value, str) else value,
        "healthcheck": _health,
        "tmpfs": forms.texts,
        "dns": forms.texts,
        **{key: lambda value: str(parse_bytes("size", forms.text(value))) for key in _SIZES},
    }
    for key, spell in spelt.items():
        if found.get(key) is not None:
            found[key] = spell(found[key])
    if item.mounted:
        found["volumes"] = item.mounted
    return {key: value for key, value in found.items() if value is not None}


def _endpoint(item: Service, key: str) -> dict[str, Any] | None:
    """A network of a service, beside the name it has there anyway."""
    made: dict[str, Any] = {"aliases": aliases} if (aliases := item.networks[key][1:]) else {}
    return made | ({"priority": item.priorities[key]} if item.priorities.get(key) else {}) or None


def _ports(bindings: Mapping[str, Sequence[Mapping[str, str]]]) -> list[dict[str, Any]]:
    made = []
    for port, entries in bindings.items():
        number, _, protocol = port.partition("/")
        for entry in entries:
            one: dict[str, Any] = {"mode": "ingress", "target": int(number)}
            one |= {"host_ip": entry["HostIp"]} if entry["HostIp"] else {}
            one |= {"published": entry["HostPort"]} if entry["HostPort"] else {}
            made.append({**one, "protocol": protocol})
    return made


def _needs(item: Service) -> dict[str, Any]:
    return {
        name: {"condition": condition, "required": required}
        for name, (condition, required) in item.needs.items()
    }


def _health(value: Any) -> dict[str, Any]:
    check = dict(forms.mapping(value))
    if isinstance(check.get("test"), str):
        check["test"] = ["CMD-SHELL", check["test"]]
    return check
