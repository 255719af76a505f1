"""The network a run has for itself: a new one, or one that an earlier run left empty."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from assistant.execution.session import Session
from assistant.execution.spares import SpareNetworks
from assistant.protocols import Engine
from assistant.values import Created, JsonObject, Plan


@dataclass(slots=True)
class OwnNetwork:
    """The network of one run. ``may_share`` says that its container is gone with it: then an earlier run's
    network will do, and a later run may have this one."""

    engine: Engine
    session: Session
    spares: SpareNetworks
    may_share: bool
    body: JsonObject = field(default_factory=dict)
    made: float = 0.0

    def take(self, plan: Plan) -> None:
        """Has the network there that a plan asks for; the session knows its name afterwards."""
        operation = next((op for op in plan.operations if op.path == "/networks/create"), None)
        if operation is None:
            return
        self.body = operation.as_run or {}
        spare = self.spares.take(self.body) if self.may_share else None
        if spare is not None:
            self.made = spare.made
            self.session.shared_network = spare.name
            self.session.made(Created("network", spare.id, spare.name))
            return
        self.made = time.monotonic()
        network = self.engine.create_network(self.session.filled(self.body))
        self.session.made(Created("network", network, self.session.network))

    def leave(self, network: str) -> bool:
        """Whether a network is kept for a later run; its container must be gone."""
        return self.may_share and self.spares.give(network, self.session.network, self.body, made=self.made)
