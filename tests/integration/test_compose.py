"""Compose files on a real Engine: up in order, output, ps, logs, down, and undo that leaves nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo
from assistant.values import Decision, Output, Run, RunEvent, Started
from tests.conftest import engine_objects
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

SHOP = """
name: shop
services:
  web:
    image: busybox
    command: ["sh", "-c", "wget -qO- http://db:8080/word; wget -qO- http://store:8080/word; sleep 300"]
    depends_on:
      db: {condition: service_healthy}
      once: {condition: service_completed_successfully}
    ports: ["80"]
    stop_grace_period: 1s
  once:
    image: busybox
    command: ["true"]
  db:
    image: busybox
    command: ["sh", "-c", "echo kept > /data/word; exec httpd -f -p 8080 -h /data"]
    volumes: ["data:/data"]
    networks: {default: {aliases: [store]}}
    healthcheck: {test: ["CMD", "wget", "-qO-", "http://127.0.0.1:8080/word"], interval: 1s, retries: 30}
    stop_grace_period: 1s
volumes: {data: {}}
"""


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


def write(at: Bench, text: str, name: str = "compose.yaml") -> None:
    (at.workspace / name).write_text(text)


def test_services_start_in_order_reach_each_other_and_undo_leaves_nothing(
    at: Bench, engine: DockerEngine
) -> None:
    before = engine_objects(engine)
    write(at, SHOP)
    run = at.line("docker compose up -d")
    assert run.outcome == "detached", (run.error, run.output)
    assert [made.name for made in run.created] == [
        "shop_default", "shop-db-1", "shop_data", "shop-once-1", "shop-web-1"
    ]  # fmt: skip
    web = engine.inspect("container", "shop-web-1")
    ports = web["NetworkSettings"]["Ports"]["80/tcp"]
    assert {port["HostIp"] for port in ports} == {"127.0.0.1"}
    assert web["Config"]["Labels"]["com.docker.compose.service"] == "web"
    assert web["HostConfig"]["CapDrop"] == ["ALL"]
    listed = at.line("docker compose ps -a")
    assert all(name in listed.output for name in ("shop-db-1", "shop-once-1", "shop-web-1"))
    assert "shop-once-1" not in at.line("docker compose ps").output
    deadline = time.monotonic() + 60
    logs = ""
    while logs != "web-1  | kept\nweb-1  | kept\n" and time.monotonic() < deadline:
        logs = at.line("docker compose logs --tail 5 web").output
    assert logs == "web-1  | kept\nweb-1  | kept\n"
    undone = undo(engine, [run])
    assert (undone.left, undone.stays) == ((), ())
    assert engine_objects(engine) == before


def test_down_takes_exactly_what_docknotes_made_of_the_project(at: Bench, engine: DockerEngine) -> None:
    write(at, SHOP)
    labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": "other"}
    labels["com.docker.compose.config-hash"] = "0"
    theirs = engine.create_container({"Image": "busybox", "Labels": labels}, name="theirs")
    before = engine_objects(engine)
    assert at.line("docker compose up -d").outcome == "detached"
    down = at.line("docker-compose down")
    assert down.outcome == "succeeded", down.error
    assert "left alone: theirs" in down.output
    assert engine_objects(engine)["volumes"] - before["volumes"] == {"shop_data"}
    again = at.line("docker compose up -d db")
    assert again.outcome == "detached"
    assert "shop_data" not in [made.name for made in again.created]
    assert at.line("docker compose down -v").outcome == "succeeded"
    assert engine_objects(engine) == before
    engine.remove_container(theirs, force=True)


def test_output_comes_with_its_service_in_front_and_containers_stay_until_down(
    at: Bench, engine: DockerEngine
) -> None:
    before = engine_objects(engine)
    write(
        at,
        """
        services:
          one: {image: busybox, command: ["sh", "-c", "echo first; echo second >&2; printf open"]}
          longer: {image: busybox, command: ["echo", "third"], scale: 2}
        """,
    )
    run = at.line("docker compose -p talk up")
    assert run.outcome == "succeeded", run.error
    assert run.exit_code == 0
    lines = [line for line in run.output.splitlines() if "|" in line]
    assert sorted(lines) == [
        "longer-1  | third", "longer-2  | third",
        "one-1     | first", "one-1     | open", "one-1     | second",
    ]  # fmt: skip
    assert "talk-longer-2" in at.line("docker compose -p talk ps -a").output
    assert at.line("docker compose -p talk down").outcome == "succeeded"
    assert engine_objects(engine) == before


@pytest.mark.parametrize(
    ("services", "said"),
    [
        ('db: {image: busybox, command: ["false"], healthcheck: {test: "true"}}', "before it was"),
        ('db: {image: busybox, command: ["sleep", "60"], healthcheck: {test: "false", interval: 1s, '
         "retries: 1}}", "unhealthy"),
        ('db: {image: busybox, command: ["sleep", "60"]}', "no `healthcheck`"),
    ],
)  # fmt: skip
def test_where_one_fails_all_that_was_started_is_taken_away(
    at: Bench, engine: DockerEngine, services: str, said: str
) -> None:
    before = engine_objects(engine)
    write(
        at,
        f"services:\n  {services}\n  web: {{image: busybox, command: [sleep, '60'], "
        "depends_on: {db: {condition: service_healthy}}}",
    )
    run = at.line("docker compose -p broken up -d")
    assert run.outcome == "failed"
    assert run.error is not None
    assert said in run.error.en
    assert run.created == ()
    assert engine_objects(engine) == before


def test_waiting_ends_with_the_time_limit_and_with_a_cancel(engine: DockerEngine, tmp_path: Path) -> None:
    before = engine_objects(engine)
    text = """
        services:
          never: {image: busybox, command: ["sleep", "300"], healthcheck: {test: "false"}}
          web: {image: busybox, depends_on: {never: {condition: service_healthy}}}
        """
    at = bench(engine, tmp_path, limits=Limits(time_seconds=3.0))
    write(at, text)
    assert at.line("docker compose -p late up").outcome == "timed_out"
    assert engine_objects(engine) == before
    at.ledger.close()
    at = bench(engine, tmp_path)
    run = cancelled_when(at, "docker compose -p late up", "never-1  Started")
    assert run.outcome == "cancelled"
    assert engine_objects(engine) == before
    at.ledger.close()


def cancelled_when(at: Bench, line: str, seen: str) -> Run:
    """The run of a line that is cancelled once a text was seen in its output."""
    ids: list[str] = []

    def on_event(event: RunEvent) -> None:
        if isinstance(event, Started):
            ids.append(event.run)
        if isinstance(event, Output) and seen in event.text:
            threading.Thread(target=at.sandbox.cancel, args=ids[:1]).start()

    return at.carry_out(at.sandbox.review(line), on_event=on_event)


def test_cancelled_while_it_runs_it_stays_stopped(at: Bench, engine: DockerEngine) -> None:
    before = engine_objects(engine)
    write(at, 'services: {talker: {image: busybox, command: ["sh", "-c", "echo on; sleep 300"]}}')
    run = cancelled_when(at, "docker compose -p stop up", "| on")
    assert run.outcome == "cancelled"
    assert engine.inspect("container", "stop-talker-1")["State"]["Running"] is False
    undo(engine, [run])
    assert engine_objects(engine) == before


def test_a_second_up_keeps_what_is_the_same_and_replaces_what_is_not(at: Bench, engine: DockerEngine) -> None:
    before = engine_objects(engine)
    text = """
        services:
          same: {image: busybox, command: ["sleep", "300"], stop_grace_period: 1s}
          other: {image: busybox, command: ["sleep", "300"], stop_grace_period: 1s}
        """
    write(at, text)
    at.line("docker compose -p twice up -d")
    ids = {name: engine.inspect("container", f"twice-{name}-1")["Id"] for name in ("same", "other")}
    write(
        at,
        text.replace(
            'other: {image: busybox, command: ["sleep", "300"]', "other: {image: busybox, tty: true"
        ),
    )
    again = at.line("docker compose -p twice up -d")
    assert again.outcome == "detached", again.error
    assert engine.inspect("container", "twice-same-1")["Id"] == ids["same"]
    assert engine.inspect("container", "twice-other-1")["Id"] != ids["other"]
    assert [made.name for made in again.created] == ["twice-other-1"]
    at.line("docker compose -p twice down")
    assert engine_objects(engine) == before


def test_objects_of_others_are_not_taken_over(at: Bench, engine: DockerEngine) -> None:
    network = engine.create_network({"Name": "mine_default", "Driver": "bridge"})
    write(at, "services: {web: {image: busybox}}")
    with pytest.raises(RefusedPlanError, match="was not made by docknotes"):
        at.line("docker compose -p mine up -d")
    engine.remove_network(network)
    labels = {"com.docker.compose.project": "mine", "com.docker.compose.service": "web"}
    labels["com.docker.compose.config-hash"] = "0"
    container = engine.create_container({"Image": "busybox", "Labels": labels}, name="mine-web-1")
    with pytest.raises(RefusedPlanError, match="mine-web-1"):
        at.line("docker compose -p mine up -d")
    engine.remove_container(container, force=True)


def test_an_external_network_of_others_is_joined_only_when_it_is_named_again(
    at: Bench, engine: DockerEngine
) -> None:
    network = engine.create_network({"Name": "theirs", "Driver": "bridge"})
    write(
        at,
        "services: {web: {image: busybox, command: [sleep, '300'], networks: [theirs, own]}}\n"
        "networks: {theirs: {external: true}, own: {}}",
    )
    with pytest.raises(RefusedPlanError, match="Not made by docknotes: theirs"):
        at.line("docker compose -p join up -d")
    run = at.line("docker compose -p join up -d", confirmed=["theirs"])
    joined = engine.inspect("container", "join-web-1")["NetworkSettings"]["Networks"]
    assert set(joined) == {"theirs", "join_own"}
    assert undo(engine, [run]).left == ()
    engine.remove_network(network)


def test_an_image_to_be_built_is_asked_for_by_its_line_and_used_once_it_is_there(
    at: Bench, engine: DockerEngine
) -> None:
    before = engine_objects(engine)
    (at.workspace / "app").mkdir()
    (at.workspace / "app" / "Dockerfile").write_text('FROM busybox\nCMD ["sleep", "300"]\n')
    write(at, "services: {web: {build: ./app}}")
    run = at.line("docker compose -p made up -d")
    assert run.outcome == "failed"
    assert run.error is not None
    assert run.error.en.endswith("build it first: docker build -t made-web app")
    build = at.line("docker build -t made-web app")
    assert build.outcome == "succeeded", build.error
    up = at.line("docker compose -p made up -d")
    assert up.outcome == "detached", up.error
    undone = undo(engine, [up, build])
    assert undone.left == ()
    assert engine_objects(engine) == before


def test_the_file_is_read_again_before_it_runs(at: Bench) -> None:
    write(at, "services: {web: {image: busybox}}")
    verdict = at.sandbox.review("docker compose -p later up -d")
    assert verdict.decision is Decision.ASK
    write(at, "services: {web: {image: busybox, command: [sh, -c, reboot]}}")
    with pytest.raises(RefusedPlanError, match="another plan"):
        at.sandbox.approve(verdict, by="test")


def test_what_a_service_writes_into_itself_is_bounded(engine: DockerEngine, tmp_path: Path) -> None:
    before = engine_objects(engine)
    at = bench(engine, tmp_path, limits=Limits(disk_bytes=1024**2))
    write(
        at,
        "services: {big: {image: busybox, command: "
        '["sh", "-c", "dd if=/dev/zero of=/f bs=1M count=20; sleep 300"]}}',
    )
    run = at.line("docker compose -p big up")
    assert run.outcome == "disk_limit"
    undo(engine, [run])
    assert engine_objects(engine) == before
    at.ledger.close()


def test_a_container_of_a_project_can_be_stopped_and_started_again(at: Bench, engine: DockerEngine) -> None:
    before = engine_objects(engine)
    write(at, 'services: {one: {image: busybox, command: ["sleep", "300"], stop_grace_period: 1s}}')
    up = at.line("docker compose -p again up -d")
    assert at.line("docker stop -t 0 again-one-1").outcome == "succeeded"
    assert at.line("docker start again-one-1").outcome == "succeeded"
    container = engine.inspect("container", "again-one-1")
    assert container["State"]["Running"] is True
    assert set(container["NetworkSettings"]["Networks"]) == {"again_default"}
    assert undo(engine, [up]).left == ()
    assert engine_objects(engine) == before


def test_a_container_from_an_image_of_the_project_is_none_of_its_own(at: Bench, engine: DockerEngine) -> None:
    before = engine_objects(engine)
    labels = "LABEL com.docker.compose.project=same com.docker.compose.service=web"
    (at.workspace / "Dockerfile").write_text(f"FROM busybox\n{labels}\n")
    build = at.line("docker build -t labelled .")
    alone = at.line("docker run -d --name alone labelled sleep 300")
    write(at, "services: {web: {image: busybox, command: [sleep, '300'], stop_grace_period: 0s}}")
    up = at.line("docker compose -p same up -d")
    assert up.outcome == "detached", up.error
    assert at.line("docker compose -p same down").outcome == "succeeded"
    assert engine.inspect("container", "alone")["State"]["Running"] is True
    assert undo(engine, [up, alone, build]).left == ()
    assert engine_objects(engine) == before


def test_a_volume_without_a_name_goes_with_the_run_that_made_it(at: Bench, engine: DockerEngine) -> None:
    before = engine_objects(engine)
    write(at, "services: {web: {image: busybox, command: [sleep, '300'], volumes: [/unnamed]}}")
    up = at.line("docker compose -p anon up -d")
    assert [made.kind for made in up.created] == ["network", "container", "volume"]
    assert at.line("docker rm -f anon-web-1").outcome == "succeeded"
    assert undo(engine, [up]).left == ()
    assert engine_objects(engine) == before
