"""Several verdicts carried out in order, stopped at the first that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.errors import RefusedPlanError
from assistant.execution.sandbox import Sandbox
from assistant.values import Approval, Decision, Ended, Run, RunEvent, Steps, Verdict
from knowledge.language import Text


def run_steps(
    sandbox: Sandbox,
    steps: Steps,
    *,
    approve: Callable[[Verdict], Approval | None],
    question: str = "",
    by: str = "",
) -> Iterator[RunEvent]:
    """Carries the steps out one after the other: their events, each step with its Started and Ended.

    Args:
        sandbox: where they are carried out.
        steps: what was shown to the person, as a whole.
        approve: gives the approval of one step just before it runs, so that what the step would change
            is looked up when the steps before it are done; None ends the sequence.
        question: what the person had asked.
        by: who runs it.

    Raises:
        RefusedPlanError: a step is refused, so none is begun; or a step is not approved.
        ExecutionError: the Engine cannot be reached.
    """
    if steps.decision is Decision.REFUSE or any(verdict.placeholders for verdict in steps.steps):
        raise RefusedPlanError(
            Text(
                "One of these commands is refused or not complete, so none of them is run.",
                "其中有命令被拒绝或尚未填写完整，因此全部不执行。",
            )
        )
    return _events(sandbox, steps, approve, question, by)


def failed(run: Run) -> bool:
    """Whether a sequence stops after a run."""
    return run.outcome not in ("succeeded", "detached")


def _events(
    sandbox: Sandbox, steps: Steps, approve: Callable[[Verdict], Approval | None], question: str, by: str
) -> Iterator[RunEvent]:
    for verdict in steps.steps:
        approval = approve(verdict) if verdict.decision is Decision.ASK else None
        if verdict.decision is Decision.ASK and approval is None:
            return
        for event in sandbox.run(verdict, approval=approval, question=question, by=by):
            yield event
            if isinstance(event, Ended) and failed(event.run):
                return
