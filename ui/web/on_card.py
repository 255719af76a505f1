"""What the buttons of a command's card do. What runs is the server's own verdict, nothing sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.commands.filling import fill_line
from assistant.errors import AssistantError, CommandError, EngineUnavailableError
from assistant.execution.console import Console, takes_input
from assistant.values import (
    Approval,
    Decision,
    Ended,
    Notice,
    Output,
    Progress,
    RunEvent,
    Started,
    Touched,
    Waiting,
)
from ui.web import on_background, undoing, words
from ui.web.facade import AssistantView
from ui.web.session import Card, Session
from ui.web.telling import message_for
from ui.web.work import Work

BY = "web"
MOST_TYPED = 4000
"""Characters of one line; the terminal of a container takes no longer ones."""


def describe(card: Card, assistant: AssistantView) -> None:
    """What a card of an earlier time says; what it would change is looked up when it is pressed."""
    card.explained = None if card.verdict.placeholders else assistant.explain(card.verdict)


def prepare(card: Card, assistant: AssistantView) -> None:
    """Looks up what the person needs to see before saying yes."""
    card.verified = assistant.stamp(card.command)
    if card.verdict.placeholders:
        card.explained, card.touched = None, ()
        kinds = {placeholder.kind for placeholder in card.verdict.placeholders}
        card.candidates = {kind: assistant.candidates(kind) for kind in kinds}
        return
    card.explained = assistant.explain(card.verdict)
    card.effects = assistant.effects(card.verdict)
    card.touched, card.message = (), None
    if card.verdict.decision is Decision.ASK:
        try:
            card.touched = assistant.touched(card.verdict)
        except EngineUnavailableError:
            pass  # the card says by itself that an Engine is missing
        except AssistantError as error:
            card.message = error.text
    card.renew()


def fill(card: Card, values: list[str], assistant: AssistantView) -> None:
    """Puts the person's values into the command and has the new line judged."""
    if card.template is None or card.state == "running":
        return
    names = [placeholder.text for placeholder in card.template.placeholders]
    values = [" ".join(value.split()) for value in values[: len(names)]]
    card.filled = dict(zip(names, values, strict=False))
    if len(values) < len(names) or not all(values):
        card.message = words.FILL_ALL
        return
    try:
        line = fill_line(card.template.line, card.template.placeholders, card.filled)
    except CommandError as error:
        card.message = error.text
        return
    card.verdict = assistant.review(line)
    card.state, card.output, card.ended, card.message, card.diagnosis = "ready", "", None, None, None
    prepare(card, assistant)
    card.renew()


def edit(card: Card) -> None:
    """Back to the fields."""
    if card.template is not None and card.state != "running":
        card.verdict, card.message, card.touched = card.template, None, ()
        card.renew()


def run(
    card: Card,
    stamp: str,
    confirmed: set[int],
    assistant: AssistantView,
    session: Session,
    *,
    ended: Callable[[], None] | None = None,
) -> None:
    """Starts a run of the card's verdict, where the person may; the card tells how it goes.

    ``ended`` is called once the run is over and recorded.
    """
    with card.lock:
        if card.state == "running" or stamp != card.stamp:
            return
        approval, may_run = _approval(card, confirmed, assistant)
        if not may_run:
            return
        card.begin()
    verdict, question = card.verdict, card.question
    if verdict.plan is not None and takes_input(verdict.plan):
        card.console = Console(on_open=session.chat_changes.tell)
    console = card.console

    def start() -> Iterator[RunEvent]:
        return assistant.run(
            verdict,
            approval=approval,
            question=question,
            by=BY,
            conversation=session.conversation,
            console=console,
        )

    def finish(error: Exception | None) -> None:
        try:
            _finish(card, error, assistant)
            if ended is not None and card.ended is not None:
                ended()  # before the card rests: whoever watches goes on watching what begins now
        finally:
            card.state = "ended" if card.ended is not None else "ready"

    Work(start, lambda event: _take(card, event), finish, session.chat_changes).begin()


def undo(card: Card, do: str, stamp: str, assistant: AssistantView) -> None:
    """Shows what taking the card's run back would remove, does it, or leaves it."""
    if card.ended is not None and card.state != "running" and stamp == card.stamp:
        card.undoing = undoing.press(do, card.undoing, card.ended, assistant)
        card.renew()


def cancel(card: Card, assistant: AssistantView) -> None:
    """Ends the card's run."""
    if card.state == "running" and card.run_id is not None and not card.cancelling:
        card.cancelling = True
        assistant.cancel(card.run_id)


def type_line(card: Card, stamp: str, line: str) -> None:
    """Types a line to the program of the run that is shown; to none that was started since."""
    if card.console is None or stamp != card.stamp or not card.console.is_open:
        return
    if card.console.send_line(line[:MOST_TYPED]):
        card.typed += 1
    else:
        card.message = words.NOT_READ


def end_input(card: Card, stamp: str) -> None:
    """Lets the program find the end of its input."""
    if card.console is not None and stamp == card.stamp and card.console.is_open:
        card.console.end()


def _approval(card: Card, confirmed: set[int], assistant: AssistantView) -> tuple[Approval | None, bool]:
    """The approval the verdict needs, and whether it may run now."""
    verdict = card.verdict
    if verdict.decision is Decision.REFUSE or verdict.placeholders:
        return None, False
    if verdict.decision is Decision.ALLOW:
        return None, True
    now = assistant.touched(verdict)
    if _ids(now) != _ids(card.touched):
        card.touched, card.message = now, words.LOOK_AGAIN
        card.renew()
        return None, False
    foreign = {n for n, touched in enumerate(card.touched) if not touched.owned}
    if not foreign <= confirmed:
        card.message = words.CONFIRM_FIRST
        return None, False
    named = [name for n in sorted(foreign) for name in (card.touched[n].id, card.touched[n].name) if name]
    approval = assistant.approve(verdict, by=BY, confirmed=named)
    if _ids(approval.touched) != _ids(card.touched):
        card.touched, card.message = approval.touched, words.LOOK_AGAIN
        card.renew()
        return None, False
    return approval, True


def _ids(touched: tuple[Touched, ...]) -> set[tuple[str, str, bool]]:
    return {(one.kind, one.id, one.owned) for one in touched}


def _take(card: Card, event: RunEvent) -> None:
    match event:
        case Started(run=run_id):
            card.run_id = run_id
        case Notice(text=text):
            card.notices.append(text)
        case Waiting(before=before):
            card.waiting = before
        case Output(text=text):
            card.waiting = None
            card.write(text)
        case Progress(item=item):
            card.waiting = None
            card.progress[item] = event
        case Ended(run=ended):
            card.waiting = None
            card.ended = ended


def _finish(card: Card, error: Exception | None, assistant: AssistantView) -> None:
    if error is not None:
        card.message = message_for(error)
    if card.ended is not None:
        card.diagnosis = assistant.diagnose(card.ended, card.language)
    card.cancelling = False
    if card.verdict.decision is Decision.ASK:
        card.touched = _touched(card, assistant)
    on_background.look(card, assistant)
    card.renew()


def _touched(card: Card, assistant: AssistantView) -> tuple[Touched, ...]:
    """What the plan would change now; nothing where the Engine cannot say."""
    if card.verdict.decision is not Decision.ASK:
        return ()
    try:
        return assistant.touched(card.verdict)
    except AssistantError:
        return ()
