"""A run as a row of the ledger, and back. Pure."""

from __future__ import annotations

import json
from typing import Any

from assistant.execution.as_json import to_json
from assistant.values import Created, Decision, Operation, Run
from knowledge.language import Text

COLUMNS = (
    "id",
    "process",
    "command",
    "question",
    "decision",
    "approved_by",
    "engine",
    "started_at",
    "ended_at",
    "outcome",
    "exit_code",
    "output",
    "output_cut",
    "error",
    "operations",
    "created",
    "conversation",
)


def to_row(run: Run, process: str) -> tuple[Any, ...]:
    """The values of a run in the order of ``COLUMNS``."""
    return (
        run.id,
        process,
        run.command,
        run.question,
        run.decision.value,
        run.approved_by,
        run.engine,
        run.started_at,
        run.ended_at,
        run.outcome,
        run.exit_code,
        run.output,
        int(run.output_cut),
        None if run.error is None else to_json(run.error),
        to_json(run.operations),
        to_json(run.created),
        run.conversation,
    )


def from_row(row: tuple[Any, ...]) -> Run:
    """The run of a row.

    Raises:
        ValueError, TypeError, KeyError: somebody else has written into the row.
    """
    return Run(
        id=row[0],
        command=row[2],
        question=row[3],
        decision=Decision(row[4]),
        approved_by=row[5],
        engine=row[6],
        started_at=row[7],
        ended_at=row[8],
        outcome=row[9],
        exit_code=row[10],
        output=row[11],
        output_cut=bool(row[12]),
        error=None if row[13] is None else Text(**json.loads(row[13])),
        operations=tuple(Operation(**item) for item in json.loads(row[14])),
        created=tuple(Created(**item) for item in json.loads(row[15])),
        conversation=row[16],
    )
