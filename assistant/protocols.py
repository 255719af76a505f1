"""The seams of the assistant side."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from assistant.values import (
    Answer,
    AnswerPart,
    EngineInfo,
    InspectKind,
    JsonObject,
    Output,
    Progress,
    Run,
    Turn,
)

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.values import Hit

Item_co = TypeVar("Item_co", covariant=True)


class Stream(Protocol[Item_co]):
    """An iterator that another thread may close, which ends it at once."""

    def __iter__(self) -> Iterator[Item_co]:
        """Itself."""
        ...

    def __next__(self) -> Item_co:
        """The next item, when it comes."""
        ...

    def close(self) -> None:
        """Ends the stream; nothing happens where it has ended."""
        ...


class Way(Stream[Output], Protocol):
    """A program's output as it comes, and a way in: its standard input."""

    def send(self, data: bytes) -> None:
        """Writes to the program's input; waits where the program does not read.

        Raises:
            ExecutionError: there is nobody left to read it.
        """
        ...

    def close_input(self) -> None:
        """Lets the program find the end of its input; its output goes on."""
        ...


class ChatModel(Protocol):
    """A chat model that streams text."""

    @property
    def name(self) -> str:
        """``provider:name`` as the person configured it."""
        ...

    def stream(
        self, messages: Sequence[tuple[Literal["system", "user", "assistant"], str]]
    ) -> Generator[str]:
        """Pieces of the model's reply, in order.

        Raises:
            ModelError: the model cannot be reached, refused, or broke off.
        """
        ...


class Agent(Protocol):
    """A chat model that looks things up by itself and may propose commands."""

    @property
    def is_tried(self) -> bool:
        """Whether it is known whether the model uses tools."""
        ...

    def uses_tools(self) -> bool:
        """Whether the model uses tools; tried once.

        Raises:
            ModelError: it could not be tried.
        """
        ...

    def answer(
        self, question: str, hits: Sequence[Hit], library: Library, own: Answer, transcript: Sequence[Turn]
    ) -> Iterator[AnswerPart]:
        """The parts of an answer; ``own`` is the one from the notes' own words, whose commands come along.

        Raises:
            ModelError: the model failed.
        """
        ...

    def go_on(self, proposal: str, run: Run | None, library: Library) -> Iterator[AnswerPart]:
        """What the model says once the person ran what it proposed (``run``), or declined (None).

        Raises:
            ModelError: the model failed.
        """
        ...


class Engine(Protocol):
    """A Docker Engine, by the requests the sandbox makes. Names and ids are taken alike.

    All methods raise EngineUnavailableError where no Engine answers, ImageUnavailableError for an
    image that is not there, ObjectMissingError for any other object that is not there, and
    ExecutionError with the Engine's own words for everything else.
    """

    @property
    def address(self) -> str:
        """Where the Engine is, as configured."""
        ...

    def info(self) -> EngineInfo:
        """What the Engine says of itself."""
        ...

    def version(self) -> str:
        """The Engine's version, by the request that costs it least."""
        ...

    def version_text(self) -> JsonObject:
        """The Engine's answer to ``GET /version``."""
        ...

    def info_text(self) -> JsonObject:
        """The Engine's answer to ``GET /info``."""
        ...

    def list_containers(
        self,
        *,
        all: bool = False,
        last: int | None = None,
        size: bool = False,
        filters: Mapping[str, Sequence[str]] | None = None,
    ) -> list[JsonObject]:
        """``GET /containers/json``."""
        ...

    def list_images(
        self, *, all: bool = False, filters: Mapping[str, Sequence[str]] | None = None
    ) -> list[JsonObject]:
        """``GET /images/json``."""
        ...

    def inspect(self, kind: InspectKind, name: str) -> JsonObject:
        """The Engine's description of one object.

        Raises:
            ObjectMissingError: there is no such object (ImageUnavailableError for an image).
        """
        ...

    def pull(self, reference: str, *, platform: str | None = None) -> Stream[Progress]:
        """Pulls an image; ends when it is there, raises ImageUnavailableError where it fails."""
        ...

    def create_container(
        self, body: JsonObject, *, name: str | None = None, platform: str | None = None
    ) -> str:
        """Creates a container from a request body and returns its id."""
        ...

    def start_container(self, container: str) -> None:
        """Starts a created container."""
        ...

    def follow(
        self,
        container: str,
        *,
        tail: str = "all",
        since: str | None = None,
        until: str | None = None,
        timestamps: bool = False,
        follow: bool = True,
    ) -> Stream[Output]:
        """What a container wrote and (with ``follow``) writes, until it ends; undecoded escapes kept."""
        ...

    def attach(self, container: str, *, tty: bool) -> Way:
        """The container's output from now on and the way to its input; asked for before it starts.

        ``tty`` is whether it was created with a terminal.
        """
        ...

    def resize(self, container: str, rows: int, columns: int) -> None:
        """Tells a running container how large its terminal is."""
        ...

    def events(self, query: Mapping[str, str]) -> Stream[JsonObject]:
        """What happens on the Engine, as it happens."""
        ...

    def execute(self, program: str, *, tty: bool) -> Way:
        """Starts a program that was prepared in a running container: its output, and the way to its input."""
        ...

    def wait_container(self, container: str, *, timeout_seconds: float | None = None) -> int | None:
        """The exit code, or None where it is not known in time."""
        ...

    def stop_container(
        self, container: str, *, timeout_seconds: int | None = None, signal: str | None = None
    ) -> None:
        """Stops a container."""
        ...

    def kill_container(self, container: str) -> None:
        """Ends a container at once; nothing happens where it has ended."""
        ...

    def remove_container(self, container: str, *, force: bool = False, volumes: bool = False) -> None:
        """Removes a container."""
        ...

    def send(
        self,
        method: str,
        *parts: str,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
        seconds: float | None = None,
    ) -> Any:
        """One request that was judged: its answer read as JSON, None where there is none.

        Args:
            method: the HTTP method.
            parts: the path's parts in order (``"containers", id, "pause"``); each is quoted, so that
                nothing in it can point the request at another endpoint.
            query: the URL query.
            body: the JSON body.
            seconds: how long the answer may take; None for the ordinary time.
        """
        ...

    def messages(
        self,
        *parts: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Iterable[bytes] = (),
    ) -> Stream[JsonObject]:
        """``POST`` of a path made of parts: what the Engine says while it works, until it is done.

        The request is made when the first item is asked for, and ``data``, an archive, is sent along then.
        Reading it raises the errors, also where the Engine reports a failure in the middle.
        """
        ...

    def download(self, *parts: str, query: Mapping[str, str | list[str]] | None = None) -> Stream[bytes]:
        """``GET`` of a path made of parts: an archive, piece by piece; a list is a name given again."""
        ...

    def upload(self, *parts: str, query: Mapping[str, str], data: Iterable[bytes]) -> None:
        """``PUT`` of an archive; returns when the Engine has taken it."""
        ...

    def head(self, *parts: str, query: Mapping[str, str]) -> Mapping[str, str]:
        """``HEAD`` of a path made of parts: the answer's headers."""
        ...

    def create_network(self, body: JsonObject) -> str:
        """Creates a network and returns its id."""
        ...

    def list_networks(self, *, filters: Mapping[str, Sequence[str]] | None = None) -> list[JsonObject]:
        """``GET /networks``."""
        ...

    def list_volumes(self, *, filters: Mapping[str, Sequence[str]] | None = None) -> list[JsonObject]:
        """``GET /volumes``, the volumes alone."""
        ...

    def remove_image(self, image: str, *, force: bool = False) -> None:
        """Removes an image."""
        ...

    def remove_network(self, network: str) -> None:
        """Removes a network."""
        ...

    def remove_volume(self, volume: str) -> None:
        """Removes a volume."""
        ...
