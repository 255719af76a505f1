"""The time limit of containers in the background, while the page is served."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from assistant.errors import AssistantError
from assistant.values import Run
from knowledge.language import Text
from tests.fakes.assistant import MemoryAssistant
from ui.cli import background
from ui.cli.show import Screen


def a_run() -> Run:
    assistant = MemoryAssistant(pause_seconds=0)
    list(assistant.run(assistant.review("docker ps")))
    return replace(assistant.runs()[0], error=Text("It was stopped.", "已被停止。"))


def test_the_limit_is_looked_at_again_and_again_and_what_it_ended_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    enough, looks = threading.Event(), 0

    def end_overdue() -> list[Run]:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise AssistantError(Text("No Engine answers.", "没有引擎响应。"))
        if looks == 3:
            enough.set()
        return [a_run()] if looks == 2 else []

    with background.limited(end_overdue, Screen("en"), look_seconds=0.01):
        assert enough.wait(30)
    said = capsys.readouterr().err
    assert "docker ps" in said and "It was stopped." in said
    assert "No Engine" not in said
