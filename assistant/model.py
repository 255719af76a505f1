"""Chat models through LangChain, by ``provider:name``."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from assistant.errors import ModelError
from assistant.local_models import is_loopback
from assistant.model_faults import broke_off, endless, fault

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")

SILENT_SECONDS = 120.0
"""How long a model's server may say nothing before it is given up; a model on a processor is slow."""

MOST_TOKENS = 1200
"""How much a server is asked to write at most; an answer has a few sentences and a command."""

MOST_CHARACTERS = 12_000
"""Where a reply is ended that a server did not end itself."""

MOST_SECONDS = 600.0
"""... and after which time."""

_SAYS_ITS_END = {"openai": "finish_reason", "ollama": "done_reason"}
"""Providers whose last piece says why it is the last; without it the stream was cut."""


class LangChainModel:
    """Any chat model LangChain knows, by ``provider:name``; made at its first use.

    Args:
        name: ``provider:name``.
        url: the server's address, None for the provider's own.
        key: the server's key, None for the provider's own variable.
        silent_seconds: how long the server may say nothing.
    """

    def __init__(
        self,
        name: str,
        *,
        url: str | None = None,
        key: str | None = None,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        self._name = name
        self._url = url
        self._key = key
        self._silent = silent_seconds

    @property
    def name(self) -> str:
        """``provider:name`` as the person configured it."""
        return self._name

    @property
    def provider(self) -> str:
        """The part before the colon."""
        return self._name.partition(":")[0]

    @property
    def address(self) -> str | None:
        """The server's address; None where the provider's own is used."""
        return self._url

    @cached_property
    def chat(self) -> BaseChatModel:
        """The model as LangChain has it, made at the first use.

        Raises:
            ModelError: its package is missing, or it takes none of these settings.
        """
        from langchain.chat_models import init_chat_model

        try:
            made: BaseChatModel = init_chat_model(self._name, **self._options())
        except Exception as error:  # each provider's package raises its own classes
            raise self.failed(error) from error
        return made

    def stream(
        self, messages: Sequence[tuple[Literal["system", "user", "assistant"], str]]
    ) -> Generator[str]:
        """Pieces of the model's reply, in order.

        Raises:
            ModelError: the model cannot be made or reached, refused, broke off, or came to no end.
        """
        watch = Watch(self)
        try:
            for piece in untraced(self.chat.stream([(role, text) for role, text in messages])):
                watch.saw(str(piece.text), piece.response_metadata)
                if text := str(piece.text):
                    yield text
        except ModelError:
            raise
        except Exception as error:  # each provider's package raises its own classes
            raise self.failed(error) from error
        watch.over()

    def failed(self, error: Exception) -> ModelError:
        """What went wrong, in one line for the person; the key is never part of it."""
        if isinstance(error, ModelError):
            return error
        return ModelError(fault(error, self._name, self._url, silent_seconds=self._silent, secret=self._key))

    def _options(self) -> dict[str, Any]:
        """The settings as the provider's package takes them."""
        options: dict[str, Any] = {"temperature": 0}
        if self._url:
            options["base_url"] = self._url
        own_machine = is_loopback(self._url)
        if self.provider == "ollama":
            # A proxy of the environment must not get what is meant for this machine.
            client: dict[str, Any] = {"timeout": self._silent, "trust_env": not own_machine}
            if self._key:
                client["headers"] = {"Authorization": f"Bearer {self._key}"}
            return options | {"client_kwargs": client, "num_predict": MOST_TOKENS, "num_ctx": 8192}
        if self._key:
            options["api_key"] = self._key
        if self.provider == "openai":
            # A server of the person's own needs no key, but the client will not start without one.
            options["api_key"] = self._key or ("none" if self._url else None)
            options |= {"timeout": self._silent, "max_retries": 0, "max_tokens": MOST_TOKENS}
            if own_machine:
                import httpx

                # Nothing is kept open between answers: a socket to this machine costs nothing to make.
                no_idle = httpx.Limits(max_keepalive_connections=0)
                options["http_client"] = httpx.Client(trust_env=False, timeout=self._silent, limits=no_idle)
        return options


class Watch:
    """Looks on at a reply and ends one that comes to no end of itself."""

    def __init__(self, model: LangChainModel) -> None:
        self._model = model
        self._characters = 0
        self._began = time.monotonic()
        self._end: str | None = None

    def saw(self, text: str, metadata: Mapping[str, Any]) -> None:
        """One more piece.

        Raises:
            ModelError: that was too much, or took too long.
        """
        self._characters += len(text)
        if said := metadata.get(_SAYS_ITS_END.get(self._model.provider, "")):
            self._end = str(said)
        if self._characters > MOST_CHARACTERS or time.monotonic() - self._began > MOST_SECONDS:
            raise ModelError(endless(self._model.name))

    def over(self) -> None:
        """The reply is over.

        Raises:
            ModelError: the server stopped in the middle of it, or was cut at its limit.
        """
        if self._end == "length":
            raise ModelError(endless(self._model.name))
        if self._end is None and self._model.provider in _SAYS_ITS_END:
            raise ModelError(broke_off(self._model.name))


def untraced(pieces: Iterator[T]) -> Iterator[T]:
    """The same pieces, while nothing of them goes to a tracing service that the environment names.

    LangChain sends every prompt to LangSmith where LANGSMITH_TRACING is set; the notes go to the model
    that was named and to nobody else.
    """
    from langsmith import tracing_context

    while True:
        with tracing_context(enabled=False):  # around each step: a generator keeps no context of its own
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece
