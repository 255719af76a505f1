"""Verdicts to runs: nothing reaches an Engine but through here.

A run starts only from a verdict that allows it, or from one that asks, with an approval that was
given for exactly that plan. What goes wrong with the run itself is its outcome; what keeps it from
starting is an error.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Limits
from assistant.errors import (
    BusyError,
    EngineUnavailableError,
    ExecutionError,
    RefusedPlanError,
    SandboxLostError,
)
from assistant.execution.approval import Approvals, Given, runnable
from assistant.execution.background import Background, background_of, end_overdue, end_too_large
from assistant.execution.carrying import Carrying, Steps
from assistant.execution.checked import checked
from assistant.execution.console import Console, takes_input, without_attaching
from assistant.execution.images import image_to_freeze
from assistant.execution.ledger import Ledger
from assistant.execution.made_images import MadeImages
from assistant.execution.outcome import Ending, ending_of, unexpected
from assistant.execution.session import Cancelled, Session
from assistant.execution.spares import SpareNetworks, no_spares
from assistant.execution.touching import changes_something, refuse_others, stamps_for, touched_by
from assistant.execution.turns import Turns
from assistant.protocols import Engine
from assistant.values import (
    Approval,
    Decision,
    Ended,
    Notice,
    Output,
    Plan,
    Progress,
    Run,
    RunContainer,
    RunEvent,
    Started,
    Touched,
    Verdict,
    Waiting,
)

if TYPE_CHECKING:
    from assistant.commands.policy import Policy

_LOG = logging.getLogger(__name__)


class Sandbox:
    """The one place where plans are carried out.

    Args:
        engine: where they are carried out.
        ledger: where each run is recorded.
        policy: what a container may be; asked again just before a body is sent.
        limits: bounds on time and output (those on containers stand in the bodies already).
        workspace: the one folder of the host that containers may see.
        approval_seconds: how long an approval holds.
        spares: the networks that runs leave for later ones; without it each makes and removes its own.
    """

    def __init__(
        self,
        engine: Engine,
        ledger: Ledger,
        *,
        policy: Policy,
        limits: Limits,
        workspace: Path,
        approval_seconds: float,
        spares: SpareNetworks | None = None,
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._policy = policy
        self._limits = limits
        self._workspace = workspace
        self._approvals = Approvals(approval_seconds)
        self._carrying = Carrying(engine, ledger, policy, limits, workspace, spares or no_spares(engine))
        self._running: dict[str, Session] = {}
        self._lock = threading.Lock()
        places = ledger.starting.with_suffix(".turn")
        self._turns = Turns(at_once=limits.runs_at_once, waiting=limits.runs_waiting, places=places)

    @property
    def engine(self) -> Engine:
        """Where plans are carried out."""
        return self._engine

    def review(self, line: str) -> Verdict:
        """The verdict on a line under this sandbox's policy, limits and workspace."""
        from assistant.commands.review import review

        return review(line, policy=self._policy, limits=self._limits, workspace=self._workspace)

    def review_plan(self, plan: Plan) -> Verdict:
        """The verdict on a plan that was made here, not from a line alone."""
        from assistant.commands.review import review_plan

        return review_plan(plan, policy=self._policy, limits=self._limits, workspace=self._workspace)

    def touched(self, verdict: Verdict) -> tuple[Touched, ...]:
        """The objects a plan would change, by their ids now.

        Raises:
            RefusedPlanError: the verdict is a refusal.
            ObjectMissingError: one of them is not there.
            EngineUnavailableError: no Engine answers.
        """
        return touched_by(
            self._engine, runnable(verdict), self._workspace, MadeImages(self._ledger, self._engine.address)
        )

    def approve(self, verdict: Verdict, *, by: str, confirmed: Sequence[str] = ()) -> Approval:
        """A person's yes to a verdict, bound to its plan and to the objects it would change now.

        Args:
            verdict: what was shown to the person.
            by: who said yes, and where.
            confirmed: names or ids of objects not made by docknotes that the person named again.

        Raises:
            RefusedPlanError: the plan is refused, or an object is not confirmed, or the policy leaves
                objects of others alone.
            ExecutionError: the objects cannot be looked up.
        """
        verdict = checked(verdict, self._policy, self._limits, self._workspace)
        plan = runnable(verdict)
        # Before the question of whose they are, never after it.
        seen = stamps_for(self._engine, plan, self._workspace)
        touched = self.touched(verdict)
        image = image_to_freeze(self._engine, plan.action)
        if self._policy.foreign == "refuse":
            refuse_others(touched, self._policy.profile)
        return self._approvals.give(verdict, touched, by=by, confirmed=confirmed, image=image, volumes=seen)

    def run(
        self,
        verdict: Verdict,
        *,
        approval: Approval | None = None,
        question: str = "",
        by: str = "",
        conversation: str = "",
        console: Console | None = None,
    ) -> Iterator[RunEvent]:
        """Carries a plan out: what happens, as it happens, ending with Ended.

        The checks are made at the call, the work as the events are read. Closing the iterator
        cancels the run. ``console`` is where a person types, for a program that takes input
        (``takes_input``); it is closed when the run is over.

        Raises:
            RefusedPlanError: no run from this verdict and this approval.
            EngineUnavailableError: no Engine answers; nothing was begun and the approval still holds.
            BusyError: as many runs wait as may; nothing was begun and the approval still holds.
            LedgerError: the run cannot be recorded, so it is not made.
        """
        verdict = checked(verdict, self._policy, self._limits, self._workspace)
        plan = runnable(verdict)
        version = self._engine.version()
        if _takes_a_turn(plan):
            self._turns.check()
        if approval is None and verdict.decision is Decision.ALLOW and changes_something(plan):
            # The profile spares the person the question, and nothing else: all is frozen as ever.
            approval = self.approve(verdict, by=f"{by} (profile {self._policy.profile})".strip())
        given = self._approvals.use(verdict, approval)
        if console is not None and not takes_input(plan):
            console.close()
            console = None
        session = Session(output_bytes=self._limits.output_bytes, console=console)
        record = Run(
            id=session.run,
            command=plan.line,
            question=question,
            decision=verdict.decision,
            approved_by=given.approval.by if given is not None else by,
            engine=f"{self._engine.address} {version}",
            started_at=time.time(),
            ended_at=None,
            outcome=None,
            exit_code=None,
            output="",
            output_cut=False,
            error=None,
            operations=plan.operations if console is not None else without_attaching(plan.operations),
            created=(),
            conversation=conversation,
        )
        self._ledger.record(record)
        return self._events(plan, given, session, record)

    def background(self, run: Run) -> Background | None:
        """How the container that a run left in the background is now; None where it left none.

        Raises:
            EngineUnavailableError: no Engine answers.
        """
        return background_of(self._engine, run, limit_seconds=self._policy.background_seconds)

    def end_overdue(self) -> list[Run]:
        """Ends what has run in the background for longer, or has written more, than it may.

        Raises:
            EngineUnavailableError: no Engine answers.
            LedgerError: the record of runs cannot be used.
        """
        late = end_overdue(self._engine, self._ledger, limit_seconds=self._policy.background_seconds)
        return late + end_too_large(self._engine, self._ledger, most_bytes=self._limits.disk_bytes)

    def cancel(self, run_id: str) -> None:
        """Ends a run from another thread; nothing happens where it has ended."""
        with self._lock:
            session = self._running.get(run_id)
        if session is not None:
            session.cancel.set()

    def _events(self, plan: Plan, given: Given | None, session: Session, record: Run) -> Iterator[RunEvent]:
        session.on_made = lambda: self._ledger.record(replace(record, created=tuple(session.created)))
        with self._lock:
            self._running[session.run] = session
        ending = ending_of(None, stopped="cancelled")  # what stands if the caller walks away
        try:
            if _takes_a_turn(plan):
                self._turns.enter(session.run)
            yield Started(session.run)
            ending = yield from self._in_turn(plan, given, session)
        finally:
            self._turns.leave(session.run)
            if session.console is not None:
                session.console.close()
            with self._lock:
                self._running.pop(session.run, None)
            record = replace(
                record,
                ended_at=time.time(),
                outcome=ending.outcome,
                exit_code=ending.exit_code,
                output="".join(session.kept),
                output_cut=session.output_cut,
                error=ending.error,
                created=tuple(session.created),
            )
            self._ledger.record(record)
        yield Ended(record)

    def _in_turn(
        self, plan: Plan, given: Given | None, session: Session
    ) -> Generator[Output | Progress | Notice | Waiting, None, Ending]:
        """The steps when their turn has come; what only reads, stops or removes waits for nobody."""
        try:
            if _takes_a_turn(plan):
                yield from self._turns.wait(session.run, session.cancel)
            return (yield from self._guarded(self._carrying.steps(plan, given, session), session))
        except Cancelled:
            return ending_of(None, stopped="cancelled")
        except BusyError as error:
            return Ending("failed", None, error.text)

    def _guarded(self, steps: Steps, session: Session) -> Steps:
        """The steps with their output cleaned and bounded, and their errors as endings."""
        try:
            while True:
                event = next(steps)
                if isinstance(event, Progress | Notice):
                    yield event
                elif (shown := session.take(event)) is not None:
                    yield shown
        except StopIteration as end:
            yield from session.take_rest()
            return end.value  # type: ignore[no-any-return]
        except Cancelled:
            return ending_of(None, stopped="cancelled")
        except (EngineUnavailableError, SandboxLostError) as error:
            return Ending("lost", None, error.text)
        except (ExecutionError, RefusedPlanError) as error:
            return Ending("failed", None, error.text)
        except Exception as error:  # noqa: BLE001 - its row in the ledger must be closed
            _LOG.exception("run %s", session.run)
            return Ending("failed", None, unexpected(error))
        finally:
            steps.close()


def _takes_a_turn(plan: Plan) -> bool:
    return isinstance(plan.action, RunContainer)
