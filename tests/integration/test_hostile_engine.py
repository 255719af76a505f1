"""Every hostile line and body against a real Engine: nothing is made there, nothing changes here."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.commands.policy_values import PROFILES, Profile
from assistant.errors import AssistantError
from assistant.execution.engine import DockerEngine
from assistant.values import Decision, Ended
from tests.conftest import engine_objects
from tests.hostile import aimed_at, hostile_bodies, hostile_lines, put_over
from tests.plans import create_body_of, with_digest
from tests.runs import bench

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("profile", PROFILES)
def test_no_hostile_line_or_body_leaves_a_trace_on_a_real_engine(
    profile: Profile, engine: DockerEngine, tmp_path: Path
) -> None:
    """Lines as a person would send them, and bodies put into a verdict whose digest was made to fit."""
    at = bench(engine, tmp_path, profile=profile)
    stack = ExitStack()
    stack.enter_context(aimed_at(at.workspace))
    before = engine_objects(engine), {str(item["Id"]) for item in engine.list_images(all=True)}
    files = sorted(tmp_path.rglob("*"))
    carried_out = []

    def carry_out(name: str, verdict_line: str, change: dict[str, object] | None = None) -> None:
        verdict = at.sandbox.review(verdict_line.replace("{ws}", str(at.workspace)))
        if change is not None:
            body = create_body_of(verdict)
            changed = put_over(body, change, at.workspace)
            body.clear()
            body.update(changed)
            verdict = with_digest(verdict)
        approval = None
        try:
            if verdict.decision is Decision.ASK:
                approval = at.sandbox.approve(verdict, by="test")
            (*_, ended) = at.sandbox.run(verdict, approval=approval)
        except AssistantError:
            return
        if not isinstance(ended, Ended) or ended.run.outcome != "failed":
            carried_out.append(name)

    for name, line in hostile_lines():
        carry_out(name, line)
    for name, change in hostile_bodies():
        carry_out(name, "docker run --rm busybox true", change)

    assert carried_out == []
    assert (engine_objects(engine), {str(item["Id"]) for item in engine.list_images(all=True)}) == before
    assert sorted(tmp_path.rglob("*")) == files
    stack.close()
    at.ledger.close()
