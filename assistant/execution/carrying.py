"""Which part carries out which action."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution import changes, others, reads
from assistant.execution.approval import Given
from assistant.execution.background import end_overdue
from assistant.execution.cleanup import goes_at_its_end, sweep
from assistant.execution.containers import ContainerRun
from assistant.execution.disk import Quotas
from assistant.execution.images import pull_image
from assistant.execution.ledger import Ledger
from assistant.execution.others.job import Job
from assistant.execution.outcome import Ending
from assistant.execution.own_network import OwnNetwork
from assistant.execution.session import Session
from assistant.execution.spares import SpareNetworks
from assistant.protocols import Engine
from assistant.values import (
    Inspect,
    JsonObject,
    ListContainers,
    ListImages,
    Notice,
    OtherCommand,
    Output,
    Plan,
    Progress,
    PullImage,
    ReadLogs,
    RemoveContainers,
    RunContainer,
    ShowInfo,
    ShowVersion,
    StopContainers,
)
from knowledge.language import Text

if TYPE_CHECKING:
    from assistant.commands.policy import Policy

Reading = ReadLogs | Inspect | ListContainers | ListImages | ShowVersion | ShowInfo
Steps = Generator[Output | Progress | Notice, None, Ending]


@dataclass(frozen=True, slots=True)
class Carrying:
    """Carries out plans that were judged and approved: the sandbox's hands."""

    engine: Engine
    ledger: Ledger
    policy: Policy
    limits: Limits
    workspace: Path
    spares: SpareNetworks
    quotas: Quotas = field(default_factory=Quotas)

    def steps(self, plan: Plan, given: Given | None, session: Session) -> Steps:
        """What happens, as it happens, and how it ended; ``given`` is the approval that was used."""
        action = plan.action
        session.pulls = self.policy.decision("pull") != "refuse"
        if isinstance(action, RunContainer):
            sweep(self.engine, self._was_to_go)
            end_overdue(self.engine, self.ledger, limit_seconds=self.policy.background_seconds)
            image = given.image if given is not None else None
            run = ContainerRun(
                self.engine,
                plan,
                action,
                session,
                self.limits,
                self._check,
                self.ledger.starting,
                OwnNetwork(self.engine, session, self.spares, action.remove and not action.detach),
                image,
                given.volumes if given is not None else {},
                given.approval.touched if given is not None else (),
                self.quotas,
            )
            return (yield from run.steps())
        if isinstance(action, PullImage):
            yield from pull_image(self.engine, action.reference, action.platform, session)
            return Ending("succeeded")
        if isinstance(action, StopContainers | RemoveContainers):
            return (
                yield from changes.carried_out(self.engine, action, given.approval.touched if given else ())
            )
        if isinstance(action, OtherCommand):
            return (yield from others.carried_out(self._job(plan, action, given, session)))
        return (yield from self._read(action, session))

    def _read(self, action: Reading, session: Session) -> Steps:
        if isinstance(action, ReadLogs):
            seconds = self.limits.time_seconds
            return (yield from reads.logs(self.engine, action, session, seconds=seconds))
        if isinstance(action, Inspect):
            return (yield from reads.inspected(self.engine, action, output_bytes=self.limits.output_bytes))
        yield Output(reads.table(self.engine, action))
        return Ending("succeeded")

    def _job(self, plan: Plan, action: OtherCommand, given: Given | None, session: Session) -> Job:
        return Job(
            self.engine,
            plan,
            action,
            session,
            self.limits,
            self.policy,
            self.workspace,
            self.ledger.starting,
            given.approval.touched if given is not None else (),
            given.volumes if given is not None else {},
            self.quotas,
        )

    def _check(self, body: JsonObject) -> None:
        from assistant.commands.policy import check_body

        reasons = check_body(body, self.policy, self.workspace, self.limits)
        if reasons:
            raise RefusedPlanError(
                Text(
                    f"Refused just before it was sent: {reasons[0].text.en}",
                    f"在发送之前被拒绝：{reasons[0].text.zh}",
                )
            )

    def _was_to_go(self, run: str) -> bool:
        """Whether a run was left running with ``--rm``: then nobody waits for its end any more."""
        record = self.ledger.get(run)
        return record is not None and goes_at_its_end(record)
