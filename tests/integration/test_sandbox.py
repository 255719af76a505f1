"""Runs on a real Engine: what is promised is in force, and nothing is left behind."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import docker  # type: ignore[import-untyped]
import pytest

from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution.cleanup import leftovers
from assistant.execution.engine import DockerEngine
from assistant.values import Ended, Output, ReadLogs, Run, RunEvent, Started, Waiting
from tests.images import make_image
from tests.plans import MIB, pull, rm, run_verdict, stop, verdict_of
from tests.runs import Bench, bench, served

pytestmark = pytest.mark.engine


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=60.0, output_bytes=20_000))
    yield at
    at.ledger.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# ---- the notes' own lines -------------------------------------------------------------------


def test_hello_world(at: Bench) -> None:
    run = at.line("docker run --rm hello-world")
    assert (run.outcome, run.exit_code) == ("succeeded", 0)
    assert "Hello from Docker!" in run.output


def test_a_shell_that_nobody_types_into_ends(at: Bench) -> None:
    assert at.line("docker run --rm -it ubuntu bash").outcome == "succeeded"
    assert at.line("docker run --rm ubuntu bash -c 'echo $((6 * 7))'").output == "42\n"


def test_a_web_server_in_the_background(at: Bench) -> None:
    port = free_port()
    run = at.line(f"docker run -d -p {port}:80 --name web nginx")
    assert run.outcome == "detached"
    assert "Welcome to nginx!" in served(f"http://127.0.0.1:{port}")
    listed = at.line("docker ps").output
    assert f"127.0.0.1:{port}->80/tcp" in listed
    assert "web" in listed
    assert at.line("docker stop -t 5 web").outcome == "succeeded"
    assert "Exited (0)" in at.line("docker ps -a").output
    assert at.line("docker rm web").output == "web\n"


def test_reading_lines(at: Bench) -> None:
    assert "busybox" in at.line("docker images").output
    assert "Server Version: " in at.line("docker info").output
    assert "API version: " in at.line("docker version").output
    assert '"RepoTags"' in at.line("docker inspect busybox").output
    assert len(at.ledger.runs()) == 4


# ---- output and ends ------------------------------------------------------------------------


def test_output_comes_while_it_runs(at: Bench) -> None:
    seen: list[str] = []

    def let_go_on(event: RunEvent) -> None:
        if isinstance(event, Output):
            seen.append(event.text)
            (at.workspace / "seen").touch()

    steps = "echo 你好; until test -e /w/seen; do sleep 0.1; done; echo end >&2; exit 7"
    verdict = at.sandbox.review(f"docker run --rm -v .:/w busybox sh -c '{steps}'")
    run = at.carry_out(verdict, on_event=let_go_on)
    assert (run.outcome, run.exit_code, run.output) == ("failed", 7, "你好\nend\n")
    assert seen == ["你好\n", "end\n"]


def test_a_terminal_is_cleaned(at: Bench) -> None:
    run = at.carry_out(run_verdict("printf", r"\033[31mred\033[0m\n\342\200\256x\033]0;t\007\n", tty=True))
    assert run.output == "red\nx\n"


def test_time_limit(engine: DockerEngine, tmp_path: Path) -> None:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=3.0))
    run = at.carry_out(run_verdict("sh", "-c", "trap '' TERM; echo begun; sleep 60"))
    assert (run.outcome, run.output) == ("timed_out", "begun\n")
    at.ledger.close()


@pytest.mark.parametrize("command", [("yes", "a long line that repeats itself"), ("cat", "/dev/zero")])
def test_output_limit(at: Bench, command: tuple[str, ...]) -> None:
    run = at.carry_out(run_verdict(*command))
    assert run.outcome == "output_limit"
    assert run.output_cut
    assert len(run.output) <= 20_000


def test_cancel_within_a_second(at: Bench) -> None:
    """The best of several counts, as a machine with other work may be late; each ends before its program."""
    took: list[float] = []
    while len(took) < 10 and not (took and min(took) < 1.0):
        took.append(_seconds_to_cancel(at))
    assert min(took) < 1.0
    assert max(took) < 45.0


def _seconds_to_cancel(at: Bench) -> float:
    cancelled: list[float] = []

    def cancel(run: str) -> None:
        cancelled.append(time.monotonic())
        at.sandbox.cancel(run)

    ids: list[str] = []

    def when_it_writes(event: RunEvent) -> None:
        if isinstance(event, Started):
            ids.append(event.run)
        if isinstance(event, Output):
            threading.Timer(0.2, cancel, ids).start()

    run = at.carry_out(run_verdict("sh", "-c", "trap '' TERM; echo begun; sleep 60"), on_event=when_it_writes)
    assert run.outcome == "cancelled"
    assert run.ended_at is not None
    return time.monotonic() - cancelled[0]


def test_out_of_memory(at: Bench) -> None:
    run = at.carry_out(run_verdict("tail", "/dev/zero", memory=16 * MIB))
    assert (run.outcome, run.exit_code) == ("out_of_memory", 137)


def test_processes_are_limited(at: Bench) -> None:
    fork = "i=0; while [ $i -lt 40 ]; do sleep 5 & i=$((i+1)); done"
    run = at.carry_out(run_verdict("sh", "-c", fork, processes=16))
    assert run.outcome == "failed"
    assert "can't fork" in run.output


def test_a_container_that_fills_the_disk_is_ended(engine: DockerEngine, tmp_path: Path) -> None:
    at = bench(engine, tmp_path, limits=Limits(disk_bytes=20 * MIB))
    fill = "dd if=/dev/zero of=/tmp/{} bs=1M count={} 2>/dev/null; echo written; {}"
    small = at.carry_out(run_verdict("sh", "-c", fill.format("small", 10, "sleep 4")))
    assert (small.outcome, small.output) == ("succeeded", "written\n")
    full = at.carry_out(run_verdict("sh", "-c", fill.format("full", 60, "trap '' TERM; sleep 600")))
    assert (full.outcome, full.exit_code, full.output) == ("disk_limit", 137, "written\n")
    assert full.error is not None and "写入自身的数据超过了上限" in full.error.zh
    assert engine.list_containers(all=True) == []
    at.ledger.close()


# ---- what is in force inside ----------------------------------------------------------------


def test_rights_are_taken_away(at: Bench) -> None:
    status = at.line("docker run --rm busybox cat /proc/self/status").output
    values = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert values["NoNewPrivs"] == "1"
    assert values["Seccomp"] == "2"
    allowed = {0, 1, 3, 4, 5, 6, 7, 10}  # CHOWN … KILL, SETGID, SETUID, NET_BIND_SERVICE
    bits = int(values["CapBnd"], 16)
    assert {bit for bit in range(64) if bits >> bit & 1} <= allowed
    assert int(values["CapEff"], 16) & ~bits == 0


def test_limits_are_in_force(at: Bench) -> None:
    line = "docker run -d --name bounded --memory 64m busybox sleep 60"
    run = at.line(line)
    host = at.engine.inspect("container", "bounded")["HostConfig"]
    at.line("docker stop -t 0 bounded")
    at.line("docker rm bounded")
    assert run.outcome == "detached"
    assert host["Memory"] == host["MemorySwap"] == 64 * MIB
    assert host["PidsLimit"] == Limits().processes
    assert host["NanoCpus"] == Limits().cpus * 10**9
    assert host["NetworkMode"] == f"docknotes-{run.id}"


def test_a_port_is_open_on_loopback_only(at: Bench) -> None:
    port = free_port()
    at.line(f"docker run -d -p {port}:80 --name local nginx")
    listening = [
        bytes.fromhex(address)[::-1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        for address, _, hexport in [line.split()[1].partition(":")]
        if int(hexport, 16) == port and line.split()[3] == "0A"
    ]
    everywhere = [
        line
        for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]
        if int(line.split()[1].partition(":")[2], 16) == port
    ]
    at.line("docker stop -t 0 local")
    at.line("docker rm local")
    assert listening == [socket.inet_aton("127.0.0.1")]
    assert everywhere == []


def test_no_container_gets_a_folder_that_another_could_swap(at: Bench) -> None:
    (at.workspace / "data").mkdir()
    outer, inner = "-v .:/w busybox", "-v ./data:/m busybox"
    for first, second in ((outer, inner), (inner, outer)):
        assert at.line(f"docker run -d --name first {first} sleep 60").outcome == "detached"
        run = at.line(f"docker run --rm {second} true")
        assert run.outcome == "failed"
        assert run.error is not None
        assert "The container first has not ended" in run.error.en
        assert at.line(f"docker run --rm {first} true").outcome == "succeeded"
        assert at.line("docker rm -f first").outcome == "succeeded"
        assert at.line(f"docker run --rm {second} true").outcome == "succeeded"
    assert at.line("docker run -d --name first -v .:/w:ro busybox sleep 60").outcome == "detached"
    assert at.line(f"docker run --rm {inner} true").outcome == "succeeded"
    at.line("docker rm -f first")


def test_of_two_that_start_at_once_one_is_refused(at: Bench, tmp_path: Path) -> None:
    (at.workspace / "data").mkdir()
    other = bench(DockerEngine(at.engine.address), tmp_path)
    lines = ("docker run --rm -v .:/w busybox sleep 600", "docker run --rm -v ./data:/m busybox sleep 600")
    runs: list[Run] = []

    def carry_out(where: Bench, line: str) -> None:
        runs.append(where.line(line))

    threads = [threading.Thread(target=carry_out, args=pair) for pair in zip((at, other), lines, strict=True)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while not runs and time.monotonic() < deadline:
        time.sleep(0.05)
    going = at.engine.list_containers()
    for container in going:  # the other one goes on until it is ended here
        at.engine.kill_container(str(container["Id"]))
    for thread in threads:
        thread.join()
    other.ledger.close()
    assert len(going) == 1
    refused, ended = runs
    assert (refused.outcome, refused.exit_code) == ("failed", None)
    assert refused.error is not None
    assert (ended.outcome, ended.exit_code) == ("failed", 137)


def test_an_image_that_asks_for_gpus_by_itself_gets_none(at: Bench) -> None:
    make_image(at.engine.address, "asks:latest", {}, ("ENV NVIDIA_VISIBLE_DEVICES=all", 'CMD ["env"]'))
    (at.workspace / "compose.yaml").write_text("name: gpus\nservices: {one: {image: asks}}\n")
    said = "NVIDIA_VISIBLE_DEVICES=void\n"
    try:
        assert said in at.line("docker run --rm asks").output
        assert said in at.line("docker compose up").output
        assert at.line("docker compose down").outcome == "succeeded"
        assert "NVIDIA" not in at.line("docker run --rm busybox env").output
    finally:
        at.engine.remove_image("asks:latest", force=True)


# ---- failures and what is left --------------------------------------------------------------


def test_a_name_that_is_taken(at: Bench) -> None:
    at.carry_out(run_verdict("sleep", "60", detach=True, remove=False, name="taken"))
    run = at.carry_out(run_verdict("true", name="taken"))
    assert run.outcome == "failed"
    assert run.error is not None and "A container of that name is still there" in run.error.en
    at.carry_out(rm("taken", force=True))


def test_a_port_that_is_taken(at: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        run = at.carry_out(run_verdict("true", ports={"80/tcp": port}))
    assert run.outcome == "failed"
    assert run.error is not None and "The port of the host is taken" in run.error.en
    assert "端口" in run.error.zh


def test_another_image_under_the_approved_name_does_not_run(at: Bench) -> None:
    verdict = at.sandbox.review("docker run --rm hello-world")
    approval = at.sandbox.approve(verdict, by="test")
    client = docker.DockerClient(base_url=at.engine.address)
    approved, other = client.images.get("hello-world"), client.images.get("busybox")
    other.tag("hello-world", "latest")
    try:
        (*_, ended) = at.sandbox.run(verdict, approval=approval)
    finally:
        approved.tag("hello-world", "latest")
        client.close()
    assert isinstance(ended, Ended)
    assert ended.run.outcome == "failed"
    assert ended.run.error is not None
    assert "another one than when you approved" in ended.run.error.en
    assert "Hello from Docker!" in at.line("docker run --rm hello-world").output


def test_an_image_that_cannot_be_pulled(at: Bench) -> None:
    for verdict in (run_verdict("true", image="docknotes-none"), pull("docknotes-none")):
        run = at.carry_out(verdict)
        assert run.outcome == "failed"
        assert run.error is not None and "docknotes-none" in run.error.zh


def test_detached_logs_stop_rm(at: Bench) -> None:
    command = "trap 'echo bye; exit 0' TERM; echo up; while true; do sleep 0.1; done"
    run = at.carry_out(run_verdict("sh", "-c", command, detach=True, remove=False, name="job"))
    assert run.outcome == "detached"
    assert at.carry_out(verdict_of(ReadLogs("job"), "docker logs job")).output == "up\n"
    assert at.carry_out(rm("job")).outcome == "failed"
    assert at.carry_out(stop("job", seconds=5)).outcome == "succeeded"
    assert at.carry_out(verdict_of(ReadLogs("job", tail="1"), "docker logs")).output == "bye\n"
    assert at.carry_out(rm("job")).output == "job\n"


def test_detached_that_ends_at_once(at: Bench) -> None:
    run = at.carry_out(run_verdict("sh", "-c", "echo why >&2; exit 2", detach=True))
    assert (run.outcome, run.exit_code) == ("failed", 2)
    assert run.output.endswith("why\n")


def test_detached_with_rm_goes_after_its_end(at: Bench) -> None:
    run = at.line("docker run -d --rm busybox sleep 1")
    assert run.outcome == "detached"
    (container,) = [item.id for item in run.created if item.kind == "container"]
    assert at.engine.wait_container(container, timeout_seconds=10) == 0
    at.line("docker run --rm busybox true")
    assert at.engine.list_containers(all=True) == []
    assert leftovers(at.engine) == []


def test_surroundings_do_not_matter(at: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text('{"credsStore": "none", "HttpHeaders": {"X": "y"}}')
    for name in ("DOCKER_HOST", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("DOCKER_CONTEXT", "elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    engine = DockerEngine(at.engine.address)
    assert engine.info().address == at.engine.address
    engine.close()


def test_a_foreign_container_is_left_alone(at: Bench) -> None:
    body = {
        "Image": "busybox",
        "Cmd": ["sleep", "60"],
        "Env": ["TOKEN=secret"],
        "HostConfig": {"NetworkMode": "none"},
    }
    foreign = at.engine.create_container(body, name="theirs")
    at.engine.start_container(foreign)
    for line in ("docker stop theirs", "docker rm -f theirs"):
        with pytest.raises(RefusedPlanError, match="theirs"):
            at.line(line)
    assert at.engine.inspect("container", foreign)["State"]["Running"]
    assert "secret" not in at.line("docker inspect theirs").output
    assert at.line("docker rm -f theirs", confirmed=["theirs"]).outcome == "succeeded"


def test_a_named_volume_is_ours_and_goes_last(at: Bench) -> None:
    run = at.line("docker run --rm -v docknotes-test:/data busybox sh -c 'echo kept > /data/file'")
    assert [(item.kind, item.name) for item in run.created] == [("volume", "docknotes-test")]
    again = at.line("docker run --rm -v docknotes-test:/data busybox cat /data/file")
    assert again.output == "kept\n"
    at.engine.remove_volume("docknotes-test")


def test_fifty_runs_at_once(engine: DockerEngine, tmp_path: Path) -> None:
    at = bench(engine, tmp_path, limits=Limits(runs_at_once=3))
    verdicts = [run_verdict("echo", str(number), network=False) for number in range(50)]
    sources = [at.sandbox.run(v, approval=at.sandbox.approve(v, by="test")) for v in verdicts]
    ends: list[Run] = []
    places: list[list[int]] = [[] for _ in verdicts]
    most, over = [0], threading.Event()

    def carry_out(number: int) -> None:
        for event in sources[number]:
            if isinstance(event, Waiting):
                places[number].append(event.before)
            if isinstance(event, Ended):
                ends.append(event.run)

    def look() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], len(engine.list_containers()))

    threads = [threading.Thread(target=carry_out, args=[number]) for number in range(50)]
    looking = threading.Thread(target=look)
    looking.start()
    for source in sources:
        assert isinstance(next(source), Started)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    looking.join()
    assert sorted(int(run.output) for run in ends) == list(range(50))
    assert {run.outcome for run in ends} == {"succeeded"}
    # Nobody came before one that waited: each was told fewer and fewer, and never more than came first.
    assert all(told == sorted(told, reverse=True) and len(set(told)) == len(told) for told in places)
    assert all(told == [] or told[0] <= number - 3 for number, told in enumerate(places))
    assert 0 < most[0] <= 3
    at.ledger.close()
