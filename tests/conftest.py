"""What tests share: a real Docker Engine of their own, Chromium, and the switches that demand them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.daemon import Daemon, missing_for_daemon

if TYPE_CHECKING:
    from assistant.execution.engine import DockerEngine

# The same examples at every run, without a time limit for each: what fails, fails again, and on any machine.
settings.load_profile("ci")

SPARE_SECONDS = 60.0
EngineObjects = dict[str, frozenset[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-engine", action="store_true", help="fail, not skip, where no Docker Engine can be had"
    )
    parser.addoption(
        "--require-browser", action="store_true", help="fail, not skip, where there is no Chromium"
    )


def pytest_report_header() -> list[str]:
    """One line each on what tests may use; the tests that need what is missing are skipped."""
    why = missing_for_daemon()
    engine = os.environ.get("DOCKNOTES_TEST_ENGINE") or (
        "a private dockerd" if why is None else f"none, {why}"
    )
    return [
        f"docker engine: {engine}",
        f"chromium: {_chromium() or 'none (Debian: apt-get install chromium)'}",
    ]


def _chromium() -> str | None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path is not None), None)


def _do_without(request: pytest.FixtureRequest, option: str, why: str) -> None:
    if request.config.getoption(option):
        pytest.fail(f"{option}: {why}", pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="session")
def engine_address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a real Engine that tests may fill: a private one, or DOCKNOTES_TEST_ENGINE.

    An Engine that merely happens to run on this machine is a person's own and is left alone.
    """
    from tests.images import make_images

    given = os.environ.get("DOCKNOTES_TEST_ENGINE")
    if given:
        make_images(given)
        yield given
        return
    why = missing_for_daemon()
    if why is not None:
        _do_without(
            request, "--require-engine", f"no Docker Engine for tests: {why}, or set DOCKNOTES_TEST_ENGINE"
        )
    with Daemon() as daemon:
        make_images(daemon.address)
        yield daemon.address


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> str:
    """The path of Chromium, for Playwright's ``executable_path``."""
    path = _chromium()
    if path is None:
        _do_without(request, "--require-browser", "no Chromium (Debian: apt-get install chromium)")
        raise AssertionError
    return path


def engine_objects(engine: DockerEngine) -> EngineObjects:
    """Ids of all containers, networks and volumes of an Engine."""
    return {
        "containers": frozenset(str(item["Id"]) for item in engine.list_containers(all=True)),
        "networks": frozenset(str(item["Id"]) for item in engine.list_networks()),
        "volumes": frozenset(str(item["Name"]) for item in engine.list_volumes()),
    }


def _remove(engine: DockerEngine, left: dict[str, list[str]]) -> None:
    for container in left.get("containers", ()):
        engine.remove_container(container, force=True, volumes=True)
    for network in left.get("networks", ()):
        engine.remove_network(network)
    for volume in left.get("volumes", ()):
        engine.remove_volume(volume)


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test made on the real Engine is gone at its end; asserted for every such test."""
    if "engine_address" not in request.fixturenames:
        yield
        return
    from assistant.execution.engine import DockerEngine

    engine = DockerEngine(request.getfixturevalue("engine_address"))
    before = engine_objects(engine)
    yield
    deadline = time.monotonic() + SPARE_SECONDS
    after = engine_objects(engine)
    while after["networks"] - before["networks"] and time.monotonic() < deadline:
        time.sleep(0.2)  # a web chat that goes on keeps a network for its next run, for a moment
        after = engine_objects(engine)
    left = {kind: sorted(after[kind] - before[kind]) for kind in before if after[kind] - before[kind]}
    _remove(engine, left)
    engine.close()
    assert not left, f"left on the Engine by this test: {left}"


@pytest.fixture
def engine(engine_address: str) -> Iterator[DockerEngine]:
    """A client of the real Engine."""
    from assistant.execution.engine import DockerEngine

    engine = DockerEngine(engine_address)
    yield engine
    engine.close()
