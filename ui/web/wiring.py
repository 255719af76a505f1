"""Which component does what: the page's layout and the events between its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from knowledge.language import Language
from ui.web import on_chat
from ui.web.draw_frame import draw_header
from ui.web.facade import AssistantView
from ui.web.labels import label, preferred
from ui.web.pane import Act, pane
from ui.web.session import Session, Sessions

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
MANY: dict[str, Any] = {**QUIET, "trigger_mode": "multiple", "concurrency_limit": None}
Updates = dict[Any, Any]


class Page:
    """The assistant, the open pages' sessions, and the language setting."""

    def __init__(self, assistant: AssistantView, language: Language | None) -> None:
        self.assistant = assistant
        self.language = language
        self.sessions = Sessions()

    def session(self, request: gr.Request) -> Session:
        """The session of the page a request comes from."""
        language = self.language or preferred(request.headers.get("accept-language", ""))
        return self.sessions.of(request.session_hash, language)


def lay_out(page: Page, blocks: gr.Blocks) -> None:
    """Fills the open Blocks with the page and connects it."""
    header = pane("header")
    with gr.Tabs(elem_id="dn-tabs") as tabs, gr.Tab(label("dn_tab_chat", page.language), id="chat"):
        chat = Chat(page)
    chat.connect()

    def load(request: gr.Request) -> Updates:
        session = page.session(request)
        session.engine = page.assistant.engine_status()
        return {header: _header(page, session), chat.thread: chat.pieces(session)}

    blocks.load(load, None, [header, chat.thread], **QUIET)

    def unload(request: gr.Request) -> None:
        page.sessions.close(request.session_hash)

    blocks.unload(unload)


def _header(page: Page, session: Session) -> list[list[str]]:
    return [["header", draw_header(session, page.assistant.model_name, can_switch=True)]]


class Chat:
    """The conversation and the box to ask in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.thread = pane("thread")
        with gr.Row(elem_id="dn-composer"):
            self.box = gr.Textbox(
                placeholder=label("dn_ask_placeholder", page.language), show_label=False, lines=1, max_lines=6,
                autofocus=True, container=False, elem_id="dn-box", scale=8,
            )  # fmt: skip
            self.ask = gr.Button(label("dn_ask", page.language), variant="primary", elem_id="dn-ask", scale=0)
            self.stop = gr.Button(label("dn_stop", page.language), visible=False, elem_id="dn-stop", scale=0)
        self.outputs = [self.thread, self.box, self.ask, self.stop]

    def pieces(self, session: Session) -> list[list[str]]:
        """The conversation as it stands."""
        return on_chat.draw(session, self.page.assistant)

    def connect(self) -> None:
        """Connects the box, the buttons and the presses inside the conversation."""
        gr.on([self.ask.click, self.box.submit], self._ask, self.box, self.outputs, **MANY)
        self.stop.click(self._stop, None, None, queue=False, **QUIET)
        self.thread.act(self._press, None, self.outputs, **MANY)

    def _ask(self, question: str, request: gr.Request) -> Iterator[Updates]:
        session = self.page.session(request)
        yield from self._asking(session, question)

    def _asking(self, session: Session, question: str) -> Iterator[Updates]:
        first = True
        for taken in on_chat.ask(session, question, self.page.assistant):
            updates = self._state(session)
            if first and taken:
                updates[self.box] = ""
            first = False
            yield updates

    def _state(self, session: Session) -> Updates:
        busy = session.answering is not None
        return {
            self.thread: self.pieces(session),
            self.ask: gr.update(visible=not busy),
            self.stop: gr.update(visible=busy),
        }

    def _stop(self, request: gr.Request) -> None:
        on_chat.stop(self.page.session(request))

    def _press(self, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        session = self.page.session(request)
        act = Act(event)
        if act.text("do") == "example":
            examples = on_chat.examples(session, self.page.assistant)
            n = act.number("n")
            if n is not None and n < len(examples):
                yield from self._asking(session, examples[n])
            return
        for _ in on_chat.press(session, act, self.page.assistant):
            yield {self.thread: self.pieces(session)}
