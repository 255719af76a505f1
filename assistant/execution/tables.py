"""The Engine's answers as the docker client prints them. Pure."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assistant.execution.clean import visible, visible_json
from assistant.execution.images import IMAGE_LABEL
from assistant.values import JsonObject, ListContainers, ListImages

_SHORT = 12
_COMMAND_WIDTH = 20
_GAP = 3


def json_text(value: object) -> str:
    """Indented JSON, as ``docker inspect`` prints it."""
    return visible_json(json.dumps(value, indent=4, ensure_ascii=False))


def containers(
    found: Sequence[JsonObject], action: ListContainers, ours: Collection[str] = frozenset()
) -> str:
    """``docker ps``.

    Only of containers that are ``ours`` (their ids) the whole command is shown: arguments hold secrets.
    """
    ids = [_id(str(item["Id"]), action.no_trunc) for item in found]
    if action.quiet:
        return "".join(f"{each}\n" for each in ids)
    heads = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"]
    rows = [
        [
            each,
            _image_name(_made_from(item, ours), action.no_trunc),
            _command(str(item.get("Command", "")), action.no_trunc, program_only=item["Id"] not in ours),
            ago(float(item.get("Created", 0))),
            str(item.get("Status", "")),
            ports(item.get("Ports") or ()),
            ",".join(str(name).lstrip("/") for name in item.get("Names") or ()),
        ]
        for each, item in zip(ids, found, strict=True)
    ]
    if action.size:
        heads.append("SIZE")
        for row, item in zip(rows, found, strict=True):
            own, whole = int(item.get("SizeRw") or 0), int(item.get("SizeRootFs") or 0)
            row.append(f"{size(own)} (virtual {size(whole)})")
    return table(heads, rows)


def of_project(found: Sequence[JsonObject], ours: Collection[str]) -> str:
    """``docker compose ps``; see ``containers`` for ``ours``."""
    heads = ["NAME", "IMAGE", "COMMAND", "SERVICE", "CREATED", "STATUS", "PORTS"]
    rows = [
        [
            ",".join(str(name).lstrip("/") for name in item.get("Names") or ()),
            _image_name(_made_from(item, ours), False),
            _command(str(item.get("Command", "")), False, program_only=item["Id"] not in ours),
            str((item.get("Labels") or {}).get("com.docker.compose.service", "")),
            ago(float(item.get("Created", 0))),
            str(item.get("Status", "")),
            ports(item.get("Ports") or ()),
        ]
        for item in found
    ]
    return table(heads, rows)


def _made_from(item: JsonObject, ours: Collection[str]) -> str:
    """The image of a container as it was named: ours are made by id, and have the name as a label."""
    named = (item.get("Labels") or {}).get(IMAGE_LABEL) if item["Id"] in ours else None
    return str(named or item.get("Image", ""))


def images(found: Sequence[JsonObject], action: ListImages) -> str:
    """``docker images``."""
    rows: list[list[str]] = []
    for item in sorted(found, key=lambda image: int(image.get("Created", 0)), reverse=True):
        image = _id(str(item["Id"]), action.no_trunc)
        if action.quiet:
            rows.append([image])
            continue
        digests = {str(d).partition("@")[0]: str(d).partition("@")[2] for d in item.get("RepoDigests") or ()}
        for tag in item.get("RepoTags") or ["<none>:<none>"]:
            repository, _, version = str(tag).rpartition(":")
            row = [repository, version, image, ago(float(item.get("Created", 0))), size(int(item["Size"]))]
            if action.digests:
                row.insert(2, digests.get(repository, "<none>"))
            rows.append(row)
    if action.quiet:
        return "".join(f"{row[0]}\n" for row in rows)
    heads = ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"]
    if action.digests:
        heads.insert(2, "DIGEST")
    return table(heads, rows)


def version(answer: JsonObject) -> str:
    """``docker version``, the Engine's side; the client's side is docknotes itself."""
    platform = (answer.get("Platform") or {}).get("Name", "")
    lines = [f"Server: {platform}".rstrip()]
    parts = answer.get("Components") or [{"Name": "Engine", "Version": answer.get("Version", "")}]
    for part in parts:
        lines.append(f" {part['Name']}:")
        lines.append(f"  {'Version:':<18}{part.get('Version', '')}")
        details: Mapping[str, Any] = part.get("Details") or {}
        for label, key in _VERSION_DETAILS:
            if details.get(key):
                lines.append(f"  {label + ':':<18}{_detail(key, details)}")
    return "".join(f"{visible(line)}\n" for line in lines)


_VERSION_DETAILS = (
    ("API version", "ApiVersion"),
    ("Go version", "GoVersion"),
    ("Git commit", "GitCommit"),
    ("GitCommit", "GitCommit"),
    ("Built", "BuildTime"),
    ("OS/Arch", "Os"),
)


def _detail(key: str, details: Mapping[str, Any]) -> str:
    if key == "ApiVersion":
        return f"{details[key]} (minimum version {details.get('MinAPIVersion', '?')})"
    if key == "Os":
        return f"{details['Os']}/{details.get('Arch', '')}"
    return str(details[key])


def info(answer: JsonObject) -> str:
    """``docker info``: what helps a person, in the client's words and order."""
    memory = answer.get("MemTotal")
    lines: list[tuple[str, object]] = [
        ("Containers", answer.get("Containers")),
        (" Running", answer.get("ContainersRunning")),
        (" Paused", answer.get("ContainersPaused")),
        (" Stopped", answer.get("ContainersStopped")),
        ("Images", answer.get("Images")),
        ("Server Version", answer.get("ServerVersion")),
        ("Storage Driver", answer.get("Driver")),
        ("Logging Driver", answer.get("LoggingDriver")),
        ("Cgroup Driver", answer.get("CgroupDriver")),
        ("Cgroup Version", answer.get("CgroupVersion")),
        ("Runtimes", " ".join(sorted(answer.get("Runtimes") or ()))),
        ("Default Runtime", answer.get("DefaultRuntime")),
        ("Security Options", ", ".join(answer.get("SecurityOptions") or ())),
        ("Kernel Version", answer.get("KernelVersion")),
        ("Operating System", answer.get("OperatingSystem")),
        ("OSType", answer.get("OSType")),
        ("Architecture", answer.get("Architecture")),
        ("CPUs", answer.get("NCPU")),
        ("Total Memory", None if memory is None else f"{memory / 1024**3:.2f}GiB"),
        ("Name", answer.get("Name")),
        ("Docker Root Dir", answer.get("DockerRootDir")),
        ("Live Restore Enabled", answer.get("LiveRestoreEnabled")),
    ]
    text = "".join(f"{key}: {visible(_word(value))}\n" for key, value in lines if value not in (None, ""))
    return text + "".join(f"{visible(str(warning))}\n" for warning in answer.get("Warnings") or ())


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def ports(published: Sequence[Mapping[str, Any]]) -> str:
    """Ports as ``docker ps`` shows them: ``127.0.0.1:8080->80/tcp, 443/tcp``."""
    shown = []
    for port in sorted(published, key=lambda p: (p.get("PrivatePort", 0), p.get("PublicPort", 0))):
        inner = f"{port.get('PrivatePort')}/{port.get('Type')}"
        address = str(port.get("IP", ""))
        address = f"[{address}]" if ":" in address else address
        shown.append(f"{address}:{port['PublicPort']}->{inner}" if port.get("PublicPort") else inner)
    return ", ".join(dict.fromkeys(shown))


def size(count: int) -> str:
    """Bytes as docker writes them: four digits at most, steps of 1000."""
    number, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while number >= 1000 and len(units) > 1:
        number /= 1000
        units.pop(0)
    return f"{number:.3g}{units[0]}" if number < 1000 else f"{number:.0f}{units[0]}"


def ago(stamp: float, now: float | None = None) -> str:
    """How long ago something was, as docker says it."""
    return f"{duration((time.time() if now is None else now) - stamp)} ago"


_SPANS = (  # upper bound in seconds, length of the unit, name
    (60, 1, "seconds"),
    (120, 0, "About a minute"),
    (3600, 60, "minutes"),
    (5400, 0, "About an hour"),
    (48 * 3600, 3600, "hours"),
    (14 * 86400, 86400, "days"),
    (60 * 86400, 7 * 86400, "weeks"),
    (730 * 86400, 30 * 86400, "months"),
)


def duration(seconds: float) -> str:
    """A span of time in docker's words.

    Source: HumanDuration of docker/go-units.
    """
    if seconds < 1:
        return "Less than a second"
    if int(seconds) == 1:
        return "1 second"
    for bound, unit, name in _SPANS:
        if seconds < bound:
            return f"{int(seconds // unit)} {name}" if unit else name
    return f"{int(seconds // (365 * 86400))} years"


def _id(id: str, whole: bool) -> str:
    return id if whole else id.removeprefix("sha256:")[:_SHORT]


def _image_name(name: str, whole: bool) -> str:
    return name if whole or not name.startswith("sha256:") else _id(name, whole)


def _command(command: str, whole: bool, *, program_only: bool) -> str:
    program, *rest = command.split(maxsplit=1) or [""]
    if program_only:
        command = f"{program} …" if rest else program
    quoted = command if whole or len(command) <= _COMMAND_WIDTH else command[: _COMMAND_WIDTH - 1] + "…"
    return visible_json(json.dumps(quoted, ensure_ascii=False))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns with their heads, as docker's client sets them; control characters are made visible."""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(len(str(row[i])) for row in (heads, *rows)) + _GAP for i in range(len(heads))]
    lines = (
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows)
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
