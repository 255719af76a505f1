"""Plans of the commands on containers.

Source: requests of docker CLI 28.2, as observed; Engine API v1.50.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from assistant.commands import placeholders
from assistant.commands.create import env_of
from assistant.commands.files import guarded_path
from assistant.commands.grammar import Parsed
from assistant.commands.host_config import restart_policy
from assistant.commands.others.copies import side_of
from assistant.commands.plan_parts import Draft, Parts, format_notes, named_objects, other
from assistant.commands.quantities import bad, parse_bytes, parse_cpus, parse_int
from assistant.commands.references import parse_reference
from assistant.errors import CommandSyntaxError, UnsupportedCommandError
from assistant.values import Operation
from knowledge.language import Text


def _plain(name: str) -> str:
    return name.removeprefix("/")


def on_each(verb: str) -> Draft:
    """A builder: one request ``POST /containers/…/verb`` for each container named."""

    def draft(parsed: Parsed, workspace: Path, now: float) -> Parts:
        query: dict[str, str] = {}
        if (seconds := parsed.last("timeout")) is not None:
            query["t"] = str(parse_int("--timeout", seconds))
        if signal := parsed.last("signal"):
            query["signal"] = signal
        found = named_objects(parsed.args, "container")
        paths = [f"/containers/{_plain(name)}/{verb}" for name in parsed.args]
        return other(parsed, [Operation("POST", path, query) for path in paths], found)

    return draft


def start(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker start``; with ``-a`` or ``-i`` the client connects first."""
    if parsed.last("checkpoint") or parsed.last("checkpoint-dir"):
        raise UnsupportedCommandError(
            Text(en="Checkpoints are not dealt with here.", zh="这里不处理检查点。"), word="--checkpoint"
        )
    found = named_objects(parsed.args, "container")
    if not (parsed.is_on("attach") or parsed.is_on("interactive")):
        starts = [Operation("POST", f"/containers/{_plain(name)}/start") for name in parsed.args]
        return other(parsed, starts, found)
    if len(parsed.args) > 1:
        raise bad("--attach", parsed.args[1], "one container at a time", "一次只能连接一个容器")
    path = f"/containers/{_plain(parsed.args[0])}"
    operations = [
        Operation("GET", f"{path}/json"),
        Operation("POST", f"{path}/attach", _streams(parsed)),
        Operation("POST", f"{path}/wait", {"condition": "next-exit"}),
        Operation("POST", f"{path}/start"),
    ]
    return other(parsed, operations, found)


def _streams(parsed: Parsed) -> dict[str, str]:
    keys = parsed.last("detach-keys")
    return {"stream": "1", "stdout": "1", "stderr": "1"} | ({"detachKeys": keys} if keys else {})


def attach(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker attach``."""
    path = f"/containers/{_plain(parsed.args[0])}"
    operations = [
        Operation("GET", f"{path}/json"),
        Operation("POST", f"{path}/wait"),
        Operation("POST", f"{path}/attach", _streams(parsed)),
        Operation("GET", f"{path}/json"),
    ]
    return other(parsed, operations, named_objects(parsed.args, "container"))


def rename(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker rename``."""
    old, new = parsed.args
    found = (*named_objects([old], "container"), *named_objects([new], "text"))
    return other(parsed, [Operation("POST", f"/containers/{_plain(old)}/rename", {"name": new})], found)


def top(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker top``."""
    name, *arguments = parsed.args
    query = {"ps_args": " ".join(arguments)} if arguments else {}
    operation = Operation("GET", f"/containers/{_plain(name)}/top", query)
    return other(parsed, [operation], named_objects([name], "container"))


def stats(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker stats``; without a name the client looks for the containers itself."""
    found = named_objects(parsed.args, "container")
    stream = {"stream": "0" if parsed.is_on("no-stream") else "1"}
    operations = [Operation("GET", f"/containers/{_plain(name)}/stats", stream) for name in parsed.args]
    if not operations:
        listed = {"all": "1"} if parsed.is_on("all") else {}
        watched = {"filters": '{"type":{"container":true}}'}
        operations = [Operation("GET", "/events", watched), Operation("GET", "/containers/json", listed)]
    return other(parsed, operations, found, format_notes(parsed))


def port(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker port``."""
    name, *inner = parsed.args
    if inner and not re.fullmatch(r"[0-9]{1,5}(?:/[a-z]+)?", inner[0]):
        raise bad(
            "port", inner[0], "a port such as `80` or `80/tcp` is needed", "应为端口，例如 `80` 或 `80/tcp`"
        )
    operation = Operation("GET", f"/containers/{_plain(name)}/json")
    return other(parsed, [operation], named_objects([name], "container"))


def diff(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker diff``."""
    operation = Operation("GET", f"/containers/{_plain(parsed.args[0])}/changes")
    return other(parsed, [operation], named_objects(parsed.args, "container"))


def exec_in(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker exec``."""
    name, *command = parsed.args
    detach, tty = parsed.is_on("detach"), parsed.is_on("tty")
    body: dict[str, Any] = {
        "User": parsed.last("user") or "",
        "Privileged": parsed.is_on("privileged"),
        "Tty": tty,
        "AttachStdin": parsed.is_on("interactive") and not detach,
        "AttachStderr": not detach,
        "AttachStdout": not detach,
        "Detach": detach,
        "DetachKeys": parsed.last("detach-keys") or "",
        "Env": env_of(parsed, workspace) or None,
        "WorkingDir": parsed.last("workdir") or "",
        "Cmd": command,
    }
    path = f"/containers/{_plain(name)}"
    operations = [
        Operation("GET", f"{path}/json"),
        Operation("POST", f"{path}/exec", as_written=body),
        Operation("POST", "/exec/{exec}/start", as_written={"Detach": detach, "Tty": tty}),
    ]
    if not detach:
        operations.append(Operation("GET", "/exec/{exec}/json"))
    return other(parsed, operations, named_objects([name], "container"))


# ---- files in and out


def cp(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker cp``; the side on this machine has to lie in the workspace."""
    source, target = (side_of(argument) for argument in parsed.args)
    if (source is None) == (target is None):
        raise CommandSyntaxError(
            Text(
                en="`docker cp` needs one side in a container (`name:/path`) and one on this machine.",
                zh="`docker cp` 的一端应在容器里（`名称:/路径`），另一端在本机。",
            ),
            word=parsed.args[1],
        )
    if source is not None:
        guarded_path("cp", parsed.args[1], workspace)
        name, path = source
        operations = [Operation("GET", f"/containers/{name}/archive", {"path": path})]
        return other(parsed, operations, named_objects([name], "container"))
    assert target is not None  # noqa: S101 (one of the two is in a container)
    guarded_path("cp", parsed.args[0], workspace)
    name, path = target
    query = {"noOverwriteDirNonDir": "true", "path": path}
    query |= {"copyUIDGID": "true"} if parsed.is_on("archive") else {}
    operations = [
        Operation("HEAD", f"/containers/{name}/archive", {"path": path}),
        Operation("PUT", f"/containers/{name}/archive", query),
    ]
    return other(parsed, operations, named_objects([name], "container"))


def export(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker export``."""
    if output := parsed.last("output"):
        guarded_path("--output", output, workspace)
    operation = Operation("GET", f"/containers/{_plain(parsed.args[0])}/export")
    return other(parsed, [operation], named_objects(parsed.args, "container"))


def commit(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker commit``."""
    name, *image = parsed.args
    query = {"container": name, "comment": parsed.last("message") or "", "repo": "", "tag": ""}
    query["author"] = parsed.last("author") or ""
    found = named_objects([name], "container")
    if waiting := placeholders.find_in(image[0], "image") if image else ():
        found += waiting
    elif image:
        reference = parse_reference(image[0])
        query |= {"repo": reference.repository, "tag": reference.tag or "latest"}
    query |= {"changes": ",".join(parsed.all("change"))} if parsed.all("change") else {}
    query |= {} if parsed.last("pause") is None or parsed.is_on("pause") else {"pause": "0"}
    return other(parsed, [Operation("POST", "/commit", query)], found)


# ---- update

_COUNTS = {
    "CpuShares": "cpu-shares",
    "BlkioWeight": "blkio-weight",
    "CpuPeriod": "cpu-period",
    "CpuQuota": "cpu-quota",
    "CpuRealtimePeriod": "cpu-rt-period",
    "CpuRealtimeRuntime": "cpu-rt-runtime",
}
_SIZES = {"Memory": "memory", "MemoryReservation": "memory-reservation", "MemorySwap": "memory-swap"}
_UNSET = (
    "BlkioWeightDevice",
    "BlkioDeviceReadBps",
    "BlkioDeviceWriteBps",
    "BlkioDeviceReadIOps",
    "BlkioDeviceWriteIOps",
    "Devices",
    "DeviceCgroupRules",
    "DeviceRequests",
    "MemorySwappiness",
    "OomKillDisable",
    "Ulimits",
)
_ZERO = ("CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth")


def update(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker update``."""
    pids = parsed.last("pids-limit")
    body: dict[str, Any] = dict.fromkeys(_UNSET) | dict.fromkeys(_ZERO, 0)
    body |= {key: parse_int(f"--{flag}", parsed.last(flag) or "0") for key, flag in _COUNTS.items()}
    body |= {key: parse_bytes(f"--{flag}", parsed.last(flag) or "0") for key, flag in _SIZES.items()}
    body |= {
        "NanoCpus": parse_cpus("--cpus", parsed.last("cpus") or "0"),
        "CgroupParent": "",
        "CpusetCpus": parsed.last("cpuset-cpus") or "",
        "CpusetMems": parsed.last("cpuset-mems") or "",
        "PidsLimit": None if pids is None else parse_int("--pids-limit", pids),
        "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    }
    if parsed.last("restart"):
        body["RestartPolicy"] = restart_policy(parsed)
    found = named_objects(parsed.args, "container")
    paths = [f"/containers/{_plain(name)}/update" for name in parsed.args]
    return other(parsed, [Operation("POST", path, as_written=body) for path in paths], found)
