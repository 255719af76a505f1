"""Commands on volumes, networks and the whole Engine."""

from __future__ import annotations

from assistant.execution.others.job import Carrier

CARRIERS: dict[str, Carrier] = {}
