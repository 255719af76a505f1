"""The NVIDIA driver of this machine, looked at without changing anything."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from assistant.diagnosis.gpu_rules import NO_DRIVER
from assistant.execution.clean import clean
from assistant.execution.gpu_text import rule_for
from assistant.values import Rung
from knowledge.language import Text

SECONDS = 15.0
"""nvidia-smi takes several seconds where the driver is not kept loaded."""
_QUERY = ("--query-gpu=driver_version,name,memory.total", "--format=csv,noheader")
_VERSION_FILE = Path("/proc/driver/nvidia/version")


def driver(
    name: Text, *, is_local: bool, program: str | None = None, version_file: Path = _VERSION_FILE
) -> Rung:
    """Rung 1. Unknown where the Engine's host is not this machine, or not a system we can look into.

    Args:
        name: the rung's name.
        is_local: whether the Engine runs on this machine.
        program: the nvidia-smi to ask; by default the one on PATH.
        version_file: where the kernel driver shows its version.
    """
    if not is_local:
        return Rung(1, name, "unknown", cause=_REMOTE)
    if sys.platform != "linux":
        return Rung(1, name, "unknown", cause=_DESKTOP)
    program = program or shutil.which("nvidia-smi")
    said = ""
    if program is not None:
        worked, said = _ask(program)
        if worked:
            return Rung(1, name, "pass", said)
        rule = rule_for(said)
        if rule is not None:
            return Rung(1, name, "fail", said, rule.what, rule.advice, rule.query.en)
    try:
        return Rung(1, name, "pass", version_file.read_text(errors="replace").strip())
    except OSError:
        return Rung(1, name, "fail", said, _NOT_FOUND, NO_DRIVER.advice, NO_DRIVER.query.en)


def _ask(program: str) -> tuple[bool, str]:
    """Whether nvidia-smi worked, and what it said."""
    try:
        done = subprocess.run(
            [program, *_QUERY],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False, f"nvidia-smi did not answer within {SECONDS:g} s"
    except OSError as error:
        return False, str(error)
    return done.returncode == 0, clean(done.stdout + done.stderr).strip()


_NOT_FOUND = Text("No NVIDIA driver was found on this machine.", "在这台机器上没有找到 NVIDIA 驱动。")
_REMOTE = Text(
    "The Engine runs on another machine; its driver cannot be seen from here.",
    "Engine 运行在另一台机器上，从这里看不到它的驱动。",
)
_DESKTOP = Text(
    "Docker runs in a virtual machine on this system; its driver cannot be seen from here.",
    "在这个系统上 Docker 运行于虚拟机中，从这里看不到它的驱动。",
)
