"""What the GPU page's events do: climb the ladder, and wait where a container needs a yes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TypeAlias

from assistant.values import Approval, GpuReport, Rung, Verdict
from knowledge.errors import KnowledgeError
from ui.web.facade import AssistantView
from ui.web.on_card import BY
from ui.web.on_chat import message_for
from ui.web.pump import Pump
from ui.web.session import GpuCheck, Session

WAIT_SECONDS = 600.0
Step: TypeAlias = Rung | GpuReport | Verdict


def check(session: Session, assistant: AssistantView) -> Iterator[None]:
    """Climbs the ladder; yields whenever there is more to show."""
    if session.gpu.running:
        return
    session.gpu = state = GpuCheck(running=True)
    yield

    def approve(verdict: Verdict) -> Approval | None:
        return _ask(state, verdict, pump, assistant)

    pump: Pump[Step] = Pump(lambda: assistant.gpu(approve))
    try:
        for batch in pump.batches():
            for step in batch:
                _take(state, step, assistant)
            yield
    except Exception as error:  # noqa: BLE001 (shown on the page)
        state.error = message_for(error)
    finally:
        state.running, state.waiting = False, None
    yield


def answer(session: Session, stamp: str, *, yes: bool) -> None:
    """The person's word on the container that waits; counts for exactly the one shown."""
    state = session.gpu
    if state.waiting is not None and secrets.compare_digest(stamp.encode(), state.stamp.encode()):
        state.yes = yes
        state.waiting = None
        state.answered.set()


def _ask(state: GpuCheck, verdict: Verdict, pump: Pump[Step], assistant: AssistantView) -> Approval | None:
    """Called by the ladder in its own thread: shows the verdict and waits for the person."""
    state.answered.clear()
    state.yes = False
    state.explained = assistant.explain(verdict)
    state.stamp = secrets.token_urlsafe(9)
    state.waiting = verdict
    pump.put(verdict)
    state.answered.wait(WAIT_SECONDS)
    state.waiting = None
    return assistant.approve(verdict, by=BY) if state.yes else None


def _take(state: GpuCheck, step: Step, assistant: AssistantView) -> None:
    if isinstance(step, GpuReport):
        state.report = step
    elif isinstance(step, Rung):
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
