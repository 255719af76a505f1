"""Every error of the Docker SDK becomes one of ours, and says what to try."""

from __future__ import annotations

import inspect
import socket
import threading
from pathlib import Path

import docker.errors  # type: ignore[import-untyped]
import pytest
import requests

from assistant.errors import EngineUnavailableError, ExecutionError, ImageUnavailableError, ObjectMissingError
from assistant.execution.connection import SDK_ERRORS, translated
from assistant.execution.engine import DockerEngine, with_tag

ALL = [cls for _, cls in inspect.getmembers(docker.errors, inspect.isclass) if issubclass(cls, Exception)]


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_class_of_the_sdk_is_mapped(cls: type[Exception]) -> None:
    assert cls in SDK_ERRORS
    needed = [
        parameter
        for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    ours = translated(cls(*("what the SDK says" for _ in needed)), "unix:///x")
    assert type(ours) is SDK_ERRORS[cls]
    assert ours.text.en and ours.text.zh


def test_no_socket(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="there is no socket there") as error:
        DockerEngine(f"unix://{tmp_path}/no.sock").info()
    assert "没有套接字" in error.value.text.zh


def test_a_socket_nobody_listens_at(tmp_path: Path) -> None:
    path = tmp_path / "dead.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(EngineUnavailableError, match="the connection was refused"):
        DockerEngine(f"unix://{path}").info()


def test_permission_denied_names_the_docker_group() -> None:
    denied = requests.ConnectionError("Connection aborted.", PermissionError(13, "Permission denied"))
    error = translated(denied, "unix:///var/run/docker.sock")
    assert isinstance(error, EngineUnavailableError)
    assert "usermod -aG docker" in error.text.en
    assert "usermod -aG docker" in error.text.zh


def test_an_address_that_is_none() -> None:
    with pytest.raises(EngineUnavailableError):
        DockerEngine("nonsense").info()


def test_something_else_at_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(EngineUnavailableError, match="Check that a Docker Engine is at this address"):
            DockerEngine(f"tcp://127.0.0.1:{server.getsockname()[1]}").info()
        thread.join()


@pytest.mark.parametrize("name", ["", "../version", "a/../../x", "a/b", ".", "/"])
def test_a_name_cannot_lead_to_another_endpoint(name: str) -> None:
    engine = DockerEngine("unix:///nowhere")
    with pytest.raises(ObjectMissingError):
        engine.inspect("container", name)


def test_images_may_have_slashes_but_no_way_out() -> None:
    with pytest.raises(ObjectMissingError):
        DockerEngine("unix:///nowhere").inspect("image", "../../info")
    with pytest.raises(EngineUnavailableError):
        DockerEngine("unix:///nowhere").inspect("image", "ghcr.io/owner/name:1")


def test_untagged_means_latest_not_all() -> None:
    assert with_tag("nginx") == "nginx:latest"
    assert with_tag("localhost:5000/nginx") == "localhost:5000/nginx:latest"
    assert with_tag("nginx:1.27") == "nginx:1.27"
    assert with_tag("nginx@sha256:00") == "nginx@sha256:00"


def test_importing_opens_nothing() -> None:
    engine = DockerEngine("unix:///nowhere")
    assert engine.address == "unix:///nowhere"
    engine.close()


def test_the_tree_of_errors() -> None:
    assert issubclass(ImageUnavailableError, ExecutionError)
    assert issubclass(ObjectMissingError, ExecutionError)
