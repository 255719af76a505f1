"""The GPU ladder on a real Engine, with a stand-in for the card.

This machine needs no GPU: dockerd takes ``--gpus`` when it finds a program called
``nvidia-container-runtime-hook`` on its PATH. The hook here is the test's own. It puts a stand-in
``nvidia-smi`` and a stand-in ``python`` into the container's root, or fails with NVIDIA's own error
texts. Engine, requests and containers are real; only the card, its driver and the framework are not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.diagnosis.diagnose import diagnose_run
from assistant.execution.engine import DockerEngine
from assistant.execution.gpu import GpuImages, verify_gpu
from assistant.values import Approval, GpuDevice, GpuReport, Rung, Verdict
from knowledge.language import Text
from tests.daemon import Daemon
from tests.images import make_image, make_images
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

HOOK = f"""#!{sys.executable}
import json, pathlib, shutil, sys
here = pathlib.Path(__file__).parent
state = json.load(sys.stdin)
fault = (here / "fault").read_text()
if fault:
    sys.exit(fault)
root = pathlib.Path(json.loads(pathlib.Path(state["bundle"], "config.json").read_text())["root"]["path"])
for name in ("nvidia-smi", "python"):
    if (here / name).exists():
        shutil.copy(here / name, root / "bin" / name)
"""
SMI = """#!/bin/sh
cat <<'TABLE'
Tue Nov 24 06:00:00 2026
+---------------------------------------------------------------------------------------+
| NVIDIA-SMI 535.104.05             Driver Version: 535.104.05   CUDA Version: 12.2     |
|-----------------------------------------+----------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |         Memory-Usage | GPU-Util  Compute M. |
|=========================================+======================+======================|
|   0  NVIDIA GeForce RTX 3090        Off | 00000000:01:00.0 Off |                  N/A |
|  0%   38C    P8              24W / 350W |      5MiB / 24576MiB |      0%      Default |
+-----------------------------------------+----------------------+----------------------+
|   1  Tesla T4                       On  | 00000000:02:00.0 Off |                    0 |
| N/A   41C    P8              10W /  70W |      2MiB / 15360MiB |      0%      Default |
+-----------------------------------------+----------------------+----------------------+
TABLE
"""
PYTHON = """#!/bin/sh
case "$2" in *reduce_sum*) ;; *) echo "not the code that was expected" >&2; exit 2 ;; esac
echo "computed on /job:localhost/replica:0/task:0/device:{device}:0 {name} sum 12.5"
"""
TENSORFLOW = "tensorflow/tensorflow:2.10.1-gpu-jupyter"


@dataclass
class Rig:
    """An Engine with the stand-in hook, and the switches of the hook."""

    bench: Bench
    folder: Path

    def set(
        self, *, fault: str = "", smi: str = SMI, device: str = "GPU", name: str = "Stand-in GPU"
    ) -> None:
        (self.folder / "fault").write_text(fault)
        for program, text in (("nvidia-smi", smi), ("python", PYTHON.format(device=device, name=name))):
            (self.folder / program).write_text(text)
            (self.folder / program).chmod(0o755)


@pytest.fixture(scope="module")
def hook_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hook")
    hook = folder / "nvidia-container-runtime-hook"
    hook.write_text(HOOK)
    hook.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def with_hook(engine_address: str, hook_folder: Path) -> Iterator[DockerEngine]:
    """A private Engine that knows ``--gpus``; where no Engine can be had at all, this is skipped too."""
    if engine_address == os.environ.get("DOCKNOTES_TEST_ENGINE"):
        pytest.skip("the stand-in hook needs a private Engine")
    with Daemon(path_first=hook_folder) as daemon:
        make_images(daemon.address)
        make_image(daemon.address, TENSORFLOW, {}, ())
        engine = DockerEngine(daemon.address)
        yield engine
        assert engine.list_containers(all=True) == []
        engine.close()


@pytest.fixture
def rig(with_hook: DockerEngine, hook_folder: Path, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(bench(with_hook, tmp_path), hook_folder)
    rig.set()
    yield rig
    rig.bench.ledger.close()


def no_driver_here() -> Rung:
    return Rung(1, Text("driver", "驱动"), "fail")


def climb(at: Bench, *, approve: bool = True, images: GpuImages | None = None) -> GpuReport:
    def answer(verdict: Verdict) -> Approval | None:
        return at.sandbox.approve(verdict, by="test") if approve else None

    *rungs, report = verify_gpu(at.sandbox, approve=answer, images=images, host=no_driver_here)
    assert isinstance(report, GpuReport)
    assert report.rungs == tuple(rungs)
    assert [rung.number for rung in report.rungs] == [1, 2, 3, 4, 5, 6]
    return report


def states(report: GpuReport) -> list[str]:
    return [rung.state for rung in report.rungs]


def test_works(rig: Rig) -> None:
    report = climb(rig.bench)
    assert states(report) == ["fail", "pass", "unknown", "skipped", "pass", "pass"]
    assert (report.driver, report.cuda) == ("535.104.05", "12.2")
    assert report.devices == (GpuDevice(0, "NVIDIA GeForce RTX 3090", 24576), GpuDevice(1, "Tesla T4", 15360))
    assert report.computed_on == "Stand-in GPU"
    assert report.works
    runs = rig.bench.ledger.runs()
    assert [run.id for run in reversed(runs)] == [rung.run for rung in report.rungs if rung.run]
    assert "nvidia-smi" in runs[1].command
    assert TENSORFLOW in runs[0].command
    assert all(run.approved_by == "test" for run in runs)


def test_a_framework_on_the_cpu_is_no_proof(rig: Rig) -> None:
    rig.set(device="CPU", name="")
    report = climb(rig.bench)
    assert states(report)[4:] == ["pass", "fail"]
    assert not report.works
    assert report.rungs[5].cause is not None


def test_a_driver_error(rig: Rig) -> None:
    rig.set(fault="nvidia-container-cli: initialization error: nvml error: driver/library version mismatch")
    report = climb(rig.bench)
    assert states(report)[4:] == ["fail", "skipped"]
    rung = report.rungs[4]
    assert "driver/library version mismatch" in rung.evidence
    assert rung.cause is not None and "different versions" in rung.cause.en
    assert rung.advice is not None and "重启" in rung.advice.zh
    assert rung.query
    assert not report.works


def test_an_image_that_wants_a_newer_driver(rig: Rig) -> None:
    rig.set(fault="nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.6, please update")
    rung = climb(rig.bench).rungs[4]
    assert rung.cause is not None and "newer CUDA" in rung.cause.en


INITIALIZATION = "nvidia-container-cli: initialization error: "


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (f"{INITIALIZATION}nvml error: driver/library version mismatch", "gpu-driver-mismatch"),
        (f"{INITIALIZATION}nvml error: driver not loaded", "gpu-no-driver"),
        (f"{INITIALIZATION}load library failed: libnvidia-ml.so.1: cannot open shared", "gpu-no-driver"),
        (f"{INITIALIZATION}cuda error: no cuda-capable device is detected", "gpu-toolkit-fails"),
        ("nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.6", "gpu-driver-too-old"),
        ("nvidia-container-cli: device error: 7: unknown device", "gpu-no-such-device"),
    ],
)
def test_what_the_toolkit_says_has_its_cause(fault: str, cause: str, rig: Rig) -> None:
    rig.set(fault=fault)
    found = diagnose_run(rig.bench.line("docker run --rm --gpus all busybox nvidia-smi"), "en")
    assert found is not None
    assert found.cause == cause
    assert fault.removeprefix(INITIALIZATION) in found.evidence


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Failed to initialize NVML: Driver/library version mismatch", "gpu-driver-mismatch"),
        ("Failed to initialize NVML: Unknown Error", "gpu-lost"),
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 GiB", "gpu-memory"),
        ("RuntimeError: No CUDA GPUs are available", "gpu-unknown-to-framework"),
    ],
)
def test_what_a_program_says_of_a_gpu_has_its_cause(said: str, cause: str, rig: Rig) -> None:
    rig.set(smi=f"#!/bin/sh\necho '{said}' >&2; exit 1\n")
    found = diagnose_run(rig.bench.line("docker run --rm --gpus all busybox nvidia-smi"), "zh")
    assert found is not None
    assert (found.cause, found.evidence) == (cause, said)


def test_a_list_without_a_gpu_fails(rig: Rig) -> None:
    rig.set(smi="#!/bin/sh\necho 'No devices were found'\n")
    assert states(climb(rig.bench))[4:] == ["fail", "skipped"]


def test_nothing_runs_without_a_yes(rig: Rig) -> None:
    report = climb(rig.bench, approve=False)
    assert states(report)[4:] == ["skipped", "skipped"]
    assert rig.bench.ledger.runs() == []


def test_no_toolkit(engine: DockerEngine, tmp_path: Path) -> None:
    at = bench(engine, tmp_path)
    report = climb(at)
    assert states(report) == ["fail", "pass", "unknown", "skipped", "fail", "skipped"]
    rung = report.rungs[4]
    assert "could not select device driver" in rung.evidence
    assert rung.advice is not None and "nvidia-container-toolkit" in rung.advice.en
    at.ledger.close()
