"""Rules of the commands on containers."""

from __future__ import annotations

from assistant.commands.others.rules import READS, Rule

RULES: dict[str, Rule] = {
    "top": READS,
    "stats": READS,
    "port": READS,
    "diff": READS,
    "wait": READS,
    "pause": Rule("change."),
    "unpause": Rule("change."),
    "rename": Rule("change."),
}
