"""The commands that act: run, gpu, serve."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assistant.commands.explain import explain_plan
from assistant.commands.review import review
from assistant.commands.steps import review_steps
from assistant.diagnosis.values import Diagnosis
from assistant.errors import AssistantError, RefusedPlanError
from assistant.execution.approval import runnable
from assistant.execution.engine import DockerEngine
from assistant.execution.gpu import verify_gpu
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_policy, make_sandbox
from assistant.execution.sandbox import Sandbox
from assistant.execution.sequence import failed
from assistant.execution.turns import waiting_text
from assistant.keeping.talks import id_of
from assistant.values import (
    Approval,
    Decision,
    Ended,
    GpuReport,
    Notice,
    Output,
    Progress,
    Run,
    Started,
    Steps,
    Verdict,
    Waiting,
)
from knowledge.index import is_indexed
from knowledge.language import Text
from ui.build import assistant_over, build_live, make_workspace
from ui.cli.contract import Json, gpu_json, run_json, runs_json
from ui.cli.diagnosing import diagnosed, diagnosis_json, say_diagnosis
from ui.cli.following import followed
from ui.cli.keyboard import keyboard_for
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings

BY = "command line"
NOT_RUN = 3
"""Exit code where nothing ran: refused, or not approved."""

_APPROVE = Text(
    en="Nothing was run. If this is what you want, run it again with --approve.",
    zh="尚未执行。如果确认要执行，请加上 --approve 再运行一次。",
)
_REFUSED = Text(en="Nothing was run.", zh="没有执行任何操作。")


def _sandbox(settings: Settings) -> Sandbox:
    config = settings.assistant
    make_workspace(config)
    return make_sandbox(config, DockerEngine(config.engine), Ledger(config.ledger))


def run(
    settings: Settings,
    screen: Screen,
    line: str,
    *,
    approve: bool,
    confirm: Sequence[str],
    conversation: str = "",
    as_json: bool,
) -> int:
    """Runs one line, or several in order, through plan, verdict and sandbox; a step that fails is the last.

    Returns the exit code: the last run's own, 1 where it failed without one, `NOT_RUN` where nothing ran.
    """
    config = settings.assistant
    policy = make_policy(config)
    steps = review_steps(
        line, lambda one: review(one, policy=policy, limits=config.limits, workspace=config.workspace)
    )
    if steps.decision is Decision.REFUSE or (steps.decision is Decision.ASK and not approve):
        _say_not_run(screen, steps, as_json=as_json)
        return NOT_RUN
    try:
        talk = id_of(settings.assistant.talks, conversation)
        runs = _run_all(_sandbox(settings), steps, confirm, None if as_json else screen, talk)
    except AssistantError as error:
        return _say_failed(settings, screen, error, as_json=as_json)
    ended = runs[-1]
    why = diagnosed(settings, screen, ended) if failed(ended) else None
    if as_json:
        single = len(steps.steps) == 1
        told = run_json(ended, screen.language) if single else runs_json(runs, screen.language)
        print_json({**told, "diagnosis": diagnosis_json(why, screen.language)})
    else:
        _say_end(settings, screen, ended, why)
    if ended.exit_code is not None:
        return ended.exit_code
    return 1 if failed(ended) else 0


def _run_all(
    sandbox: Sandbox, steps: Steps, confirm: Sequence[str], screen: Screen | None, conversation: str
) -> list[Run]:
    """The runs of the steps in order, the first that failed as the last; never empty."""
    for verdict in steps.steps:
        runnable(verdict)  # all can run, or none is begun
    runs: list[Run] = []
    for verdict in steps.steps:
        if screen and len(steps.steps) > 1:
            screen.warn(f"$ {verdict.line}")
        approval = None
        if verdict.decision is Decision.ASK:
            approval = sandbox.approve(verdict, by=BY, confirmed=confirm)
        if screen:
            _say_changes(screen, verdict)
        runs.append(_follow(sandbox, verdict, approval, screen, conversation))
        if failed(runs[-1]):
            break
    return runs


def _say_failed(settings: Settings, screen: Screen, error: AssistantError, *, as_json: bool) -> int:
    """What kept a run from starting, for a person or (whatever happened) in a form a script can read."""
    why = diagnosed(settings, screen, error.text)
    if as_json:
        told = _nothing("failed", error.text.said_in(screen.language))
        print_json({**told, "diagnosis": diagnosis_json(why, screen.language)})
        return 1
    if why is None:
        raise error
    screen.warn(error.text)
    say_diagnosis(screen, why, indexed=is_indexed(settings.knowledge))
    return 1


def _say_end(settings: Settings, screen: Screen, ended: Run, why: Diagnosis | None) -> None:
    if why is not None:
        say_diagnosis(screen, why, indexed=is_indexed(settings.knowledge))
    elif ended.error:
        screen.warn(ended.error)


def _nothing(outcome: str, error: str) -> Json:
    return {"run": None, "outcome": outcome, "exit_code": None, "output": "", "created": [], "error": error}


def _say_not_run(screen: Screen, steps: Steps, *, as_json: bool) -> None:
    refused = steps.decision is Decision.REFUSE
    last = _REFUSED if refused else _APPROVE
    if not as_json:
        screen.steps(steps, explain_plan)
        screen.warn(last)
        return
    found = [reason.text.said_in(screen.language) for verdict in steps.steps for reason in verdict.reasons]
    outcome = "refused" if refused else "not_approved"
    reasons = list(dict.fromkeys(found))
    print_json({**_nothing(outcome, last.said_in(screen.language)), "reasons": reasons})


def _say_changes(screen: Screen, verdict: Verdict) -> None:
    """One line for what the sandbox changes; ``docknotes plan`` shows each with its reason."""
    if not verdict.changes:
        return
    keys = ", ".join(change.key.removeprefix("HostConfig.") for change in verdict.changes)
    screen.warn(
        Text(
            en=f"# The sandbox sets: {keys}. `docknotes plan` shows each change and why.",
            zh=f"# 沙箱设定了：{keys}。用 `docknotes plan` 可查看每项改动及原因。",
        )
    )


def _follow(
    sandbox: Sandbox, verdict: Verdict, approval: Approval | None, screen: Screen | None, conversation: str
) -> Run:
    """Follows a run to its end; the first Ctrl-C cancels it, and what it made is cleaned up."""
    run_id = ""

    def cancel() -> None:
        sandbox.cancel(run_id)

    ended: Run | None = None
    with on_interrupt(cancel), keyboard_for(verdict.plan, cancel=cancel, screen=screen) as console:
        events = sandbox.run(verdict, approval=approval, by=BY, conversation=conversation, console=console)
        for event in events:
            match event:
                case Started(run=identity):
                    run_id = identity
                case Notice(text=said) if screen:
                    screen.warn(said)
                case Waiting(before=before) if screen:
                    screen.warn(waiting_text(before))
                case Output(text=text, stream=stream) if screen and not (console and console.has_screen):
                    screen.raw(text, error=stream == "stderr")
                case Progress(item=item, status=status, done=done, total=total) if screen:
                    share = f" {100 * done // total}%" if done is not None and total else ""
                    screen.warn(f"{item}: {status}{share}")
                case Ended(run=record):
                    ended = record
                case _:
                    pass
    if ended is None:
        raise RefusedPlanError(Text(en="The run left no record of its end.", zh="这次运行没有留下结束记录。"))
    return ended


@contextmanager
def on_interrupt(cancel: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C cancels in the background; a second one interrupts as usual."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def handle(_number: int, _frame: Any) -> None:
        signal.signal(signal.SIGINT, before)
        threading.Thread(target=cancel, daemon=True).start()

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def gpu(settings: Settings, screen: Screen, *, approve: bool, as_json: bool) -> int:
    """The GPU ladder; containers run only with ``approve``. Exit code 0 where a GPU was proved to work."""
    sandbox = _sandbox(settings)

    def decide(verdict: Verdict) -> Approval | None:
        if approve:
            return sandbox.approve(verdict, by=BY)
        if not as_json:
            screen.verdict(verdict, explain_plan(verdict))
            screen.warn(_APPROVE)
        return None

    report: GpuReport | None = None
    for step in verify_gpu(sandbox, approve=decide):
        if isinstance(step, GpuReport):
            report = step
        elif not as_json:
            screen.rung(step)
    if report is None:
        return 1
    if as_json:
        print_json(gpu_json(report, screen.language))
    else:
        screen.gpu(report)
    return 0 if report.works else 1


def serve(settings: Settings, screen: Screen, *, port: int | None, open_browser: bool) -> None:
    """Indexes the notes, then serves the web chat until Ctrl-C and follows the notes meanwhile."""
    from ui.cli.background import limited
    from ui.web.serve import serve as serve_web

    with screen.progress() as watch:
        live, report = build_live(settings.knowledge, watch)
    for skipped in report.skipped:
        screen.warn(skipped)
    assistant = assistant_over(live, settings)
    with followed(live, screen), limited(assistant.end_overdue, screen):
        serve_web(
            assistant,
            port=settings.port if port is None else port,
            language=settings.language,
            open_browser=open_browser,
        )
