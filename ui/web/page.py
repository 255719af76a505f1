"""What all tabs share: the assistant, the sessions of open pages, and how events are set up."""

from __future__ import annotations

from typing import Any, TypeAlias

import gradio as gr

from knowledge.language import Language
from ui.web.facade import AssistantView
from ui.web.gate import page_cookie_name
from ui.web.labels import preferred
from ui.web.session import Session, Sessions

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""No spinner over what is being read, no entry in an API listing."""

MANY: dict[str, Any] = {**QUIET, "trigger_mode": "multiple", "concurrency_limit": None}
"""For events that may come while an earlier one still runs: Cancel beside Run."""

Updates: TypeAlias = dict[Any, Any]
"""Component to its new value."""


class Page:
    """The assistant, the language setting, and the sessions of open pages."""

    def __init__(self, assistant: AssistantView, language: Language | None) -> None:
        self.assistant = assistant
        self.language = language
        self.sessions = Sessions()

    def session(self, request: gr.Request) -> Session:
        """The session of the browser a request comes from.

        Kept by our own cookie: Gradio gives a page a new id when it reconnects.
        """
        name = page_cookie_name(request.request.scope) if request.request is not None else ""
        return self.sessions.of(request.cookies.get(name) or request.session_hash, self.preferred(request))

    def preferred(self, request: gr.Request) -> Language:
        """The language Gradio's own labels have when the page is loaded."""
        return self.language or preferred(request.headers.get("accept-language", ""))
