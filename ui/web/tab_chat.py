"""The chat tab: its components, and what their events draw again."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from ui.web import on_chat
from ui.web.draw_frame import with_answered
from ui.web.labels import label
from ui.web.page import MANY, Page, Updates
from ui.web.pane import act_of, pane
from ui.web.session import Session


class ChatTab:
    """The conversation and the box to ask in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.thread = pane("thread")
        with gr.Row(elem_id="dn-composer"):
            self.box = gr.Textbox(
                placeholder=label("dn_ask_placeholder", page.language),
                show_label=False,
                lines=1,
                max_lines=6,
                container=False,
                elem_id="dn-box",
                scale=8,
            )
            self.ask = gr.Button(label("dn_ask", page.language), variant="primary", elem_id="dn-ask", scale=0)
            self.stop = gr.Button(label("dn_stop", page.language), visible=False, elem_id="dn-stop", scale=0)

    def draw(self, session: Session) -> Updates:
        """The conversation as it stands."""
        return {self.thread: with_answered(session, lambda: on_chat.draw(session, self.page.assistant))}

    def connect(self) -> None:
        """Connects the box, the buttons and the presses inside the conversation."""
        outputs = [self.thread, self.box, self.ask, self.stop]
        gr.on([self.ask.click, self.box.submit], self._ask, self.box, outputs, **MANY)
        self.stop.click(self._stop, None, None, **MANY)
        self.thread.act(self._press, None, outputs, **MANY)

    def _ask(self, question: str, request: gr.Request) -> Iterator[Updates]:
        yield from self._asking(self.page.session(request), question)

    def _asking(self, session: Session, question: str) -> Iterator[Updates]:
        taken = on_chat.ask(session, question, self.page.assistant)
        yield {**self.state(session), **({self.box: ""} if taken else {})}
        yield from self._watching(session)

    def _watching(self, session: Session) -> Iterator[Updates]:
        for _ in session.chat_changes.watch(lambda: session.is_busy):
            yield self.state(session)

    def state(self, session: Session) -> Updates:
        """The conversation, and which of Ask and Stop there is."""
        busy = session.answering is not None
        return {
            **self.draw(session),
            self.ask: gr.update(visible=not busy),
            self.stop: gr.update(visible=busy),
        }

    def _stop(self, request: gr.Request) -> None:
        on_chat.stop(self.page.session(request))

    def _press(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        session = self.page.session(request)
        act = act_of(event)
        if not session.is_new(act.text("press")):
            yield from self._watching(session)
            return
        if act.text("do") == "example":
            examples = session.examples or on_chat.examples(session, self.page.assistant)
            n = act.number("n")
            if n is not None and n < len(examples):
                yield from self._asking(session, examples[n])
            return
        on_chat.press(session, act, self.page.assistant)
        yield from self._watching(session)
