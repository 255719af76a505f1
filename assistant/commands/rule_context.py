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
    """``final`` is True for a body about to be sent, False for one as the CLI would send it.

    ``networks`` are the names of networks that belong to the plan.
    """

    policy: Policy
    workspace: Path
    final: bool
    networks: frozenset[str] = frozenset()


Rule: TypeAlias = Callable[[Any, Context], Text | None]
"""Says why a value is refused, None where it is not. A TypeError or ValueError counts as a refusal."""

FORM = Text(en="its value has no form that is known", zh="它的值不是已知的形式")
NO_NEW_PRIVILEGES = "no-new-privileges:true"
RUN = "{run}"
"""Stands for the run's id in labels, until there is a run."""


def check_texts(value: Any, context: Context) -> Text | None:
    """The rule of a list of texts."""
    if value is None:
        return None
    fits = isinstance(value, (list, tuple)) and all(
        isinstance(item, str) and "\0" not in item for item in value
    )
    return None if fits else FORM
