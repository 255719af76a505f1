"""Looks on while the agent's model writes, and ends what comes to no end."""

from __future__ import annotations

import threading
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk, LLMResult

from assistant.errors import ModelError
from assistant.model import LangChainModel, Watch
from assistant.model_faults import broke_off


class Guard(BaseCallbackHandler):
    """Raised errors end the model's stream where it runs, in LangGraph's own thread."""

    raise_error = True
    run_inline = True

    def __init__(self, model: LangChainModel) -> None:
        self._model = model
        self._watch = Watch(model)
        self.left = threading.Event()
        """Set when nobody reads the answer any more."""

    def on_chat_model_start(self, *_: Any, **__: Any) -> None:
        """Another reply begins."""
        self._watch = Watch(self._model)

    def on_llm_new_token(
        self,
        token: str | list[str | dict[str, Any]],
        *,
        chunk: GenerationChunk | ChatGenerationChunk | None = None,
        **_: Any,
    ) -> None:
        """One more piece.

        Raises:
            ModelError: it is too much, or nobody reads it any more.
        """
        if self.left.is_set():
            raise ModelError(broke_off(self._model.name))
        message = getattr(chunk, "message", None)
        calls = getattr(message, "tool_call_chunks", None) or ()
        written = str(token) + "".join(str(call.get("args") or "") for call in calls)
        self._watch.saw(written, getattr(message, "response_metadata", None) or {})

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        """A reply is over.

        Raises:
            ModelError: it was cut.
        """
        self._watch.over()
