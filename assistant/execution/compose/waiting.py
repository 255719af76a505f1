"""Waiting for a service: until it has started, is healthy, or has ended well."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from assistant.errors import ObjectMissingError
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.session import Cancelled, Session
from assistant.protocols import Engine
from assistant.values import ComposeCondition
from knowledge.language import Text

_LOOK_SECONDS = 0.2


class UpEndedError(Exception):
    """``up`` does not go on; ``ending`` says why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.outcome)
        self.ending = ending


def failed(en: str, zh: str, exit_code: int | None = None) -> UpEndedError:
    """The end of an ``up`` that cannot go on."""
    return UpEndedError(Ending("failed", exit_code, Text(en, zh)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for: a container, by its id and its name; ``deadline`` is of the monotonic clock."""

    engine: Engine
    container: str
    name: str
    session: Session
    deadline: float


def wait_for(waiting: Waiting, condition: ComposeCondition) -> None:
    """Comes back when a container is as another one needs it.

    Raises:
        UpEndedError: it never will be, or time is up.
        Cancelled: the person cancelled.
    """
    while not _is_reached(_state(waiting), waiting.name, condition):
        if time.monotonic() >= waiting.deadline:
            raise UpEndedError(ending_of(None, stopped="timed_out"))
        if waiting.session.cancel.wait(_LOOK_SECONDS):
            raise Cancelled


def _state(waiting: Waiting) -> dict[str, Any]:
    name = waiting.name
    try:
        return dict(waiting.engine.inspect("container", waiting.container)["State"])
    except ObjectMissingError as error:
        raise failed(f"{name} was removed by someone else.", f"{name} 被其他程序删除了。") from error


def _is_reached(state: dict[str, Any], name: str, condition: ComposeCondition) -> bool:
    if condition == "service_started":
        return True
    running = bool(state.get("Running") or state.get("Restarting") or state.get("Status") == "created")
    code = state.get("ExitCode")
    if condition == "service_completed_successfully":
        if not running and code != 0:
            raise failed(
                f"{name} was to end well before others start, and ended with exit code {code}.",
                f"{name} 应先成功结束，其他服务才会启动，但它的退出码为 {code}。",
                code,
            )
        return not running
    health = state.get("Health")
    if not health or health.get("Status") == "none":
        raise failed(
            f"Others wait until {name} is healthy, and it has no `healthcheck`.",
            f"其他服务在等待 {name} 变为健康状态，但它没有 `healthcheck`。",
        )
    if not running:
        raise failed(
            f"{name} ended with exit code {code} before it was healthy.",
            f"{name} 在变为健康状态之前就结束了，退出码为 {code}。",
            code,
        )
    if health.get("Status") == "unhealthy":
        last = str(((health.get("Log") or [{}])[-1]).get("Output", "")).strip()[-200:]
        said = f": {last}" if last else "."
        raise failed(f"{name} is unhealthy{said}", f"{name} 处于不健康状态{said.replace('.', '。')}")
    return bool(health.get("Status") == "healthy")
