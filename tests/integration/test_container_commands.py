"""The other commands on containers, on a real Engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.console import Console
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo_recorded
from assistant.values import Decision, Ended, Output, Started
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=60.0, output_bytes=20_000))
    yield at
    at.ledger.close()


@pytest.fixture
def web(at: Bench) -> Iterator[str]:
    """A container of ours that runs."""
    assert at.line("docker run -d --name web busybox sleep 300").outcome == "detached"
    yield "web"
    at.line("docker rm -f web")


@pytest.fixture
def theirs(engine: DockerEngine) -> Iterator[str]:
    """A running container that somebody else made."""
    made = engine.create_container({"Image": "busybox", "Cmd": ["sleep", "300"]}, name="theirs")
    engine.start_container(made)
    yield made
    engine.remove_container(made, force=True)


def state(at: Bench, name: str) -> str:
    return str(at.engine.inspect("container", name)["State"]["Status"])


def test_pause_rename_kill_start_restart(at: Bench, web: str) -> None:
    assert at.line("docker pause web").output == "web\n"
    assert state(at, web) == "paused"
    at.line("docker unpause web")
    assert at.line("docker rename web site").outcome == "succeeded"
    assert at.line("docker kill site").outcome == "succeeded"
    assert at.line("docker wait site").output == "137\n"
    assert state(at, "site") == "exited"
    assert at.line("docker start site").output == "site\n"
    assert state(at, "site") == "running"
    assert at.line("docker restart -t 1 site").outcome == "succeeded"
    assert state(at, "site") == "running"
    at.line("docker rename site web")


def test_what_runs_in_a_container_has_its_bounds(at: Bench, web: str) -> None:
    run = at.line("docker exec web sh -c 'echo out; echo err >&2; grep NoNewPrivs /proc/self/status'")
    assert (run.outcome, run.exit_code) == ("succeeded", 0)
    assert "out\n" in run.output
    assert "err\n" in run.output
    assert "NoNewPrivs:\t1" in run.output
    assert at.line("docker exec web false").exit_code == 1
    assert at.line("docker exec web no-such-program").outcome == "failed"
    assert at.line("docker exec -d web sleep 200").outcome == "detached"
    assert "sleep 200" in at.line("docker top web").output
    assert "sleep 200" in at.line("docker top web -e -o pid,args").output


def test_output_of_a_program_inside_comes_as_it_is_written(at: Bench, web: str) -> None:
    verdict = at.sandbox.review("docker exec web sh -c 'echo first; sleep 60'")
    events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
    started = next(events)
    assert isinstance(started, Started)
    assert next(events) == Output("first\n")
    threading.Timer(0.2, at.sandbox.cancel, [started.run]).start()
    rest = list(events)
    assert isinstance(rest[-1], Ended)
    assert rest[-1].run.outcome == "cancelled"
    assert "goes on inside web" in rest[-1].run.output


def test_start_again_after_the_end_and_see_only_the_new_output(at: Bench) -> None:
    at.line("docker run --name job busybox sh -c 'echo run $(cat /n 2>/dev/null); echo again > /n'")
    assert at.line("docker start -a job").output == "run again\n"
    assert at.line("docker ps -a").output.count("job") == 1
    at.line("docker rm job")
    assert at.line("docker network ls").output.count("docknotes-") == 0


def test_create_makes_and_start_starts(at: Bench, engine: DockerEngine) -> None:
    made = at.line("docker create --name later busybox echo hello")
    assert made.outcome == "succeeded"
    assert state(at, "later") == "created"
    host = engine.inspect("container", "later")["HostConfig"]
    assert host["CapDrop"] == ["ALL"]
    assert host["PidsLimit"] > 0
    assert at.line("docker start -a later").output == "hello\n"
    assert undo_recorded(engine, at.ledger, [made], by="test").left == ()
    with pytest.raises(ObjectMissingError):
        engine.inspect("container", "later")
    assert at.line("docker network ls").output.count("docknotes-") == 0


def test_looking(at: Bench, web: str) -> None:
    at.line("docker exec web sh -c 'echo x > /tmp/new'")
    assert "A /tmp/new\n" in at.line("docker diff web").output
    stats = at.line("docker stats --no-stream").output
    assert "web" in stats
    assert "MiB" in stats or "kB" in stats or "MB" in stats
    assert at.line("docker port web").output == ""
    assert at.line("docker port web 80").outcome == "failed"


def test_limits_are_raised_no_further_than_a_new_container_has_them(at: Bench, web: str) -> None:
    at.line("docker update --memory 64m --pids-limit 10 web")
    host = at.engine.inspect("container", web)["HostConfig"]
    assert (host["Memory"], host["PidsLimit"]) == (64 * 1024**2, 10)
    at.line("docker update --memory 900g --memory-swap -1 --pids-limit -1 --cpus 64 web")
    host = at.engine.inspect("container", web)["HostConfig"]
    limits = Limits()
    assert host["Memory"] == host["MemorySwap"] == limits.memory_bytes
    assert host["PidsLimit"] == limits.processes
    assert host["NanoCpus"] == round(limits.cpus * 10**9)


def test_containers_of_others_are_named_again(at: Bench, theirs: str) -> None:
    for line in ("pause theirs", "exec theirs id", "restart theirs", "kill theirs"):
        with pytest.raises(RefusedPlanError, match="Not made by docknotes"):
            at.line(f"docker {line}")
    assert at.line("docker exec theirs echo hi", confirmed=["theirs"]).output == "hi\n"
    assert "300" not in at.line("docker top theirs").output
    chosen = at.line("docker top theirs -e -o pid,args,comm")
    assert chosen.outcome == "failed"
    assert "300" not in chosen.output
    strict = bench(at.engine, at.workspace.parent, profile="strict")
    with pytest.raises(RefusedPlanError, match="leaves objects of others alone"):
        strict.line("docker pause theirs", confirmed=["theirs"])
    strict.ledger.close()


@pytest.mark.parametrize(
    "host",
    [
        {"Privileged": True},
        {"PidMode": "host"},
        {"CapAdd": ["SYS_ADMIN"]},
        {"SecurityOpt": ["seccomp=unconfined"]},
        {"Binds": ["{folder}:/h"]},
        {"MaskedPaths": [], "ReadonlyPaths": []},
        {"DeviceCgroupRules": ["c 1:3 r"]},
        {"Mounts": [{"Type": "volume", "Source": "strange", "Target": "/h"}]},
    ],
    ids=lambda host: next(iter(host)),
)
def test_nothing_is_started_in_a_container_that_rules_the_machine(
    at: Bench, engine: DockerEngine, tmp_path: Path, host: dict[str, object]
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}  # as well as any disk of this machine
    engine.send("POST", "volumes", "create", body={"Name": "strange", "DriverOpts": options})
    filled = {key: [f"{outside}:/h"] if key == "Binds" else value for key, value in host.items()}
    body = {"Image": "busybox", "Cmd": ["sleep", "300"], "HostConfig": filled}
    engine.create_container(body, name="strong")
    try:
        for line in ("docker start strong", "docker restart strong"):
            run = at.line(line, confirmed=["strong"])
            assert run.outcome == "failed"
            assert run.error is not None
            assert "reaches beyond itself" in run.error.en
        run = at.line("docker exec strong id", confirmed=["strong"])
        assert run.error is not None
        assert "reaches beyond itself" in run.error.en
    finally:
        engine.remove_container("strong", force=True)
        engine.remove_volume("strange")


def test_a_folder_that_became_a_link_is_not_started_with(at: Bench, tmp_path: Path) -> None:
    data = at.workspace / "data"
    data.mkdir()
    assert at.line("docker run --name holder -v ./data:/d busybox true").outcome == "succeeded"
    data.rmdir()
    data.symlink_to(tmp_path)
    for line in ("docker start holder", "docker restart holder"):
        run = at.line(line)
        assert run.outcome == "failed"
        assert run.error is not None
        assert str(data) in run.error.en
    assert at.line("docker update --restart always holder").outcome == "failed"
    at.line("docker rm holder")


def test_a_container_that_could_swap_its_own_folder_is_not_started_again(
    at: Bench, engine: DockerEngine
) -> None:
    inner = at.workspace / "inner"
    inner.mkdir()
    host = {"Binds": [f"{at.workspace}:/w", f"{inner}:/inner"]}
    engine.create_container({"Image": "busybox", "Cmd": ["sleep", "300"], "HostConfig": host}, name="nested")
    engine.start_container("nested")
    try:
        run = at.line("docker restart nested", confirmed=["nested"])
        assert run.outcome == "failed"
        assert run.error is not None
        assert "could be swapped for a link" in run.error.en
    finally:
        engine.remove_container("nested", force=True)


def test_one_named_anew_after_the_yes_is_left_alone(at: Bench, web: str, engine: DockerEngine) -> None:
    verdict = at.sandbox.review("docker pause web")
    approval = at.sandbox.approve(verdict, by="test")
    at.line("docker rename web first")
    other = engine.create_container({"Image": "busybox", "Cmd": ["sleep", "300"]}, name="web")
    engine.start_container(other)
    for event in at.sandbox.run(verdict, approval=approval):
        last = event
    assert isinstance(last, Ended)
    assert state(at, other) == "running"
    assert state(at, "first") == "paused"
    engine.remove_container(other, force=True)
    at.line("docker unpause first")
    at.line("docker rename first web")


def test_a_forged_plan_is_not_carried_out(at: Bench, web: str) -> None:
    from dataclasses import replace

    from assistant.commands.review import digest_of

    verdict = at.sandbox.review("docker exec web id")
    assert verdict.plan is not None
    forged = replace(
        verdict.plan,
        operations=tuple(
            replace(operation, as_run={**(operation.as_run or {}), "Privileged": True})
            for operation in verdict.plan.operations
        ),
    )
    with pytest.raises(RefusedPlanError, match="another plan"):
        at.sandbox.approve(replace(verdict, plan=forged, digest=digest_of(forged)), by="test")
    assert verdict.decision is Decision.ASK


def test_a_person_types_to_a_program_inside(at: Bench, web: str) -> None:
    console = Console()
    console.send(b"echo $((6 * 7))\nexit 5\n")
    verdict = at.sandbox.review("docker exec -it web sh")
    approval = at.sandbox.approve(verdict, by="test")
    *_, last = at.sandbox.run(verdict, approval=approval, console=console)
    assert isinstance(last, Ended)
    assert "42" in last.run.output
    assert (last.run.outcome, last.run.exit_code) == ("failed", 5)
    assert last.run.interactive
    assert at.line("docker exec -i web cat").outcome == "succeeded"  # nobody types: it finds the end
