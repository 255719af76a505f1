"""The bounds a container must have when its body is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.commands.rule_context import NO_NEW_PRIVILEGES, Context
from assistant.config import Limits
from assistant.values import Reason
from knowledge.language import Text


def missing_bounds(
    body: Mapping[str, Any], host: Mapping[str, Any], context: Context, limits: Limits | None
) -> list[Reason]:
    """The bounds a final body lacks, or that are wider than ``limits``."""
    labels = body.get("Labels")
    owned = isinstance(labels, Mapping) and labels.get(context.policy.owner_label) == context.policy.owner
    log = host.get("LogConfig")
    logged = isinstance(log, Mapping) and log.get("Type") == "none"
    options = log.get("Config") if isinstance(log, Mapping) else None
    sized = isinstance(options, Mapping) and bool(options.get("max-size"))
    checks = {
        "Labels": owned,
        "LogConfig": logged or sized,
        "CapDrop": host.get("CapDrop") == ["ALL"],
        "SecurityOpt": host.get("SecurityOpt") == [NO_NEW_PRIVILEGES],
        "Memory": _within(host.get("Memory"), limits.memory_bytes if limits else None),
        "MemorySwap": host.get("MemorySwap") == host.get("Memory"),
        "NanoCpus": _within(host.get("NanoCpus"), round(limits.cpus * 10**9) if limits else None),
        "PidsLimit": _within(host.get("PidsLimit"), limits.processes if limits else None),
        "ShmSize": _within(host.get("ShmSize"), limits.shm_bytes if limits else None),
        "NetworkMode": bool(host.get("NetworkMode")),
        "CpuQuota": not host.get("CpuQuota") and not host.get("CpuPeriod"),
    }
    return [
        Reason(
            f"bounds.{key}",
            Text(
                en=f"The bound `{key}` is missing or wider than allowed.",
                zh=f"缺少限制 `{key}`，或它超出了允许范围。",
            ),
        )
        for key, holds in checks.items()
        if not holds
    ]


def _within(value: Any, most: int | None) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and value > 0 and (most is None or value <= most)
