"""A stream of output shown as it comes, until it ends or a limit is reached."""

from __future__ import annotations

import time
from collections.abc import Generator

from assistant.execution.outcome import Stopped
from assistant.execution.pump import Pump
from assistant.execution.session import Session, joined
from assistant.protocols import Stream
from assistant.values import Output


def output_of(
    stream: Stream[Output], session: Session, *, seconds: float
) -> Generator[Output, None, Stopped | None]:
    """The output of a stream; and why reading was given up, None where it ended by itself.

    Args:
        stream: what is read; it is closed in any case.
        session: the run, with its limit of output and the console a person may be at.
        seconds: how long it may take, counted from now or from the last key.
    """
    begun, console = time.monotonic(), session.console
    pump = Pump(
        stream,
        cancel=session.cancel,
        deadline=lambda: (console.typed_at if console else begun) + seconds,
    )
    for outputs in pump:
        if console is not None:
            console.show(outputs)
        yield from joined(outputs)
        if session.output_cut:
            return "output_limit"
    return pump.stopped
