"""What a run of ``up`` made is removed again."""

from __future__ import annotations

from assistant.execution.containers import gone, remove_network
from assistant.execution.session import Session
from assistant.protocols import Engine
from assistant.values import Created


def take_away(engine: Engine, session: Session) -> None:
    """Removes what the run made: containers first, the newest first. Images stay; undo removes those."""
    for kind in ("container", "network", "volume"):
        for item in [made for made in reversed(session.created) if made.kind == kind]:
            if _is_gone(engine, item):
                session.removed(item.id)


def _is_gone(engine: Engine, item: Created) -> bool:
    if item.kind == "container":
        return gone(engine.remove_container, item.id, force=True, volumes=True)
    if item.kind == "network":
        return remove_network(engine, item.id)
    return gone(engine.remove_volume, item.id)
