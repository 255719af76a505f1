"""What the policy says to compose commands, and what their requests become.

Each container is judged and bounded as the one ``docker run -d`` would make; only its network is another:
the one of its project, which is made, or has to be there and ours, before the container is.
"""

from __future__ import annotations

import hashlib
import json
import os.path
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.commands.body_tables import FLAG_OF
from assistant.commands.bounds import LOOPBACK, bound
from assistant.commands.mount_rules import mounted
from assistant.commands.others.rules import Rule
from assistant.commands.policy import judge
from assistant.commands.policy_values import Policy
from assistant.commands.rule_context import RUN
from assistant.compose import labels
from assistant.compose.problems import service
from assistant.compose.service_keys import LISTS, PAIRS, SWITCHES, TEXTS
from assistant.config import Limits
from assistant.values import (
    Change,
    ComposeCommand,
    ComposeContainer,
    Decision,
    JsonObject,
    Operation,
    OtherCommand,
    Plan,
    Reason,
)
from knowledge.language import Text

_KEY_OF = {f"--{flag}": key for table in (TEXTS, SWITCHES, LISTS, PAIRS) for key, flag in table.items()} | {
    "--network": "network_mode",
    "--gpus": "gpus",
    "--restart": "restart",
    "-v": "volumes",
    "--mount": "volumes",
    "--tmpfs": "tmpfs",
    "--ulimit": "ulimits",
    "-e": "environment",
    "--add-host": "extra_hosts",
    "--log-driver": "logging",
}


def judge_up(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """Every reason against the containers of a file, each with its service."""
    if not isinstance(action, ComposeCommand):
        return ()
    found: list[Reason] = []
    for item in action.containers:
        decision, reasons = judge(_as_run_line(plan, item), policy, workspace)
        if decision is Decision.REFUSE:
            found += [_of_service(item.service, reason) for reason in reasons]
    return tuple(dict.fromkeys([*found, *_together(action)]))


def judge_down(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """A stop cannot be cancelled, so it does not wait for long."""
    seconds = action.last("timeout")
    if seconds is None or 0 <= int(seconds) <= policy.stop_seconds:
        return ()
    text = Text(
        f"`--timeout {seconds}` is refused: a stop cannot be cancelled, so it waits for at most "
        f"{policy.stop_seconds} seconds.",
        f"拒绝 `--timeout {seconds}`：停止操作无法取消，因此最多等待 {policy.stop_seconds} 秒。",
    )
    return (Reason("timeout", text),)


def _as_run_line(plan: Plan, item: ComposeContainer) -> Plan:
    """The plan ``docker run -d`` would be for one container."""
    create = Operation("POST", "/containers/create", {"name": item.run.name or ""}, as_written=item.run.body)
    return Plan(plan.line, plan.argv, item.run, (create,))


def _of_service(name: str, reason: Reason) -> Reason:
    """A reason with the service in front, and the key of the file in place of docker's flag."""
    where, en, zh = service(name), reason.text.en, reason.text.zh
    body_key = reason.rule.removeprefix("body.")
    flag = FLAG_OF.get(body_key, "")
    if key := _KEY_OF.get(flag.split()[0] if flag else ""):
        en = en.replace(f"`{flag}` ({body_key})", f"`{key}`", 1)
        zh = zh.replace(f"`{flag}`（{body_key}）", f"`{key}`", 1)
    return Reason(reason.rule, Text(f"{where.en} {en}", f"服务 `{name}`：{zh}"))


def _together(action: ComposeCommand) -> list[Reason]:
    """A folder of one service must not lie below one that another service can write."""
    binds = [
        (item.service, entry)
        for item in action.containers
        for entry in _binds(item.run.body.get("HostConfig") or {})
    ]
    writable: dict[str, list[str]] = {}
    for name, entry in binds:
        if not entry.read_only:
            writable.setdefault(os.path.normpath(entry.source), []).append(name)
    for name, inner in binds:
        for parent in Path(os.path.normpath(inner.source)).parents:
            other = next((each for each in writable.get(str(parent), ()) if each != name), None)
            if other is not None:
                return [Reason("body.bind-below-bind", _below(name, other, inner.source, str(parent)))]
    return []


def _below(name: str, other: str, inner: str, outer: str) -> Text:
    return Text(
        f"Service `{name}`, `volumes`: `{inner}` lies below `{outer}`, which `{other}` can write; "
        "it could swap it for a link. Mount the outer folder read-only (`:ro`).",
        f"服务 `{name}` 的 `volumes`：`{inner}` 位于服务 `{other}` 可写的 `{outer}` 之下，可能被换成链接。"
        "请把外层目录设为只读（`:ro`）。",
    )


def _binds(host: Mapping[str, Any]) -> Sequence[Any]:
    try:
        return [entry for entry in mounted(host) if entry.kind == "bind"]
    except (ValueError, AttributeError, TypeError, LookupError):
        return []  # refused already, entry by entry


# ---- as run


def bound_up(plan: Plan, limits: Limits, policy: Policy, workspace: Path) -> tuple[Plan, tuple[Change, ...]]:
    """The plan of ``up`` with the bodies as run, and what was changed in each."""
    action = plan.action
    if not isinstance(action, ComposeCommand):
        return plan, ()
    bodies: dict[str, JsonObject] = {}
    pulls: dict[str, Operation] = {}
    changes: list[tuple[str, Change]] = []
    for item in action.containers:
        one, found = bound(_as_run_line(plan, item), limits=limits, workspace=workspace, policy=policy)
        for operation in one.operations:
            if operation.path == "/containers/create":
                bodies[item.run.name or ""] = _in_project(operation.as_run or {}, item, action)
            elif operation.path == "/images/create":
                pulls[item.run.image] = operation
        changes += [(item.service, change) for change in found if _is_said(change, item)]
    operations = [*pulls.values(), *(_as_run(operation, bodies, policy) for operation in plan.operations)]
    return replace(plan, operations=tuple(operations)), _of_services(changes)


def _of_services(changes: Sequence[tuple[str, Change]]) -> tuple[Change, ...]:
    """The changes, each once, with the services it is made in."""
    services: dict[Change, list[str]] = {}
    for name, change in changes:
        services.setdefault(change, []).append(name)
    return tuple(
        replace(change, key=f"{', '.join(names)}: {change.key}") for change, names in services.items()
    )


def _is_said(change: Change, item: ComposeContainer) -> bool:
    """The network stays as it is written, so that is no change; copies say the same as the first."""
    return change.key != "HostConfig.NetworkMode" and item.number == 1


def _as_run(operation: Operation, bodies: Mapping[str, JsonObject], policy: Policy) -> Operation:
    if operation.path == "/containers/create":
        return replace(operation, as_run=bodies[operation.query["name"]])
    if operation.path == "/networks/create":
        return replace(operation, as_run=network_body(operation.as_written or {}, policy))
    return operation


def network_body(written: JsonObject, policy: Policy) -> JsonObject:
    """A network of a project as it is made: ours, its ports on this machine only."""
    return {
        **written,
        "Options": {"com.docker.network.bridge.host_binding_ipv4": LOOPBACK},
        "Labels": {**written["Labels"], policy.owner_label: policy.owner, policy.run_label: RUN},
    }


def _in_project(body: JsonObject, item: ComposeContainer, action: ComposeCommand) -> JsonObject:
    """A bounded body on the networks of its project, its volumes labelled as those of the project."""
    host = dict(body["HostConfig"])
    made = {**body, "HostConfig": host}
    if item.networks:
        first, aliases = next(iter(item.networks.items()))
        host["NetworkMode"] = first
        made["NetworkingConfig"] = {"EndpointsConfig": {first: {"Aliases": list(aliases)}}}
    if host.get("Mounts"):
        keys = {volume.name: volume.key for volume in action.volumes if not volume.external}
        host["Mounts"] = [_labelled(mount, keys, action.project) for mount in host["Mounts"]]
    text = json.dumps(made, sort_keys=True, default=dict)
    made["Labels"] = {**made["Labels"], labels.HASH: hashlib.sha256(text.encode()).hexdigest()}
    return made


def _labelled(mount: JsonObject, keys: Mapping[str, str], project: str) -> JsonObject:
    key = keys.get(mount.get("Source", "")) if mount["Type"] == "volume" else None
    if key is None:
        return mount
    options = mount["VolumeOptions"]
    return {
        **mount,
        "VolumeOptions": {**options, "Labels": {**options["Labels"], **labels.of_volume(project, key)}},
    }


RULES: dict[str, Rule] = {
    "compose config": Rule(""),
    "compose ps": Rule(""),
    "compose logs": Rule(""),
    "compose up": Rule("run.", judge_up, bound_up),
    "compose down": Rule("remove", judge_down),
}
