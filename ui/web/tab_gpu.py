"""The GPU tab: the ladder, climbed on request."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from ui.web import on_gpu
from ui.web.draw_frame import with_answered
from ui.web.draw_gpu import draw_gpu
from ui.web.page import MANY, Page, Updates
from ui.web.pane import act_of, pane
from ui.web.session import Session


class GpuTab:
    """One pane."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.ladder = pane("gpu")

    def draw(self, session: Session) -> Updates:
        """The ladder as it stands."""
        return {self.ladder: with_answered(session, lambda: draw_gpu(session.gpu, session.language))}

    def connect(self) -> None:
        """Connects the presses inside the pane."""
        self.ladder.act(self._press, None, [self.ladder], **MANY)

    def _press(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        session = self.page.session(request)
        act = act_of(event)
        do = act.text("do")
        if not session.is_new(act.text("press")):
            do = "watch"
        if do == "check":
            on_gpu.check(session, self.page.assistant)
        elif do in {"yes", "no"}:
            on_gpu.answer(session, act.text("stamp"), yes=do == "yes")
        for _ in session.gpu_changes.watch(lambda: session.gpu.running):
            yield self.draw(session)
