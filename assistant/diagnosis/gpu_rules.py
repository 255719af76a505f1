"""Causes on the way to a GPU, also for the GPU check's rungs."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

from assistant.diagnosis.values import Rule, Speaker
from knowledge.language import Text

_ANY: tuple[Speaker, ...] = ("engine", "client", "program")
_DRIVER = Text("The host needs only the NVIDIA driver", "宿主机只需要 NVIDIA 驱动")
_DRIVER_ABOUT = ("NVIDIA",)

NO_DRIVER = Rule(
    "gpu-no-driver",
    _ANY,
    (
        r"driver not loaded",
        r"couldn't communicate with the nvidia driver",
        r"load library failed: libnvidia-ml",
        r"nvidia-smi has failed",
    ),
    "libnvidia-container: src/error.c, src/nvc.c; nvidia-smi",
    Text("The NVIDIA driver is not loaded on the host.", "宿主机上没有加载 NVIDIA 驱动。"),
    Text(
        "Install the NVIDIA driver for your card and restart; `nvidia-smi` must work on the host first. "
        "CUDA itself is not needed on the host.",
        "请为显卡安装 NVIDIA 驱动并重启；要先让宿主机上的 `nvidia-smi` 正常工作。宿主机不需要安装 CUDA。",
    ),
    _DRIVER,
    _DRIVER_ABOUT,
    ("nvidia-smi",),
)
NO_TOOLKIT = Rule(
    "gpu-no-toolkit",
    _ANY,
    (
        r"could not select device driver",
        r"unknown or invalid runtime name: nvidia",
        r"unknown runtime specified nvidia",
        r"nvidia-container-(?:runtime|cli)[^\n]*executable file not found",
    ),
    "moby: daemon/errors.go, daemon/devices.go, daemon/runtime_unix.go",
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
    Text(
        "could not select device driver NVIDIA Container Toolkit", "找不到 GPU could not select device driver"
    ),
    ("could not select device driver", "nvidia-ctk"),
    ("sudo nvidia-ctk runtime configure --runtime=docker", "sudo systemctl restart docker"),
)

NO_GPU_FOUND = Rule(
    "gpu-unknown-to-framework",
    _ANY,
    (
        r"no cuda gpus are available",
        r"found no nvidia driver",
        r"could not find cuda drivers",
        r"no kernel image is available for execution",
        r"torch not compiled with cuda",
    ),
    "PyTorch: torch/cuda/__init__.py; TensorFlow: its cuda stubs",
    Text(
        "The framework found no GPU it can use and computed on the CPU, if at all.",
        "框架没有找到可用的 GPU，只能在 CPU 上计算，或者根本没有计算。",
    ),
    Text(
        "Start the container with `--gpus all`, and use an image with GPU support whose CUDA version fits the driver.",
        "请用 `--gpus all` 启动容器，并使用支持 GPU、且 CUDA 版本与驱动匹配的镜像。",
    ),
    Text("test TensorFlow on the GPU", "测试 TensorFlow 能否用 GPU"),
    ("GPU",),
    ("nvidia-smi",),
)

GPU_RULES: tuple[Rule, ...] = (
    Rule(
        "gpu-driver-mismatch",
        _ANY,
        (r"driver/library version mismatch",),
        "NVML: nvmlErrorString (NVML_ERROR_LIB_RM_VERSION_MISMATCH)",
        Text(
            "The kernel driver and the driver's libraries have different versions, as after an update.",
            "已加载的内核驱动与驱动库的版本不一致，通常是驱动更新之后出现的。",
        ),
        Text(
            "Restart the machine, so that the new kernel driver is loaded.",
            "请重启机器，让新版内核驱动生效。",
        ),
        _DRIVER,
        _DRIVER_ABOUT,
        ("cat /proc/driver/nvidia/version", "sudo reboot"),
    ),
    NO_TOOLKIT,
    NO_DRIVER,
    Rule(
        "gpu-driver-too-old",
        _ANY,
        (
            r"unsatisfied condition: cuda",
            r"cuda driver version is insufficient",
            r"forward compatibility was attempt",
            r"driver too old",
            r"unsatisfied condition: driver",
        ),
        "libnvidia-container: src/cli/dsl.c; CUDA: cudaErrorInsufficientDriver",
        Text(
            "The image needs a newer CUDA than the host's driver offers.",
            "镜像要求的 CUDA 版本高于宿主机驱动所能提供的版本。",
        ),
        Text(
            "Update the driver, or choose an image with an older CUDA (`nvidia-smi` shows the highest one "
            "this driver can do).",
            "请升级驱动，或选用 CUDA 版本更低的镜像（`nvidia-smi` 会显示当前驱动支持的最高 CUDA 版本）。",
        ),
        Text("driver too old: the story of 535 and 546", "驱动太旧：535 与 546 的教训"),
        ("driver", "驱动"),
        ("nvidia-smi",),
    ),
    Rule(
        "gpu-no-such-device",
        _ANY,
        (
            r"nvidia-container-cli: device error",
            r"unknown device id",
            r"invalid device ordinal",
            r"unresolvable cdi devices",
        ),
        "libnvidia-container: src/cli/common.c; CUDA: cudaErrorInvalidDevice; moby: daemon/cdi.go",
        Text("The GPU that was asked for does not exist.", "所指定的 GPU 不存在。"),
        Text(
            "`nvidia-smi -L` lists the GPUs; use `--gpus all` or an index from that list.",
            "`nvidia-smi -L` 会列出现有的 GPU；请使用 `--gpus all` 或列表中的编号。",
        ),
        Text("test that Docker sees the GPU --gpus all", "验证 Docker 能用 GPU --gpus all"),
        ("--gpus",),
        ("nvidia-smi -L",),
    ),
    Rule(
        "gpu-lost",
        _ANY,
        (r"failed to initialize nvml: unknown error",),
        "NVIDIA Container Toolkit: its troubleshooting page",
        Text(
            "The container lost its GPU, as happens when systemd reloads while it runs.",
            "容器失去了 GPU，通常是运行期间 systemd 重新加载配置所致。",
        ),
        Text(
            "Start the container again; to keep it from happening, let Docker use the cgroupfs driver.",
            "请重新启动容器；若要避免再次发生，可以让 Docker 使用 cgroupfs 驱动。",
        ),
        Text("test that Docker sees the GPU nvidia-smi", "验证 Docker 能用 GPU nvidia-smi"),
        ("nvidia-smi",),
        ("docker ps -a",),
    ),
    Rule(
        "gpu-toolkit-fails",
        _ANY,
        (
            r"nvidia-container-cli: initialization error",
            r"nvidia-container-cli: \w+ error",
            r"auto-detected mode as 'legacy'",
        ),
        "libnvidia-container: src/cli/main.c",
        Text(
            "The NVIDIA Container Toolkit could not talk to the driver.",
            "NVIDIA Container Toolkit 无法与驱动通信。",
        ),
        Text(
            "Check that `nvidia-smi` works on the host; after a driver update, restart the machine.",
            "请确认宿主机上的 `nvidia-smi` 正常工作；如果刚更新过驱动，请重启机器。",
        ),
        _DRIVER,
        _DRIVER_ABOUT,
        ("nvidia-smi",),
    ),
    Rule(
        "gpu-no-smi",
        _ANY,
        (r"nvidia-smi.{0,40}executable file not found", r"nvidia-smi: (?:command )?not found"),
        "runc, POSIX shells",
        Text(
            "The container started, but the toolkit did not put nvidia-smi into it.",
            "容器已启动，但工具包没有把 nvidia-smi 放进容器。",
        ),
        NO_TOOLKIT.advice,
        NO_TOOLKIT.query,
        NO_TOOLKIT.about,
        NO_TOOLKIT.following,
    ),
    Rule(
        "gpu-memory",
        _ANY,
        (
            r"cuda_error_out_of_memory",
            r"cuda(?: error)?: out of memory",
            r"cuda out of memory",
            r"resourceexhaustederror",
            r"torch\.(?:cuda\.)?outofmemoryerror",
        ),
        "PyTorch: c10/cuda/CUDACachingAllocator.cpp; TensorFlow: tf.errors; CUDA driver API",
        Text("The GPU's memory is full.", "GPU 显存不足。"),
        Text(
            "`nvidia-smi` shows which processes use it; end them, or let yours use less (a smaller batch).",
            "`nvidia-smi` 会显示占用显存的进程；请结束它们，或让自己的程序少用一些（减小 batch）。",
        ),
        Text("test that Docker sees the GPU nvidia-smi", "验证 Docker 能用 GPU nvidia-smi"),
        ("nvidia-smi",),
        ("nvidia-smi",),
    ),
    NO_GPU_FOUND,
)
