"""Rules of the commands that remove what nothing uses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.commands.others.rules import Rule
from assistant.commands.policy_values import Policy
from assistant.config import Limits
from assistant.values import Change, Operation, OtherCommand, Plan, Reason
from knowledge.language import Text

_KNOWN = frozenset({"label", "label!", "until"})


def _filters(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """A filter that is not understood would remove more than was meant; volumes have no age to the Engine."""
    of_volumes = action.name == "volume prune" or action.is_on("volumes")
    known = _KNOWN - {"until"} if of_volumes else _KNOWN
    unknown = sorted(
        name
        for value in action.flags.get("filter", ())
        if (name := value.partition("=")[0].strip().lower()) not in known
    )
    if not unknown:
        return ()
    text = Text(
        en=f"The filter `{unknown[0]}` is not known here; there are {', '.join(sorted(known))}.",
        zh=f"这里不支持过滤条件 `{unknown[0]}`；可用的有 {'、'.join(sorted(known))}。",
    )
    return (Reason("filter", text),)


def _nothing_of_the_builder(
    plan: Plan, action: OtherCommand, policy: Policy, workspace: Path
) -> tuple[Reason, ...]:
    text = Text(
        en="The build cache cannot be looked at piece by piece on every Engine, so nobody could say what "
        "goes. docknotes builds without it; copy the line to a terminal of your own.",
        zh="并非所有引擎都能逐项列出构建缓存，因此无法说明会删除什么。docknotes 构建时不使用它；"
        "请把这一行复制到自己的终端运行。",
    )
    return (Reason("build-cache", text),)


def _one_by_one(
    plan: Plan, limits: Limits, policy: Policy, workspace: Path
) -> tuple[Plan, tuple[Change, ...]]:
    """Each prune request becomes the removal of what was shown."""
    operations: list[Operation] = []
    changes: list[Change] = []
    for operation in plan.operations:
        kind = operation.path.strip("/").partition("/")[0]
        operations.append(replace(operation, sent="by docker"))
        if kind == "build":
            changes.append(Change(operation.path, f"POST {operation.path}", "-", _CACHE))
            continue
        path = f"/{kind}/{EACH}"
        operations.append(Operation("DELETE", path, sent="here"))
        changes.append(Change(operation.path, f"POST {operation.path}", f"DELETE {path}", _SHOWN))
    return replace(plan, operations=tuple(operations)), tuple(changes)


EACH = "{each}"
"""Stands for each of the objects that were shown and approved."""
_SHOWN = Text(
    "Only what was shown is removed, one by one; what comes in between stays.",
    "只逐个删除已列出的对象；在此期间新出现的对象会保留。",
)
_CACHE = Text("The build cache is left alone.", "构建缓存保持不变。")

RULES: dict[str, Rule] = {
    "container prune": Rule("remove", _filters, _one_by_one),
    "image prune": Rule("remove", _filters, _one_by_one),
    "volume prune": Rule("remove", _filters, _one_by_one),
    "network prune": Rule("remove", _filters, _one_by_one),
    "system prune": Rule("remove", _filters, _one_by_one),
    "builder prune": Rule("remove", _nothing_of_the_builder),
}
