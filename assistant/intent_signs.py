"""Signs of the command a question asks for, read off what its embedding says it is after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.intents import Likely, intents_of_line
from knowledge.values import FloatMatrix

INTENT_SIGNS = (
    "intent",  # how likely the question is after the intents that name most of it
    "intent_served",  # ... after any it serves
    "intent_related",  # ... after any with its subcommand
    "intent_of_best",  # ... the first, over the likeliest intent of all
    "intent_odds",  # the first three as logarithms
    "intent_served_odds",
    "intent_related_odds",
    "intent_behind",  # the first of these, less that of the command it is highest for
    "intent_related_behind",
)
"""Signs of what the question's embedding says; unknown (nan) for another embedding model."""

_LEAST_SHARE = 1e-3  # of an intent, before its logarithm is taken


def intent_signs(likely: Likely | None, lines: Sequence[str]) -> FloatMatrix:
    """How likely the question is after what each command does: (commands, `INTENT_SIGNS`) float32."""
    if likely is None or not lines:
        return np.full((len(lines), len(INTENT_SIGNS)), np.nan, dtype=np.float32)
    served = [intents_of_line(line) for line in lines]
    shares = np.array(
        [(likely.most(s.closest), likely.among(s.all), likely.among(s.related)) for s in served],
        dtype=np.float32,
    )
    odds = np.log(_LEAST_SHARE + shares)
    behind = odds[:, (0, 2)] - odds[:, (0, 2)].max(axis=0)
    of_best = shares[:, :1] / likely.shares[likely.best]
    return np.concatenate([shares, of_best, odds, behind], axis=1, dtype=np.float32)
