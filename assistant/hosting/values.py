"""What a line for a shell wants, and whether it is so already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.language import Text

EffectState = Literal["holds", "missing", "unknown"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a line wants: whether it holds on this machine, and what was seen that tells so."""

    state: EffectState
    what: Text
    evidence: Text


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a line wants, in order; never empty."""

    each: tuple[Effect, ...]

    @property
    def state(self) -> EffectState:
        """``missing`` where one of them is, ``holds`` where all do, else ``unknown``."""
        return worst([effect.state for effect in self.each])


def worst(states: Sequence[EffectState]) -> EffectState:
    """What several states come to: one that is missing decides, then one that cannot be told."""
    return "missing" if "missing" in states else "unknown" if "unknown" in states else "holds"
