"""What is kept of one question while the agent works on it."""

from __future__ import annotations

from typing import Any

from langchain.agents import AgentState


class NotesState(AgentState[Any]):
    """The agent's own state (messages), the question as asked, and the excerpts first given."""

    question: str
    excerpts: list[dict[str, Any]]
