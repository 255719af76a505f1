"""Output of several containers as one, and what a service waits for."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.execution.compose.following import Lines, Merged, Piece
from assistant.execution.compose.waiting import UpEndedError, Waiting, wait_for
from assistant.execution.session import Cancelled, Session
from assistant.values import Output
from tests.fakes.engine import MemoryEngine


class Written:
    """A stream of texts that can stay open until it is closed."""

    def __init__(self, *texts: str, stays_open: bool = False) -> None:
        self._items = self._all(texts)
        self._stays_open = stays_open
        self.closed = threading.Event()

    def _all(self, texts: tuple[str, ...]) -> Iterator[Output]:
        yield from (Output(text) for text in texts)
        if self._stays_open:
            self.closed.wait(60)

    def __iter__(self) -> Written:
        return self

    def __next__(self) -> Output:
        return next(self._items)

    def close(self) -> None:
        self.closed.set()


def test_all_pieces_come_and_each_end_is_told() -> None:
    merged = Merged({"a": lambda: Written("1", "2"), "b": lambda: Written("3")})
    pieces = list(merged)
    assert [p.output.text for p in pieces if p.name == "a" and p.output] == ["1", "2"]
    assert [p.output.text for p in pieces if p.name == "b" and p.output] == ["3"]
    assert {p.name for p in pieces if p.output is None} == {"a", "b"}


def test_closing_ends_it_and_its_streams() -> None:
    stream = Written("1", stays_open=True)
    merged = Merged({"a": lambda: stream})
    assert next(merged).output == Output("1")
    merged.close()
    assert stream.closed.is_set()
    assert list(merged) == []


def test_an_error_of_one_reaches_the_reader() -> None:
    def broken() -> Written:
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        list(Merged({"a": broken}))


def test_lines_are_whole_and_named() -> None:
    lines = Lines(["a-1", "long-1"])
    pieces = [
        Piece("a-1", Output("one\ntw")),
        Piece("long-1", Output("err", "stderr")),
        Piece("a-1", Output("o\n")),
        Piece("long-1", None),
        Piece("a-1", Output("open")),
    ]
    shown = [output for piece in pieces for output in lines.feed(piece)] + list(lines.rest())
    assert shown == [
        Output("a-1     | one\n"),
        Output("a-1     | two\n"),
        Output("long-1  | err\n", "stderr"),
        Output("a-1     | open\n"),
    ]


def test_a_line_without_end_is_not_held_for_ever() -> None:
    lines = Lines(["a"])
    (output,) = lines.feed(Piece("a", Output("x" * 20_000)))
    assert output.text.count("\n") == 2


class Stated(MemoryEngine):
    """An Engine whose one container has a state."""

    def __init__(self, state: dict[str, object]) -> None:
        super().__init__()
        self.state = state

    def inspect(self, kind: object, name: str) -> dict[str, object]:
        return {"State": self.state}


RUNNING: dict[str, object] = {"Running": True, "Status": "running"}


@pytest.mark.parametrize(
    ("state", "condition", "said"),
    [
        ({"Running": False, "Status": "exited", "ExitCode": 3}, "service_completed_successfully",
         "exit code 3"),
        ({"Running": False, "Status": "exited", "ExitCode": 1, "Health": {"Status": "starting"}},
         "service_healthy", "before it was healthy"),
        (RUNNING, "service_healthy", "no `healthcheck`"),
        ({**RUNNING, "Health": {"Status": "unhealthy", "Log": [{"Output": "no answer"}]}}, "service_healthy",
         "unhealthy: no answer"),
    ],
)  # fmt: skip
def test_what_never_comes_ends_the_waiting(state: dict[str, object], condition: object, said: str) -> None:
    waiting = Waiting(Stated(state), "id", "db", Session(output_bytes=10), deadline=float("inf"))
    with pytest.raises(UpEndedError) as error:
        wait_for(waiting, condition)  # type: ignore[arg-type]
    assert error.value.ending.error is not None
    assert said in error.value.ending.error.en


def test_waiting_ends_when_it_is_reached_when_time_is_up_and_when_cancelled() -> None:
    session = Session(output_bytes=10)
    healthy = Stated({**RUNNING, "Health": {"Status": "healthy"}})
    wait_for(Waiting(healthy, "id", "db", session, deadline=0.0), "service_healthy")
    ended = Stated({"Running": False, "Status": "exited", "ExitCode": 0})
    wait_for(Waiting(ended, "id", "db", session, deadline=0.0), "service_completed_successfully")
    starting = Stated({**RUNNING, "Health": {"Status": "starting"}})
    with pytest.raises(UpEndedError) as error:
        wait_for(Waiting(starting, "id", "db", session, deadline=0.0), "service_healthy")
    assert error.value.ending.outcome == "timed_out"
    session.cancel.set()
    with pytest.raises(Cancelled):
        wait_for(Waiting(starting, "id", "db", session, deadline=float("inf")), "service_healthy")
