"""How compose commands are carried out."""

from __future__ import annotations

from assistant.execution.compose import before, down, reading, up
from assistant.execution.others.job import Carrier

CARRIERS: dict[str, Carrier] = {
    "compose up": Carrier(up.steps, before.touched, before.stamps),
    "compose down": Carrier(down.steps, down.touched),
    "compose ps": Carrier(reading.ps),
    "compose logs": Carrier(reading.logs),
    "compose config": Carrier(reading.config),
}
"""Canonical name to carrier."""
