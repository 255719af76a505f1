"""Containers and images that others made, on a real Engine: no secrets shown, nothing taken for ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.execution.cleanup import leftovers, remove_leftovers
from assistant.execution.engine import DockerEngine
from assistant.execution.owned import Owned
from assistant.values import Inspect
from tests.images import make_image
from tests.plans import run_verdict, verdict_of
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

FORGED = "forged:latest"
SECRET = "s3cret"


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


@pytest.fixture
def forged(engine: DockerEngine) -> Iterator[str]:
    """An image that says of itself that docknotes made it."""
    changes = (
        "LABEL docknotes.owner=docknotes docknotes.run=0123456789ab",
        f"ENV KEY={SECRET}",
        'CMD ["sleep", "60"]',
    )
    make_image(engine.address, FORGED, {}, changes)
    yield FORGED
    engine.remove_image(FORGED, force=True)


def test_containers_of_others_show_no_secrets(at: Bench, engine: DockerEngine) -> None:
    body = {
        "Image": "busybox",
        "Cmd": ["sleep", "60", SECRET],
        "Env": [f"PASSWORD={SECRET}"],
        "Labels": {"token": SECRET, "docknotes.owner": "docknotes"},
        "Healthcheck": {"Test": ["CMD", "echo", SECRET]},
        "HostConfig": {"Memory": 64 * 1024**2, "ExtraHosts": [f"{SECRET}:127.0.0.1"]},
    }
    theirs = engine.create_container(body, name="theirs")
    run = at.carry_out(verdict_of(Inspect(("theirs", "theirs")), "docker inspect theirs theirs"))
    array, _, said = run.output.partition("\n]\n")
    (found,) = json.loads(f"{array}]")
    assert (found["Name"], found["State"]["Status"]) == ("/theirs", "created")
    assert found["HostConfig"]["Memory"] == 64 * 1024**2
    assert "PASSWORD=(hidden)" in found["Config"]["Env"]
    assert "left out" in said
    for line in ("docker ps -a", "docker ps -a --no-trunc"):
        assert '"sleep …"' in at.line(line).output
        assert SECRET not in at.line(line).output
    assert SECRET not in run.output
    engine.remove_container(theirs)


def test_an_image_cannot_make_containers_ours(at: Bench, engine: DockerEngine, forged: str) -> None:
    theirs = engine.create_container({"Image": forged}, name="theirs")
    labels = engine.inspect("container", theirs)["Config"]["Labels"]
    assert labels["docknotes.owner"] == "docknotes"
    assert engine.inspect("container", theirs) not in Owned(engine)
    assert leftovers(engine) == []

    run = at.carry_out(run_verdict("sleep", "60", image=forged, detach=True, remove=False, name="ours"))
    assert engine.inspect("container", "ours") in Owned(engine)
    assert {item.id for item in leftovers(engine)} == {item.id for item in run.created}
    assert {item.id for item in remove_leftovers(engine)} == {item.id for item in run.created}
    assert engine.inspect("container", theirs)["Name"] == "/theirs"
    assert SECRET not in at.line(f"docker inspect {forged}").output
    engine.remove_container(theirs, force=True)
