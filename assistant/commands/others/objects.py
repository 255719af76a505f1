"""Rules of the commands on volumes, networks and the whole Engine."""

from __future__ import annotations

from assistant.commands.others.rules import Rule

RULES: dict[str, Rule] = {}
