"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from assistant.commands.policy_values import Policy
from assistant.config import Limits
from assistant.values import Change, OtherCommand, Plan, Reason

Check: TypeAlias = Callable[[Plan, OtherCommand, Policy, Path], tuple[Reason, ...]]
Bound: TypeAlias = Callable[[Plan, Limits, Policy, Path], tuple[Plan, tuple[Change, ...]]]


def nothing_against(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """The check of a command that is as harmless as what it names, which is frozen when it is approved."""
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How a command is judged and bounded.

    ``kind`` is the policy's word for it (see ``[decisions]`` in ``policy.toml``; a dot behind it means
    that it is asked for at least), empty where it only reads. ``check`` gives every reason against it.
    ``bound`` makes the requests as run of those as written; None where they are the same.
    """

    kind: str
    check: Check = nothing_against
    bound: Bound | None = None


READS = Rule("")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came out: the kind, what is asked, and every reason against it."""

    kind: str
    asked: Reason
    refusals: tuple[Reason, ...] = ()
