"""What the policy says to the commands other than ``run``, ``ps`` and their like.

One table for each kind of object: canonical name to rule. A command in no table is never carried out.
"""

from __future__ import annotations

from pathlib import Path

from assistant.commands.others import archives, builds, containers, copies, images, objects, prunes
from assistant.commands.others.rules import Rule, Ruling
from assistant.commands.policy_values import Policy
from assistant.config import Limits
from assistant.values import Change, OtherCommand, Plan, Reason
from knowledge.language import Text

RULES: dict[str, Rule] = {
    **containers.RULES,
    **images.RULES,
    **archives.RULES,
    **builds.RULES,
    **copies.RULES,
    **objects.RULES,
    **prunes.RULES,
}
"""Canonical name to rule."""


def rule_of(name: str) -> Rule | None:
    """The rule of a command; None where it is never carried out."""
    if name.startswith("compose "):
        from assistant.compose.rules import RULES as COMPOSE

        return COMPOSE.get(name)
    return RULES.get(name)


def ruling(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> Ruling:
    """What kind of command it is to the policy, and what speaks against it."""
    rule = rule_of(action.name)
    if rule is None:
        return Ruling("unsupported", _asked(action), (_unsupported(action.name),))
    return Ruling(rule.kind, _asked(action), rule.check(plan, action, policy, workspace))


def bounded(
    plan: Plan, action: OtherCommand, limits: Limits, policy: Policy, workspace: Path
) -> tuple[Plan, tuple[Change, ...]]:
    """The plan with its requests as run, and what was changed in them."""
    rule = rule_of(action.name)
    return (plan, ()) if rule is None or rule.bound is None else rule.bound(plan, limits, policy, workspace)


def _asked(action: OtherCommand) -> Reason:
    from assistant.commands.other_texts import effect

    return Reason(action.name.replace(" ", "-"), effect(action))


def _unsupported(name: str) -> Reason:
    text = Text(
        en=f"docknotes understands `docker {name}`, but does not run it; copy it to a terminal of your own.",
        zh=f"docknotes 能看懂 `docker {name}`，但不执行它；请复制到自己的终端运行。",
    )
    return Reason("unsupported", text)
