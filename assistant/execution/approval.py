"""Approvals: a person's yes to exactly one verdict, used once, and not for long."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.errors import RefusedPlanError
from assistant.execution.as_json import to_json
from assistant.values import Approval, Decision, Plan, Touched, Verdict
from knowledge.language import Text


@dataclass(frozen=True, slots=True)
class Given:
    """An approval with what it holds for besides: the plan to the letter, and the image by its id.

    ``image`` is None where the image was not on the Engine yet; an image that is only used needs no
    confirmation, so it is not among the objects touched. ``volumes`` are the stamps of the volumes that
    were there.
    """

    approval: Approval
    fingerprint: str
    image: str | None = None
    volumes: Mapping[str, str] = field(default_factory=dict)


class Approvals:
    """The approvals given out and not yet used. Only what stands here counts, whatever a caller brings."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._open: dict[str, Given] = {}

    def give(
        self,
        verdict: Verdict,
        touched: Sequence[Touched],
        *,
        by: str,
        confirmed: Sequence[str] = (),
        image: str | None = None,
        volumes: Mapping[str, str] | None = None,
    ) -> Approval:
        """A new approval of a verdict, the objects it would change and the image it would use.

        Raises:
            RefusedPlanError: the verdict is a refusal, or an object not made here is not confirmed by
                its name or id.
        """
        plan = runnable(verdict)
        strangers = [t for t in touched if not t.owned and not {t.name, t.id} & set(confirmed)]
        if strangers:
            names = ", ".join(t.name or t.id[:12] for t in strangers)
            raise RefusedPlanError(
                Text(
                    f"Not made by docknotes: {names}. To change it all the same, confirm it by its name.",
                    f"这些对象不是 docknotes 创建的：{names}。如果确实要改动，请按名称逐一确认。",
                )
            )
        approval = Approval(
            token=secrets.token_urlsafe(24),
            digest=verdict.digest,
            by=by,
            expires_at=time.time() + self._seconds,
            touched=tuple(touched),
        )
        with self._lock:
            now = time.time()
            self._open = {k: v for k, v in self._open.items() if v.approval.expires_at > now}
            self._open[approval.token] = Given(approval, fingerprint(plan), image, dict(volumes or {}))
        return approval

    def use(self, verdict: Verdict, approval: Approval | None) -> Given | None:
        """Uses an approval up; None where the verdict needs none.

        Raises:
            RefusedPlanError: the verdict is a refusal, or the approval is missing, used, expired, or
                was given for something else.
        """
        plan = runnable(verdict)
        if approval is None:
            if verdict.decision is Decision.ALLOW:
                return None
            raise RefusedPlanError(
                Text(
                    "This command changes something and waits for an approval.",
                    "这条命令会改动 Docker 上的对象，需要先批准才能运行。",
                )
            )
        with self._lock:
            known = self._open.pop(approval.token, None)
        if known is None:
            raise RefusedPlanError(
                Text(
                    "This approval is not valid: it was used already, has expired, or was never given.",
                    "该批准无效：它已被使用、已过期，或从未给出。",
                )
            )
        given = known.approval
        if given.expires_at <= time.time():
            raise RefusedPlanError(
                Text("This approval has expired. Approve the command again.", "该批准已过期，请重新批准。")
            )
        if given != approval or given.digest != verdict.digest or known.fingerprint != fingerprint(plan):
            raise RefusedPlanError(
                Text(
                    "This approval was given for another plan. Look at this one and approve it.",
                    "该批准对应的是另一个计划。请查看当前计划后重新批准。",
                )
            )
        return known


def runnable(verdict: Verdict) -> Plan:
    """The plan of a verdict that may be run.

    Raises:
        RefusedPlanError: the verdict is a refusal, has no plan, or one with parts still to be filled in.
    """
    if verdict.plan is None or verdict.kind != "docker" or verdict.decision is Decision.REFUSE:
        why = verdict.reasons[0].text if verdict.reasons else Text("it is refused", "它被拒绝")
        raise RefusedPlanError(Text(f"This command is not run: {why.en}", f"这条命令不会被运行：{why.zh}"))
    if verdict.placeholders or verdict.plan.placeholders:
        parts = ", ".join(part.text for part in verdict.placeholders or verdict.plan.placeholders)
        raise RefusedPlanError(
            Text(f"Something is still to be filled in: {parts}.", f"还有内容需要填写：{parts}。")
        )
    return verdict.plan


def fingerprint(plan: Plan) -> str:
    """SHA-256 of everything a plan would do, so that a plan changed after its approval is noticed."""
    return hashlib.sha256(to_json(plan).encode()).hexdigest()
