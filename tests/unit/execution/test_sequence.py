"""Several commands carried out as one plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.commands.steps import review_steps
from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution.sequence import run_steps
from assistant.values import Approval, Ended, Run, Verdict
from tests.fakes.engine import MemoryEngine
from tests.runs import Bench, bench


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Bench]:
    at = bench(
        MemoryEngine(registry=["nginx"]), tmp_path, limits=Limits(time_seconds=60.0, output_bytes=1000)
    )
    yield at
    at.ledger.close()


def carried_out(at: Bench, text: str, approve: bool = True) -> list[Run]:
    def given(verdict: Verdict) -> Approval | None:
        return at.sandbox.approve(verdict, by="test") if approve else None

    events = run_steps(at.sandbox, review_steps(text, at.sandbox.review), approve=given)
    return [event.run for event in events if isinstance(event, Ended)]


def test_steps_run_in_order_and_a_later_one_sees_what_an_earlier_made(at: Bench) -> None:
    text = "docker run --name web busybox echo one\ndocker rm web && docker ps -a"

    runs = carried_out(at, text)

    assert [run.outcome for run in runs] == ["succeeded"] * 3
    assert runs[0].output == "one\n"
    assert "web" not in runs[2].output


def test_the_first_that_fails_is_the_last(at: Bench) -> None:
    runs = carried_out(at, "docker ps; docker run --rm busybox false; docker images")

    assert [run.outcome for run in runs] == ["succeeded", "failed"]
    assert len(at.ledger.runs()) == 2


def test_nothing_begins_where_one_step_is_refused_or_not_complete(at: Bench) -> None:
    for text in ("docker ps; docker run --privileged busybox", "docker ps\ndocker stop <name>"):
        with pytest.raises(RefusedPlanError, match="none of them is run"):
            carried_out(at, text)
    assert at.ledger.runs() == []


def test_a_step_that_is_not_approved_ends_the_sequence(at: Bench) -> None:
    runs = carried_out(at, "docker ps; docker run --rm busybox true; docker images", approve=False)

    assert [run.command for run in runs] == ["docker ps"]
