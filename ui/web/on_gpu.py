"""What the GPU page's events do: climb the ladder, and wait where a container needs a yes."""

from __future__ import annotations

import secrets

from assistant.values import Approval, GpuReport, Rung, Verdict
from knowledge.errors import KnowledgeError
from ui.web.facade import AssistantView
from ui.web.on_card import BY
from ui.web.session import GpuCheck, Session
from ui.web.telling import message_for
from ui.web.work import Changes, Work

WAIT_SECONDS = 600.0


def check(session: Session, assistant: AssistantView) -> None:
    """Begins to climb the ladder; the session tells how it goes."""
    if session.gpu.running:
        return
    session.gpu = state = GpuCheck(running=True)
    changes = session.gpu_changes

    def approve(verdict: Verdict) -> Approval | None:
        return _ask(state, verdict, assistant, changes)

    def finish(error: Exception | None) -> None:
        state.error = message_for(error) if error is not None else None
        state.running, state.waiting = False, None

    Work(lambda: assistant.gpu(approve), lambda step: _take(state, step, assistant), finish, changes).begin()


def answer(session: Session, stamp: str, *, yes: bool) -> None:
    """The person's word on the container that waits; counts for exactly the one shown."""
    state = session.gpu
    if state.waiting is not None and secrets.compare_digest(stamp.encode(), state.stamp.encode()):
        state.yes = yes
        state.waiting = None
        state.answered.set()


def _ask(state: GpuCheck, verdict: Verdict, assistant: AssistantView, changes: Changes) -> Approval | None:
    """Called by the ladder in its own thread: shows the verdict and waits for the person."""
    state.answered.clear()
    state.yes = False
    state.explained = assistant.explain(verdict)
    state.stamp = secrets.token_urlsafe(9)
    state.waiting = verdict
    changes.tell()
    state.answered.wait(WAIT_SECONDS)
    state.waiting = None
    return assistant.approve(verdict, by=BY) if state.yes else None


def _take(state: GpuCheck, step: Rung | GpuReport, assistant: AssistantView) -> None:
    if isinstance(step, GpuReport):
        state.report = step
    else:
        state.rungs = [rung for rung in state.rungs if rung.number != step.number] + [step]
        if step.query and step.state in {"fail", "unknown"}:
            _look_up(state, step, assistant)


def _look_up(state: GpuCheck, rung: Rung, assistant: AssistantView) -> None:
    """The passage of the notes that helps; without one the rung stands by itself."""
    try:
        hits = assistant.library.search(rung.query, limit=1)
    except KnowledgeError:
        return
    if hits:
        state.passages[rung.number] = hits[0]
