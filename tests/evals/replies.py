"""A chat model whose replies are kept: a slow one is asked once, and checks can be tried on what it said."""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Literal

from assistant.model import LangChainModel

_SILENT_SECONDS = 900.0  # a model on a busy processor


class KeptReplies:
    """A model by name; a question it answered before gets the reply that was kept."""

    def __init__(self, name: str, url: str | None, path: Path | None) -> None:
        self._model = LangChainModel(name, url=url, silent_seconds=_SILENT_SECONDS)
        self._path = path
        self._kept: dict[str, str] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self._kept[entry["question"]] = entry["reply"]

    @property
    def name(self) -> str:
        """``provider:name``."""
        return self._model.name

    def stream(
        self, messages: Sequence[tuple[Literal["system", "user", "assistant"], str]]
    ) -> Generator[str]:
        """The reply, kept or new.

        Raises:
            ModelError: as the model's own.
        """
        question = messages[-1][1].splitlines()[-1].partition(" ")[2]
        if question in self._kept:
            yield self._kept[question]
            return
        said: list[str] = []
        try:
            for piece in self._model.stream(messages):
                said.append(piece)
                yield piece
        except GeneratorExit:  # enough was read
            self._keep(question, "".join(said))
            raise
        self._keep(question, "".join(said))

    def _keep(self, question: str, reply: str) -> None:
        self._kept[question] = reply
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps({"question": question, "reply": reply}, ensure_ascii=False) + "\n")
