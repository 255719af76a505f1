"""What is shown of what others made, and what is taken for ours: on an Engine in memory."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution import reads
from assistant.execution.cleanup import leftovers, remove_container, remove_leftovers, sweep
from assistant.execution.outcome import Ending
from assistant.execution.owned import Owned
from assistant.values import Inspect, InspectKind, JsonObject, ListContainers, Output
from tests.fakes.engine import MemoryEngine
from tests.plans import rm, run_verdict
from tests.runs import Bench, bench

FORGED = {"docknotes.owner": "docknotes", "docknotes.run": "0123456789ab"}
FOREIGN: JsonObject = {
    "Image": "busybox",
    "Cmd": ["sleep", "60", "--password=s3cret"],
    "Env": ["PASSWORD=s3cret", "EMPTY="],
    "Labels": {"token": "s3cret"},
    "HostConfig": {"Memory": 5, "Binds": ["/x:/y:s3cret"], "ExtraHosts": ["s3cret:1.2.3.4"]},
}
DETAILS: JsonObject = {
    "Args": ["s3cret"],
    "RestartCount": 2,
    "Mounts": [{"Type": "volume", "Name": "data", "Destination": "/y", "RW": True, "Mode": "s3cret"}],
    "NetworkSettings": {
        "Ports": {"80/tcp": None},
        "Networks": {"front": {"Aliases": ["s3cret"], "DriverOpts": {"a": "s3cret"}}},
    },
}


class ForgingEngine(MemoryEngine):
    """Its images bear labels, which containers inherit, and its descriptions are as long as real ones."""

    def __init__(self, labels: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.labels = dict(labels or {})

    def inspect(self, kind: InspectKind, name: str) -> JsonObject:
        found = super().inspect(kind, name)
        if kind == "image":
            env = ["PATH=/bin", "KEY=s3cret"]
            return {**found, "Config": {"Env": env, "Labels": self.labels}, "ContainerConfig": {"Env": env}}
        if kind == "container":
            health = {"Status": "healthy", "Log": [{"Output": "s3cret"}]}
            state = {**found["State"], "Health": health, "Error": "mount: password=s3cret"}
            return {**found, **DETAILS, "State": state}
        return found

    def create_container(
        self, body: JsonObject, *, name: str | None = None, platform: str | None = None
    ) -> str:
        labels = {**self.labels, **(body.get("Labels") or {})}
        return super().create_container({**body, "Labels": labels}, name=name, platform=platform)

    def foreign(self, name: str = "theirs") -> str:
        """A container that somebody else made, running."""
        container = self.create_container(FOREIGN, name=name)
        self.containers[container].started = 1.0
        return container


@pytest.fixture(params=[{}, {"docknotes.owner": "docknotes"}, FORGED], ids=["plain", "owner", "forged"])
def memory(request: pytest.FixtureRequest) -> ForgingEngine:
    return ForgingEngine(request.param)


@pytest.fixture
def at(memory: ForgingEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(memory, tmp_path, limits=Limits(time_seconds=1.0))
    yield at
    at.ledger.close()


def read(steps: Generator[Output, None, Ending]) -> tuple[str, str, Ending]:
    """What is written to both streams, and the end."""
    texts = {"stdout": "", "stderr": ""}
    while True:
        try:
            output = next(steps)
        except StopIteration as end:
            return texts["stdout"], texts["stderr"], end.value
        texts[output.stream] += output.text


def inspected(engine: MemoryEngine, *names: str, **options: Any) -> tuple[str, str, Ending]:
    return read(reads.inspected(engine, Inspect(names), **options))


# ---- whose it is ----------------------------------------------------------------------------


def test_labels_that_come_from_an_image_make_nothing_ours(at: Bench, memory: ForgingEngine) -> None:
    theirs = memory.foreign()
    run = at.carry_out(run_verdict("sleep", "60", detach=True, remove=False, name="ours"))
    assert {item.id for item in leftovers(memory)} == {item.id for item in run.created}
    assert memory.inspect("container", "ours") in Owned(memory)
    assert memory.inspect("container", theirs) not in Owned(memory)
    assert {item.id for item in remove_leftovers(memory)} == {item.id for item in run.created}
    assert list(memory.containers) == [theirs]
    assert list(memory.images) == ["busybox:latest"]


def test_what_others_made_from_such_an_image_must_be_named_to_be_removed(
    at: Bench, memory: ForgingEngine
) -> None:
    memory.foreign()
    at.carry_out(run_verdict("sleep", "60", detach=True, remove=False, name="ours"))
    assert [item.owned for item in at.sandbox.touched(rm("theirs", "ours", force=True))] == [False, True]
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.sandbox.approve(rm("theirs", force=True), by="test")


def test_a_container_with_labels_of_its_image_is_not_swept_away(memory: ForgingEngine) -> None:
    theirs = memory.foreign()
    memory.containers[theirs].killed.set()
    sweep(memory, lambda run: True)
    assert list(memory.containers) == [theirs]


def test_removing_it_leaves_the_network_of_the_run_it_names() -> None:
    memory = ForgingEngine(FORGED)
    memory.foreign()
    network = memory.create_network({"Name": "other", "Labels": FORGED})
    remove_container(memory, memory.inspect("container", "theirs"), force=True, volumes=False)
    assert list(memory.networks) == [network]


def test_without_its_image_nobody_knows_whose_a_container_is(at: Bench, memory: ForgingEngine) -> None:
    at.carry_out(run_verdict("sleep", "60", detach=True, remove=False, name="ours"))
    memory.images.clear()
    assert [item.kind for item in leftovers(memory)] == ["network"]


# ---- what is shown --------------------------------------------------------------------------


def test_containers_of_others_show_no_secrets(memory: ForgingEngine) -> None:
    memory.foreign()
    out, said, ending = inspected(memory, "theirs")
    assert ending.outcome == "succeeded"
    assert "s3cret" not in out + said
    (found,) = json.loads(out)
    assert found["Name"] == "/theirs"
    assert found["State"]["Status"] == "exited" or found["State"]["Running"]
    assert found["Config"] == {"Image": "busybox", "Env": ["PASSWORD=(hidden)", "EMPTY=(hidden)"]}
    assert found["HostConfig"] == {"Memory": 5}
    assert found["Mounts"] == [{"Type": "volume", "Name": "data", "Destination": "/y", "RW": True}]
    assert found["NetworkSettings"] == {"Ports": {"80/tcp": None}, "Networks": {"front": {}}}
    assert "left out" in said
    assert "略去" in said


def test_our_own_are_shown_whole(at: Bench, memory: ForgingEngine) -> None:
    at.carry_out(run_verdict("sleep", "60", detach=True, name="ours", env=("MINE=shown",)))
    out, said, _ = inspected(memory, "ours")
    assert "MINE=shown" in out
    assert '"Args"' in out
    assert said == ""


def test_images_and_volumes_show_no_secrets(memory: ForgingEngine) -> None:
    memory.volumes["share"] = {"Name": "share", "Driver": "local", "Options": {"o": "password=s3cret"}}
    out, said, _ = inspected(memory, "busybox", "share")
    assert "s3cret" not in out
    image, volume = json.loads(out)
    assert image["Config"]["Env"] == ["PATH=(hidden)", "KEY=(hidden)"]
    assert volume["Options"] == {"o": "(hidden)"}
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize("no_trunc", [False, True])
def test_ps_shows_only_the_program_of_others(at: Bench, memory: ForgingEngine, no_trunc: bool) -> None:
    memory.foreign()
    at.carry_out(run_verdict("sleep", "60", detach=True, name="ours"))
    listed = reads.table(memory, ListContainers(all=True, no_trunc=no_trunc))
    own = next(row for row in listed.splitlines() if row.endswith("ours"))
    assert '"sleep 60"' in own
    assert "busybox" in own  # the image's name, though it was made from its id
    assert '"sleep …"' in next(row for row in listed.splitlines() if row.endswith("theirs"))
    assert "s3cret" not in listed


# ---- how much -------------------------------------------------------------------------------


def test_a_name_given_twice_is_looked_up_once() -> None:
    memory = ForgingEngine()
    out, said, ending = inspected(memory, *["busybox", "nobody"] * 500)
    assert len(json.loads(out)) == 1
    assert said.count("No such object") == 1
    assert ending.error is not None and ending.error.en.count("nobody") == 1
    assert [name for request, name in memory.requests if request == "inspect image"] == ["busybox", "nobody"]


def test_nothing_more_is_looked_up_once_there_is_output_enough() -> None:
    memory = ForgingEngine()
    names = [f"c{number}" for number in range(100)]
    for name in names:
        memory.foreign(name)
    memory.requests.clear()
    out, _, ending = inspected(memory, *names, output_bytes=2000)
    assert ending.outcome == "output_limit"
    assert 2000 < len(out) < 4000
    assert len(memory.requests) < 10


def test_an_array_of_several_and_of_none() -> None:
    memory = ForgingEngine()
    memory.foreign("a")
    memory.foreign("b")
    out, _, _ = inspected(memory, "a", "b")
    assert out == json.dumps(json.loads(out), indent=4, ensure_ascii=False) + "\n"
    assert inspected(memory, "nobody")[0] == "[]\n"
