"""A chat model that says what a test wrote for it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Literal

from assistant.errors import ModelError
from knowledge.language import Text


class ScriptedChatModel:
    """Streams one scripted reply for each call; ``breaks_after`` pieces it fails."""

    def __init__(self, *replies: str, breaks_after: int | None = None) -> None:
        self._replies = list(replies)
        self._breaks_after = breaks_after
        self.heard: list[list[tuple[str, str]]] = []
        """The messages of each call."""

    @property
    def name(self) -> str:
        return "scripted:model"

    def stream(
        self, messages: Sequence[tuple[Literal["system", "user", "assistant"], str]]
    ) -> Generator[str]:
        self.heard.append(list(messages))
        reply = self._replies.pop(0)
        for count, piece in enumerate(reply.split(" ")):
            if count == self._breaks_after:
                raise ModelError(Text(en="The scripted model broke off.", zh="脚本模型中断了。"))
            yield piece if count == 0 else f" {piece}"
