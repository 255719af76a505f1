"""A verdict looked at again before it is acted on: whatever a caller brings, the policy has the last word."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution.approval import runnable
from assistant.values import Decision, OtherCommand, Plan, RunContainer, Verdict
from knowledge.language import Text

if TYPE_CHECKING:
    from assistant.commands.policy import Policy

_CREATE, _NETWORK = "/containers/create", "/networks/create"


def checked(verdict: Verdict, policy: Policy, limits: Limits, workspace: Path) -> Verdict:
    """The verdict with a copy of its plan that nobody else holds, and the decision the policy comes to now.

    Raises:
        RefusedPlanError: the plan is refused, is not the one the verdict was given for, or its
            requests do not belong together.
    """
    from assistant.commands.policy import judge
    from assistant.commands.review import digest_of

    plan = copy.deepcopy(runnable(verdict))
    if isinstance(plan.action, OtherCommand):
        plan = _anew(plan, policy, limits, workspace)
    decision, reasons = judge(plan, policy, workspace)
    judged = replace(verdict, plan=plan)
    if decision is Decision.REFUSE:
        runnable(replace(judged, decision=decision, reasons=reasons))
    if digest_of(plan) != verdict.digest:
        raise RefusedPlanError(
            Text(
                "The verdict was given for another plan. Look at this one and approve it.",
                "该判定对应的是另一个计划。请查看当前计划后重新批准。",
            )
        )
    _refuse_bodies(plan, policy, limits, workspace)
    if not _belongs_together(plan, policy):
        raise RefusedPlanError(
            Text(
                "The requests of this plan do not belong to its command. Look at the command again.",
                "该计划的请求与命令不符。请重新查看这条命令。",
            )
        )
    return replace(judged, decision=decision)


def _anew(plan: Plan, policy: Policy, limits: Limits, workspace: Path) -> Plan:
    """The plan its line has now: the one it came with has to be the same to the digest.

    Only a plan that reads may differ, by the time its line counts from (``events --since 10m``).

    Raises:
        RefusedPlanError: its line is refused now.
    """
    from assistant.commands.review import review

    again = runnable(review(plan.line, policy=policy, limits=limits, workspace=workspace))
    return plan if again.action == plan.action and only_reads(again) and only_reads(plan) else again


def only_reads(plan: Plan) -> bool:
    """Whether all that a plan sends are requests that read."""
    return all(
        request.method == "GET" or request.path.endswith(("/wait", "/attach")) for request in plan.operations
    )


def _refuse_bodies(plan: Plan, policy: Policy, limits: Limits, workspace: Path) -> None:
    """Each body a container would be made from is judged before anything is read from it.

    Raises:
        RefusedPlanError: one of them would not be sent.
    """
    from assistant.commands.policy import check_body

    for operation in plan.operations:
        if operation.path == _CREATE and not isinstance(plan.action, OtherCommand):
            reasons = check_body(operation.as_run or {}, policy, workspace, limits)
            if reasons:
                raise RefusedPlanError(reasons[0].text)


def _belongs_together(plan: Plan, policy: Policy) -> bool:
    """Whether what would be sent is what was judged: one container of the named image, on its own network."""
    from assistant.commands.bounds import network_body

    creates = [operation.as_run for operation in plan.operations if operation.path == _CREATE]
    networks = [operation.as_run for operation in plan.operations if operation.path == _NETWORK]
    if isinstance(plan.action, OtherCommand):
        return True  # it was made anew from its line
    if not isinstance(plan.action, RunContainer):
        return not creates and not networks
    own = network_body(policy)
    return (
        len(creates) == 1
        and (creates[0] or {}).get("Image") == plan.action.image
        and len(networks) <= 1
        and all(body == own for body in networks)
    )
