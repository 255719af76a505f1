"""Lines for a shell to a run of the sandbox, and to what came of it."""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.commands.plan import plan_line
from assistant.errors import ExecutionError, RefusedPlanError
from assistant.execution.ledger import Ledger
from assistant.execution.sandbox import Sandbox
from assistant.execution.undoing import undo_recorded
from assistant.protocols import Engine
from assistant.rehearsal.script import Marks, arguments
from assistant.rehearsal.values import (
    FileChange,
    FileChangeKind,
    LineBegun,
    LineEnded,
    Rehearsal,
    RehearsalEvent,
    Rehearsed,
)
from assistant.values import Approval, Ended, Output, Plan, Run, RunContainer, Verdict
from knowledge.language import Text

DEBIAN, UBUNTU = "debian:12", "ubuntu:24.04"
_NO_END = Text("The run left no record of its end.", "这次运行没有留下结束记录。")
_KINDS: dict[int, FileChangeKind] = {0: "changed", 1: "added", 2: "removed"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rehearsal that waits for the person: the verdict on its one container, and the lines."""

    verdict: Verdict
    lines: tuple[str, ...]
    image: str
    mark: str


def image_for(lines: Sequence[str]) -> str:
    """The image where none is set: Ubuntu where the lines name it, else Debian."""
    return UBUNTU if any(re.search(r"\bubuntu\b", line, re.IGNORECASE) for line in lines) else DEBIAN


def prepare(
    sandbox: Sandbox, lines: Sequence[str], *, image: str, workspace: Path, offline: bool
) -> Prepared:
    """The plan of one container without any folder of this machine, which gets the lines as arguments.

    Raises:
        CommandSyntaxError: that is no name of an image.
    """
    mark = secrets.token_hex(8)
    network = "--network none " if offline else ""
    base = plan_line(f"docker run {network}--entrypoint sh {shlex.quote(image)}", workspace=workspace)
    verdict = sandbox.review_plan(_with_arguments(base, arguments(mark, lines)))
    return Prepared(verdict, tuple(lines), image, mark)


def _with_arguments(plan: Plan, given: list[str]) -> Plan:
    action = plan.action
    if not isinstance(action, RunContainer):
        raise TypeError(type(action).__name__)
    body = {**action.body, "Cmd": given}
    operations = tuple(
        replace(operation, as_written=body) if operation.path == "/containers/create" else operation
        for operation in plan.operations
    )
    return replace(
        plan,
        line=f"{plan.line} {shlex.join(given)}",
        argv=(*plan.argv, *given),
        action=replace(action, body=body),
        operations=operations,
    )


def rehearse(
    sandbox: Sandbox, ledger: Ledger, prepared: Prepared, approval: Approval | None, *, by: str
) -> Iterator[RehearsalEvent]:
    """Runs the lines in their container, looks at what changed in it, and removes it; ends with Rehearsal.

    Closing the iterator cancels the run.

    Raises:
        RefusedPlanError: not approved, or refused.
        EngineUnavailableError: no Engine answers.
        LedgerError: it cannot be recorded.
    """
    progress = _Progress(prepared)
    run: Run | None = None
    for event in sandbox.run(prepared.verdict, approval=approval, by=by):
        if isinstance(event, Ended):
            run = event.run
        elif isinstance(event, Output):
            yield from progress.take(event)
        else:
            yield event
    yield from progress.rest()
    if run is None:
        raise RefusedPlanError(_NO_END)
    changes = changed_files(sandbox.engine, run)
    yield Rehearsal(
        prepared.image, run, progress.lines(run), changes, _removed(sandbox.engine, ledger, run, by=by)
    )


class _Progress:
    """What each line wrote and how it ended, as it comes."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._marks = Marks(prepared.mark)
        self._outputs = [""] * len(prepared.lines)
        self._codes: list[int | None] = [None] * len(prepared.lines)
        self._now: int | None = None

    def take(self, output: Output) -> Iterator[Output | LineBegun | LineEnded]:
        for event in self._marks.feed(output.text):
            if isinstance(event, LineBegun | LineEnded) and event.n >= len(self._codes):
                continue  # no mark of ours
            self._note(event)
            yield event

    def rest(self) -> Iterator[Output]:
        for output in self._marks.finish():
            self._note(output)
            yield output

    def _note(self, event: Output | LineBegun | LineEnded) -> None:
        if isinstance(event, LineBegun):
            self._now = event.n
        elif isinstance(event, LineEnded):
            self._codes[event.n] = event.exit_code
        elif self._now is not None:
            self._outputs[self._now] += event.text

    def lines(self, run: Run) -> tuple[Rehearsed, ...]:
        """The lines; one that ended the shell itself has the exit code of the whole."""
        if (
            self._now is not None
            and self._codes[self._now] is None
            and run.outcome in {"succeeded", "failed"}
        ):
            self._codes[self._now] = run.exit_code
        rows = zip(self._prepared.lines, self._codes, self._outputs, strict=True)
        return tuple(Rehearsed(line, code, output) for line, code, output in rows)


def changed_files(engine: Engine, run: Run) -> tuple[FileChange, ...] | None:
    """What is not as in the image, by path; a folder goes where something within it is named.

    None where there is no container, or the Engine does not tell.
    """
    container = next((made.id for made in run.created if made.kind == "container"), None)
    if container is None:
        return None
    try:
        answer = engine.send("GET", "containers", container, "changes") or []
    except ExecutionError:
        return None
    found = sorted((str(item["Path"]), _KINDS.get(item["Kind"], "changed")) for item in answer)
    parents = {str(parent) for path, _ in found for parent in PurePosixPath(path).parents}
    return tuple(FileChange(kind, path) for path, kind in found if kind != "changed" or path not in parents)


def _removed(engine: Engine, ledger: Ledger, run: Run, *, by: str) -> bool:
    """Takes back what the run made but a pulled image, which the next rehearsal would fetch again."""
    made = tuple(created for created in run.created if created.kind != "image")
    if not made:
        return True
    try:
        return not undo_recorded(engine, ledger, [replace(run, created=made)], by=by).left
    except ExecutionError:
        return False
