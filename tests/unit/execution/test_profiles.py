"""What the profiles change where plans are carried out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.commands.policy import Policy
from assistant.errors import RefusedPlanError
from assistant.values import Decision
from tests.fakes.engine import MemoryEngine
from tests.plans import create_body_of
from tests.runs import bench


def test_open_runs_without_a_question_and_freezes_all_the_same(tmp_path: Path) -> None:
    memory = MemoryEngine()
    at = bench(memory, tmp_path, profile="open")
    verdict = at.sandbox.review("docker run --rm busybox true")
    assert verdict.decision is Decision.ALLOW

    approved = memory.images["busybox:latest"]
    events = at.sandbox.run(verdict, by="test")  # frozen at this call
    memory.images["busybox:latest"] = "sha256:" + "0" * 64
    for _ in events:
        pass

    (run,) = at.ledger.runs()
    assert run.approved_by == "test (profile open)"
    assert (run.outcome, run.error is not None and "another one" in run.error.en) == ("failed", True)
    assert memory.containers == {}

    memory.images["busybox:latest"] = approved
    run = at.carry_out(verdict)
    assert run.outcome == "succeeded"
    assert not any(request == "pull" for request, _ in memory.requests)
    at.ledger.close()


def test_where_pulls_are_refused_no_run_brings_an_image_either(tmp_path: Path) -> None:
    memory = MemoryEngine(registry=["alpine"])
    decisions = tuple({**dict(Policy.standard().decisions), "pull": "refuse"}.items())
    at = bench(memory, tmp_path, policy=replace(Policy.standard(), decisions=decisions))
    for line in ("docker run --rm alpine true", "docker run --rm --pull always busybox true"):
        run = at.line(line)
        assert run.outcome == "failed"
        assert run.error is not None
        assert "the policy refuses pulls" in run.error.en
    assert not any(request == "pull" for request, _ in memory.requests)
    assert at.line("docker run --rm busybox true").outcome == "succeeded"
    at.ledger.close()


def test_open_never_runs_a_refusal_nor_what_cannot_be_taken_back(tmp_path: Path) -> None:
    at = bench(MemoryEngine(), tmp_path, profile="open")
    for line in ("docker run --privileged busybox true", "docker run -v ./x:/x busybox true", "docker rm a"):
        verdict = at.sandbox.review(line)
        with pytest.raises(RefusedPlanError):
            at.sandbox.run(replace(verdict, decision=Decision.ALLOW))
    assert at.ledger.runs() == []
    at.ledger.close()


def test_strict_leaves_objects_of_others_alone_also_when_they_are_named(tmp_path: Path) -> None:
    memory = MemoryEngine()
    theirs = memory.create_container({"Image": "busybox", "Cmd": ["sleep", "60"]}, name="theirs")
    memory.volumes["data"] = {"Name": "data", "Driver": "local", "Options": None, "Labels": {}}
    at = bench(memory, tmp_path, profile="strict")
    for line, name in (("docker stop theirs", "theirs"), ("docker run -v data:/d:ro busybox true", "data")):
        verdict = at.sandbox.review(line)
        with pytest.raises(RefusedPlanError, match=r"strict.*leaves objects of others alone"):
            at.sandbox.approve(verdict, by="test", confirmed=[name, theirs])
    run = at.line("docker run -d --name ours busybox sleep 60")
    assert at.line("docker rm -f ours").outcome == "succeeded"
    assert create_body_of(at.sandbox.review("docker run busybox true"))["HostConfig"]["CapAdd"] == []
    assert run.outcome == "detached"
    at.ledger.close()
