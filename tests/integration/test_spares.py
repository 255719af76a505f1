"""Networks that runs leave for later ones, on a real Engine: never two containers on one, none is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from assistant.execution.engine import DockerEngine
from assistant.execution.spares import SpareNetworks
from assistant.values import Run
from tests.conftest import engine_objects
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine


@pytest.fixture
def spares(engine: DockerEngine) -> Iterator[SpareNetworks]:
    spares = SpareNetworks(engine, keep_seconds=600.0)
    yield spares
    spares.close()


@pytest.fixture
def at(engine: DockerEngine, spares: SpareNetworks, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path, spares=spares)
    yield at
    at.ledger.close()


def test_a_run_that_leaves_nothing_hands_its_network_on(
    at: Bench, engine: DockerEngine, spares: SpareNetworks
) -> None:
    before = engine_objects(engine)["networks"]
    for _ in range(3):
        run = at.line("docker run --rm busybox ip -o link")
        assert run.outcome == "succeeded"
        assert "eth0" in run.output  # it was on a network
        assert run.created == ()
        assert len(engine_objects(engine)["networks"] - before) == 1
    (spare,) = engine_objects(engine)["networks"] - before
    assert not engine.inspect("network", spare)["Containers"]
    (stays,) = at.line("docker run busybox true").created
    assert stays.kind == "container"
    assert engine_objects(engine)["networks"] - before == {spare}  # one that stays brings its own
    spares.close()
    assert engine_objects(engine)["networks"] == before
    engine.remove_container(stays.id)


def test_two_runs_at_once_are_on_two_networks(at: Bench, engine: DockerEngine, spares: SpareNetworks) -> None:
    at.line("docker run --rm busybox true")
    runs: list[Run] = []

    def one() -> None:
        runs.append(at.line("docker run --rm busybox sleep 600"))

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60.0
    homes: list[str] = []
    while len(homes) < 2 and time.monotonic() < deadline and any(t.is_alive() for t in threads):
        homes = [next(iter(c["NetworkSettings"]["Networks"])) for c in engine.list_containers()]
        time.sleep(0.02)
    for container in engine.list_containers():
        engine.kill_container(str(container["Id"]))
    for thread in threads:
        thread.join()
    assert [run.exit_code for run in runs] == [137, 137]
    assert len(set(homes)) == 2


def test_one_that_is_gone_or_used_by_others_is_not_taken(
    at: Bench, engine: DockerEngine, spares: SpareNetworks
) -> None:
    before = engine_objects(engine)["networks"]
    at.line("docker run --rm busybox true")
    (spare,) = engine_objects(engine)["networks"] - before
    engine.remove_network(spare)
    assert at.line("docker run --rm busybox true").outcome == "succeeded"
    (spare,) = engine_objects(engine)["networks"] - before
    body = {"Image": "busybox", "Cmd": ["sleep", "60"], "HostConfig": {"NetworkMode": spare}}
    stranger = engine.create_container(body)
    engine.start_container(stranger)
    run = at.line("docker run --rm busybox true")
    assert run.outcome == "succeeded"
    assert len(engine_objects(engine)["networks"] - before) == 2  # a new one, and the stranger's
    engine.remove_container(stranger, force=True)
    engine.remove_network(spare)


def test_kept_only_for_a_moment_and_never_after_the_end(engine: DockerEngine, tmp_path: Path) -> None:
    before = engine_objects(engine)["networks"]
    spares = SpareNetworks(engine, keep_seconds=0.2)
    at = bench(engine, tmp_path, spares=spares)
    at.line("docker run --rm busybox true")
    deadline = time.monotonic() + 60.0
    while engine_objects(engine)["networks"] != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert engine_objects(engine)["networks"] == before
    spares.close()
    at.line("docker run --rm busybox true")
    assert engine_objects(engine)["networks"] == before
    at.ledger.close()
