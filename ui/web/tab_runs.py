"""The runs tab: what was run, from the ledger."""

from __future__ import annotations

import gradio as gr

from ui.web import on_saving
from ui.web.draw_chat import Piece
from ui.web.draw_frame import with_answered
from ui.web.draw_runs import draw_runs
from ui.web.html import el
from ui.web.page import MANY, Page, Updates
from ui.web.pane import act_of, pane
from ui.web.session import Session
from ui.web.telling import message_for


class RunsTab:
    """One pane."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.record = pane("runs")

    def draw(self, session: Session) -> Updates:
        """The last runs."""
        return {self.record: with_answered(session, lambda: self._pieces(session))}

    def _pieces(self, session: Session) -> list[Piece]:
        try:
            pieces = draw_runs(self.page.assistant.runs(), session.language, session.savings)
        except Exception as error:  # noqa: BLE001 (shown to the person)
            text = message_for(error).said_in(session.language)
            pieces = [["error", el("p", text, cls="dn-message", role="alert")]]
        return pieces

    def connect(self) -> None:
        """Connects the presses inside the pane."""
        self.record.act(self._press, None, [self.record], **MANY)

    def _press(self, event: gr.EventData, request: gr.Request) -> Updates:
        session, act = self.page.session(request), act_of(event)
        if session.is_new(act.text("press")) and act.text("do").startswith("save"):
            on_saving.press(session, act, self.page.assistant)
        return self.draw(session)
