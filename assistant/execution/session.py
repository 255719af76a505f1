"""What one run keeps in hand while it goes on: its id, what it made, what it wrote so far."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from assistant.execution.clean import Cleaner
from assistant.execution.console import Console
from assistant.execution.frames import StreamName
from assistant.values import Created, JsonObject, Output

OWNER_LABEL = "docknotes.owner"
OWNER = "docknotes"
RUN_LABEL = "docknotes.run"
_NETWORK = "{network}"
_RUN = "{run}"


class Cancelled(Exception):  # noqa: N818 - an end, not an error
    """The person cancelled before there was a container to end."""


@dataclass(slots=True)
class Session:
    """One run in progress. ``cancel`` is set from another thread.

    Args:
        output_bytes: how much output is kept and passed on, in bytes of UTF-8.
        on_made: is told each time an object was made.
        console: where a person types; None where nobody does.
        pulls: whether the policy lets images be downloaded, also for a run or a build that lacks one.
    """

    output_bytes: int
    on_made: Callable[[], None] = lambda: None
    console: Console | None = None
    pulls: bool = True
    run: str = field(default_factory=lambda: secrets.token_hex(6))
    cancel: threading.Event = field(default_factory=threading.Event)
    created: list[Created] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    written: int = 0
    output_cut: bool = False
    shared_network: str = ""
    _cleaners: dict[StreamName, Cleaner] = field(default_factory=dict)

    @property
    def network(self) -> str:
        """The name of the network this run has for itself."""
        return self.shared_network or f"docknotes-{self.run}"

    def made(self, created: Created) -> None:
        """Notes an object the run made."""
        self.created.append(created)
        self.on_made()

    def removed(self, id: str) -> None:
        """Notes that an object is gone again; the record at the run's end, which follows, says so."""
        self.created = [created for created in self.created if created.id != id]

    def take(self, output: Output) -> Output | None:
        """The part of a piece of output that is shown and kept: cleaned, and within the limit.

        The limit counts what the container wrote: characters that are taken out count too.
        """
        room = max(self.output_bytes - self.written, 0)
        self.written += len(output.text.encode(errors="replace"))
        cleaner = self._cleaners.setdefault(output.stream, Cleaner())
        data = cleaner.feed(output.text).encode(errors="replace")
        if self.written > self.output_bytes:
            self.output_cut = True
            data = data[:room]
        return self._keep(data.decode(errors="ignore"), output.stream)

    def take_rest(self) -> Iterator[Output]:
        """What was held back, at the end."""
        for stream, cleaner in self._cleaners.items():
            rest = self._keep(cleaner.finish(), stream)
            if rest is not None:
                yield rest

    def _keep(self, text: str, stream: StreamName) -> Output | None:
        if not text:
            return None
        self.kept.append(text)
        return Output(text, stream)

    def filled(self, body: JsonObject) -> dict[str, Any]:
        """A body with the names of this run in the places meant for them, and nowhere else.

        Only whole values in known places are filled: the person's own words (a command, a variable)
        may contain the same characters and mean them.
        """
        full = dict(body)
        if full.get("Name") == _NETWORK:
            full["Name"] = self.network
        if isinstance(full.get("Labels"), Mapping):
            full["Labels"] = self._filled_labels(full["Labels"])
        if isinstance(full.get("HostConfig"), Mapping):
            full["HostConfig"] = self._filled_host(full["HostConfig"])
        networking = full.get("NetworkingConfig")
        if isinstance(networking, Mapping) and _NETWORK in (networking.get("EndpointsConfig") or {}):
            endpoints = networking["EndpointsConfig"].items()
            full["NetworkingConfig"] = {
                **networking,
                "EndpointsConfig": {self.network if k == _NETWORK else k: v for k, v in endpoints},
            }
        return full

    def _filled_host(self, host: Mapping[str, Any]) -> dict[str, Any]:
        full = dict(host)
        if full.get("NetworkMode") == _NETWORK:
            full["NetworkMode"] = self.network
        if full.get("Mounts"):
            full["Mounts"] = [self._filled_mount(mount) for mount in full["Mounts"]]
        return full

    def _filled_mount(self, mount: Mapping[str, Any]) -> dict[str, Any]:
        options = mount.get("VolumeOptions")
        if not isinstance(options, Mapping) or not isinstance(options.get("Labels"), Mapping):
            return dict(mount)
        return {**mount, "VolumeOptions": {**options, "Labels": self._filled_labels(options["Labels"])}}

    def _filled_labels(self, labels: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: self.run if key == RUN_LABEL and value == _RUN else value for key, value in labels.items()
        }


def is_owned(labels: Mapping[str, str] | None) -> bool:
    """Whether an object bears our label.

    This tells whose a network or a volume is. Images, and containers through them, can bear the label
    without being ours: see ``owned.Owned``.
    """
    return (labels or {}).get(OWNER_LABEL) == OWNER


def joined(outputs: Iterable[Output]) -> Iterator[Output]:
    """Pieces of one stream that follow each other, as one piece."""
    for name, group in groupby(outputs, key=lambda output: output.stream):
        yield Output("".join(output.text for output in group), name)
