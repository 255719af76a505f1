"""The runs tab: what was run, from the ledger."""

from __future__ import annotations

import gradio as gr

from ui.web.draw_runs import draw_runs
from ui.web.html import el
from ui.web.page import MANY, Page, Updates
from ui.web.pane import pane
from ui.web.session import Session
from ui.web.telling import message_for


class RunsTab:
    """One pane."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.record = pane("runs")

    def draw(self, session: Session) -> Updates:
        """The last runs."""
        try:
            pieces = draw_runs(self.page.assistant.runs(), session.language)
        except Exception as error:  # noqa: BLE001 (shown to the person)
            text = message_for(error).said_in(session.language)
            pieces = [["error", el("p", text, cls="dn-message", role="alert")]]
        return {self.record: pieces}

    def connect(self) -> None:
        """Connects the presses inside the pane."""
        self.record.act(self._refresh, None, [self.record], **MANY)

    def _refresh(self, request: gr.Request) -> Updates:
        return self.draw(self.page.session(request))
