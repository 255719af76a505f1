"""Verdicts made by hand, in the shape the commands part gives them, to test what carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.commands.bounds import network_body
from assistant.commands.policy import Policy
from assistant.commands.review import digest_of
from assistant.values import (
    Action,
    Decision,
    Inspect,
    ListContainers,
    ListImages,
    Operation,
    Plan,
    PullImage,
    ReadLogs,
    RemoveContainers,
    RunContainer,
    ShowInfo,
    ShowVersion,
    StopContainers,
    Verdict,
)

MIB = 1024**2
LABELS = {"docknotes.owner": "docknotes", "docknotes.run": "{run}"}
_READS = (ListContainers, ListImages, Inspect, ReadLogs, ShowVersion, ShowInfo)


@dataclass(frozen=True)
class Line:
    """What a ``docker run`` line says, as far as these tests vary it."""

    command: tuple[str, ...] = ()
    image: str = "busybox"
    name: str | None = None
    detach: bool = False
    remove: bool = True
    tty: bool = False
    env: tuple[str, ...] = ()
    ports: Mapping[str, str] = field(default_factory=dict)
    memory: int = 256 * MIB
    processes: int = 64
    network: bool = True
    gpu: bool = False
    stop_seconds: int | None = None
    pull: str = "missing"


def run_verdict(*command: str, decision: Decision = Decision.ASK, **options: Any) -> Verdict:
    """The verdict of a ``docker run`` line, bounded as the policy bounds it."""
    line = Line(command=command, **options)
    written = {
        "Image": line.image,
        "Cmd": list(line.command) or None,
        "HostConfig": {"AutoRemove": line.remove},
    }
    operations = [
        Operation("POST", "/containers/create", {}, written, _body(line)),
        Operation("POST", "/containers/{container}/start"),
    ]
    if line.network:
        network = network_body(Policy.standard())
        operations.insert(0, Operation("POST", "/networks/create", {}, None, network))
    action = RunContainer(
        image=line.image,
        body=written,
        name=line.name,
        detach=line.detach,
        tty=line.tty,
        remove=line.remove,
        pull=line.pull,  # type: ignore[arg-type]
    )
    text = " ".join(("docker run", line.image, *command))
    return verdict_of(action, text, tuple(operations), decision=decision)


def _body(line: Line) -> dict[str, Any]:
    host: dict[str, Any] = {
        "NetworkMode": "{network}" if line.network else "none",
        "AutoRemove": False,
        "Memory": line.memory,
        "MemorySwap": line.memory,
        "NanoCpus": 1_000_000_000,
        "PidsLimit": line.processes,
        "ShmSize": 64 * MIB,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges:true"],
        "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "1"}},
    }
    body: dict[str, Any] = {
        "Image": line.image,
        "Cmd": list(line.command) or None,
        "Env": list(line.env),
        "Tty": line.tty,
        "Labels": LABELS,
        "HostConfig": host,
    }
    if line.ports:
        host["PortBindings"] = {
            inner: [{"HostIp": "127.0.0.1", "HostPort": outer}] for inner, outer in line.ports.items()
        }
        body["ExposedPorts"] = {inner: {} for inner in line.ports}
    if line.stop_seconds is not None:
        body["StopTimeout"] = line.stop_seconds
    if line.gpu:
        host["DeviceRequests"] = [{"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}]
    return body


def verdict_of(
    action: Action,
    line: str,
    operations: tuple[Operation, ...] = (),
    *,
    decision: Decision | None = None,
) -> Verdict:
    """The verdict of any action: reads are allowed, the others ask."""
    plan = Plan(line=line, argv=tuple(line.split()[1:]), action=action, operations=operations)
    if decision is None:
        decision = Decision.ALLOW if isinstance(action, _READS) else Decision.ASK
    return Verdict(line, "docker", decision, (), plan=plan, digest=digest_of(plan))


def create_body_of(verdict: Verdict) -> dict[str, Any]:
    """The body a verdict's plan would create its container from, to be changed in place."""
    assert verdict.plan is not None
    body = next(op.as_run for op in verdict.plan.operations if op.path == "/containers/create")
    assert isinstance(body, dict)
    return body


def with_digest(verdict: Verdict) -> Verdict:
    """The verdict with the digest of its plan as it stands now."""
    assert verdict.plan is not None
    return replace(verdict, digest=digest_of(verdict.plan))


def stop(*names: str, seconds: int | None = None) -> Verdict:
    """``docker stop``."""
    return verdict_of(StopContainers(names, seconds), f"docker stop {' '.join(names)}")


def rm(*names: str, force: bool = False) -> Verdict:
    """``docker rm``."""
    return verdict_of(RemoveContainers(names, force=force), f"docker rm {' '.join(names)}")


def pull(reference: str) -> Verdict:
    """``docker pull``."""
    return verdict_of(PullImage(reference), f"docker pull {reference}")
