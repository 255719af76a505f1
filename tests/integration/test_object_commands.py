"""Volumes, networks and the whole Engine, on a real one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo_recorded
from assistant.values import Ended, Started
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=60.0))
    yield at
    at.ledger.close()


@pytest.fixture
def theirs(engine: DockerEngine) -> Iterator[str]:
    """A network that somebody else made."""
    made = engine.create_network({"Name": "theirs", "Driver": "bridge"})
    yield "theirs"
    engine.remove_network(made)


def test_a_volume_from_its_creation_to_its_end(at: Bench, engine: DockerEngine) -> None:
    made = at.line("docker volume create notes-data")
    assert made.output == "notes-data\n"
    assert [item.name for item in made.created] == ["notes-data"]
    assert "notes-data" in at.line("docker volume ls").output
    assert at.line("docker volume ls -q -f name=notes-data").output == "notes-data\n"
    at.line("docker run --rm -v notes-data:/d busybox sh -c 'echo kept > /d/x'")
    assert at.line("docker run --rm -v notes-data:/d busybox cat /d/x").output == "kept\n"
    again = at.line("docker volume create notes-data")
    assert again.created == ()
    assert at.line("docker volume rm notes-data").outcome == "succeeded"
    with pytest.raises(ObjectMissingError):
        engine.inspect("volume", "notes-data")


def test_a_volume_made_anew_after_the_yes_is_left_alone(at: Bench, engine: DockerEngine) -> None:
    at.line("docker volume create data")
    verdict = at.sandbox.review("docker volume rm data")
    approval = at.sandbox.approve(verdict, by="test")
    engine.remove_volume("data")
    engine.send("POST", "volumes", "create", body={"Name": "data"})
    for event in at.sandbox.run(verdict, approval=approval):
        last = event
    assert isinstance(last, Ended)
    assert last.run.outcome == "failed"
    assert engine.inspect("volume", "data")
    with pytest.raises(RefusedPlanError, match="Not made by docknotes"):
        at.line("docker volume rm data")
    assert at.line("docker volume rm data", confirmed=["data"]).outcome == "succeeded"


def test_containers_in_one_network_know_each_other_by_name(at: Bench, engine: DockerEngine) -> None:
    made = at.line("docker network create shop")
    network = engine.inspect("network", "shop")
    assert network["Options"]["com.docker.network.bridge.host_binding_ipv4"] == "127.0.0.1"
    assert "shop" in at.line("docker network ls").output
    server = at.line("docker run -d --name server --network shop nginx")
    assert server.outcome == "detached"
    asked = at.line("docker run --rm --network shop busybox wget -q -O - http://server/")
    assert "Welcome to nginx!" in asked.output
    alone = at.line("docker run --rm busybox wget -q -T 2 -O - http://server/")
    assert alone.outcome == "failed"

    at.line("docker run -d --name later busybox sleep 300")
    assert at.line("docker network connect --alias second shop later").outcome == "succeeded"
    assert "shop" in engine.inspect("container", "later")["NetworkSettings"]["Networks"]
    assert at.line("docker network disconnect shop later").outcome == "succeeded"
    assert at.line("docker network rm shop").outcome == "failed"  # the server is in it
    at.line("docker rm -f later server")
    undone = undo_recorded(engine, at.ledger, [made], by="test")
    assert [item.name for item in undone.removed] == ["shop"]


def test_networks_of_others_are_named_again(at: Bench, theirs: str) -> None:
    for line in (f"docker run --rm --network {theirs} busybox true", f"docker network rm {theirs}"):
        with pytest.raises(RefusedPlanError, match="Not made by docknotes"):
            at.line(line)
    run = at.line(f"docker run --rm --network {theirs} busybox true", confirmed=[theirs])
    assert run.outcome == "succeeded"
    with pytest.raises(RefusedPlanError, match="leaves objects of others alone"):
        strict = bench(at.engine, at.workspace.parent, profile="strict")
        strict.line(f"docker run --rm --network {theirs} busybox true", confirmed=[theirs])
    strict.ledger.close()


@pytest.mark.parametrize("name", ["host", "none"])
def test_networks_of_docker_are_not_joined_under_any_name(at: Bench, engine: DockerEngine, name: str) -> None:
    whole = str(engine.inspect("network", name)["Id"])
    for said in (whole, whole[:12]):
        with pytest.raises(RefusedPlanError, match="reaches beyond"):
            at.line(f"docker run --rm --network {said} busybox true", confirmed=[said, name, whole])
        verdict = at.sandbox.review(f"docker network connect {said} web")
        assert verdict.plan is not None


def test_a_network_made_anew_after_the_yes_is_not_joined(at: Bench, engine: DockerEngine) -> None:
    at.line("docker network create first")
    verdict = at.sandbox.review("docker run --rm --network first busybox true")
    approval = at.sandbox.approve(verdict, by="test")
    at.line("docker network rm first")
    other = engine.create_network({"Name": "first", "Driver": "bridge"})
    for event in at.sandbox.run(verdict, approval=approval):
        last = event
    assert isinstance(last, Ended)
    assert last.run.outcome == "failed"
    engine.remove_network(other)


def test_disk_use_and_events(at: Bench) -> None:
    use = at.line("docker system df").output
    for kind in ("Images", "Containers", "Local Volumes", "Build Cache"):
        assert kind in use
    verdict = at.sandbox.review("docker events --since 5m")
    events = at.sandbox.run(verdict)
    started = next(events)
    assert isinstance(started, Started)
    at.line("docker run --rm --label secret=s3cret busybox true")
    threading.Timer(1.0, at.sandbox.cancel, [started.run]).start()
    seen = list(events)
    assert isinstance(seen[-1], Ended)
    assert seen[-1].run.outcome == "cancelled"
    assert "container create" in seen[-1].run.output
    assert "s3cret" not in seen[-1].run.output


def test_a_network_the_person_made_is_not_swept_away(at: Bench, engine: DockerEngine) -> None:
    made = at.line("docker network create kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.execution.cleanup._YOUNG_SECONDS", -1.0)
        at.line("docker run --rm busybox true")
    assert engine.inspect("network", "kept")["Id"] == made.created[0].id
    at.line("docker network rm kept")


def test_a_network_in_use_is_not_pruned(at: Bench, engine: DockerEngine) -> None:
    at.line("docker network create busy")
    at.line("docker network create idle")
    at.line("docker run -d --name holder --network busy busybox sleep 300")
    pruned = at.line("docker network prune -f")
    assert pruned.outcome == "succeeded"
    assert "idle" in pruned.output
    assert "busy" not in pruned.output
    assert engine.inspect("network", "busy")["Name"] == "busy"
    at.line("docker rm -f holder")
    at.line("docker network rm busy")
