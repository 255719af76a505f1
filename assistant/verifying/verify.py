"""The commands of notes carried out in order, each stamped, and all of it taken back at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.commands.steps import review_steps
from assistant.errors import EngineUnavailableError, ExecutionError, RefusedPlanError
from assistant.execution.binds import binds_of
from assistant.execution.images import image_id
from assistant.execution.ledger import Ledger
from assistant.execution.sandbox import Sandbox
from assistant.execution.sequence import failed
from assistant.execution.undoing import Undone, undo_recorded
from assistant.values import (
    Command,
    Decision,
    Ended,
    PullImage,
    Run,
    RunContainer,
    Started,
    Touched,
    Verdict,
)
from assistant.verifying.stamps import Stamps
from assistant.verifying.values import Item, NotTried, Stamp, Tried, Trying, Verified, VerifyEvent
from knowledge.language import Text


def item_of(command: Command, headings: tuple[str, ...], review: Callable[[str], Verdict]) -> Item:
    """A command with its verdict, and why it is not to be tried, as far as its text tells."""
    steps = review_steps(command.text, review)
    return Item(command, headings, steps, _why_not(steps.steps))


def _why_not(verdicts: Sequence[Verdict]) -> Text | None:
    for verdict in verdicts:
        if verdict.placeholders:
            parts = ", ".join(part.text for part in verdict.placeholders)
            return Text(f"Something is to be filled in: {parts}.", f"有内容需要填写：{parts}。")
        if verdict.kind == "host":
            return _HOST
        if verdict.decision is Decision.REFUSE:
            return verdict.reasons[0].text if verdict.reasons else _REFUSED
        operations = verdict.plan.operations if verdict.plan is not None else ()
        if any(operation.path.endswith("/push") for operation in operations):
            return _PUSH
        if any(
            writes
            for operation in operations
            if operation.path == "/containers/create"
            for _, writes in binds_of(operation.as_run or {})
        ):
            return _WRITES
    return None


class Verification:
    """One go through the commands of notes.

    Nothing that was there before is touched: a command that would change an object no command of this
    verification made is left out. What the commands made is removed at the end, however that comes about.
    """

    def __init__(
        self, sandbox: Sandbox, ledger: Ledger, stamps: Stamps, *, by: str, conversation: str
    ) -> None:
        self._sandbox = sandbox
        self._ledger = ledger
        self._stamps = stamps
        self._by = by
        self._conversation = conversation
        self._runs: list[Run] = []
        self._stopped = threading.Event()
        self._running = ""

    def cancel(self) -> None:
        """Ends the run that is under way, from another thread; no further command is begun."""
        self._stopped.set()
        self._sandbox.cancel(self._running)

    def verify(self, items: Iterable[Item]) -> Iterator[VerifyEvent]:
        """Tries the commands in order; ends with Verified.

        Raises:
            EngineUnavailableError: no Engine answers.
            LedgerError: a run or a stamp cannot be recorded.
        """
        undone: Undone | None = None
        try:
            for item in items:
                if self._stopped.is_set():
                    break
                if item.why_not is not None:
                    yield NotTried(item)
                    continue
                yield Trying(item)
                yield self._tried(item)
        finally:
            if self._runs:
                undone = undo_recorded(self._sandbox.engine, self._ledger, self._runs, by=self._by)
        yield Verified(undone)

    def _tried(self, item: Item) -> Tried | NotTried:
        run: Run | None = None
        for verdict in item.steps.steps:
            try:
                run = self._carried_out(verdict)
            except EngineUnavailableError:
                raise
            except (RefusedPlanError, ExecutionError) as error:
                if run is None:
                    return NotTried(replace(item, why_not=error.text))
                break
            self._runs.append(run)
            if failed(run):
                break
        if run is None or run.outcome is None or run.outcome == "cancelled":
            return NotTried(replace(item, why_not=_CANCELLED))
        stamp = Stamp(
            note=item.command.note or "",
            command=item.command.text,
            at=time.time(),
            engine=run.engine.rpartition(" ")[2],
            outcome=run.outcome,
            exit_code=run.exit_code,
            run=run.id,
        )
        self._stamps.put(stamp)
        return Tried(item, run, stamp)

    def _carried_out(self, verdict: Verdict) -> Run:
        approval = None
        self._check_own(self._sandbox.touched(verdict))  # also where the profile does not ask
        self._check_pull(verdict)
        if verdict.decision is Decision.ASK:
            approval = self._sandbox.approve(verdict, by=self._by)
            self._check_own(approval.touched)
        run: Run | None = None
        events = self._sandbox.run(verdict, approval=approval, by=self._by, conversation=self._conversation)
        for event in events:
            if isinstance(event, Started):
                self._running = event.run
                if self._stopped.is_set():
                    self._sandbox.cancel(event.run)
            elif isinstance(event, Ended):
                run = event.run
        self._running = ""
        if run is None:
            raise RefusedPlanError(_REFUSED)
        return run

    def _check_pull(self, verdict: Verdict) -> None:
        """Whether a pull would bring an image that is not there; else it could put another in its place.

        Raises:
            RefusedPlanError: an image of that name was there before.
        """
        match verdict.plan and verdict.plan.action:
            case PullImage(reference=image) | RunContainer(image=image, pull="always"):
                pass
            case _:
                return
        found = image_id(self._sandbox.engine, image)
        made = {created.id for run in self._runs for created in run.created}
        if found is not None and found not in made:
            raise RefusedPlanError(
                Text(
                    f"The image {image} is here already; another pull could change it.",
                    f"镜像 {image} 已经存在；再次拉取可能会换成另一个版本。",
                )
            )

    def _check_own(self, touched: Iterable[Touched]) -> None:
        """Whether all that would be changed was made by this verification.

        Raises:
            RefusedPlanError: something was there before.
        """
        made = {(created.kind, created.id) for run in self._runs for created in run.created}
        others = [item.name or item.id[:12] for item in touched if (item.kind, item.id) not in made]
        if others:
            names = ", ".join(others)
            raise RefusedPlanError(
                Text(
                    f"It would change {names}, which was there before.",
                    f"它会改动 {names}，而该对象之前就已存在。",
                )
            )


_HOST = Text(
    "For a shell of this machine; `docknotes rehearse` tries such lines in a container.",
    "需在本机 shell 中运行；可用 `docknotes rehearse` 在容器中演练。",
)
_REFUSED = Text("It is refused.", "它被拒绝。")
_PUSH = Text("What is pushed does not come back.", "推送出去的内容无法收回。")
_WRITES = Text(
    "It can write to a folder of the workspace, and what is lost there does not come back.",
    "它可以写入工作区的目录，其中丢失的内容无法恢复。",
)
_CANCELLED = Text("It was cancelled.", "已取消。")
