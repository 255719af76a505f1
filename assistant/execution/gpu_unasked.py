"""Images that ask for GPUs by themselves: where nobody asked for one, the container gets none.

NVIDIA's runtime, where it is the Engine's default, reads what to hand out from the container's variables,
and those of the image count: NVIDIA_VISIBLE_DEVICES, and for old images CUDA_VERSION alone means all.
Source: NVIDIA Container Toolkit, "Environment variables (OCI spec)".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.protocols import Engine
from assistant.values import JsonObject
from knowledge.language import Text

DEVICES = "NVIDIA_VISIBLE_DEVICES"
NOTHING = "void"
_GIVES_NONE = frozenset({"", NOTHING, "none"})

NO_GPUS = Text(
    "The image asks for GPUs by itself, and the command does not: the container gets none. Add `--gpus all` "
    "where it is to have them.",
    "镜像自带了使用 GPU 的设置，而命令没有要求：容器不会得到 GPU。如果需要，请加上 `--gpus all`。",
)


def gives_gpus_unasked(engine: Engine, image: str, body: JsonObject) -> bool:
    """Whether a container from this image could get GPUs that the command did not ask for."""
    if (body.get("HostConfig") or {}).get("DeviceRequests") or DEVICES in _variables(body.get("Env")):
        return False
    config = engine.inspect("image", image).get("Config") or {}
    variables = _variables(config.get("Env"))
    if DEVICES in variables:
        return variables[DEVICES] not in _GIVES_NONE
    return "CUDA_VERSION" in variables


def without_gpus(body: JsonObject) -> JsonObject:
    """The body with the variable that says: none."""
    return {**body, "Env": [*(body.get("Env") or ()), f"{DEVICES}={NOTHING}"]}


def _variables(written: Iterable[str] | None) -> Mapping[str, str]:
    pairs = (line.partition("=") for line in written or ())
    return {name: value for name, _, value in pairs}
