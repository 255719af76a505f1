"""Keys of a service with a form of their own, as what ``docker run`` takes.

Source: Compose specification, services and deploy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from assistant.commands.quantities import parse_duration
from assistant.compose import forms
from assistant.compose.problems import WrongKeyError

# ---- ports

_PORT_KEYS = {"target", "published", "host_ip", "protocol", "mode", "name", "app_protocol"}


def ports(value: Any) -> list[str]:
    """``ports`` as values of ``-p``."""
    if not isinstance(value, list):
        raise WrongKeyError("a list is needed here.", "这里需要列表。")
    return [_long_port(item) if isinstance(item, dict) else forms.text(item) for item in value]


def _long_port(item: dict[str, Any]) -> str:
    forms.known_keys(item, _PORT_KEYS, "ports.")
    if item.get("mode", "ingress") not in ("ingress", "host"):
        raise WrongKeyError("`mode` is `host` or `ingress`.", "`mode` 应为 `host` 或 `ingress`。")
    target = forms.text(item.get("target"))
    published = forms.text(item["published"]) if item.get("published") is not None else ""
    address = (
        f"[{item['host_ip']}]" if ":" in forms.text(item.get("host_ip", "")) else item.get("host_ip", "")
    )
    front = f"{address}:{published}:" if address else f"{published}:" if published else ""
    return f"{front}{target}/{forms.text(item.get('protocol', 'tcp'))}"


# ---- health


_TIMES = {
    "interval": "Interval",
    "timeout": "Timeout",
    "start_period": "StartPeriod",
    "start_interval": "StartInterval",
}


def health(value: Any) -> dict[str, Any]:
    """``healthcheck`` as the Engine's Healthcheck."""
    check = forms.mapping(value)
    forms.known_keys(check, {"test", "disable", "retries", *_TIMES}, "healthcheck.")
    test = check.get("test")
    if forms.switch(check.get("disable", False)) or test == ["NONE"]:
        return {"Test": ["NONE"]}
    found: dict[str, Any] = {}
    if isinstance(test, list):
        words = forms.texts(test)
        if not words or words[0] not in {"CMD", "CMD-SHELL"}:
            raise WrongKeyError(
                "`test` begins with `CMD`, `CMD-SHELL` or `NONE` where it is a list.",
                "`test` 为列表时应以 `CMD`、`CMD-SHELL` 或 `NONE` 开头。",
            )
        found["Test"] = words
    elif test is not None:
        found["Test"] = ["CMD-SHELL", forms.text(test)]
    for key, name in _TIMES.items():
        if key in check:
            found[name] = parse_duration(key, forms.text(check[key]))
    if "retries" in check:
        found["Retries"] = forms.whole(check["retries"])
    return found


def seconds(key: str, value: Any) -> str:
    """A time as whole seconds, rounded up, as ``--stop-timeout`` takes them."""
    return str(math.ceil(parse_duration(key, forms.text(value)) / 10**9))


# ---- restart, logs, limits


def restart(value: Any) -> str:
    """``restart`` as the value of ``--restart``."""
    if value is False:
        return "no"  # `no` without quotes, as older readers of YAML took it
    return forms.text(value)


def restart_of_deploy(value: Any) -> str:
    """``deploy.restart_policy`` as the value of ``--restart``."""
    policy = forms.mapping(value)
    forms.known_keys(policy, {"condition", "max_attempts", "delay", "window"}, "deploy.restart_policy.")
    attempts = policy.get("max_attempts")
    match forms.text(policy.get("condition", "any")):
        case "none":
            return "no"
        case "on-failure":
            return "on-failure" if attempts is None else f"on-failure:{forms.whole(attempts)}"
        case "any":
            return "always" if attempts is None else f"on-failure:{forms.whole(attempts)}"
    raise WrongKeyError(
        "`condition` is `none`, `on-failure` or `any`.", "`condition` 应为 `none`、`on-failure` 或 `any`。"
    )


def logging(value: Any) -> dict[str, list[str]]:
    """``logging`` as flags."""
    log = forms.mapping(value)
    forms.known_keys(log, {"driver", "options"}, "logging.")
    options = forms.pairs(log.get("options"))
    found = {"log-opt": [f"{name}={content or ''}" for name, content in options.items()]}
    return found | ({"log-driver": [forms.text(log["driver"])]} if log.get("driver") else {})


def ulimits(value: Any) -> list[str]:
    """``ulimits`` as values of ``--ulimit``."""
    found = []
    for name, limit in forms.mapping(value).items():
        if isinstance(limit, dict):
            forms.known_keys(limit, {"soft", "hard"}, f"ulimits.{name}.")
            soft, hard = (forms.whole(limit.get(key)) for key in ("soft", "hard"))
            found.append(f"{name}={soft}:{hard}")
        else:
            found.append(f"{name}={forms.whole(limit)}")
    return found


def extra_hosts(value: Any) -> list[str]:
    """``extra_hosts`` as values of ``--add-host``."""
    if isinstance(value, list):
        return forms.texts(value)
    return [f"{name}:{address}" for name, addresses in forms.mapping(value).items()
            for address in forms.texts(addresses)]  # fmt: skip


# ---- deploy

_SWARM_ONLY = ("mode", "endpoint_mode", "labels", "placement", "update_config", "rollback_config")


def deploy(value: Any) -> dict[str, list[str]]:
    """``deploy`` as flags; what only a swarm reads is left out, as compose leaves it out.

    Raises:
        WrongKeyError: it asks for what is not carried out.
    """
    spec = forms.mapping(value)
    forms.known_keys(spec, {"replicas", "resources", "restart_policy", *_SWARM_ONLY}, "deploy.")
    if spec.get("mode", "replicated") != "replicated":
        raise WrongKeyError(
            "`deploy.mode` is `replicated` here.", "这里的 `deploy.mode` 只能是 `replicated`。"
        )
    resources = forms.mapping(spec.get("resources"))
    forms.known_keys(resources, {"limits", "reservations"}, "deploy.resources.")
    limits = forms.mapping(resources.get("limits"))
    forms.known_keys(limits, {"cpus", "memory", "pids"}, "deploy.resources.limits.")
    held = forms.mapping(resources.get("reservations"))
    forms.known_keys(held, {"cpus", "memory", "devices"}, "deploy.resources.reservations.")
    flags = {
        flag: [forms.text(limits[key])]
        for key, flag in (("cpus", "cpus"), ("memory", "memory"), ("pids", "pids-limit"))
        if limits.get(key) is not None
    }
    if held.get("memory") is not None:
        flags["memory-reservation"] = [forms.text(held["memory"])]
    if "restart_policy" in spec:
        flags["restart"] = [restart_of_deploy(spec["restart_policy"])]
    if held.get("devices"):
        flags["gpus"] = list(_devices(held["devices"]))
    return flags


def gpus(value: Any) -> list[str]:
    """``gpus`` of a service as values of ``--gpus``."""
    return ["all"] if value == "all" else list(_devices(value))


_PLAIN = re.compile(r"[A-Za-z0-9:/_-]{1,64}")


def _devices(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [None]:
        device = forms.mapping(item)
        forms.known_keys(device, {"driver", "count", "device_ids", "capabilities"}, "devices.")
        names = [forms.text(name) for name in device.get("capabilities") or ["gpu"]]
        driver = forms.text(device.get("driver", "nvidia"))
        ids = forms.texts(device["device_ids"]) if device.get("device_ids") else []
        if (
            driver != "nvidia"
            or "gpu" not in names
            or not all(_PLAIN.fullmatch(word) for word in ids + names)
        ):
            raise WrongKeyError(
                "only GPUs can be asked for (driver `nvidia`, capabilities `[gpu]`).",
                "只能请求 GPU（驱动 `nvidia`，capabilities 为 `[gpu]`）。",
            )
        if ids:
            which = f'"device={",".join(ids)}"'
        else:
            count = device.get("count", "all")
            which = "all" if count in ("all", -1) else f"count={forms.whole(count)}"
            which = which.replace("all", "count=all") if names != ["gpu"] else which
        more = [name for name in names if name != "gpu"]
        yield f'{which},"capabilities={",".join(more)}"' if more else which


# ---- what a service waits for

CONDITIONS = ("service_started", "service_healthy", "service_completed_successfully")


def depends_on(value: Any) -> dict[str, tuple[str, bool]]:
    """``depends_on``: service to condition, and whether it must be there."""
    if isinstance(value, list):
        return dict.fromkeys(forms.texts(value), (CONDITIONS[0], True))
    found: dict[str, tuple[str, bool]] = {}
    for name, item in forms.mapping(value).items():
        entry = forms.mapping(item)
        forms.known_keys(entry, {"condition", "required", "restart"}, f"depends_on.{name}.")
        condition = entry.get("condition", CONDITIONS[0])
        if condition not in CONDITIONS:
            raise WrongKeyError(
                f"the condition is one of {', '.join(CONDITIONS)}.",
                f"条件应为 {'、'.join(CONDITIONS)} 之一。",
            )
        found[name] = (condition, forms.switch(entry.get("required", True)))
    return found
