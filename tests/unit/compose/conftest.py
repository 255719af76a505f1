"""A workspace with what hostile files aim at, and files reviewed in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import ComposeCommand, Verdict
from tests.unit.commands.conftest import any_policy, clean_workspace, limits, policy, workspace

__all__ = ["any_policy", "clean_workspace", "limits", "policy", "workspace"]

Planned = Callable[..., ComposeCommand]


@pytest.fixture
def written(clean_workspace: Path, policy: Policy, limits: Limits) -> Callable[..., Verdict]:
    """Writes a compose file (and others beside it) and reviews a line."""

    def reviewed(text: str, line: str = "docker compose up -d", **others: str) -> Verdict:
        (clean_workspace / "compose.yaml").write_text(text, "utf-8")
        for name, content in others.items():
            (clean_workspace / name.replace("_", ".")).write_text(content, "utf-8")
        return review(line, policy=policy, limits=limits, workspace=clean_workspace)

    return reviewed


@pytest.fixture
def planned(written: Callable[..., Verdict]) -> Planned:
    """The same, for files that are fine."""

    def action(text: str, line: str = "docker compose up -d", **others: str) -> ComposeCommand:
        verdict = written(text, line, **others)
        assert verdict.plan is not None, [reason.text.en for reason in verdict.reasons]
        assert isinstance(verdict.plan.action, ComposeCommand)
        return verdict.plan.action

    return action
