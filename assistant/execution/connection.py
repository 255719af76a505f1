"""The way to an Engine, through the Docker SDK. The one file that imports it.

Requests go out through the SDK's low-level client, which knows Unix sockets, TLS and ssh; bodies
are sent exactly as they were judged. Nothing of the caller's surroundings is consulted: no docker
context, no ``DOCKER_*`` or proxy variables, no stored credentials.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import docker  # type: ignore[import-untyped]
import requests
import urllib3
from docker import errors as sdk
from docker.constants import MINIMUM_DOCKER_API_VERSION  # type: ignore[import-untyped]
from docker.types import CancellableStream  # type: ignore[import-untyped]

from assistant import errors as ours
from assistant.execution import engine_texts as texts
from assistant.execution.streams import ClosableStream, Duplex, log_items
from assistant.execution.wire import Wire
from assistant.values import JsonObject

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
NEWEST_API = (1, 47)
"""The newest API version the requests here were written for."""

_UPGRADE = {"Connection": "Upgrade", "Upgrade": "tcp"}

Item = TypeVar("Item")

_CAUGHT = (sdk.DockerException, sdk.StreamParseError, requests.RequestException, urllib3.exceptions.HTTPError)
_ALL_CAUGHT = (*_CAUGHT, OSError, KeyError, ValueError)

SDK_ERRORS: Mapping[type[BaseException], type[ours.ExecutionError]] = {
    sdk.APIError: ours.ExecutionError,
    sdk.NotFound: ours.ObjectMissingError,
    sdk.ImageNotFound: ours.ImageUnavailableError,
    sdk.InvalidVersion: ours.EngineUnavailableError,
    sdk.TLSParameterError: ours.EngineUnavailableError,
    sdk.InvalidConfigFile: ours.EngineUnavailableError,
    sdk.StreamParseError: ours.EngineUnavailableError,
    sdk.DockerException: ours.EngineUnavailableError,
    sdk.InvalidRepository: ours.ImageUnavailableError,
    sdk.InvalidArgument: ours.ExecutionError,
    sdk.DeprecatedMethod: ours.ExecutionError,
    sdk.NullResource: ours.ObjectMissingError,
    sdk.ContainerError: ours.ExecutionError,
    sdk.BuildError: ours.ExecutionError,
    sdk.ImageLoadError: ours.ExecutionError,
    sdk.MissingContextParameter: ours.ExecutionError,
    sdk.ContextAlreadyExists: ours.ExecutionError,
    sdk.ContextException: ours.ExecutionError,
    sdk.ContextNotFound: ours.ExecutionError,
}
"""Every class of ``docker.errors``, and what it becomes."""

_UNUSABLE: Mapping[type[BaseException], texts.Unreachable] = {
    sdk.InvalidVersion: "old",
    sdk.TLSParameterError: "certificates",
}


class Connection:
    """The connections to one address; opened at the first request.

    ``certificates`` is a folder with ca.pem, cert.pem and key.pem for a TCP address with TLS.
    """

    def __init__(self, address: str, *, certificates: Path | None = None) -> None:
        self.address = address
        self._certificates = certificates
        self._lock = threading.Lock()
        self._connected: tuple[Any, str] | None = None

    def _connect(self) -> tuple[Any, str]:
        """The SDK's client, and the URL prefix with the newest API version both sides know."""
        with self._lock:
            if self._connected is None:
                self._knock()
                client = docker.APIClient(
                    base_url=self.address,
                    version=MINIMUM_DOCKER_API_VERSION,
                    timeout=ANSWER_SECONDS,
                    tls=self._tls(),
                )
                client.trust_env = False
                answer = client.get(f"{client.base_url}/version", timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
                answer.raise_for_status()
                theirs = tuple(int(part) for part in str(answer.json()["ApiVersion"]).split("."))
                version = ".".join(str(part) for part in min(theirs, NEWEST_API))
                self._connected = (client, f"{client.base_url}/v{version}")
            return self._connected

    def _knock(self) -> None:
        """Tries a Unix socket first: the SDK leaves its socket open where it cannot connect.

        Raises:
            OSError: nobody listens there.
        """
        path = self.address.removeprefix("unix://")
        if path != self.address:
            with socket.socket(socket.AF_UNIX) as knock:
                knock.settimeout(CONNECT_SECONDS)
                knock.connect(path)

    def close(self) -> None:
        """Closes the connections; the next request opens them again."""
        with self._lock:
            if self._connected is not None:
                self._connected[0].close()
            self._connected = None

    def _tls(self) -> Any:
        folder = self._certificates
        if folder is None:
            return False
        pair = (str(folder / "cert.pem"), str(folder / "key.pem"))
        return docker.tls.TLSConfig(client_cert=pair, ca_cert=str(folder / "ca.pem"), verify=True)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
        stream: bool = False,
        seconds: float | None = ANSWER_SECONDS,
        headers: Mapping[str, str] | None = None,
        data: Iterable[bytes] | None = None,
    ) -> requests.Response:
        """The Engine's answer, or one of our errors; ``data`` is sent piece by piece in place of a body."""
        try:
            client, prefix = self._connect()
            response = client.request(
                method,
                prefix + path,
                params={name: _as_query(value) for name, value in (query or {}).items() if value is not None},
                json=body,
                data=data,
                stream=stream,
                timeout=(CONNECT_SECONDS, seconds),
                headers=headers,
            )
            try:
                response.raise_for_status()
            except requests.HTTPError as error:
                sdk.create_api_error_from_http_exception(error)
        except _ALL_CAUGHT as error:
            raise translated(error, self.address) from error
        return cast(requests.Response, response)

    def json(
        self,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        method: str = "GET",
        body: JsonObject | None = None,
    ) -> Any:
        """The Engine's answer, read as JSON."""
        return self.read(self.send(method, path, query=query, body=body))

    def read(self, response: requests.Response) -> Any:
        """An answer, read as JSON."""
        try:
            return response.json()
        except ValueError as error:
            raise translated(error, self.address) from error

    def stream(
        self,
        method: str,
        path: str,
        items: Callable[[Iterator[bytes]], Iterator[Item]],
        *,
        query: Mapping[str, Any] | None = None,
    ) -> ClosableStream[Item]:
        """An answer that comes piece by piece, ``items`` making values of its bytes."""
        return self.closable(self.send(method, path, query=query, stream=True, seconds=None), items)

    def closable(
        self,
        response: requests.Response,
        items: Callable[[Iterator[bytes]], Iterator[Item]],
        *,
        chunk_bytes: int | None = None,
    ) -> ClosableStream[Item]:
        """An answer that has begun, as a stream; ``chunk_bytes`` None takes the pieces as they come."""
        chunks: Iterator[bytes] = response.iter_content(chunk_size=chunk_bytes)
        return ClosableStream(
            items(chunks),
            close=CancellableStream(chunks, response).close,
            translate=partial(translated, address=self.address),
        )

    def hijack(
        self,
        path: str,
        *,
        tty: bool,
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
    ) -> Duplex:
        """A connection that becomes a program's own streams: for attach, and for the start of an exec.

        Source: Engine API, "Hijacking" of ``POST /containers/{id}/attach``.
        """
        response = self.send("POST", path, query=query, body=body, stream=True, headers=_UPGRADE)
        wire = Wire(response)
        return Duplex(
            log_items(wire.chunks(), tty=tty),
            close=wire.close,
            send=wire.send,
            close_input=wire.close_input,
            translate=partial(translated, address=self.address),
        )


def translated(error: BaseException, address: str) -> ours.ExecutionError:
    """An error of the SDK or of the connection, as one of ours."""
    kind = next((SDK_ERRORS[base] for base in type(error).__mro__ if base in SDK_ERRORS), None)
    if kind is None or kind is ours.EngineUnavailableError:
        why = _UNUSABLE.get(type(error)) or texts.why_unreachable(error, address)
        return ours.EngineUnavailableError(texts.unavailable(address, why))
    message = str(getattr(error, "explanation", None) or error)
    if kind is ours.ImageUnavailableError:
        return ours.ImageUnavailableError(texts.image_not_here(message))
    if kind is ours.ObjectMissingError:
        return ours.ObjectMissingError(texts.missing(message))
    return ours.ExecutionError(texts.said_no(message))


def ignoring(patterns: list[str]) -> Callable[[str], bool]:
    """Whether patterns of a ``.dockerignore`` leave a path out; no file is looked at."""
    from docker.utils.build import PatternMatcher  # type: ignore[import-untyped]

    matcher = PatternMatcher(patterns)
    return lambda path: bool(matcher.matches(path))


def _as_query(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]  # the name again for each
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_read_timeout(error: ours.EngineUnavailableError) -> bool:
    """Whether the Engine was reached but kept us waiting longer than we asked for.

    The head of an answer may come at once and its body late; then the timeout is wrapped up deeper.
    """
    chain = list(texts.causes(error))
    if any(isinstance(link, urllib3.exceptions.ConnectTimeoutError) for link in chain):
        return False
    return any(isinstance(link, TimeoutError | urllib3.exceptions.ReadTimeoutError) for link in chain)
