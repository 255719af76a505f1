"""What the model is told of what the person did with its proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.agent.desk import as_data
from assistant.agent.engine_facts import shown
from assistant.values import Run

MOST_OUTPUT = 2_000
"""Of what a run wrote the model gets its end, at most so many characters."""

_DECLINED = "The person decided not to run this. Do not propose it again; answer from the notes."
_NOT_THIS = "The person has not run this one."


def decisions_for(requests: Sequence[Any], proposal: str, run: Run | None) -> list[dict[str, str]]:
    """One decision for each proposal that waits: this one's outcome, the others not run."""
    at = int(proposal.rpartition(".")[2])
    return [
        _decision(run) if n == at else {"type": "reject", "message": _NOT_THIS} for n in range(len(requests))
    ]


def _decision(run: Run | None) -> dict[str, str]:
    if run is None:
        return {"type": "reject", "message": _DECLINED}
    code = "unknown" if run.exit_code is None else str(run.exit_code)
    output = "\n".join(shown_whole(line) for line in run.output[-MOST_OUTPUT:].splitlines())
    said = f"The person ran it. Outcome: {run.outcome}, exit code: {code}. It wrote:\n{output or '(nothing)'}"
    if run.error:
        said += f"\nError: {run.error.en}"
    return {"type": "respond", "message": as_data(said)}


def shown_whole(line: str) -> str:
    """One line of output without what looks like a secret, however long it is."""
    return "".join(shown(line[at : at + 100]) for at in range(0, len(line), 100))
