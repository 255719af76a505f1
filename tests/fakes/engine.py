"""MemoryEngine: an Engine in memory, which passes the contract suite of the real one.

Its containers know a handful of programs (``true``, ``false``, ``echo``, ``sleep`` and ``sh -c`` with
these and ``exit``), enough to start, write, end, be killed and be looked at.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import EngineUnavailableError, ExecutionError, ImageUnavailableError, ObjectMissingError
from assistant.execution.engine_texts import image_not_here, image_unavailable, missing, said_no, unavailable
from assistant.execution.streams import ClosableStream, Duplex
from assistant.values import EngineInfo, InspectKind, JsonObject, Output, Progress

Filters = Mapping[str, Sequence[str]] | None


@dataclass
class _Program:
    """What a command does: pieces of output with their second, the end's second, the exit code."""

    pieces: list[tuple[float, Output]]
    seconds: float
    exit_code: int
    reads: bool = False


def _program(command: Sequence[str]) -> _Program:
    script = command[2] if list(command[:2]) == ["sh", "-c"] else " ".join(command)
    pieces: list[tuple[float, Output]] = []
    clock, code, reads = 0.0, 0, False
    for step in (part.strip() for part in script.split(";")):
        word, _, rest = step.partition(" ")
        if word == "echo":
            stream = "stderr" if rest.endswith(">&2") else "stdout"
            text = rest.removesuffix(">&2").strip()
            pieces.append((clock, Output(f"{text}\n", stream)))  # type: ignore[arg-type]
        elif word == "sleep":
            clock += float(rest)
        elif word == "exit":
            code = int(rest)
            break
        elif word == "cat":
            reads = True
        elif word in {"true", "false"}:
            code = 0 if word == "true" else 1
        else:
            raise ExecutionError(said_no(f'exec: "{word}": executable file not found in $PATH: unknown'))
    return _Program(pieces, clock, code, reads)


@dataclass
class _Container:
    id: str
    name: str
    body: JsonObject
    created: float = field(default_factory=time.time)
    program: _Program | None = None
    started: float | None = None
    killed: threading.Event = field(default_factory=threading.Event)
    input_ended: threading.Event = field(default_factory=threading.Event)
    size: tuple[int, int] | None = None
    paused: bool = False

    @property
    def ended(self) -> bool:
        if self.program is None or self.started is None:
            return False
        if self.program.reads:
            return self.killed.is_set() or self.input_ended.is_set()
        return self.killed.is_set() or time.time() >= self.started + self.program.seconds

    @property
    def status(self) -> str:
        if self.started is None:
            return "created"
        return "exited" if self.ended else "paused" if self.paused else "running"

    @property
    def exit_code(self) -> int:
        if self.program is None or not self.ended:
            return 0
        return 137 if self.killed.is_set() else self.program.exit_code


class MemoryEngine:
    """An Engine that keeps everything in dictionaries. ``is_down`` makes every request fail."""

    def __init__(self, *, images: Sequence[str] = ("busybox:latest",), registry: Sequence[str] = ()) -> None:
        self.is_down = False
        self.requests: list[tuple[str, Any]] = []
        self.images = {_tagged(name): f"sha256:{secrets.token_hex(32)}" for name in images}
        self.registry = {_tagged(name) for name in registry}
        self.containers: dict[str, _Container] = {}
        self.networks: dict[str, JsonObject] = {}
        self.volumes: dict[str, JsonObject] = {}
        self.written: dict[str, int] = {}
        self.image_env: list[str] = ["PATH=/bin"]
        self.storage: JsonObject = {"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]]}
        self.takes_quota = False

    @property
    def address(self) -> str:
        return "unix:///memory.sock"

    def _asked(self, request: str, detail: Any = None) -> None:
        self.requests.append((request, detail))
        if self.is_down:
            raise EngineUnavailableError(unavailable(self.address, "broken"))

    def info(self) -> EngineInfo:
        self._asked("info")
        return EngineInfo(self.address, "27.5.1", "1.47", "Memory", "x86_64", ("runc",))

    def version(self) -> str:
        self._asked("ping")
        return "27.5.1"

    def version_text(self) -> JsonObject:
        self._asked("version")
        return {
            "Version": "27.5.1",
            "ApiVersion": "1.47",
            "Components": [{"Name": "Engine", "Version": "27.5.1"}],
        }

    def info_text(self) -> JsonObject:
        self._asked("info")
        return {
            "ServerVersion": "27.5.1",
            "Containers": len(self.containers),
            "Runtimes": {"runc": {}},
            "NCPU": 2,
            **self.storage,
            "MemTotal": 8 * 1024**3,
        }

    def list_containers(
        self, *, all: bool = False, last: int | None = None, size: bool = False, filters: Filters = None
    ) -> list[JsonObject]:
        self._asked("list containers", filters)
        found = sorted(self.containers.values(), key=lambda c: c.created, reverse=True)
        states = set((filters or {}).get("status", ()))
        if states:
            found = [container for container in found if container.status in states]
        elif not all and not last:
            found = [container for container in found if container.status == "running"]
        ids = (filters or {}).get("id", ())
        chosen = [self._listed(c, size=size) for c in found if not ids or c.id in ids]
        return _labelled(chosen, filters)[: last or None]

    def _listed(self, container: _Container, *, size: bool) -> JsonObject:
        return {
            **({"SizeRw": self.written.get(container.id, 0)} if size else {}),
            "Id": container.id,
            "Names": [f"/{container.name}"],
            "Image": container.body["Image"],
            "Command": " ".join(container.body.get("Cmd") or ()),
            "Created": int(container.created),
            "State": container.status,
            "Status": container.status.title(),
            "Ports": [],
            "Labels": dict(container.body.get("Labels") or {}),
        }

    def list_images(self, *, all: bool = False, filters: Filters = None) -> list[JsonObject]:
        self._asked("list images", filters)
        images: list[JsonObject] = [
            {
                "Id": image_id,
                "RepoTags": [tag],
                "RepoDigests": [],
                "Created": 0,
                "Size": 1_000_000,
                "Labels": None,
            }
            for tag, image_id in self.images.items()
        ]
        wanted = (filters or {}).get("reference", ())
        if wanted:
            images = [i for i in images if any(_matches(i["RepoTags"][0], name) for name in wanted)]
        return _labelled(images, filters)

    def list_networks(self, *, filters: Filters = None) -> list[JsonObject]:
        self._asked("list networks", filters)
        return _labelled(list(self.networks.values()), filters)

    def list_volumes(self, *, filters: Filters = None) -> list[JsonObject]:
        self._asked("list volumes", filters)
        return _labelled(list(self.volumes.values()), filters)

    def inspect(self, kind: InspectKind, name: str) -> JsonObject:
        self._asked(f"inspect {kind}", name)
        if kind == "container":
            return self._inspected(self._find(name))
        if kind == "image":
            tag = next((tag for tag, image in self.images.items() if image == name), _tagged(name))
            if tag not in self.images:
                raise ImageUnavailableError(image_not_here(f"No such image: {tag}"))
            return {"Id": self.images[tag], "RepoTags": [tag], "Config": {"Env": self.image_env}}
        kept = self.networks if kind == "network" else self.volumes
        for key, item in kept.items():
            if name in {key, item["Name"]}:
                return item
        raise ObjectMissingError(missing(f"no such {kind}: {name}"))

    def _inspected(self, container: _Container) -> JsonObject:
        body = container.body
        return {
            "Id": container.id,
            "Name": f"/{container.name}",
            "State": {
                "Status": container.status,
                "Running": container.status == "running",
                "StartedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(container.started or 0)),
                "Restarting": False,
                "OOMKilled": False,
                "ExitCode": container.exit_code,
            },
            "Config": {
                "Tty": bool(body.get("Tty")),
                "Env": list(body.get("Env") or ()),
                "Labels": dict(body.get("Labels") or {}),
                "Image": body["Image"],
            },
            "HostConfig": dict(body.get("HostConfig") or {}),
        }

    def _find(self, name: str) -> _Container:
        for container in self.containers.values():
            if name == container.name or (name and container.id.startswith(name)):
                return container
        raise ObjectMissingError(missing(f"No such container: {name}"))

    def pull(self, reference: str, *, platform: str | None = None) -> ClosableStream[Progress]:
        self._asked("pull", reference)
        return ClosableStream(self._pulled(_tagged(reference)), close=lambda: None, translate=_untranslated)

    def _pulled(self, tag: str) -> Iterator[Progress]:
        yield Progress("latest", f"Pulling from {tag}")
        if tag not in self.registry:
            raise ImageUnavailableError(image_unavailable(tag, "manifest unknown"))
        yield Progress("layer", "Downloading", 1, 2)
        self.images[tag] = f"sha256:{secrets.token_hex(32)}"
        yield Progress("layer", "Pull complete")

    def create_container(
        self, body: JsonObject, *, name: str | None = None, platform: str | None = None
    ) -> str:
        self._asked("create container", body)
        image = str(body["Image"])
        if _tagged(image) not in self.images and image not in self.images.values():
            raise ImageUnavailableError(image_not_here(f"No such image: {_tagged(image)}"))
        if any(container.name == name for container in self.containers.values()):
            raise ExecutionError(
                said_no(f'Conflict. The container name "/{name}" is already in use by container')
            )
        if (body.get("HostConfig") or {}).get("StorageOpt") and not self.takes_quota:
            raise ExecutionError(
                said_no("--storage-opt is supported only for overlay over xfs with 'pquota' mount option")
            )
        mode = (body.get("HostConfig") or {}).get("NetworkMode", "none")
        if mode != "none" and mode not in {network["Name"] for network in self.networks.values()}:
            raise ObjectMissingError(missing(f"network {mode} not found"))
        container = _Container(secrets.token_hex(32), name or f"name_{secrets.token_hex(4)}", body)
        self.containers[container.id] = container
        for mount in (body.get("HostConfig") or {}).get("Mounts") or ():
            labels = (mount.get("VolumeOptions") or {}).get("Labels") or {}
            volume = {"Name": mount["Source"], "Driver": "local", "Options": None, "Labels": labels}
            self.volumes.setdefault(mount["Source"], volume)
        return container.id

    def start_container(self, container: str) -> None:
        self._asked("start", container)
        found = self._find(container)
        found.program = _program(found.body.get("Cmd") or ["true"])
        found.started = time.time()
        if not found.body.get("OpenStdin"):
            found.input_ended.set()

    def attach(self, container: str, *, tty: bool) -> Duplex:
        self._asked("attach", container)
        found, closed = self._find(container), threading.Event()

        def send(data: bytes) -> None:
            if found.ended or found.program is None or found.started is None:
                raise OSError("broken pipe")
            if tty and data == b"\x04":
                found.input_ended.set()
            elif found.program.reads:
                found.program.pieces.append((time.time() - found.started, Output(data.decode())))

        return Duplex(
            self._attached(found, closed),
            close=closed.set,
            send=send,
            close_input=found.input_ended.set,
            translate=lambda error: ExecutionError(said_no(str(error))),
        )

    def _attached(self, container: _Container, closed: threading.Event) -> Iterator[Output]:
        while container.started is None and not closed.wait(0.01):
            pass
        shown = 0
        while not closed.wait(0.01) and container.program is not None and container.started is not None:
            over, pieces = container.ended, container.program.pieces
            while shown < len(pieces) and container.started + pieces[shown][0] <= time.time():
                yield pieces[shown][1]
                shown += 1
            if over:
                return
            self._asked("output goes on")

    def resize(self, container: str, rows: int, columns: int) -> None:
        self._asked("resize", (container, rows, columns))
        self._find(container).size = (rows, columns)

    def follow(
        self,
        container: str,
        *,
        tail: str = "all",
        since: str | None = None,
        until: str | None = None,
        timestamps: bool = False,
        follow: bool = True,
    ) -> ClosableStream[Output]:
        self._asked("logs", container)
        closed = threading.Event()
        items = self._written(self._find(container), tail, follow, closed)
        return ClosableStream(items, close=closed.set, translate=_untranslated)

    def _written(
        self, container: _Container, tail: str, follow: bool, closed: threading.Event
    ) -> Iterator[Output]:
        pieces = container.program.pieces if container.program else []
        started = container.started or 0.0
        before = [piece for piece in pieces if started + piece[0] <= time.time()]
        skipped = 0 if tail == "all" else max(len(before) - int(tail), 0)
        for second, output in pieces[skipped:]:
            while time.time() < started + second:
                if not follow or closed.is_set() or container.killed.wait(0.01):
                    return
                self._asked("logs go on")
            yield output
        while follow and not closed.is_set() and container.status == "running":
            self._asked("logs go on")
            container.killed.wait(0.01)

    def events(self, query: Mapping[str, str]) -> ClosableStream[JsonObject]:
        self._asked("events", query)
        none: Iterator[JsonObject] = iter(())
        return ClosableStream(none, close=lambda: None, translate=_untranslated)

    def execute(self, program: str, *, tty: bool) -> Duplex:
        self._asked("execute", program)
        raise ObjectMissingError(missing(f"No such exec instance: {program}"))

    def wait_container(self, container: str, *, timeout_seconds: float | None = None) -> int | None:
        self._asked("wait", container)
        found = self._find(container)
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while found.status == "running":
            if deadline is not None and time.monotonic() > deadline:
                return None
            found.killed.wait(0.01)
        return found.exit_code

    def stop_container(
        self, container: str, *, timeout_seconds: int | None = None, signal: str | None = None
    ) -> None:
        self._asked("stop", container)
        found = self._find(container)
        if found.status == "running":
            found.killed.set()

    def kill_container(self, container: str) -> None:
        self._asked("kill", container)
        for found in self.containers.values():
            if container in {found.id, found.name} and found.status == "running":
                found.killed.set()

    def remove_container(self, container: str, *, force: bool = False, volumes: bool = False) -> None:
        self._asked("remove container", container)
        found = self._find(container)
        if found.status == "running" and not force:
            raise ExecutionError(said_no("You cannot remove a running container. Stop the container first"))
        found.killed.set()
        del self.containers[found.id]

    def send(
        self,
        method: str,
        *parts: str,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
        seconds: float | None = None,
    ) -> Any:
        """Knows the requests of ``pause``, ``unpause`` and ``rename``; any other is unknown to it."""
        self._asked("send", (method, *parts))
        if method == "POST" and len(parts) == 3 and parts[0] == "containers":
            found = self._find(parts[1])
            if parts[2] in {"pause", "unpause"}:
                if found.paused == (parts[2] == "pause"):
                    raise ExecutionError(said_no(f"Container {found.id} is already {parts[2]}d"))
                found.paused = parts[2] == "pause"
                return None
            if parts[2] == "rename":
                found.name = str((query or {})["name"])
                return None
        if method == "DELETE" and len(parts) == 2 and parts[0] == "images":
            self.remove_image(parts[1])
            return [{"Untagged": parts[1]}]
        raise ObjectMissingError(missing("page not found"))

    def messages(
        self,
        *parts: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Iterable[bytes] = (),
    ) -> ClosableStream[JsonObject]:
        """Works on no archives: those are for the real Engine."""
        self._asked("messages", parts)
        raise ObjectMissingError(missing("page not found"))

    def download(
        self, *parts: str, query: Mapping[str, str | list[str]] | None = None
    ) -> ClosableStream[bytes]:
        self._asked("download", parts)
        raise ObjectMissingError(missing("page not found"))

    def upload(self, *parts: str, query: Mapping[str, str], data: Iterable[bytes]) -> None:
        self._asked("upload", parts)
        raise ObjectMissingError(missing("page not found"))

    def head(self, *parts: str, query: Mapping[str, str]) -> Mapping[str, str]:
        self._asked("head", parts)
        raise ObjectMissingError(missing("page not found"))

    def create_network(self, body: JsonObject) -> str:
        self._asked("create network", body)
        if any(network["Name"] == body["Name"] for network in self.networks.values()):
            raise ExecutionError(said_no(f"network with name {body['Name']} already exists"))
        network = secrets.token_hex(32)
        self.networks[network] = {
            **body,
            "Id": network,
            "Created": time.strftime("%Y-%m-%dT%H:%M:%S.000000001Z", time.gmtime()),
        }
        return network

    def remove_network(self, network: str) -> None:
        self._asked("remove network", network)
        found = self.inspect("network", network)
        users = [
            c
            for c in self.containers.values()
            if c.status == "running" and (c.body.get("HostConfig") or {}).get("NetworkMode") == found["Name"]
        ]
        if users:
            raise ExecutionError(said_no(f"network {found['Name']} has active endpoints"))
        del self.networks[found["Id"]]

    def remove_volume(self, volume: str) -> None:
        self._asked("remove volume", volume)
        if self.volumes.pop(volume, None) is None:
            raise ObjectMissingError(missing(f"no such volume: {volume}"))

    def remove_image(self, image: str, *, force: bool = False) -> None:
        self._asked("remove image", image)
        self.inspect("image", image)
        del self.images[_tagged(image)]


def _untranslated(error: Exception) -> ExecutionError:
    raise error


def _tagged(reference: str) -> str:
    return reference if re.search(r"[:@]", reference.rpartition("/")[2]) else f"{reference}:latest"


def _matches(tag: str, name: str) -> bool:
    return name in {tag, tag.rpartition(":")[0]}


def _labelled(items: list[JsonObject], filters: Filters) -> list[JsonObject]:
    wanted = [label.partition("=") for label in (filters or {}).get("label", ())]
    return [
        item
        for item in items
        if all((item.get("Labels") or {}).get(key) == value for key, _, value in wanted)
    ]
