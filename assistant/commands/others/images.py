"""Rules of the commands on images."""

from __future__ import annotations

from assistant.commands.others.rules import Rule

RULES: dict[str, Rule] = {}
