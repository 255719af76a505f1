"""A real Docker Engine: one method per request of the Engine API.

Source: Engine API reference, v1.41 and later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

from assistant.errors import EngineUnavailableError, ExecutionError, ImageUnavailableError
from assistant.execution.connection import ANSWER_SECONDS, Connection, is_read_timeout
from assistant.execution.engine_streams import StreamingEngine, path_of, quoted
from assistant.execution.engine_texts import image_unavailable
from assistant.execution.streams import ClosableStream, Duplex, json_lines, log_items, pull_items
from assistant.values import EngineInfo, InspectKind, JsonObject, Output, Progress

_INSPECT = {"container": "/containers/{}/json", "image": "/images/{}/json", "volume": "/volumes/{}"}
_NO_DETACHING = ",".join(["ctrl-@", "ctrl-_"] * 8)
"""Keys nobody types: leaving a container behind is not offered, and the default would hold back Ctrl-P."""


class DockerEngine(StreamingEngine):
    """An Engine at ``unix:///…``, ``tcp://…`` or ``ssh://…``; connects at the first request.

    ``certificates`` is a folder with ca.pem, cert.pem and key.pem for a TCP address with TLS.
    """

    def __init__(self, address: str, *, certificates: Path | None = None) -> None:
        self._connection = Connection(address, certificates=certificates)

    @property
    def address(self) -> str:
        """Where the Engine is, as configured."""
        return self._connection.address

    def close(self) -> None:
        """Closes the connections; the next request opens them again."""
        self._connection.close()

    def info(self) -> EngineInfo:
        """What the Engine says of itself."""
        version, info = self.version_text(), self.info_text()
        devices = info.get("DiscoveredDevices") or ()
        return EngineInfo(
            address=self.address,
            version=str(version.get("Version", "")),
            api_version=str(version.get("ApiVersion", "")),
            operating_system=str(info.get("OperatingSystem", "")),
            architecture=str(info.get("Architecture", "")),
            runtimes=tuple(sorted(info.get("Runtimes") or ())),
            cdi_devices=tuple(str(device["ID"]) for device in devices if device.get("Source") == "cdi"),
            memory_bytes=info.get("MemTotal"),
            cpus=info.get("NCPU"),
        )

    def version(self) -> str:
        """The Engine's version, from the head of ``GET /_ping`` where it stands there.

        ``GET /version`` starts other programs to ask for their versions too.
        """
        server = str(self._connection.send("GET", "/_ping").headers.get("Server", ""))
        name, _, version = server.partition(" ")[0].partition("/")
        return version if name == "Docker" and version else str(self.version_text().get("Version", "?"))

    def version_text(self) -> JsonObject:
        """The Engine's answer to ``GET /version``."""
        return cast(JsonObject, self._connection.json("/version"))

    def info_text(self) -> JsonObject:
        """The Engine's answer to ``GET /info``."""
        return cast(JsonObject, self._connection.json("/info"))

    def list_containers(
        self,
        *,
        all: bool = False,
        last: int | None = None,
        size: bool = False,
        filters: Mapping[str, Sequence[str]] | None = None,
    ) -> list[JsonObject]:
        """``GET /containers/json``."""
        query = {"all": all, "limit": last, "size": size, "filters": _filters(filters)}
        return cast(list[JsonObject], self._connection.json("/containers/json", query))

    def list_images(
        self, *, all: bool = False, filters: Mapping[str, Sequence[str]] | None = None
    ) -> list[JsonObject]:
        """``GET /images/json``."""
        return cast(
            list[JsonObject],
            self._connection.json("/images/json", {"all": all, "filters": _filters(filters)}),
        )

    def list_networks(self, *, filters: Mapping[str, Sequence[str]] | None = None) -> list[JsonObject]:
        """``GET /networks``."""
        return cast(list[JsonObject], self._connection.json("/networks", {"filters": _filters(filters)}))

    def list_volumes(self, *, filters: Mapping[str, Sequence[str]] | None = None) -> list[JsonObject]:
        """``GET /volumes``, the volumes alone."""
        return cast(
            list[JsonObject],
            self._connection.json("/volumes", {"filters": _filters(filters)}).get("Volumes") or [],
        )

    def inspect(self, kind: InspectKind, name: str) -> JsonObject:
        """The Engine's description of one object."""
        return cast(
            JsonObject,
            self._connection.json(_INSPECT.get(kind, "/networks/{}").format(quoted(name, kind=kind))),
        )

    def pull(self, reference: str, *, platform: str | None = None) -> ClosableStream[Progress]:
        """Pulls an image; ends when it is there, raises ImageUnavailableError where it fails."""
        query = {"fromImage": with_tag(reference), "platform": platform}
        try:
            items = partial(pull_items, reference=reference)
            return self._connection.stream("POST", "/images/create", items, query=query)
        except EngineUnavailableError:
            raise
        except ExecutionError as error:
            message = str(getattr(error.__cause__, "explanation", error))
            raise ImageUnavailableError(image_unavailable(reference, message)) from error

    def create_container(
        self, body: JsonObject, *, name: str | None = None, platform: str | None = None
    ) -> str:
        """Creates a container from a request body and returns its id."""
        query = {"name": name, "platform": platform}
        return str(self._connection.json("/containers/create", query, method="POST", body=body)["Id"])

    def start_container(self, container: str) -> None:
        """Starts a created container."""
        self._connection.send("POST", f"/containers/{quoted(container)}/start")

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
        """What a container wrote and writes. Reads the log: attaching to an exited container can hang."""
        tty = bool(self.inspect("container", container)["Config"].get("Tty"))
        query = {
            "stdout": True,
            "stderr": True,
            "follow": follow,
            "timestamps": timestamps,
            "tail": tail,
            "since": since,
            "until": until,
        }
        path = f"/containers/{quoted(container)}/logs"
        return self._connection.stream("GET", path, partial(log_items, tty=tty), query=query)

    def attach(self, container: str, *, tty: bool) -> Duplex:
        """The container's output from now on and the way to its input; asked for before it starts."""
        query = dict.fromkeys(("stream", "stdin", "stdout", "stderr"), True)
        path = f"/containers/{quoted(container)}/attach"
        return self._connection.hijack(path, tty=tty, query={**query, "detachKeys": _NO_DETACHING})

    def resize(self, container: str, rows: int, columns: int) -> None:
        """Tells a running container how large its terminal is."""
        path = f"/containers/{quoted(container)}/resize"
        self._connection.send("POST", path, query={"h": rows, "w": columns})

    def events(self, query: Mapping[str, str]) -> ClosableStream[JsonObject]:
        """What happens on the Engine, as it happens."""
        return self._connection.stream("GET", "/events", json_lines, query=query)

    def execute(self, program: str, *, tty: bool) -> Duplex:
        """Starts a program that was prepared in a running container: its output, and the way to its input."""
        path = f"/exec/{quoted(program)}/start"
        return self._connection.hijack(path, tty=tty, body={"Detach": False, "Tty": tty})

    def wait_container(self, container: str, *, timeout_seconds: float | None = None) -> int | None:
        """The exit code, or None where it is not known in time."""
        try:
            answer = self._connection.send(
                "POST", f"/containers/{quoted(container)}/wait", seconds=timeout_seconds
            )
        except EngineUnavailableError as error:
            if is_read_timeout(error):
                return None
            raise
        return int(answer.json()["StatusCode"])

    def stop_container(
        self, container: str, *, timeout_seconds: int | None = None, signal: str | None = None
    ) -> None:
        """Stops a container; one that has stopped stays so."""
        query = {"t": timeout_seconds, "signal": signal}
        seconds = ANSWER_SECONDS + max(timeout_seconds or 10, 0)
        self._connection.send("POST", f"/containers/{quoted(container)}/stop", query=query, seconds=seconds)

    def kill_container(self, container: str) -> None:
        """Ends a container at once; nothing happens where it has ended."""
        try:
            self._connection.send("POST", f"/containers/{quoted(container)}/kill")
        except ExecutionError as error:
            if getattr(error.__cause__, "status_code", None) not in {404, 409}:
                raise

    def remove_container(self, container: str, *, force: bool = False, volumes: bool = False) -> None:
        """Removes a container."""
        self._connection.send(
            "DELETE", f"/containers/{quoted(container)}", query={"force": force, "v": volumes}
        )

    def send(
        self,
        method: str,
        *parts: str,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
        seconds: float | None = None,
    ) -> Any:
        """One request that was judged, its path made of parts that are quoted."""
        path = path_of(parts)
        response = self._connection.send(
            method, path, query=query, body=body, seconds=seconds or ANSWER_SECONDS
        )
        return self._connection.read(response) if response.content.strip() else None

    def create_network(self, body: JsonObject) -> str:
        """Creates a network and returns its id."""
        return str(self._connection.json("/networks/create", method="POST", body=body)["Id"])

    def remove_network(self, network: str) -> None:
        """Removes a network."""
        self._connection.send("DELETE", f"/networks/{quoted(network)}")

    def remove_volume(self, volume: str) -> None:
        """Removes a volume."""
        self._connection.send("DELETE", f"/volumes/{quoted(volume)}")

    def remove_image(self, image: str, *, force: bool = False) -> None:
        """Removes an image."""
        self._connection.send("DELETE", f"/images/{quoted(image, kind='image')}", query={"force": force})


def with_tag(reference: str) -> str:
    """Names ``latest`` where the person named no tag; the Engine would pull all tags of the image."""
    last = reference.rpartition("/")[2]
    return reference if ":" in last or "@" in last else f"{reference}:latest"


def _filters(filters: Mapping[str, Sequence[str]] | None) -> str | None:
    return json.dumps({name: list(values) for name, values in filters.items()}) if filters else None
