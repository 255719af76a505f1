"""Reading GPU output and errors, the host's driver, and the ladder's stops; no Engine needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.execution import gpu_host
from assistant.execution.gpu import verify_gpu
from assistant.execution.gpu_text import Computed, read_computed, read_smi, rule_for
from assistant.values import EngineInfo, GpuDevice, GpuReport, Rung
from knowledge.language import Text
from tests.fakes.engine import MemoryEngine
from tests.runs import bench

NAME = Text("driver", "驱动")
NEWER = """
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 570.86.10              Driver Version: 570.86.10      CUDA Version: 12.8     |
|-----------------------------------------+------------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |
|=========================================+========================+======================|
|   0  NVIDIA H100 80GB HBM3          On  |   00000000:19:00.0 Off |                    0 |
| N/A   31C    P0             69W /  700W |       1MiB /  81559MiB |      0%      Default |
+-----------------------------------------+------------------------+----------------------+
| Processes:                                                                              |
|  No running processes found                                                             |
"""


def test_reads_the_newer_table() -> None:
    reading = read_smi(NEWER)
    assert (reading.driver, reading.cuda) == ("570.86.10", "12.8")
    assert reading.devices == (GpuDevice(0, "NVIDIA H100 80GB HBM3", 81559),)


def test_no_table_gives_nothing() -> None:
    assert read_smi("No devices were found").devices == ()
    assert read_smi("").driver is None


@pytest.mark.parametrize(
    ("line", "computed", "on_gpu"),
    [
        ("computed on cuda:0 GeForce RTX 3090 sum -12.5", ("cuda:0", "GeForce RTX 3090", -12.5), True),
        ("log\ncomputed on /job:x/device:GPU:0 T4 sum 1e3\n", ("/job:x/device:GPU:0", "T4", 1000.0), True),
        ("computed on /device:CPU:0  sum 3.0", ("/device:CPU:0", "", 3.0), False),
    ],
)
def test_reads_what_a_framework_computed(line: str, computed: tuple[str, str, float], on_gpu: bool) -> None:
    found = read_computed(line)
    assert found == Computed(*computed)
    assert found.on_gpu is on_gpu


def test_a_number_that_is_none_proves_nothing() -> None:
    found = read_computed("computed on cuda:0 X sum nan")
    assert found is not None
    assert not found.on_gpu
    assert read_computed("computed on cuda:0 X sum of all") is None


@pytest.mark.parametrize(
    ("error", "part"),
    [
        ('could not select device driver "" with capabilities: [[gpu]]', "Toolkit is missing"),
        ("initialization error: nvml error: driver/library version mismatch", "different versions"),
        ("nvidia-container-cli: initialization error: nvml error: driver not loaded", "not loaded"),
        ("initialization error: load library failed: libnvidia-ml.so.1: cannot open", "not loaded"),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "not loaded"),
        ("nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.4", "newer CUDA"),
        ("nvidia-container-cli: device error: 7: unknown device", "does not exist"),
        ("Failed to initialize NVML: Unknown Error", "lost its GPU"),
        ("nvidia-container-cli: initialization error: something new", "could not talk"),
        ('exec: "nvidia-smi": executable file not found in $PATH', "did not put nvidia-smi"),
        ("torch.OutOfMemoryError: CUDA out of memory.", "memory is full"),
        ("RuntimeError: Found no NVIDIA driver on your system.", "computed on the CPU"),
    ],
)
def test_errors_have_a_cause_an_advice_and_a_question(error: str, part: str) -> None:
    rule = rule_for(f"docker: Error response from daemon: {error}: unknown.")
    assert rule is not None
    assert part in rule.what.en
    assert rule.what.zh and rule.advice.en and rule.advice.zh and rule.query.en


def test_an_unknown_error_has_no_made_up_cause() -> None:
    assert rule_for("disk on fire") is None


# ---- the driver of this machine -------------------------------------------------------------


def program(folder: Path, text: str) -> str:
    path = folder / "nvidia-smi"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_driver_that_answers(tmp_path: Path) -> None:
    smi = program(tmp_path, 'echo "535.104.05, NVIDIA GeForce RTX 3090, 24576 MiB"')
    rung = gpu_host.driver(NAME, is_local=True, program=smi)
    assert (rung.state, rung.evidence) == ("pass", "535.104.05, NVIDIA GeForce RTX 3090, 24576 MiB")


def test_a_driver_that_is_not_loaded(tmp_path: Path) -> None:
    said = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."
    rung = gpu_host.driver(NAME, is_local=True, program=program(tmp_path, f'echo "{said}"; exit 9'))
    assert (rung.state, rung.evidence) == ("fail", said)
    assert rung.cause is not None and "not loaded" in rung.cause.en


def test_no_nvidia_smi_but_a_kernel_driver(tmp_path: Path) -> None:
    version = tmp_path / "version"
    version.write_text("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05\n")
    rung = gpu_host.driver(NAME, is_local=True, program=str(tmp_path / "none"), version_file=version)
    assert rung.state == "pass"


def test_no_driver_at_all(tmp_path: Path) -> None:
    rung = gpu_host.driver(
        NAME, is_local=True, program=str(tmp_path / "none"), version_file=tmp_path / "none"
    )
    assert rung.state == "fail"
    assert rung.advice is not None and rung.query


def test_a_remote_host_is_unknown_not_failed() -> None:
    assert gpu_host.driver(NAME, is_local=False).state == "unknown"


# ---- where the ladder stops -----------------------------------------------------------------


def climb(engine: MemoryEngine, folder: Path) -> GpuReport:
    at = bench(engine, folder)
    *_, report = verify_gpu(at.sandbox, approve=lambda verdict: None, host=lambda: Rung(1, NAME, "fail"))
    at.ledger.close()
    assert isinstance(report, GpuReport)
    return report


def test_without_an_engine_the_rest_is_skipped(tmp_path: Path) -> None:
    engine = MemoryEngine()
    engine.is_down = True
    report = climb(engine, tmp_path)
    assert [rung.state for rung in report.rungs] == [
        "fail",
        "fail",
        "skipped",
        "skipped",
        "skipped",
        "skipped",
    ]
    assert not report.works


class Described(MemoryEngine):
    """An Engine that says other things of itself."""

    def __init__(self, version: str, runtimes: tuple[str, ...], cdi: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._info = EngineInfo(self.address, version, "1.40", "Linux", "x86_64", runtimes, cdi)

    def info(self) -> EngineInfo:
        return self._info


@pytest.mark.parametrize(
    ("version", "runtimes", "cdi", "states"),
    [
        ("18.09.1", ("runc",), (), ["fail", "skipped"]),
        ("19.03.15", ("nvidia", "runc"), (), ["pass", "pass"]),
        ("28.3.0", ("runc",), ("nvidia.com/gpu=0",), ["pass", "pass"]),
        ("28.3.0", ("runc",), (), ["pass", "unknown"]),
    ],
)
def test_what_the_engine_says(
    tmp_path: Path, version: str, runtimes: tuple[str, ...], cdi: tuple[str, ...], states: list[str]
) -> None:
    report = climb(Described(version, runtimes, cdi), tmp_path)
    assert [rung.state for rung in report.rungs[1:3]] == states
    assert report.rungs[4].state == "skipped"
