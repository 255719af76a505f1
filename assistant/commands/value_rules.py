"""Rules for the plain values of a container-create body."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from typing import Any

from assistant.commands.references import is_image_id, parse_reference
from assistant.commands.rule_context import FORM, Context, Rule, check_texts
from assistant.errors import CommandSyntaxError
from knowledge.language import Text

UNMASKED = Text(
    en="the protected parts of /proc and /sys would be open, and with them this machine's kernel",
    zh="/proc 和 /sys 中受保护的部分会被打开，本机内核也会随之暴露",
)


def _text(value: Any, context: Context) -> Text | None:
    return None if value is None or (isinstance(value, str) and "\0" not in value) else FORM


def _word(value: Any, context: Context) -> Text | None:
    return None if value is None or re.fullmatch(r"[\w.:@$+<>-]{0,255}", value) else FORM


def _workdir(value: Any, context: Context) -> Text | None:
    """Working folders in /proc have led out of containers (CVE-2024-21626)."""
    plain = posixpath.normpath("/" + (value or "")).lstrip("/")
    if plain.split("/")[0] in {"proc", "sys", "dev"} or ".." in (value or "").split("/"):
        return Text(
            en="a working folder there can lead out of the container", zh="把工作目录设在那里可能逃出容器"
        )
    return _text(value, context)


def _switch(value: Any, context: Context) -> Text | None:
    return None if value is None or isinstance(value, bool) else FORM


def _number(value: Any, context: Context) -> Text | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= -1):
        return None
    return FORM


def _swappiness(value: Any, context: Context) -> Text | None:
    return None if value is None or (isinstance(value, int) and -1 <= value <= 100) else FORM


def _memory(value: Any, context: Context) -> Text | None:
    return _number(value, context) if value is None or value >= 0 else FORM


def _stop_timeout(value: Any, context: Context) -> Text | None:
    if value is None or (isinstance(value, int) and (not context.final or 0 <= value <= 120)):
        return None
    return FORM


def _env(value: Any, context: Context) -> Text | None:
    if (wrong := check_texts(value, context)) is not None:
        return wrong
    if (wrong := _gpu_by_name(value)) is not None:
        return wrong
    bare = next((entry for entry in value or () if not entry.partition("=")[1]), None)
    if bare is None:
        return None
    return Text(
        en=f"`{bare}` has no value, so docker would copy it from this machine's environment; write "
        f"`{bare}=value`",
        zh=f"`{bare}` 没有值，docker 会从本机环境复制它；请写成 `{bare}=值`",
    )


_GPU_VARIABLES = ("NVIDIA_VISIBLE_DEVICES", "NVIDIA_MIG_CONFIG_DEVICES", "NVIDIA_MIG_MONITOR_DEVICES",
                  "NVIDIA_IMEX_CHANNELS")  # fmt: skip
"""Where NVIDIA's runtime is the Engine's default, these open devices without any request for them.

Source: NVIDIA Container Toolkit, environment variables of the OCI spec.
"""


def _gpu_by_name(value: Any) -> Text | None:
    for entry in value or ():
        name, _, setting = entry.partition("=")
        if name in _GPU_VARIABLES and setting not in {"", "void", "none"}:
            return Text(
                en=f"`{name}` can open GPUs past the plan where NVIDIA's runtime is the default; "
                "ask for them with `--gpus`",
                zh=f"在以 NVIDIA 为默认运行时的引擎上，`{name}` 会绕过计划打开 GPU；请用 `--gpus` 请求 GPU",
            )
    return None


def _image(value: Any, context: Context) -> Text | None:
    if not isinstance(value, str) or not value:
        return FORM
    if not context.final or is_image_id(value.removeprefix("sha256:")):
        return None  # as written, the plan's image is judged with its placeholders known
    try:
        registry = parse_reference(value).registry
    except CommandSyntaxError:
        return FORM
    if context.policy.allows_registry(registry):
        return None
    return Text(en=f"the registry {registry} is not allowed", zh=f"不允许使用镜像仓库 {registry}")


def _labels(value: Any, context: Context) -> Text | None:
    policy = context.policy
    ours = {policy.owner_label, policy.run_label} if context.final else set()
    prefix = policy.owner_label.split(".")[0] + "."
    for name, text in (value or {}).items():
        if not isinstance(name, str) or not isinstance(text, str):
            return FORM
        if name.casefold().startswith(prefix) and name not in ours:
            return Text(
                en=f"labels that begin with `{prefix}` mark what docknotes made; only it sets them",
                zh=f"以 `{prefix}` 开头的标签用来标记 docknotes 创建的对象，只能由它设置",
            )
    return None


def _ports(value: Any, context: Context) -> Text | None:
    fits = all(
        re.fullmatch(r"[0-9]{1,5}/(?:tcp|udp|sctp)", port) and not entry
        for port, entry in (value or {}).items()
    )
    return None if fits else FORM


def _health(value: Any, context: Context) -> Text | None:
    numbers = {"Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"}
    for key, setting in (value or {}).items():
        if key == "Test":
            if (wrong := check_texts(setting, context)) is not None:
                return wrong
        elif key not in numbers or _number(setting, context) is not None:
            return FORM
    return None


def _restart(value: Any, context: Context) -> Text | None:
    if not set(value or {}) <= {"Name", "MaximumRetryCount"}:
        return FORM
    name = (value or {}).get("Name") or ""
    return (
        _number((value or {}).get("MaximumRetryCount"), context)
        if name in context.policy.restart_policies
        else FORM
    )


def _auto_remove(value: Any, context: Context) -> Text | None:
    if context.final and value:
        return Text(
            en="docknotes removes the container itself, after it has read its end",
            zh="docknotes 会在读取结果后自行删除容器",
        )
    return _switch(value, context)


def _console(value: Any, context: Context) -> Text | None:
    return None if all(isinstance(size, int) for size in value or ()) else FORM


def _addresses(value: Any, context: Context) -> Text | None:
    for address in value or ():
        ipaddress.ip_address(address)
    return None


def _groups(value: Any, context: Context) -> Text | None:
    return (
        None
        if all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}", group) for group in value or ())
        else FORM
    )


def _cpuset(value: Any, context: Context) -> Text | None:
    return None if re.fullmatch(r"[0-9,-]{0,64}", value or "") else FORM


RULES: dict[str, Rule] = {
    "word": _word,
    "workdir": _workdir,
    "texts": check_texts,
    "switch": _switch,
    "number": _number,
    "swappiness": _swappiness,
    "memory": _memory,
    "stop_timeout": _stop_timeout,
    "env": _env,
    "image": _image,
    "labels": _labels,
    "ports": _ports,
    "health": _health,
    "restart": _restart,
    "auto_remove": _auto_remove,
    "console": _console,
    "addresses": _addresses,
    "groups": _groups,
    "cpuset": _cpuset,
}
