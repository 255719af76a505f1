"""A plan as written to the plan as run: bounded, labelled, closed, each change said with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.commands.bound_files import bound_files
from assistant.commands.change_plans import pull_operation
from assistant.commands.networks import is_user_defined, joined_network
from assistant.commands.policy import Policy
from assistant.commands.references import is_image_id, parse_reference
from assistant.commands.rule_context import NO_NEW_PRIVILEGES, RUN
from assistant.config import Limits
from assistant.values import Change, JsonObject, Operation, OtherCommand, Plan, RunContainer
from knowledge.language import Text

NETWORK = "{network}"
"""Stands for the name of the run's own network, until there is a run."""
LOOPBACK = "127.0.0.1"
CPU_SHARES = 1024
STOP_SECONDS = 120


def bound(
    plan: Plan, *, limits: Limits, workspace: Path, policy: Policy | None = None
) -> tuple[Plan, tuple[Change, ...]]:
    """The plan with the bodies as run, and what was changed; plans that create nothing stay as they are."""
    policy = policy or Policy.standard()
    if isinstance(plan.action, OtherCommand):
        from assistant.commands.others import bounded

        return bounded(plan, plan.action, limits, policy, workspace)
    if not isinstance(plan.action, RunContainer):
        return plan, ()
    binder = _Binder(plan.action, limits, policy, workspace)
    body = binder.bound()
    operations = [_as_sent(operation, body) for operation in plan.operations]
    if plan.action.pull == "missing" and not plan.placeholders and not is_image_id(plan.action.image):
        pull = pull_operation(parse_reference(plan.action.image), plan.action.platform)
        operations.insert(0, replace(pull, sent="if missing"))
    if body["HostConfig"]["NetworkMode"] == NETWORK:
        at = next(i for i, operation in enumerate(operations) if operation.path == "/containers/create")
        operations.insert(at, _network(binder.policy))
    return replace(plan, operations=tuple(operations)), tuple(binder.changes)


def _as_sent(operation: Operation, body: JsonObject) -> Operation:
    """Output is read from the log here, not from a connection that stays open, as the CLI does.

    Unless a person types: then the connection is the way in.
    """
    if operation.path == "/containers/create":
        return replace(operation, as_run=body)
    is_for_output = operation.path.endswith("/attach") and "stdin" not in operation.query
    return replace(operation, sent="by docker") if is_for_output else operation


def _network(policy: Policy) -> Operation:
    return Operation("POST", "/networks/create", as_run=network_body(policy), sent="here")


def network_body(policy: Policy) -> JsonObject:
    """The network-create body of a run's own network."""
    return {
        "Name": NETWORK,
        "Driver": "bridge",
        "Options": {"com.docker.network.bridge.host_binding_ipv4": LOOPBACK},
        "Labels": {policy.owner_label: policy.owner, policy.run_label: RUN},
    }


class _Binder:
    """Goes through one body; ``changes`` grows on the way."""

    def __init__(self, action: RunContainer, limits: Limits, policy: Policy, workspace: Path) -> None:
        self.action = action
        self.limits = limits
        self.policy = policy
        self.workspace = workspace
        self.body: dict[str, Any] = dict(action.body)
        self.host: dict[str, Any] = dict(action.body["HostConfig"])
        self.labels = {policy.owner_label: policy.owner, policy.run_label: RUN}
        self.changes: list[Change] = []

    def bound(self) -> dict[str, Any]:
        self._bound_memory()
        self._bound_cpu()
        self._bound_rest()
        self._close_security()
        self._close_namespaces()
        self._close_network()
        self._bound_log()
        self._bound_ulimits()
        bound_files(self.host, self.policy, self.workspace, self._set)
        self._label()
        return {**self.body, "HostConfig": self.host}

    def _set(self, key: str, value: Any, en: str, zh: str, *, silent: bool = False) -> None:
        """Sets a HostConfig key and says so."""
        written = self.host.get(key)
        self.host[key] = value
        if written != value and not silent:
            shown = [_shown_number(key, item) or _shown(item) for item in (written, value)]
            self.changes.append(Change(f"HostConfig.{key}", shown[0], shown[1], Text(en=en, zh=zh)))

    # ---- resources

    def _bound_memory(self) -> None:
        most = self.limits.memory_bytes
        memory = lowered(self.host["Memory"], most)
        self._set("Memory", memory, "Memory is limited.", "内存受到限制。")
        self._set("MemorySwap", memory, "No swap on top of its memory.", "除内存外不使用交换空间。")
        if self.host["MemoryReservation"] > memory:
            self._set("MemoryReservation", memory, "Not above its memory.", "不超过内存上限。")
        shm = lowered(self.host["ShmSize"], self.limits.shm_bytes)
        self._set("ShmSize", shm, "Shared memory is limited.", "共享内存受到限制。")

    def _bound_cpu(self) -> None:
        most = round(self.limits.cpus * 10**9)
        cpus, period, quota = self.host["NanoCpus"], self.host["CpuPeriod"], self.host["CpuQuota"]
        if quota > 0 and not cpus:
            cpus = quota * 10**9 // (period or 100_000)
        why = ("CPU time is limited.", "CPU 时间受到限制。")
        self._set("NanoCpus", lowered(cpus, most), *why)
        self._set("CpuPeriod", 0, "Said by the number of CPUs instead.", "改由 CPU 数量表示。")
        self._set("CpuQuota", 0, "Said by the number of CPUs instead.", "改由 CPU 数量表示。")
        if self.host["CpuShares"] > CPU_SHARES:
            self._set("CpuShares", CPU_SHARES, "No more weight than other programs.", "权重不高于其他程序。")

    def _bound_rest(self) -> None:
        pids = lowered(self.host["PidsLimit"], self.limits.processes)
        self._set("PidsLimit", pids, "The number of processes is limited.", "进程数受到限制。")
        if self.host["AutoRemove"]:
            self._set(
                "AutoRemove",
                False,
                "docknotes removes the container itself, after it has read its output and exit code.",
                "docknotes 会在读取输出和退出码之后自行删除容器。",
            )
        timeout = self.body.get("StopTimeout")
        if timeout is not None and not 0 <= timeout <= STOP_SECONDS:
            self._set_config("StopTimeout", STOP_SECONDS, "Stopping takes an end.", "停止操作有时间上限。")

    def _bound_ulimits(self) -> None:
        highest = dict(self.policy.ulimits)
        bounded = []
        for limit in self.host["Ulimits"]:
            most = highest.get(limit["Name"], 0)
            hard = most if limit["Hard"] < 0 else min(limit["Hard"], most)
            soft = hard if limit["Soft"] < 0 else min(limit["Soft"], hard)
            bounded.append({"Name": limit["Name"], "Hard": hard, "Soft": soft})
        self._set("Ulimits", bounded, "Limits are not wider than allowed.", "限制不超过允许的范围。")

    def _bound_log(self) -> None:
        log = self.host["LogConfig"]
        driver = log["Type"] if log["Type"] in {"json-file", "local"} else "json-file"
        most = self.limits.log_bytes // 2  # two files
        written = log["Config"].get("max-size", "")
        size = min(int(written), most) if written.isdigit() and int(written) else most
        self._set(
            "LogConfig",
            {"Type": driver, "Config": {"max-file": "2", "max-size": str(size)}},
            "The log is kept here, so that the output can be read, and its size is limited.",
            "日志保存在本机以便读取输出，并限制大小。",
        )

    # ---- security and network

    def _close_security(self) -> None:
        dropped = {name.removeprefix("CAP_") for name in self.host["CapDrop"] or ()}
        added = [name.removeprefix("CAP_") for name in self.host["CapAdd"] or ()]  # adding wins over dropping
        kept = [] if "ALL" in dropped else [name for name in self.policy.capabilities if name not in dropped]
        capabilities = sorted({*kept, *added})
        why = ("Only a short list of capabilities is left.", "只保留少量必要的权能。")
        self._set("CapDrop", ["ALL"], *why)
        self._set("CapAdd", [f"CAP_{name}" for name in capabilities], *why)
        self._set(
            "SecurityOpt",
            [NO_NEW_PRIVILEGES],
            "No program in it can gain rights.",
            "其中的程序无法获得更多权限。",
        )

    def _close_namespaces(self) -> None:
        """What the Engine's own defaults decide otherwise, and they may be set to sharing."""
        ipc = self.host["IpcMode"] or "private"
        self._set("IpcMode", ipc, "Shared memory of its own.", "使用独立的共享内存。")
        self._set(
            "CgroupnsMode", "private", "It sees only its own control group.", "它只能看到自己的控制组。"
        )

    def _close_network(self) -> None:
        mode = self.host["NetworkMode"]
        if is_user_defined(mode):
            why = ("The network it is when you approve, by its id.", "使用批准时的那个网络（按 ID）。")
            self._set("NetworkMode", joined_network(mode), *why, silent=True)
        elif mode != "none":
            why = ("A network of its own, made for this run.", "使用为本次运行单独创建的网络。")
            self._set("NetworkMode", NETWORK, *why)
        self.body["NetworkingConfig"] = {"EndpointsConfig": self._endpoints()}
        bindings = {port: _on_loopback(entries) for port, entries in self.host["PortBindings"].items()}
        self._set("PortBindings", bindings, "Ports are open on this machine only.", "端口只对本机开放。")

    def _endpoints(self) -> dict[str, Any]:
        """Only aliases are kept."""
        if self.host["NetworkMode"] == "none":
            return {}
        written = self.action.body["NetworkingConfig"]["EndpointsConfig"].values()
        aliases = [alias for endpoint in written for alias in endpoint.get("Aliases") or ()]
        return {self.host["NetworkMode"]: {"Aliases": aliases}} if aliases else {}

    # ---- the rest

    def _label(self) -> None:
        labels = {**self.body["Labels"], **self.labels}
        self._set_config(
            "Labels",
            labels,
            "Marked as made here, so that it can be found and removed.",
            "加上标记，便于查找和删除。",
        )

    def _set_config(self, key: str, value: Any, en: str, zh: str, *, silent: bool = False) -> None:
        written = self.body.get(key)
        self.body[key] = value
        if written != value and not silent:
            self.changes.append(Change(key, _shown(written), _shown(value), Text(en=en, zh=zh)))


def _on_loopback(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    """Port bindings on loopback only, each once."""
    bound: list[dict[str, str]] = []
    for entry in entries:
        closed = {**entry, "HostIp": entry["HostIp"] if entry["HostIp"] == "::1" else LOOPBACK}
        if closed not in bound:
            bound.append(closed)
    return bound


def lowered(written: int, most: int) -> int:
    """The written number where it is a bound within the limit, else the limit."""
    return written if 0 < written <= most else most


def _shown_number(key: str, value: Any) -> str:
    """A number as a person reads it; 0 is the Engine's word for no bound. Empty where it is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    if value == 0:
        return "-"
    if key in {"Memory", "MemorySwap", "MemoryReservation", "ShmSize"} and value > 0:
        return f"{value / 1024**2:g} MiB"
    return f"{value / 10**9:g} CPUs" if key == "NanoCpus" else str(value)


_FILLED_LATER = re.compile(r"\{(?:network|run|container)\}")  # by the sandbox, when it runs


def _shown(value: Any) -> str:
    """A value as a person reads it in a list of changes."""
    if value in (None, "", [], {}):
        return "-"
    if isinstance(value, str) and _FILLED_LATER.search(value):
        return _FILLED_LATER.sub("…", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        shown = [f"{key}={_shown(item)}" for key, item in value.items() if item not in (None, "", [], {})]
        return ", ".join(shown) or "-"
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    return str(value)
