"""Rules of the commands on containers.

What a container may be was judged when it was made; what these commands add is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.commands.body_rules import refusals_as_written
from assistant.commands.bounds import CPU_SHARES, lowered
from assistant.commands.others.rules import READS, Rule
from assistant.commands.policy import signal_refusals, wait_refusals
from assistant.commands.policy_values import Policy
from assistant.config import Limits
from assistant.values import Change, OtherCommand, Plan, Reason
from knowledge.language import Text

_UPDATED = frozenset(
    {"Memory", "MemoryReservation", "MemorySwap", "NanoCpus", "CpuShares", "PidsLimit", "RestartPolicy"}
)
"""What ``docker update`` may set; the Engine leaves what is zero as it is."""
_OF_PROGRAM = ("User", "Env", "Cmd", "WorkingDir")
"""What ``docker exec`` asks for in the words of a container-create body."""


def _waits_and_signals(
    plan: Plan, action: OtherCommand, policy: Policy, workspace: Path
) -> tuple[Reason, ...]:
    """Of ``restart`` and ``kill``: the time a stop may take, and that the signal is one."""
    seconds = action.last("timeout")
    waits = wait_refusals(None if seconds is None else int(seconds), policy)
    return (*waits, *signal_refusals(action.last("signal") or None))


def _attached(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    if not action.is_on("interactive"):
        return ()
    text = Text(
        en="`start -i` would hand your keyboard to a program that is already there; start it without `-i` "
        "and use `docker exec -it` for a shell.",
        zh="`start -i` 会把键盘交给容器原有的程序；请去掉 `-i` 启动，再用 `docker exec -it` 打开 shell。",
    )
    return (Reason("interactive", text),)


def _exec(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """The program gets a user, variables and a folder as a new container's does, so they are judged alike."""
    body: Mapping[str, Any] = next(op.as_written for op in plan.operations if op.as_written) or {}
    found = refusals_as_written({key: body.get(key) for key in _OF_PROGRAM}, policy, workspace)
    if not action.is_on("privileged"):
        return found
    text = Text(
        en="`exec --privileged` would give the program every right on this machine.",
        zh="`exec --privileged` 会让程序获得本机的全部权限。",
    )
    return (Reason("privileged", text), *found)


def _update(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    body: Mapping[str, Any] = plan.operations[0].as_written or {}
    found = [
        Reason(
            "update",
            Text(
                en=f"`docker update` may not set {key} here; memory, CPUs (`--cpus`), processes and the "
                "restart policy can be changed.",
                zh=f"这里不能用 `docker update` 设置 {key}；可以修改内存、CPU（`--cpus`）、进程数和"
                "重启策略。",
            ),
        )
        for key, value in body.items()
        if key not in _UPDATED and value
    ]
    restart = (body.get("RestartPolicy") or {}).get("Name") or ""
    if restart and restart not in policy.restart_policies:
        text = Text(
            en=f"The policy ({policy.profile}) does not let containers start again by themselves: "
            f"`--restart {restart}`.",
            zh=f"策略（{policy.profile}）不允许容器自行重启：`--restart {restart}`。",
        )
        found.append(Reason("restart", text))
    return tuple(found)


def _bound_update(
    plan: Plan, limits: Limits, policy: Policy, workspace: Path
) -> tuple[Plan, tuple[Change, ...]]:
    """The bodies as run: not wider than what a new container gets. What is not set stays as it is."""
    written: Mapping[str, Any] = plan.operations[0].as_written or {}
    run: dict[str, Any] = {}
    if written.get("Memory"):
        run["Memory"] = run["MemorySwap"] = lowered(written["Memory"], limits.memory_bytes)
    if written.get("MemoryReservation"):
        most = run.get("Memory", limits.memory_bytes)
        run["MemoryReservation"] = lowered(written["MemoryReservation"], most)
    if written.get("NanoCpus"):
        run["NanoCpus"] = lowered(written["NanoCpus"], round(limits.cpus * 10**9))
    if written.get("CpuShares"):
        run["CpuShares"] = lowered(written["CpuShares"], CPU_SHARES)
    if written.get("PidsLimit") is not None:
        run["PidsLimit"] = lowered(written["PidsLimit"], limits.processes)
    if (written.get("RestartPolicy") or {}).get("Name"):
        run["RestartPolicy"] = written["RestartPolicy"]
    changes = [
        Change(key, str(written.get(key) or "-"), str(run.get(key, "-")), _NOT_WIDER)
        for key in sorted(_UPDATED - {"RestartPolicy"})
        if (written.get(key) or None) != run.get(key)
    ]
    operations = tuple(replace(operation, as_run=run) for operation in plan.operations)
    return replace(plan, operations=operations), tuple(changes)


def _bound_exec(
    plan: Plan, limits: Limits, policy: Policy, workspace: Path
) -> tuple[Plan, tuple[Change, ...]]:
    """The bodies as run are those as written: the bounds of the container hold for what runs in it."""
    operations = tuple(replace(operation, as_run=operation.as_written) for operation in plan.operations)
    return replace(plan, operations=operations), ()


_NOT_WIDER = Text(en="Not wider than what a new container gets.", zh="不超过新建容器的上限。")

RULES: dict[str, Rule] = {
    "top": READS,
    "stats": READS,
    "port": READS,
    "diff": READS,
    "wait": READS,
    "attach": READS,
    "start": Rule("change.", _attached),
    "restart": Rule("change.", _waits_and_signals),
    "kill": Rule("stop.", _waits_and_signals),
    "pause": Rule("change."),
    "unpause": Rule("change."),
    "rename": Rule("change."),
    "update": Rule("change.", _update, _bound_update),
    "exec": Rule("exec.", _exec, _bound_exec),
}
