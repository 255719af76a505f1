"""The GPU ladder: is there a driver, does the Engine hand out GPUs, does a framework compute on one.

Rungs 1, 2, 3, 5 and 6 are looked at; rung 4, the image's CUDA demand against the driver before a
pull, is left out and said so. A missing driver (rung 1) does not end the ladder: a driver can be
out of our sight (Docker Desktop, a container, another machine) while GPUs work all the same.
Containers run like any other command: reviewed, approved, bounded, recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from assistant.diagnosis.gpu_rules import NO_GPU_FOUND, NO_TOOLKIT
from assistant.diagnosis.values import Rule
from assistant.errors import AssistantError, ExecutionError
from assistant.execution import gpu_host
from assistant.execution.gpu_text import SmiReading, read_computed, read_smi, rule_for
from assistant.execution.sandbox import Sandbox
from assistant.values import Approval, Decision, Ended, EngineInfo, GpuReport, Run, Rung, Verdict
from knowledge.language import Text

Approve = Callable[[Verdict], Approval | None]
Review = Callable[[str], Verdict]

OLDEST = (19, 3)
"""The first Docker with ``--gpus``."""
EVIDENCE_CHARACTERS = 4000

_NAMES = {
    1: Text("NVIDIA driver on the host", "宿主机上的 NVIDIA 驱动"),
    2: Text("Docker Engine reachable, 19.03 or later", "Docker Engine 可用，版本不低于 19.03"),
    3: Text("NVIDIA runtime or CDI known to the Engine", "Engine 认识 NVIDIA 运行时或 CDI"),
    4: Text("Image fits the driver", "镜像与驱动匹配"),
    5: Text("nvidia-smi in a container", "在容器中运行 nvidia-smi"),
    6: Text("A framework computes on the GPU", "框架在 GPU 上完成计算"),
}
_TENSORFLOW = (
    "import tensorflow as tf; g = tf.config.list_physical_devices('GPU'); "
    "x = tf.reduce_sum(tf.random.normal([1000, 1000])); "
    "n = tf.config.experimental.get_device_details(g[0]).get('device_name', '') if g else ''; "
    "print('computed on', x.device, n, 'sum', float(x))"
)
_PYTORCH = (
    "import torch; x = torch.randn(1000, 1000, device='cuda').sum(); "
    "print('computed on', x.device, torch.cuda.get_device_name(0), 'sum', float(x))"
)


@dataclass(frozen=True, slots=True)
class GpuImages:
    """The images the ladder runs. ``framework`` None: one that is there already, else TensorFlow's."""

    smi: str = "ubuntu"
    framework: str | None = None
    tensorflow: str = "tensorflow/tensorflow:2.10.1-gpu-jupyter"


def verify_gpu(
    sandbox: Sandbox,
    *,
    approve: Approve,
    review: Review | None = None,
    images: GpuImages | None = None,
    host: Callable[[], Rung] | None = None,
) -> Iterator[Rung | GpuReport]:
    """Each rung as soon as it is known, at last the report.

    Args:
        sandbox: where the containers run.
        approve: asks the person about a verdict; None is a no.
        review: a docker line to its verdict; by default the sandbox's own policy and limits.
        images: which images to use.
        host: looks at rung 1; by default this machine, where the Engine is on it.
    """
    ladder = _Ladder(sandbox, approve, review or sandbox.review, images or GpuImages())
    report = GpuReport(())
    for rung, report in ladder.climb(host):  # noqa: B007 - the last report is the one
        yield rung
    yield report


@dataclass(slots=True)
class _Ladder:
    sandbox: Sandbox
    approve: Approve
    review: Review
    images: GpuImages
    report: GpuReport = field(default_factory=lambda: GpuReport(()))

    def climb(self, host: Callable[[], Rung] | None) -> Iterator[tuple[Rung, GpuReport]]:
        address = self.sandbox.engine.address
        if host is not None:
            yield self._add(host())
        else:
            yield self._add(gpu_host.driver(_NAMES[1], is_local=address.startswith(("unix://", "npipe://"))))
        engine, rung = self._engine()
        yield self._add(rung)
        if engine is None:
            yield from self._skip(3, 4, 5, 6, why=_NO_ENGINE)
            return
        yield self._add(_toolkit(engine))
        yield from self._skip(4, why=_NOT_LOOKED_AT)
        rung = self._smi()
        yield self._add(rung)
        if rung.state != "pass":
            yield from self._skip(6, why=_NOT_APPROVED if rung.state == "skipped" else _NO_GPU)
            return
        yield self._add(self._framework())

    def _add(self, rung: Rung) -> tuple[Rung, GpuReport]:
        self.report = replace(self.report, rungs=(*self.report.rungs, rung))
        return rung, self.report

    def _skip(self, *numbers: int, why: Text) -> Iterator[tuple[Rung, GpuReport]]:
        for number in numbers:
            yield self._add(Rung(number, _NAMES[number], "skipped", cause=why))

    def _engine(self) -> tuple[EngineInfo | None, Rung]:
        try:
            info = self.sandbox.engine.info()
        except ExecutionError as error:
            return None, Rung(2, _NAMES[2], "fail", cause=error.text, query="Docker daemon not running")
        evidence = f"Docker {info.version}, API {info.api_version}, {info.operating_system}"
        if _version(info.version) >= OLDEST:
            return info, Rung(2, _NAMES[2], "pass", evidence)
        return None, Rung(2, _NAMES[2], "fail", evidence, _OLD, _UPDATE, "check the Docker version GPU tool")

    def _smi(self) -> Rung:
        rung, run = self._in_container(5, f"docker run --rm --gpus all {self.images.smi} nvidia-smi")
        if run is None or rung.state != "pass":
            return rung
        reading: SmiReading = read_smi(run.output)
        if not reading.devices:
            return _failed(
                rung, rule_for(run.output), Text("nvidia-smi lists no GPU.", "nvidia-smi 没有列出 GPU。")
            )
        self.report = replace(self.report, driver=reading.driver, cuda=reading.cuda, devices=reading.devices)
        return rung

    def _framework(self) -> Rung:
        image = self._framework_image()
        code = _PYTORCH if "torch" in image else _TENSORFLOW
        rung, run = self._in_container(6, f'docker run --rm --gpus all {image} python -c "{code}"')
        if run is None or rung.state != "pass":
            return rung
        computed = read_computed(run.output)
        if computed is None or not computed.on_gpu:
            return _failed(rung, rule_for(run.output) or NO_GPU_FOUND, _ENDED_BADLY)
        self.report = replace(self.report, computed_on=computed.name or computed.device)
        return rung

    def _framework_image(self) -> str:
        """The configured image, or one that is there already: these images are gigabytes."""
        if self.images.framework is not None:
            return self.images.framework
        tags = [
            str(tag) for image in self.sandbox.engine.list_images() for tag in image.get("RepoTags") or ()
        ]
        fitting = [t for t in tags if re.match(r"tensorflow/tensorflow:.*gpu|pytorch/pytorch:", t)]
        return fitting[0] if fitting else self.images.tensorflow

    def _in_container(self, number: int, line: str) -> tuple[Rung, Run | None]:
        """Runs a line; the rung passes where it ended well, the caller reads what it printed."""
        rung = Rung(number, _NAMES[number], "fail", query="verify GPU in Docker")
        try:
            verdict = self.review(line)
            approval = None
            if verdict.decision is Decision.ASK:
                approval = self.approve(verdict)
                if approval is None:
                    return replace(rung, state="skipped", cause=_NOT_APPROVED), None
            run = None
            for event in self.sandbox.run(verdict, approval=approval, question=_NAMES[number].en):
                if isinstance(event, Ended):
                    run = event.run
        except AssistantError as error:
            return replace(rung, cause=error.text), None
        if run is None:
            return rung, None
        said = "\n".join(part for part in (run.output, run.error.en if run.error else "") if part)
        rung = replace(rung, evidence=said[-EVIDENCE_CHARACTERS:], run=run.id)
        if run.outcome == "succeeded":
            return replace(rung, state="pass"), run
        return _failed(rung, rule_for(said), run.error or _ENDED_BADLY), run


def _failed(rung: Rung, rule: Rule | None, cause: Text) -> Rung:
    if rule is None:
        return replace(rung, state="fail", cause=cause)
    return replace(rung, state="fail", cause=rule.what, advice=rule.advice, query=rule.query.en)


def _toolkit(info: EngineInfo) -> Rung:
    """Rung 3. Docker does not list the hook that ``--gpus`` needs, so nothing found means unknown."""
    runtimes = [name for name in info.runtimes if "nvidia" in name]
    devices = [name for name in info.cdi_devices if "nvidia" in name]
    evidence = ", ".join((*runtimes, *devices)) or f"runtimes: {', '.join(info.runtimes)}"
    if runtimes or devices:
        return Rung(3, _NAMES[3], "pass", evidence)
    return Rung(3, _NAMES[3], "unknown", evidence, _NOT_LISTED, NO_TOOLKIT.advice, NO_TOOLKIT.query.en)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


_NO_ENGINE = Text("There is no Engine to ask.", "没有可用的 Engine。")
_NOT_LOOKED_AT = Text(
    "Not looked at in this version: a mismatch shows in the next rung instead.",
    "当前版本不检查这一项；如果不匹配，下一项会显示出来。",
)
_NO_GPU = Text("No GPU was seen in a container.", "容器中没有看到 GPU。")
_NOT_APPROVED = Text("The command in the container was not approved.", "容器中的命令没有得到批准。")
_OLD = Text("This Docker is too old for `--gpus`.", "这个版本的 Docker 太旧，不支持 `--gpus`。")
_UPDATE = Text("Update Docker to 19.03 or later.", "请把 Docker 升级到 19.03 或更新的版本。")
_ENDED_BADLY = Text("The command in the container failed.", "容器中的命令执行失败。")
_NOT_LISTED = Text(
    "The Engine lists no NVIDIA runtime and no CDI device. With `nvidia-container-runtime-hook` on its "
    "path GPUs can work all the same; the container in rung 5 will tell.",
    "Engine 没有列出 NVIDIA 运行时或 CDI 设备。如果它的 PATH 中有 `nvidia-container-runtime-hook`，"
    "GPU 仍然可以使用；第 5 项的容器会给出答案。",
)
