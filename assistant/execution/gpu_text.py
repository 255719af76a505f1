"""Reading what nvidia-smi and the frameworks print, and what their errors mean. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from assistant.diagnosis.gpu_rules import GPU_RULES
from assistant.diagnosis.matching import match_text
from assistant.diagnosis.values import Rule
from assistant.values import GpuDevice


@dataclass(frozen=True, slots=True)
class SmiReading:
    """What nvidia-smi says; None where it does not."""

    driver: str | None
    cuda: str | None
    devices: tuple[GpuDevice, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """A framework's word that it computed: on which device, and the result."""

    device: str
    name: str
    value: float

    @property
    def on_gpu(self) -> bool:
        """Whether the device is a GPU and the result a number."""
        return bool(re.search(r"gpu|cuda", self.device, re.IGNORECASE)) and math.isfinite(self.value)


_VERSION = re.compile(r"Driver Version:\s*([\d.]+)")
_CUDA = re.compile(r"CUDA Version:\s*([\d.]+)")
_DEVICE = re.compile(r"^\|\s*(\d+)\s+(\S.*?)\s+(?:On|Off|N/A)\s*\|\s*[0-9A-Fa-f]{4,8}:", re.MULTILINE)
_MEMORY = re.compile(r"/\s*(\d+)\s*MiB")
_COMPUTED = re.compile(r"^computed on (\S+) (.*?) ?sum (\S+)\s*$", re.MULTILINE)


def read_smi(output: str) -> SmiReading:
    """Driver, CUDA and GPUs from nvidia-smi's table."""
    devices = []
    found = list(_DEVICE.finditer(output))
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(output)
        memory = _MEMORY.search(output, match.end(), end)
        devices.append(GpuDevice(int(match[1]), match[2], int(memory[1]) if memory else None))
    driver, cuda = _VERSION.search(output), _CUDA.search(output)
    return SmiReading(driver[1] if driver else None, cuda[1] if cuda else None, tuple(devices))


def read_computed(output: str) -> Computed | None:
    """The line a framework's test prints: ``computed on DEVICE NAME sum VALUE``."""
    match = _COMPUTED.search(output)
    if match is None:
        return None
    try:
        return Computed(match[1], match[2].strip(), float(match[3]))
    except ValueError:
        return None


def rule_for(output: str) -> Rule | None:
    """The cause an error text of Docker, the NVIDIA toolkit, nvidia-smi or a framework tells of."""
    match = match_text(output, GPU_RULES, ("engine", "client", "program"))
    return match.rule if match is not None else None
