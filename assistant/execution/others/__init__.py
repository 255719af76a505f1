"""How the commands other than ``run``, ``ps`` and their like are carried out.

One table for each kind of object: canonical name to carrier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.errors import RefusedPlanError
from assistant.execution.others import archives, builds, containers, copies, images, objects, prunes
from assistant.execution.others.job import Carrier, Job, Steps
from assistant.protocols import Engine
from assistant.values import OtherCommand, Touched
from knowledge.language import Text

CARRIERS: dict[str, Carrier] = {
    **containers.CARRIERS,
    **images.CARRIERS,
    **archives.CARRIERS,
    **builds.CARRIERS,
    **copies.CARRIERS,
    **objects.CARRIERS,
    **prunes.CARRIERS,
}
"""Canonical name to carrier."""


def touched(engine: Engine, action: OtherCommand, workspace: Path) -> Iterable[Touched]:
    """What the command would change, as it is now.

    Raises:
        ObjectMissingError, ImageUnavailableError: one of the objects is not there.
        RefusedPlanError: the command is not carried out, or one of the objects is not to be changed.
    """
    carrier = _carrier(action)
    look = carrier.look
    return look(engine, action, workspace).touched if look else carrier.touched(engine, action)


def stamps(engine: Engine, action: OtherCommand, workspace: Path) -> Mapping[str, str]:
    """What tells the objects the command only uses from others of the same names.

    Raises:
        ObjectMissingError, ImageUnavailableError: one of the objects is not there.
        RefusedPlanError: the command is not carried out.
    """
    carrier = _carrier(action)
    return carrier.look(engine, action, workspace).stamps if carrier.look else carrier.stamps(engine, action)


def carried_out(job: Job) -> Steps:
    """Carries the command out: its output as it comes, and how it ended.

    Raises:
        RefusedPlanError: it is not carried out.
    """
    return _carrier(job.action).steps(job)


def _carrier(action: OtherCommand) -> Carrier:
    found = CARRIERS.get(action.name)
    if action.name.startswith("compose "):
        from assistant.execution.compose import CARRIERS as COMPOSE

        found = COMPOSE.get(action.name)
    if found is None:
        raise RefusedPlanError(
            Text(f"`docker {action.name}` is not carried out.", f"不执行 `docker {action.name}`。")
        )
    return found
