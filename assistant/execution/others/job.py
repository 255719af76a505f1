"""What a command is carried out with, and what a carrier is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from assistant.config import Limits
from assistant.errors import EngineUnavailableError, ExecutionError, SandboxLostError
from assistant.execution.disk import Quotas
from assistant.execution.outcome import Ending
from assistant.execution.owned import Owned
from assistant.execution.session import Session, is_owned
from assistant.protocols import Engine
from assistant.values import Notice, OtherCommand, Output, Plan, Progress, Touched
from knowledge.language import Text

if TYPE_CHECKING:
    from assistant.commands.policy import Policy

Steps: TypeAlias = Generator[Output | Progress | Notice, None, Ending]
Made: TypeAlias = Callable[[Touched], bool]
"""Whether docknotes made an image, by its id and name: only the ledger knows, labels can be forged."""


@dataclass(frozen=True, slots=True)
class Job:
    """One command to be carried out.

    ``touched`` are the objects frozen when the person approved: nothing else is changed, and they are
    named by their ids. ``stamps`` are those of the volumes and images that were there then and are used.
    ``lock`` is the file that runs with folders of the host hold while they start, one at a time.
    ``quotas`` knows whether the storage driver bounds what is written.
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
    quotas: Quotas = field(default_factory=Quotas)

    def frozen(self, kind: str) -> list[Touched]:
        """The frozen objects of one kind, in the order they were named."""
        return [item for item in self.touched if item.kind == kind]


def nothing_touched(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    """Of a command that changes nothing that is there."""
    return ()


def nothing_stamped(engine: Engine, action: OtherCommand) -> Mapping[str, str]:
    """Of a command that uses nothing but what it touches."""
    return {}


@dataclass(frozen=True, slots=True)
class Look:
    """What a command that reads files of the workspace would change, and the stamps of what it uses."""

    touched: tuple[Touched, ...] = ()
    stamps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Carrier:
    """How a command is carried out, and which objects it would change.

    Images are touched as if they were others' (``owned`` False); whose they are is looked up in the
    ledger. An image without a name (``name`` empty) is touched only where it is ours. ``stamps`` are what
    tells the objects it only uses from others of their names; they are kept with the approval. Where both
    depend on files of the workspace, ``look`` says them instead.
    """

    steps: Callable[[Job], Steps]
    touched: Callable[[Engine, OtherCommand], Iterable[Touched]] = nothing_touched
    stamps: Callable[[Engine, OtherCommand], Mapping[str, str]] = nothing_stamped
    look: Callable[[Engine, OtherCommand, Path], Look] | None = None


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
