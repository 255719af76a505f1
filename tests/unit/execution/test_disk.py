"""What a container may write into itself; and GPUs that only its image asks for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.execution.disk import has_quota
from assistant.values import JsonObject, Notice, RunEvent
from tests.fakes.engine import MemoryEngine
from tests.plans import run_verdict
from tests.runs import Bench, bench

XFS = {"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "xfs"]]}


@pytest.fixture
def memory() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def at(memory: MemoryEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(memory, tmp_path, limits=Limits(disk_bytes=1000))
    yield at
    at.ledger.close()


@pytest.mark.parametrize(
    ("info", "has"),
    [
        ({"Driver": "btrfs", "DriverStatus": None}, True),
        ({"Driver": "zfs", "DriverStatus": [["Zpool", "tank"]]}, True),
        (XFS, True),
        ({"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]]}, False),
        ({"Driver": "vfs"}, False),
        ({}, False),
    ],
)
def test_which_drivers_have_quotas(info: JsonObject, has: bool) -> None:
    assert has_quota(info) is has


def created(memory: MemoryEngine) -> list[JsonObject]:
    return [body.get("HostConfig") for request, body in memory.requests if request == "create container"]


def test_a_driver_with_quotas_is_told_the_limit_and_nobody_looks(at: Bench, memory: MemoryEngine) -> None:
    memory.storage, memory.takes_quota = XFS, True
    for _ in range(2):
        assert at.carry_out(run_verdict("sleep", "1.3")).outcome == "succeeded"
    assert [host["StorageOpt"] for host in created(memory)] == [{"size": "1000"}] * 2
    assert [request for request, _ in memory.requests].count("info") == 1
    assert all(
        "id" not in (detail or {}) for request, detail in memory.requests if request == "list containers"
    )


def test_a_driver_that_refuses_is_asked_once_and_its_containers_are_looked_at(
    at: Bench, memory: MemoryEngine
) -> None:
    memory.storage = XFS
    at.carry_out(run_verdict("true"))
    at.carry_out(run_verdict("true"))
    assert ["StorageOpt" in host for host in created(memory)] == [True, False, False]


def test_another_refusal_is_told_as_it_is(at: Bench, memory: MemoryEngine) -> None:
    memory.storage, memory.takes_quota = XFS, True
    at.carry_out(run_verdict("sleep", "9", detach=True, remove=False, name="taken"))
    run = at.carry_out(run_verdict("true", name="taken"))
    assert run.error is not None and "already in use" in run.error.en
    assert len(created(memory)) == 2


@pytest.mark.parametrize("written", [1000, 1001])
def test_a_container_that_writes_more_is_ended_and_said_so(
    at: Bench, memory: MemoryEngine, written: int
) -> None:
    class Filling(dict[str, int]):
        def get(self, key: str, default: int = 0) -> int:  # type: ignore[override]
            return written

    memory.written = Filling()
    seconds = 600 if written > 1000 else 1.5
    run = at.carry_out(run_verdict("sh", "-c", f"echo begun; sleep {seconds}; echo end"))
    if written > 1000:
        assert (run.outcome, run.exit_code, run.output) == ("disk_limit", 137, "begun\n")
        assert run.error is not None
        assert "wrote more into itself" in run.error.en and "写入自身的数据超过了上限" in run.error.zh
    else:
        assert run.outcome == "succeeded"
    assert memory.containers == {}


# ---- GPUs nobody asked for ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "void"),
    [
        (["PATH=/bin"], False),
        (["NVIDIA_VISIBLE_DEVICES=all"], True),
        (["NVIDIA_VISIBLE_DEVICES=0,1"], True),
        (["CUDA_VERSION=8.0.61"], True),  # an old image: it alone means all
        (["CUDA_VERSION=12.4.1", "NVIDIA_VISIBLE_DEVICES=void"], False),
        (["NVIDIA_VISIBLE_DEVICES="], False),
    ],
)
def test_an_image_that_asks_for_gpus_by_itself_gets_none(
    at: Bench, memory: MemoryEngine, env: list[str], void: bool
) -> None:
    memory.image_env = env
    events: list[RunEvent] = []
    at.carry_out(run_verdict("true", env=("A=b",)), on_event=events.append)
    (body,) = [body for request, body in memory.requests if request == "create container"]
    assert body["Env"] == (["A=b", "NVIDIA_VISIBLE_DEVICES=void"] if void else ["A=b"])
    notices = [event.text for event in events if isinstance(event, Notice)]
    assert ["--gpus all" in text.en and "--gpus all" in text.zh for text in notices] == [True] * void


def test_who_asks_for_gpus_gets_them(at: Bench, memory: MemoryEngine) -> None:
    memory.image_env = ["NVIDIA_VISIBLE_DEVICES=all"]
    at.carry_out(run_verdict("true", gpu=True))
    (body,) = [body for request, body in memory.requests if request == "create container"]
    assert body["Env"] == []
    assert body["HostConfig"]["DeviceRequests"]
