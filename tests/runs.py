"""A sandbox to test with, and its runs carried out to their end."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from assistant.commands.policy import Policy
from assistant.commands.policy_values import Profile
from assistant.config import Limits
from assistant.execution.ledger import Ledger
from assistant.execution.sandbox import Sandbox
from assistant.execution.spares import SpareNetworks
from assistant.protocols import Engine
from assistant.values import Decision, Ended, Output, Run, RunEvent, Started, Verdict


@dataclass
class Bench:
    """A sandbox on an Engine, with its ledger and workspace."""

    sandbox: Sandbox
    ledger: Ledger
    engine: Engine
    workspace: Path

    def carry_out(
        self,
        verdict: Verdict,
        *,
        confirmed: Sequence[str] = (),
        on_event: Callable[[RunEvent], None] = lambda event: None,
    ) -> Run:
        """Approves where that is needed, runs to the end, and returns the record."""
        approval = None
        if verdict.decision is Decision.ASK:
            approval = self.sandbox.approve(verdict, by="test", confirmed=confirmed)
        events = []
        for event in self.sandbox.run(verdict, approval=approval):
            events.append(event)
            on_event(event)
        first, last = events[0], events[-1]
        assert isinstance(first, Started)
        assert isinstance(last, Ended)
        assert all(not isinstance(event, Started | Ended) for event in events[1:-1])
        shown = "".join(e.text for e in events[1:-1] if isinstance(e, Output))
        assert last.run.output == shown
        assert last.run.id == first.run
        assert self.ledger.get(first.run) == last.run
        return last.run

    def line(self, line: str, *, confirmed: Sequence[str] = ()) -> Run:
        """Carries out a docker line, reviewed as a person's is."""
        return self.carry_out(self.sandbox.review(line), confirmed=confirmed)


def served(address: str) -> str:
    """The page at a loopback address; its server may have been started a moment ago."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - the tests' own
                return str(page.read().decode())
        except (OSError, HTTPException):
            assert time.monotonic() < deadline, address
            time.sleep(0.1)


def bench(
    engine: Engine,
    folder: Path,
    *,
    limits: Limits | None = None,
    approval_seconds: float = 60.0,
    profile: Profile = "standard",
    spares: SpareNetworks | None = None,
    policy: Policy | None = None,
) -> Bench:
    """A bench with its ledger and workspace in a folder."""
    workspace = folder / "workspace"
    workspace.mkdir(exist_ok=True)
    ledger = Ledger(folder / "ledger.sqlite3")
    sandbox = Sandbox(
        engine,
        ledger,
        policy=policy or Policy.shipped(profile),
        limits=limits or Limits(),
        workspace=workspace,
        approval_seconds=approval_seconds,
        spares=spares,
    )
    return Bench(sandbox, ledger, engine, workspace)
