"""What GPU errors mean, and reading what nvidia-smi and the frameworks print. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from assistant.values import GpuDevice
from knowledge.language import Text


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a rung failed, what to do, and what to ask the notes."""

    cause: Text
    advice: Text
    query: str


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


def diagnose(output: str) -> Diagnosis | None:
    """What an error text of Docker, the NVIDIA toolkit, nvidia-smi or a framework means."""
    for pattern, diagnosis in _KNOWN:
        if pattern.search(output):
            return diagnosis
    return None


def _known(pattern: str, cause: Text, advice: Text, query: str) -> tuple[re.Pattern[str], Diagnosis]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL), Diagnosis(cause, advice, query)


NO_DRIVER = Diagnosis(
    Text("No NVIDIA driver was found on this machine.", "在这台机器上没有找到 NVIDIA 驱动。"),
    Text(
        "Install the NVIDIA driver for your card and restart; `nvidia-smi` must work on the host first. "
        "CUDA itself is not needed on the host.",
        "请为显卡安装 NVIDIA 驱动并重启；要先让宿主机上的 `nvidia-smi` 正常工作。宿主机不需要安装 CUDA。",
    ),
    "NVIDIA driver on the host nvidia-smi",
)
NO_TOOLKIT = Diagnosis(
    Text(
        "The Engine cannot hand out GPUs: the NVIDIA Container Toolkit is missing, or Docker was not "
        "restarted after it was installed.",
        "Engine 无法分配 GPU：没有安装 NVIDIA Container Toolkit，或者安装之后没有重启 Docker。",
    ),
    Text(
        "Install the package `nvidia-container-toolkit`, run "
        "`sudo nvidia-ctk runtime configure --runtime=docker` and `sudo systemctl restart docker`.",
        "请安装软件包 `nvidia-container-toolkit`，运行 `sudo nvidia-ctk runtime configure --runtime=docker`，"
        "再运行 `sudo systemctl restart docker`。",
    ),
    "could not select device driver NVIDIA Container Toolkit",
)

_KNOWN: tuple[tuple[re.Pattern[str], Diagnosis], ...] = (
    _known(
        r"could not select device driver|unknown or invalid runtime name: nvidia",
        NO_TOOLKIT.cause,
        NO_TOOLKIT.advice,
        NO_TOOLKIT.query,
    ),
    _known(
        r"driver/library version mismatch",
        Text(
            "The kernel driver and the driver's libraries have different versions, as after an update.",
            "已加载的内核驱动与驱动库的版本不一致，通常是驱动更新之后出现的。",
        ),
        Text(
            "Restart the machine, so that the new kernel driver is loaded.",
            "请重启机器，让新版内核驱动生效。",
        ),
        "NVIDIA driver version mismatch restart",
    ),
    _known(
        r"driver not loaded|couldn't communicate with the nvidia driver|load library failed: libnvidia-ml",
        Text("The NVIDIA driver is not loaded on the host.", "宿主机上没有加载 NVIDIA 驱动。"),
        NO_DRIVER.advice,
        NO_DRIVER.query,
    ),
    _known(
        r"unsatisfied condition: cuda|cuda driver version is insufficient|forward compatibility was attempt",
        Text(
            "The image needs a newer CUDA than the host's driver offers.",
            "镜像要求的 CUDA 版本高于宿主机驱动所能提供的版本。",
        ),
        Text(
            "Update the driver, or choose an image with an older CUDA (`nvidia-smi` shows the highest one "
            "this driver can do).",
            "请升级驱动，或选用 CUDA 版本更低的镜像（`nvidia-smi` 会显示当前驱动支持的最高 CUDA 版本）。",
        ),
        "driver too old for the image CUDA version",
    ),
    _known(
        r"nvidia-container-cli: device error|unknown device",
        Text("The GPU that was asked for does not exist.", "所指定的 GPU 不存在。"),
        Text(
            "`nvidia-smi -L` lists the GPUs; use `--gpus all` or an index from that list.",
            "`nvidia-smi -L` 会列出现有的 GPU；请使用 `--gpus all` 或列表中的编号。",
        ),
        "gpus all device",
    ),
    _known(
        r"failed to initialize nvml: unknown error",
        Text(
            "The container lost its GPU, as happens when systemd reloads while it runs.",
            "容器失去了 GPU，通常是运行期间 systemd 重新加载配置所致。",
        ),
        Text(
            "Start the container again; to keep it from happening, let Docker use the cgroupfs driver.",
            "请重新启动容器；若要避免再次发生，可以让 Docker 使用 cgroupfs 驱动。",
        ),
        "GPU lost in a running container",
    ),
    _known(
        r"nvidia-container-cli: initialization error",
        Text(
            "The NVIDIA Container Toolkit could not talk to the driver.",
            "NVIDIA Container Toolkit 无法与驱动通信。",
        ),
        Text(
            "Check that `nvidia-smi` works on the host; after a driver update, restart the machine.",
            "请确认宿主机上的 `nvidia-smi` 正常工作；如果刚更新过驱动，请重启机器。",
        ),
        "nvidia-container-cli initialization error driver",
    ),
    _known(
        r"nvidia-smi.{0,40}executable file not found|nvidia-smi: not found",
        Text(
            "The container started, but the toolkit did not put nvidia-smi into it.",
            "容器已启动，但工具包没有把 nvidia-smi 放进容器。",
        ),
        NO_TOOLKIT.advice,
        NO_TOOLKIT.query,
    ),
    _known(
        r"cuda_error_out_of_memory|cuda out of memory|resourceexhaustederror",
        Text("The GPU's memory is full.", "GPU 显存不足。"),
        Text(
            "`nvidia-smi` shows which processes use it; end them and try again.",
            "`nvidia-smi` 会显示占用显存的进程；请结束它们后再试。",
        ),
        "GPU out of memory",
    ),
    _known(
        r"no cuda gpus are available|found no nvidia driver|could not find cuda drivers|cpu:0",
        Text(
            "The framework found no GPU it can use and computed on the CPU, if at all.",
            "框架没有找到可用的 GPU，只能在 CPU 上计算，或者根本没有计算。",
        ),
        Text(
            "Use an image with GPU support whose CUDA version fits the driver.",
            "请使用支持 GPU、并且 CUDA 版本与驱动匹配的镜像。",
        ),
        "TensorFlow image driver version GPU not found",
    ),
)
