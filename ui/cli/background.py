"""Runs in the background: `runs show`, `runs logs`, and their time limit while the page is served."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from assistant.errors import AssistantError
from assistant.execution.background import Background
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_sandbox
from assistant.execution.sandbox import Sandbox
from assistant.values import Run
from knowledge.language import Language, Text
from ui.cli import doing
from ui.cli.contract import Json
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings
from ui.web import words

LOOK_SECONDS = 60.0
"""How often the time limit is looked at while the page is served."""

_NO_RUN = Text(
    "There is no run of `{run}`; `docknotes runs` lists them.",
    "没有找到 `{run}` 这次运行；用 `docknotes runs` 可以查看。",
)
_NO_CONTAINER = Text("It left no container.", "它没有留下容器。")


def show(settings: Settings, screen: Screen, run_id: str | None, *, as_json: bool) -> None:
    """One run in full, and how its container in the background is now."""
    from ui.cli.record import full_json

    run, sandbox = _found(settings, run_id)
    state: Background | Text | None
    try:
        state = sandbox.background(run)
    except AssistantError as error:
        state = error.text
    if as_json:
        print_json({**full_json(run, screen.language), **background_json(state, screen.language)})
        return
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started_at))
    outcome = words.OUTCOMES[run.outcome or "running"].said_in(screen.language)
    screen.say(f"{run.id}  {when}  {outcome}\n$ {run.command}")
    if run.error is not None:
        screen.say(run.error)
    if run.output:
        screen.say(run.output.rstrip("\n"))
    if isinstance(state, Text):
        screen.warn(state)
    elif state is not None:
        screen.say(background_line(state, screen.language))


def logs(settings: Settings, screen: Screen, run_id: str | None, *, follow: bool, as_json: bool) -> int:
    """What the container of a run wrote, and with ``follow`` writes: `docker logs`, and recorded like it.

    Raises:
        AssistantError: there is no such run, or it left no container.
    """
    run, _ = _found(settings, run_id)
    made = next((created for created in run.created if created.kind == "container"), None)
    if made is None:
        raise AssistantError(_NO_CONTAINER)
    line = f"docker logs {'--follow ' if follow else ''}{made.id}"
    return doing.run(settings, screen, line, approve=False, confirm=(), as_json=as_json)


def background_line(state: Background, language: Language) -> str:
    """The state of a container in the background, in one line."""
    return " · ".join(part.said_in(language) for part in words.background_parts(state))


def background_json(state: Background | Text | None, language: Language) -> Json:
    """``container``: state, exit code, health, links; or why it is not known."""
    if state is None:
        return {"container": None}
    if isinstance(state, Text):
        return {"container": None, "container_error": state.said_in(language)}
    return {
        "container": {
            "id": state.container,
            "name": state.name,
            "state": state.state,
            "exit_code": state.exit_code,
            "health": state.health,
            "links": list(state.links),
            "ends_at": state.ends_at,
        }
    }


@contextmanager
def limited(
    end_overdue: Callable[[], list[Run]], screen: Screen, *, look_seconds: float = LOOK_SECONDS
) -> Iterator[None]:
    """Ends what has run in the background for too long, now and then, for as long as this lasts."""
    over = threading.Event()

    def look() -> None:
        while True:
            try:
                for run in end_overdue():
                    if run.error is not None:
                        screen.warn(f"{run.id}  {run.command}\n{run.error.said_in(screen.language)}")
            except AssistantError:
                pass  # no Engine, or no ledger: whoever uses them is told
            if over.wait(look_seconds):
                return

    threading.Thread(target=look, name="docknotes-limits", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def backgrounds(settings: Settings, ledger: Ledger) -> Callable[[Run], Background | None]:
    """Tells how the containers of runs in the background are; ends first what has run too long there.

    Where no Engine answers, nothing is told of them.
    """
    config = settings.assistant
    try:
        sandbox = make_sandbox(config, DockerEngine(config.engine), ledger)
        sandbox.end_overdue()
    except AssistantError:
        return lambda run: None

    def state(run: Run) -> Background | None:
        with suppress(AssistantError):
            return sandbox.background(run) if run.outcome == "detached" else None
        return None

    return state


def _found(settings: Settings, run_id: str | None) -> tuple[Run, Sandbox]:
    config = settings.assistant
    ledger = Ledger(config.ledger)
    sandbox = make_sandbox(config, DockerEngine(config.engine), ledger)
    with suppress(AssistantError):  # the run is shown all the same
        sandbox.end_overdue()
    run = ledger.get(run_id) if run_id else None
    if run is None:
        named = run_id or "-"
        raise AssistantError(Text(_NO_RUN.en.format(run=named), _NO_RUN.zh.format(run=named)))
    return run, sandbox
