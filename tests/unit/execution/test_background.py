"""Runs in the background: what is told of them, and their end when time is up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import EngineUnavailableError
from assistant.execution.background import Background, background_of, end_overdue, end_too_large
from assistant.values import JsonObject, Run
from tests.fakes.engine import MemoryEngine
from tests.plans import run_verdict
from tests.runs import Bench, bench

DAY = 24 * 3600.0


@pytest.fixture
def memory() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def at(memory: MemoryEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(memory, tmp_path)
    yield at
    at.ledger.close()


def detached(at: Bench, *, remove: bool = False) -> Run:
    run = at.carry_out(run_verdict("sleep", "600", detach=True, remove=remove))
    assert run.outcome == "detached"
    return run


def older(at: Bench, run: Run, seconds: float) -> Run:
    """The run as if it had begun that much earlier, in the ledger and on the Engine."""
    old = replace(run, started_at=run.started_at - seconds)
    at.ledger.record(old)
    assert isinstance(at.engine, MemoryEngine)
    container = at.engine.containers[next(made.id for made in run.created if made.kind == "container")]
    container.started = time.time() - seconds
    assert container.program is not None
    container.program.seconds += seconds
    return old


def test_what_is_told_of_a_container(at: Bench, memory: MemoryEngine) -> None:
    run = detached(at)
    state = background_of(memory, run, limit_seconds=DAY)
    assert state is not None
    assert (state.state, state.exit_code, state.links) == ("running", None, ())
    assert state.ends_at == pytest.approx(run.started_at + DAY, abs=60)
    unlimited = background_of(memory, run, limit_seconds=0)
    assert unlimited is not None and unlimited.ends_at is None
    memory.kill_container(state.container)
    ended = background_of(memory, run, limit_seconds=DAY)
    assert ended is not None
    assert (ended.state, ended.exit_code, ended.ends_at) == ("exited", 137, None)
    memory.remove_container(state.container)
    assert background_of(memory, run, limit_seconds=DAY) == Background(state.container, "", "gone")
    assert background_of(memory, at.line("docker run --rm busybox true"), limit_seconds=DAY) is None
    memory.is_down = True
    with pytest.raises(EngineUnavailableError):
        background_of(memory, run, limit_seconds=DAY)


def test_links_are_of_open_tcp_ports_on_this_machine(at: Bench, memory: MemoryEngine) -> None:
    class WithPorts(MemoryEngine):
        def inspect(self, kind, name):  # type: ignore[no-untyped-def]
            found: JsonObject = super().inspect(kind, name)
            ports = {
                "80/tcp": [
                    {"HostIp": "127.0.0.1", "HostPort": "8080"},
                    {"HostIp": "::1", "HostPort": "8080"},
                ],
                "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "53"}],
                "443/tcp": None,
            }
            return {**found, "NetworkSettings": {"Ports": ports}}

    run = detached(at)
    engine = WithPorts()
    engine.containers = memory.containers
    state = background_of(engine, run, limit_seconds=0)
    assert state is not None
    assert state.links == ("http://127.0.0.1:8080", "http://[::1]:8080")


def test_what_ran_too_long_is_ended_and_recorded_so(at: Bench, memory: MemoryEngine) -> None:
    young, old = detached(at), older(at, detached(at), DAY + 1)
    assert end_overdue(memory, at.ledger, limit_seconds=0) == []
    (ended,) = end_overdue(memory, at.ledger, limit_seconds=DAY)
    assert (ended.id, ended.outcome, ended.exit_code) == (old.id, "timed_out", 137)
    assert ended.error is not None
    assert "for 24 hours" in ended.error.en and "24 小时" in ended.error.zh
    assert at.ledger.get(old.id) == ended
    assert at.ledger.verify().broken == ()
    assert [container.status for container in memory.containers.values()] == ["running", "exited"]
    assert at.ledger.get(young.id) == young
    assert end_overdue(memory, at.ledger, limit_seconds=DAY) == []


def test_with_rm_it_is_removed_at_its_end_and_its_network_too(at: Bench, memory: MemoryEngine) -> None:
    older(at, detached(at, remove=True), DAY + 1)
    assert len(end_overdue(memory, at.ledger, limit_seconds=DAY)) == 1
    assert (memory.containers, memory.networks) == ({}, {})


def test_the_next_run_ends_it(at: Bench) -> None:
    old = older(at, detached(at), 2 * DAY)
    at.line("docker run --rm busybox true")
    found = at.ledger.get(old.id)
    assert found is not None and found.outcome == "timed_out"


def test_one_that_was_started_again_has_its_time_anew_but_not_by_itself(
    at: Bench, memory: MemoryEngine
) -> None:
    again = detached(at)
    at.ledger.record(replace(again, started_at=again.started_at - 2 * DAY))  # started again just now
    assert end_overdue(memory, at.ledger, limit_seconds=DAY) == []
    (container,) = memory.containers.values()
    restarting = {**container.body["HostConfig"], "RestartPolicy": {"Name": "always"}}
    container.body = {**container.body, "HostConfig": restarting}
    assert len(end_overdue(memory, at.ledger, limit_seconds=DAY)) == 1


def test_what_is_not_ours_is_left_alone_whatever_its_labels_say(at: Bench, memory: MemoryEngine) -> None:
    old = older(at, detached(at), 2 * DAY)
    (ours,) = memory.containers.values()
    forged = memory.create_container({**ours.body, "HostConfig": {}}, name="theirs")
    memory.start_container(forged)
    memory.containers[forged].started = 1.0
    memory.containers[forged].program.seconds = 1e12  # type: ignore[union-attr]
    assert [run.id for run in end_overdue(memory, at.ledger, limit_seconds=DAY)] == [old.id]
    assert memory.containers[forged].status == "running"


def test_what_wrote_too_much_is_ended_and_recorded_so(at: Bench, memory: MemoryEngine) -> None:
    full, small = detached(at), detached(at)
    first, second = memory.containers
    memory.written = {first: 2000, second: 1000}
    (ended,) = end_too_large(memory, at.ledger, most_bytes=1000)
    assert (ended.id, ended.outcome) == (full.id, "disk_limit")
    assert at.ledger.get(full.id) == ended
    assert at.ledger.get(small.id) == small
    assert [container.status for container in memory.containers.values()] == ["exited", "running"]
