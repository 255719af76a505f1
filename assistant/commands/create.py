"""The flags of ``docker run`` to the body of POST /containers/create, as the real CLI sends it.

Source: docker CLI 28.2, observed request bodies; Engine API v1.50, ContainerCreate.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.commands import networks, placeholders, ports, specs
from assistant.commands.files import read_pairs
from assistant.commands.grammar import Parsed
from assistant.commands.host_config import host_config
from assistant.commands.quantities import bad, parse_duration, parse_int
from assistant.values import PlaceholderKind


def create_body(parsed: Parsed, workspace: Path) -> dict[str, Any]:
    """The request body for one ``docker run`` line.

    Raises:
        CommandSyntaxError: a value the docker CLI would not take.
        UnsupportedCommandError: a value that reads or writes files out of reach.
    """
    binds, volumes = _volumes(parsed, workspace)
    bindings = ports.parse_publish(_filled(parsed.all("publish"), "port"))
    exposed = {port: {} for port in bindings} | ports.parse_expose(_filled(parsed.all("expose"), "port"))
    body = _config(parsed, workspace) | {"Volumes": volumes}
    if exposed:
        body["ExposedPorts"] = exposed
    body["HostConfig"] = host_config(parsed, workspace) | {"Binds": binds or None, "PortBindings": bindings}
    body["NetworkingConfig"] = {"EndpointsConfig": networks.endpoints(parsed)}
    return body


def _filled(values: list[str], position: PlaceholderKind) -> list[str]:
    """The values that are no placeholder; the others wait for the person."""
    return [value for value in values if not placeholders.find_in(value, position)]


def _config(parsed: Parsed, workspace: Path) -> dict[str, Any]:
    detach, stdin = parsed.is_on("detach"), parsed.is_on("interactive")
    streams = _streams(parsed)
    image, *command = parsed.args
    config: dict[str, Any] = {
        "Hostname": parsed.last("hostname") or "",
        "Domainname": parsed.last("domainname") or "",
        "User": parsed.last("user") or "",
        "AttachStdin": "stdin" in streams and not detach,
        "AttachStdout": "stdout" in streams and not detach,
        "AttachStderr": "stderr" in streams and not detach,
        "Tty": parsed.is_on("tty"),
        "OpenStdin": stdin,
        "StdinOnce": stdin and not detach,
        "Env": env_of(parsed, workspace) or None,
        "Cmd": command or None,
        "Image": image,
        "WorkingDir": parsed.last("workdir") or "",
        "Entrypoint": _entrypoint(parsed),
        "OnBuild": None,
        "Labels": _labels(parsed, workspace),
    }
    if (signal := parsed.last("stop-signal")) is not None and signal:
        config["StopSignal"] = signal
    if (timeout := parsed.last("stop-timeout")) is not None:
        config["StopTimeout"] = parse_int("--stop-timeout", timeout)
    if health := _health(parsed):
        config["Healthcheck"] = health
    return config


def _streams(parsed: Parsed) -> set[str]:
    streams = {value.lower() for value in parsed.all("attach")}
    if not streams <= {"stdin", "stdout", "stderr"}:
        raise bad(
            "--attach",
            sorted(streams)[0],
            "stdin, stdout or stderr is needed",
            "应为 stdin、stdout 或 stderr",
        )
    if streams and parsed.is_on("detach"):
        raise bad("--attach", "--detach", "the two exclude each other", "两者不能同时使用")
    streams = streams or {"stdout", "stderr"}
    return streams | {"stdin"} if parsed.is_on("interactive") else streams


def _entrypoint(parsed: Parsed) -> list[str] | None:
    value = parsed.last("entrypoint")
    return None if value is None else [value]


def env_of(parsed: Parsed, workspace: Path) -> list[str]:
    """``--env-file`` and ``--env``, in the CLI's order."""
    entries = [
        entry for name in parsed.all("env-file") for entry in read_pairs("--env-file", name, workspace)
    ]
    for value in parsed.all("env"):
        if not value.partition("=")[0]:
            raise bad("-e", value, "`NAME=value` is needed", "应为 `名称=值`")
        entries.append(value)
    return entries


def _labels(parsed: Parsed, workspace: Path) -> dict[str, str]:
    entries = [
        entry for name in parsed.all("label-file") for entry in read_pairs("--label-file", name, workspace)
    ]
    for value in parsed.all("label"):
        if not value.partition("=")[0]:
            raise bad("-l", value, "`name=value` is needed", "应为 `名称=值`")
        entries.append(value)
    return {entry.partition("=")[0]: entry.partition("=")[2] for entry in entries}


def _health(parsed: Parsed) -> dict[str, Any]:
    health: dict[str, Any] = {}
    if command := parsed.last("health-cmd"):
        health["Test"] = ["CMD-SHELL", command]
    for flag, key in (
        ("health-interval", "Interval"),
        ("health-timeout", "Timeout"),
        ("health-start-period", "StartPeriod"),
        ("health-start-interval", "StartInterval"),
    ):
        if value := parsed.last(flag):
            health[key] = parse_duration(f"--{flag}", value)
    if value := parsed.last("health-retries"):
        health["Retries"] = parse_int("--health-retries", value)
    health = {key: value for key, value in health.items() if value}
    if parsed.is_on("no-healthcheck"):
        if health:
            raise bad("--no-healthcheck", "--health-…", "the two exclude each other", "两者不能同时使用")
        return {"Test": ["NONE"]}
    return health


def _volumes(parsed: Parsed, workspace: Path) -> tuple[list[str], dict[str, Any]]:
    binds: dict[str, None] = {}
    volumes: dict[str, Any] = {}
    for value in _filled(parsed.all("volume"), "path"):
        bind, volume = specs.parse_volume(value, workspace)
        if bind is not None:
            binds[bind] = None
        elif volume is not None:
            volumes[volume] = {}
    return list(binds), volumes
