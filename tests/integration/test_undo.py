"""Undo on a real Engine: after any commands and their undo, the Engine's objects are those from before."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import AssistantError, RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo, undo_recorded
from assistant.values import Decision, Ended
from tests.conftest import engine_objects
from tests.images import root_file_system
from tests.integration.test_command_line import Docknotes
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

SEQUENCES = 8
"""How many random sequences are made, the same at every run."""
LINES = (
    "docker run --rm busybox true",
    "docker run busybox sh -c 'exit 3'",
    "docker run -d --name {name} busybox sleep 60",
    "docker run -d --rm --name {name} busybox sleep 60",
    "docker run --name {name} -v {volume}:/d busybox touch /d/x",
    "docker run --network none --mount src={volume},dst=/d busybox true",
    "docker run -d -v /data -p 127.0.0.1::80 --name {name} busybox sleep 60",
    "docker stop -t 0 {name}",
    "docker rm -f {name}",
    "docker volume create {volume}",
    "docker network create {volume}-net",
    "docker create --name {name} --network {volume}-net busybox sleep 60",
    "docker run -d --name {name} --network {volume}-net busybox sleep 60",
    "docker start {name}",
    "docker pause {name}",
    "docker rename {name} {name}-old",
    "docker network rm {volume}-net",
    "docker ps -a",
    "docker tag busybox {image}",
    "docker tag {image} other:{volume}",
    "docker rmi {image}",
    "docker commit {name} {image}",
    "docker build -t {image} app",
    "docker build app",
    "docker import app.tar {image}",
    "docker load -i app.tar",
    "docker image prune -f --filter label=docknotes.owner=docknotes",
    "docker container prune -f --filter label=docknotes.owner=docknotes",
    "docker volume prune -af --filter label=docknotes.owner=docknotes",
    "docker run --privileged busybox true",
    "docker compose -p {name} up -d",
    "docker compose -p {name} down -t 0",
    "docker compose -p {name} down -v -t 0",
)
COMPOSE = """
services:
  web: {image: busybox, command: [sleep, "60"], depends_on: [db], stop_grace_period: 0s}
  db: {image: busybox, command: [sleep, "60"], volumes: ["data:/d"], stop_grace_period: 0s}
volumes: {data: {}}
"""


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


def all_objects(engine: DockerEngine) -> dict[str, frozenset[str]]:
    images = frozenset(f"{i['Id']} {sorted(i['RepoTags'] or ())}" for i in engine.list_images(all=True))
    return {**engine_objects(engine), "images": images}


def test_random_commands_and_undo_leave_what_was_there(at: Bench, engine: DockerEngine) -> None:
    theirs = engine.create_container({"Image": "busybox", "Cmd": ["sleep", "60"]}, name="theirs")
    (at.workspace / "compose.yaml").write_text(COMPOSE)
    (at.workspace / "app").mkdir()
    (at.workspace / "app" / "Dockerfile").write_text(
        "FROM busybox\nRUN echo one > /one\nRUN echo two > /two\n"
    )
    (at.workspace / "app.tar").write_bytes(root_file_system({"word": "hello"}))
    before = all_objects(engine)
    for seed in range(SEQUENCES):
        chance = random.Random(seed)  # noqa: S311 - a seed, to see the same again
        done = []
        for _ in range(chance.randint(3, 8)):
            line = chance.choice(LINES).format(
                name=f"n{chance.randint(0, 1)}",
                volume=f"v{chance.randint(0, 1)}",
                image=f"i{chance.randint(0, 1)}",
            )
            try:
                done.append(at.line(line))
            except AssistantError:
                continue  # refused, or the object is not there: nothing was done
        assert undo(engine, done).left == (), f"seed {seed}: {[run.command for run in done]}"
        assert all_objects(engine) == before, f"seed {seed}: {[run.command for run in done]}"
    assert at.ledger.verify().broken == ()
    engine.remove_container(theirs, force=True)


def test_volumes_without_a_name_are_taken_back_and_those_of_others_are_not(
    at: Bench, engine: DockerEngine
) -> None:
    theirs = str(engine.send("POST", "volumes", "create", body={})["Name"])
    line = f"docker run --name box -v /data -v {theirs}:/theirs busybox true"
    run = at.line(line, confirmed=[theirs])
    (made,) = (item.name for item in run.created if item.kind == "volume")
    assert made != theirs
    at.line("docker rm box")
    undone = undo(engine, [run])
    assert [item.name for item in undone.removed] == [made]
    assert engine.inspect("volume", theirs)["Name"] == theirs
    engine.remove_volume(theirs)


def test_undo_leaves_a_volume_that_was_made_again(at: Bench, engine: DockerEngine) -> None:
    first = at.line("docker run --rm -v data:/d busybox true")
    engine.remove_volume("data")
    second = at.line("docker run --rm -v data:/d busybox true")
    undone = undo(engine, [first])
    assert [item.name for item, _ in undone.left] == ["data"]
    assert engine.inspect("volume", "data")["Labels"]["docknotes.run"] == second.id
    assert [item.name for item in undo(engine, [second]).removed] == ["data"]
    assert [item.name for item in undo(engine, [second]).gone] == ["data"]


def test_undo_says_what_stays_and_is_recorded(at: Bench, engine: DockerEngine) -> None:
    (at.workspace / "out").mkdir()
    run = at.line("docker run -v ./out:/out busybox touch /out/x")
    stopped = at.line(f"docker rm {run.created[0].id[:12]}")
    undone = undo_recorded(engine, at.ledger, [run, stopped], by="test")
    said = " ".join(text.en for text in undone.stays)
    assert f"What it wrote to {at.workspace}/out stays" in said
    assert "was removed, and does not come back" in said
    assert undone.gone == run.created
    assert (at.workspace / "out" / "x").exists()
    assert at.ledger.runs(1)[0].command == f"docknotes undo {run.id} {stopped.id}"


@pytest.mark.parametrize("line", ["docker stop -t 0 web", "docker rm -f web"])
def test_a_name_given_to_another_container_after_the_approval_changes_nothing(
    line: str, at: Bench, engine: DockerEngine
) -> None:
    """Somebody makes a container of the same name between the yes and the run: it is not touched."""
    made = at.line("docker run -d --name web busybox sleep 60").created
    (approved,) = (item.id for item in made if item.kind == "container")
    verdict = at.sandbox.review(line)
    approval = at.sandbox.approve(verdict, by="test")
    engine.remove_container(approved, force=True)
    other = engine.create_container({"Image": "busybox", "Cmd": ["sleep", "60"]}, name="web")
    engine.start_container(other)
    *_, ended = at.sandbox.run(verdict, approval=approval)
    assert isinstance(ended, Ended)
    assert ended.run.outcome == "failed"
    assert engine.inspect("container", other)["State"]["Running"] is True
    engine.remove_container(other, force=True)
    undo(engine, at.ledger.runs())


def test_a_foreign_volume_is_asked_for_by_name_also_to_read(at: Bench, engine: DockerEngine) -> None:
    body = {
        "Image": "busybox",
        "HostConfig": {"Mounts": [{"Type": "volume", "Source": "theirs", "Target": "/d"}]},
    }
    container = engine.create_container(body)
    verdict = at.sandbox.review("docker run --rm -v theirs:/d:ro busybox ls /d")
    assert verdict.decision is Decision.ASK
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.sandbox.approve(verdict, by="test")
    run = at.carry_out(verdict, confirmed=["theirs"])
    assert (run.outcome, run.created) == ("succeeded", ())
    assert undo(engine, [run]).removed == ()
    assert engine.inspect("volume", "theirs")["Name"] == "theirs"
    engine.remove_container(container)
    engine.remove_volume("theirs")


def test_the_command_line_lists_verifies_undoes_and_cleans_up(
    tmp_path: Path, engine_address: str, engine: DockerEngine
) -> None:
    docknotes = Docknotes(tmp_path / "docknotes", engine_address)
    line = "docker run -d --name {} busybox sleep 60"
    first = docknotes.json("run", "--approve", "--conversation", "c1", line.format("one"))
    second = docknotes.json("run", "--approve", "--conversation", "c1", line.format("two"))
    docknotes.json("run", "--approve", line.format("three"))
    listed = docknotes.json("runs")["runs"]
    assert [run["conversation"] for run in listed] == ["", "c1", "c1"]
    assert listed[1]["run"] == second["run"]
    proof = docknotes.json("runs", "verify")
    assert (proof["broken"], proof["runs"]) == ([], 3)

    assert docknotes("undo", first["run"]).returncode == 3  # nobody said yes
    assert engine.inspect("container", "one")["State"]["Running"] is True
    undone = docknotes.json("undo", "--all-of-conversation", "c1", "--yes")
    assert undone["removed"][-1]["name"] == first["created"][0]["name"]
    assert {item["id"] for item in undone["removed"]} == {
        item["id"] for run in (first, second) for item in run["created"]
    }
    found = docknotes.json("cleanup")
    assert {item["name"] for item in found["found"] if item["kind"] == "container"} == {"three"}
    assert next(i["running_seconds"] for i in found["found"] if i["kind"] == "container") >= 0
    assert len(docknotes.json("cleanup", "--yes")["removed"]) == 2
    assert docknotes.json("cleanup") == {"found": [], "removed": []}

    out = tmp_path / "runs.jsonl"
    assert docknotes("runs", "--export", str(out)).returncode == 0
    lines = [json.loads(text) for text in out.read_text("utf-8").splitlines()]
    assert [item.get("command", "")[:14] for item in lines[:-1]] == ["docker run -d "] * 3 + [
        "docknotes undo"
    ]
    assert lines[-1]["broken"] == []
    again = docknotes("runs", "--export", str(out))
    assert again.returncode == 1
    assert "not there yet" in again.stderr
