"""What a command is carried out with, and what a carrier is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from assistant.config import Limits
from assistant.errors import EngineUnavailableError, ExecutionError, SandboxLostError
from assistant.execution.outcome import Ending
from assistant.execution.owned import Owned
from assistant.execution.session import Session, is_owned
from assistant.protocols import Engine
from assistant.values import OtherCommand, Output, Plan, Progress, Touched
from knowledge.language import Text

if TYPE_CHECKING:
    from assistant.commands.policy import Policy

Steps: TypeAlias = Generator[Output | Progress, None, Ending]


@dataclass(frozen=True, slots=True)
class Job:
    """One command to be carried out.

    ``touched`` are the objects frozen when the person approved: nothing else is changed, and they are
    named by their ids. ``stamps`` are those of the volumes that were there then. ``lock`` is the file
    that runs with folders of the host hold while they start, one at a time.
    """

    engine: Engine
    plan: Plan
    action: OtherCommand
    session: Session
    limits: Limits
    policy: Policy
    workspace: Path
    lock: Path
    touched: Sequence[Touched] = ()
    stamps: Mapping[str, str] = field(default_factory=dict)

    def frozen(self, kind: str) -> list[Touched]:
        """The frozen objects of one kind, in the order they were named."""
        return [item for item in self.touched if item.kind == kind]


def nothing_touched(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    """Of a command that changes nothing that is there."""
    return ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a command is carried out, and which objects it would change."""

    steps: Callable[[Job], Steps]
    touched: Callable[[Engine, OtherCommand], Iterable[Touched]] = nothing_touched


def on_each(items: Iterable[Touched], change: Callable[[Touched], None]) -> Steps:
    """Does something with each object and prints its name, as docker's client does.

    One that fails does not keep the others.

    Raises:
        EngineUnavailableError, SandboxLostError: nothing more can be done.
    """
    failures: list[Text] = []
    for item in items:
        try:
            change(item)
            yield Output(f"{item.name or item.id}\n")
        except (EngineUnavailableError, SandboxLostError):
            raise
        except ExecutionError as error:
            failures.append(error.text)
            yield Output(f"{error.text.en}\n", "stderr")
    return Ending("failed", None, failures[0]) if failures else Ending("succeeded")


def containers_named(engine: Engine, names: Iterable[str]) -> Iterator[Touched]:
    """Containers by their names, each with its id."""
    ours = Owned(engine)
    for name in dict.fromkeys(names):
        container = engine.inspect("container", name)
        own_name = str(container.get("Name", "")).lstrip("/")
        yield Touched("container", str(container["Id"]), own_name, container in ours)


def volumes_named(engine: Engine, names: Iterable[str]) -> Iterator[Touched]:
    """Volumes by their names, which are their ids."""
    for name in dict.fromkeys(names):
        volume = engine.inspect("volume", name)
        yield Touched("volume", str(volume["Name"]), str(volume["Name"]), is_owned(volume.get("Labels")))


def networks_named(engine: Engine, names: Iterable[str]) -> Iterator[Touched]:
    """Networks by their names, each with its id."""
    for name in dict.fromkeys(names):
        network = engine.inspect("network", name)
        yield Touched("network", str(network["Id"]), str(network["Name"]), is_owned(network.get("Labels")))
