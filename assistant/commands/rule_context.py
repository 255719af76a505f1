"""What a rule of the policy is given besides the value it judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from knowledge.language import Text

if TYPE_CHECKING:
    from assistant.commands.policy import Policy


@dataclass(frozen=True, slots=True)
class Context:
    """``final`` is True for a body about to be sent, False for one as the CLI would send it."""

    policy: Policy
    workspace: Path
    final: bool


Rule: TypeAlias = Callable[[Any, Context], Text | None]
"""Says why a value is refused, None where it is not. A TypeError or ValueError counts as a refusal."""
