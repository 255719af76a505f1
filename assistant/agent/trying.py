"""Can a chat model use tools? Found out by trying once for each model, and remembered."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.model import LangChainModel, untraced
from assistant.model_faults import status_of

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk, BaseMessage

_WORD = "kestrel"
_RULES = "Use the tool to find out what you are asked, then answer with that word alone."
_QUESTION = "What is the code word in the notes? Call search_notes with the query 'code word'."
_CANNOT = (400, 404, 405, 422, 500, 501)
"""What servers answer to tools that a model or they themselves do not know."""


class Ways:
    """Which models use tools, kept in a small file: a name and an address to yes or no."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def known(self, model: LangChainModel) -> bool | None:
        """What is remembered of a model; None where it was not tried."""
        answer = self._read().get(_key(model))
        return answer if isinstance(answer, bool) else None

    def uses_tools(self, model: LangChainModel) -> bool:
        """Whether a model uses tools, tried where that is not known yet.

        Raises:
            ModelError: it could not be tried; nothing is remembered then.
        """
        with self._lock:
            known = self.known(model)
            if known is None:
                known = tries(model)
                self._keep(_key(model), known)
            return known

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _keep(self, key: str, answer: bool) -> None:
        whole = {**self._read(), key: answer}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps(whole, indent=1), encoding="utf-8")
            new.replace(self._path)
        except OSError:
            return  # then it is tried again next time


def tries(model: LangChainModel) -> bool:
    """Whether a model calls a tool when told to, with fitting arguments, and uses what it brings.

    Raises:
        ModelError: its server cannot be reached, refused, or failed for another reason than the tools.
    """
    from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage

    asked: list[BaseMessage] = [SystemMessage(_RULES), HumanMessage(_QUESTION)]
    try:
        first = _said(model, asked)
        if len(first.tool_calls) != 1:
            return False
        call = first.tool_calls[0]
        if call["name"] != "search_notes" or not isinstance(call["args"].get("query"), str):
            return False
        found = ToolMessage(f"[1] The code word is {_WORD}.", tool_call_id=call["id"])
        second = _said(model, [*asked, first, found])
    except NotImplementedError:  # LangChain's class for this provider knows no tools
        return False
    except Exception as error:
        if status_of(error) in _CANNOT and _without_tools(model):
            return False
        raise model.failed(error) from error
    return not second.tool_calls and _WORD in str(second.text).lower()


def _said(model: LangChainModel, messages: list[BaseMessage]) -> AIMessageChunk:
    from langchain_core.messages import AIMessageChunk
    from langchain_core.tools import StructuredTool

    def search_notes(query: str) -> str:
        """Search the person's notes."""
        return query

    bound = model.chat.bind_tools([StructuredTool.from_function(search_notes)])
    whole = AIMessageChunk(content="")
    for piece in untraced(bound.stream(messages)):
        if isinstance(piece, AIMessageChunk):
            whole = whole + piece
        if len(str(whole.text)) > 2_000:
            break  # it was to say one word
    return whole


def _without_tools(model: LangChainModel) -> bool:
    """Whether the model answers once no tools are offered; if not, the tools were not what failed."""
    try:
        return any(model.stream([("user", "Say yes.")]))
    except ModelError:
        return False


def _key(model: LangChainModel) -> str:
    return f"{model.name} {model.address or ''}".strip()
