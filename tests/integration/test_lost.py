"""Processes and Engines that die in the middle of a run: it is told as lost, and what is left is found."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.execution.cleanup import leftovers, remove_leftovers
from assistant.execution.console import Console
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from assistant.values import Ended, Output, RunEvent
from tests.daemon import Daemon
from tests.images import make_images
from tests.plans import run_verdict
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

CHILD = """
import sys
from pathlib import Path
from assistant.execution.engine import DockerEngine
from tests.plans import run_verdict
from tests.runs import bench
at = bench(DockerEngine(sys.argv[1]), Path(sys.argv[2]))
verdict = run_verdict("sh", "-c", "echo begun; sleep 60")
for event in at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test")):
    print(type(event).__name__, flush=True)
"""


def test_a_killed_process_leaves_what_cleanup_finds(engine: DockerEngine, tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, engine.address, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"Started\n"
        assert child.stdout.readline() == b"Output\n"
        os.kill(child.pid, signal.SIGKILL)
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    (run,) = ledger.runs()
    ledger.close()
    assert (run.outcome, run.exit_code) == ("lost", None)
    found = leftovers(engine)
    assert {item.id for item in found} == {item.id for item in run.created}
    assert {item.kind for item in found} == {"container", "network"}
    assert sorted(remove_leftovers(engine), key=str) == sorted(found, key=str)
    assert leftovers(engine) == []


@pytest.fixture
def mortal(engine_address: str) -> Iterator[Daemon]:
    """An Engine of this test's own, to be stopped; where no other can be had, neither can this."""
    if engine_address == os.environ.get("DOCKNOTES_TEST_ENGINE"):
        pytest.skip("only a private Engine may be stopped")
    with Daemon() as daemon:
        make_images(daemon.address)
        yield daemon
    # The SDK leaves the socket of a connection that was refused to the garbage collector.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("how", ["stop", "kill"])
def test_an_engine_that_dies_in_the_middle(mortal: Daemon, tmp_path: Path, how: str) -> None:
    engine = DockerEngine(mortal.address)
    at = bench(engine, tmp_path)

    def die(event: RunEvent) -> None:
        if isinstance(event, Output):
            mortal.stop() if how == "stop" else mortal.kill()

    begun = time.monotonic()
    run = at.carry_out(run_verdict("sh", "-c", "echo begun; sleep 60", stop_seconds=1), on_event=die)
    assert (run.outcome, run.exit_code, run.output) == ("lost", None, "begun\n")
    assert run.error is not None and "Docker Engine" in run.error.zh
    assert time.monotonic() - begun < 55  # it did not wait for the program's 60
    mortal.start()
    found = leftovers(engine)
    assert {item.id for item in found} == {item.id for item in run.created}
    remove_leftovers(engine)
    assert leftovers(engine) == []
    assert at.carry_out(run_verdict("echo", "again")).output == "again\n"
    if how == "kill":
        _die_while_somebody_types(at, mortal)
    at.ledger.close()
    engine.close()


def _die_while_somebody_types(at: Bench, mortal: Daemon) -> None:
    console = Console()
    verdict = at.sandbox.review("docker run --rm -i busybox sh -c 'echo begun; cat'")
    approval = at.sandbox.approve(verdict, by="test")
    for event in at.sandbox.run(verdict, approval=approval, console=console):
        if isinstance(event, Output):
            assert console.send(b"not read any more")
            mortal.kill()
    assert isinstance(event, Ended)
    assert (event.run.outcome, event.run.exit_code) == ("lost", None)
    assert not console.send(b"x")
    mortal.start()
    assert {item.id for item in remove_leftovers(at.engine)} == {item.id for item in event.run.created}
