"""What every Engine keeps to: the one in memory and the real one."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.errors import ExecutionError, ImageUnavailableError, ObjectMissingError
from assistant.execution.engine import DockerEngine
from assistant.protocols import Engine
from assistant.values import Output
from tests.fakes.engine import MemoryEngine

NO_NETWORK = {"NetworkMode": "none"}


@pytest.fixture(params=["memory", pytest.param("docker", marks=pytest.mark.engine)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "memory":
        yield MemoryEngine()
        return
    real = DockerEngine(request.getfixturevalue("engine_address"))
    yield real
    real.close()


@pytest.fixture
def made(engine: Engine) -> Iterator[list[str]]:
    """Containers to be removed at the end of a test."""
    containers: list[str] = []
    yield containers
    for container in containers:
        engine.remove_container(container, force=True)


def start(engine: Engine, made: list[str], *command: str, tty: bool = False) -> str:
    body = {"Image": "busybox", "Cmd": list(command), "Tty": tty, "HostConfig": NO_NETWORK}
    container = engine.create_container(body)
    made.append(container)
    engine.start_container(container)
    return container


def texts(outputs: list[Output], stream: str) -> str:
    return "".join(output.text for output in outputs if output.stream == stream)


def test_says_what_it_is(engine: Engine) -> None:
    info = engine.info()
    assert info.address == engine.address
    assert int(info.version.split(".")[0]) >= 19
    assert "runc" in info.runtimes
    assert engine.version_text()["Version"] == info.version
    assert engine.version() == info.version
    assert engine.info_text()["ServerVersion"] == info.version


def test_output_comes_apart_and_the_exit_code_is_told(engine: Engine, made: list[str]) -> None:
    container = start(engine, made, "sh", "-c", "echo out; echo err >&2; exit 3")
    outputs = list(engine.follow(container))
    assert texts(outputs, "stdout") == "out\n"
    assert texts(outputs, "stderr") == "err\n"
    assert engine.wait_container(container, timeout_seconds=60) == 3
    assert engine.inspect("container", container)["State"]["ExitCode"] == 3


def test_the_log_of_an_ended_container_ends(engine: Engine, made: list[str]) -> None:
    container = start(engine, made, "echo", "late")
    engine.wait_container(container, timeout_seconds=60)
    assert texts(list(engine.follow(container)), "stdout") == "late\n"
    assert texts(list(engine.follow(container, follow=False)), "stdout") == "late\n"


def test_tail_counts_lines_from_the_end(engine: Engine, made: list[str]) -> None:
    container = start(engine, made, "sh", "-c", "echo one; echo two; echo three")
    engine.wait_container(container, timeout_seconds=60)
    assert texts(list(engine.follow(container, tail="2")), "stdout") == "two\nthree\n"


def test_waiting_gives_up_in_time(engine: Engine, made: list[str]) -> None:
    container = start(engine, made, "sleep", "60")
    begun = time.monotonic()
    assert engine.wait_container(container, timeout_seconds=0.3) is None
    assert time.monotonic() - begun < 45  # of the program's 60


def test_kill_ends_a_follow_and_does_nothing_twice(engine: Engine, made: list[str]) -> None:
    container = start(engine, made, "sleep", "60")
    threading.Timer(0.3, engine.kill_container, [container]).start()
    assert list(engine.follow(container)) == []
    assert engine.wait_container(container, timeout_seconds=60) == 137
    engine.kill_container(container)


def test_stop_ends_a_container(engine: Engine, made: list[str]) -> None:
    container = start(engine, made, "sleep", "60")
    engine.stop_container(container, timeout_seconds=0)
    assert not engine.inspect("container", container)["State"]["Running"]
    engine.stop_container(container)


def test_lists_running_containers_or_all_and_filters_by_label(engine: Engine) -> None:
    labels = {"docknotes.test": secrets.token_hex(4)}
    filters = {"label": [f"docknotes.test={labels['docknotes.test']}"]}
    body = {"Image": "busybox", "Cmd": ["sleep", "60"], "Labels": labels, "HostConfig": NO_NETWORK}
    name = f"contract-{labels['docknotes.test']}"
    container = engine.create_container(body, name=name)
    try:
        assert engine.list_containers(filters=filters) == []
        (listed,) = engine.list_containers(all=True, filters=filters)
        assert listed["Id"] == container
        assert listed["Names"] == [f"/{name}"]
        engine.start_container(container)
        assert [item["Id"] for item in engine.list_containers(filters=filters)] == [container]
        with pytest.raises(ExecutionError, match="Stop it first"):
            engine.remove_container(container)
    finally:
        engine.remove_container(container, force=True)
    assert engine.list_containers(all=True, filters=filters) == []


def test_a_name_is_taken_once(engine: Engine, made: list[str]) -> None:
    name = f"contract-{secrets.token_hex(4)}"
    body = {"Image": "busybox", "HostConfig": NO_NETWORK}
    made.append(engine.create_container(body, name=name))
    with pytest.raises(ExecutionError, match="A container of that name is still there"):
        engine.create_container(body, name=name)


def test_what_is_not_there_is_said(engine: Engine) -> None:
    for kind in ("container", "network", "volume"):
        with pytest.raises(ObjectMissingError) as error:
            engine.inspect(kind, "no-such-thing")
        assert "no-such-thing" in error.value.text.zh
    with pytest.raises(ImageUnavailableError):
        engine.inspect("image", "no-such-image")
    with pytest.raises(ImageUnavailableError):
        engine.create_container({"Image": "no-such-image", "HostConfig": NO_NETWORK})
    with pytest.raises(ObjectMissingError):
        engine.remove_container("no-such-thing")
    with pytest.raises(ObjectMissingError):
        list(engine.follow("no-such-thing"))
    engine.kill_container("no-such-thing")


def test_a_pull_that_fails_says_so(engine: Engine) -> None:
    with pytest.raises(ImageUnavailableError, match="no-such-image"):
        list(engine.pull("no-such-image"))


def test_a_program_that_is_not_there_cannot_be_started(engine: Engine, made: list[str]) -> None:
    with pytest.raises(ExecutionError, match="holds no such program"):
        start(engine, made, "no-such-program")


def test_networks_come_and_go(engine: Engine) -> None:
    name = f"contract-{secrets.token_hex(4)}"
    network = engine.create_network({"Name": name, "Driver": "bridge", "Labels": {"docknotes.test": name}})
    try:
        assert engine.inspect("network", name)["Id"] == network
        listed = engine.list_networks(filters={"label": [f"docknotes.test={name}"]})
        assert [item["Name"] for item in listed] == [name]
    finally:
        engine.remove_network(network)
    with pytest.raises(ObjectMissingError):
        engine.remove_network(network)


def test_lists_images(engine: Engine) -> None:
    tags = [tag for image in engine.list_images() for tag in image["RepoTags"] or ()]
    assert "busybox:latest" in tags
    chosen = engine.list_images(filters={"reference": ["busybox"]})
    assert [image["RepoTags"] for image in chosen] == [["busybox:latest"]]
    assert engine.inspect("image", "busybox")["Id"] == chosen[0]["Id"]


# ---- a program that takes input -------------------------------------------------------------


def interactive(engine: Engine, made: list[str], *, tty: bool) -> str:
    body = {
        "Image": "busybox",
        "Cmd": ["cat"],
        "Tty": tty,
        "OpenStdin": True,
        "StdinOnce": True,
        "HostConfig": NO_NETWORK,
    }
    made.append(engine.create_container(body))
    return made[-1]


def test_input_goes_in_and_output_comes_out_until_the_input_ends(engine: Engine, made: list[str]) -> None:
    container = interactive(engine, made, tty=False)
    way = engine.attach(container, tty=False)
    engine.start_container(container)
    way.send("你好\n".encode())
    assert next(way).text == "你好\n"
    way.close_input()
    assert list(way) == []
    assert engine.wait_container(container, timeout_seconds=60) == 0
    way.close()


def test_a_terminal_takes_its_size_and_an_end_of_input(engine: Engine, made: list[str]) -> None:
    container = interactive(engine, made, tty=True)
    way = engine.attach(container, tty=True)
    engine.start_container(container)
    engine.resize(container, 30, 90)
    way.send(b"\x04")
    assert all(output.stream == "stdout" for output in way)
    assert engine.wait_container(container, timeout_seconds=60) == 0
    way.close()


def test_closing_wakes_whoever_waits_for_output(engine: Engine, made: list[str]) -> None:
    container = interactive(engine, made, tty=False)
    way = engine.attach(container, tty=False)
    engine.start_container(container)
    seen: list[list[Output]] = []
    reader = threading.Thread(target=lambda: seen.append(list(way)))
    reader.start()
    way.close()
    reader.join(60)
    assert seen == [[]]
    way.close()
