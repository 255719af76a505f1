"""Commands on images."""

from __future__ import annotations

from assistant.execution.others.job import Carrier

CARRIERS: dict[str, Carrier] = {}
