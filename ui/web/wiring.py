"""Which part of the page stands where, and the events between the tabs."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.web.draw_frame import draw_header
from ui.web.labels import LABELS, label
from ui.web.page import MANY, Page, Updates
from ui.web.pane import act_of, pane
from ui.web.session import Session
from ui.web.tab_chat import ChatTab
from ui.web.tab_gpu import GpuTab
from ui.web.tab_notes import NotesTab
from ui.web.tab_runs import RunsTab


def lay_out(page: Page, blocks: gr.Blocks) -> None:
    """Fills the open Blocks with the page and connects it."""
    frame = Frame(page)
    frame.connect(blocks)


class Frame:
    """The header, the tabs, and what crosses from one tab to another."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.header = pane("header")
        with gr.Tabs(elem_id="dn-tabs", selected="chat") as self.tabs:
            with gr.Tab(label("dn_tab_chat", page.language), id="chat") as self.chat_tab:
                self.chat = ChatTab(page)
            with gr.Tab(label("dn_tab_notes", page.language), id="notes") as self.notes_tab:
                self.notes = NotesTab(page)
            with gr.Tab(label("dn_tab_gpu", page.language), id="gpu") as self.gpu_tab:
                self.gpu = GpuTab(page)
            with gr.Tab(label("dn_tab_runs", page.language), id="runs") as self.runs_tab:
                self.runs = RunsTab(page)
        panes = (self.notes.tree, self.notes.reader, self.gpu.ladder, self.runs.record)
        self.panes = [self.header, self.chat.thread, *panes]
        self.labelled: dict[Any, str] = {
            self.chat_tab: "dn_tab_chat", self.notes_tab: "dn_tab_notes", self.gpu_tab: "dn_tab_gpu",
            self.runs_tab: "dn_tab_runs", self.chat.ask: "dn_ask", self.chat.stop: "dn_stop",
            self.chat.box: "dn_ask_placeholder", self.notes.box: "dn_search_placeholder",
            self.notes.search: "dn_search",
        }  # fmt: skip

    def connect(self, blocks: gr.Blocks) -> None:
        """Connects loading, the language switch and the ways between tabs."""
        for tab in (self.chat, self.notes, self.gpu, self.runs):
            tab.connect()
        blocks.load(self._load, None, [*self.panes, *self.labelled], **MANY)
        self.header.act(self._switch_language, None, [*self.panes, *self.labelled], **MANY)
        self.runs_tab.select(self._show_runs, None, [self.runs.record], **MANY)
        self.notes_tab.select(self._show_notes, None, [self.notes.tree, self.notes.reader], **MANY)
        places = [self.tabs, self.notes.tree, self.notes.reader, self.notes.box]
        self.chat.thread.read(self._read, None, places, **MANY)
        self.gpu.ladder.read(self._read, None, places, **MANY)

    def _drawn_header(self, session: Session) -> Updates:
        return {self.header: [["header", draw_header(session, self.page.assistant.model_name)]]}

    def _all(self, session: Session) -> Updates:
        return {
            **self._drawn_header(session),
            **self.chat.draw(session),
            **self.notes.draw(session),
            **self.gpu.draw(session),
            **self.runs.draw(session),
        }

    def _load(self, request: gr.Request) -> Updates:
        session = self.page.session(request)
        session.engine = self.page.assistant.engine_status()
        updates = {**self._all(session), **self.chat.state(session)}
        if session.language != self.page.preferred(request):
            for component, relabelled in self._relabelled(session).items():
                updates[component] = {**relabelled, **updates.get(component, {})}
        return updates

    def _relabelled(self, session: Session) -> Updates:
        return {
            component: _relabelled(component, LABELS[key].said_in(session.language))
            for component, key in self.labelled.items()
        }

    def _show_runs(self, request: gr.Request) -> Updates:
        return self.runs.draw(self.page.session(request))

    def _show_notes(self, request: gr.Request) -> Updates:
        return self.notes.draw(self.page.session(request))

    def _read(self, event: gr.EventData, request: gr.Request) -> Updates:
        session = self.page.session(request)
        self.notes.open_from(act_of(event), session)
        return {self.tabs: gr.update(selected="notes"), self.notes.box: "", **self.notes.draw(session)}

    def _switch_language(self, event: gr.EventData, request: gr.Request) -> Updates:
        session = self.page.session(request)
        if act_of(event).text("do") != "language":
            return self._drawn_header(session)
        session.language = "en" if session.language == "zh" else "zh"
        session.engine = self.page.assistant.engine_status()
        return {**self._all(session), **self._relabelled(session)}


def _relabelled(component: Any, text: str) -> Any:
    """An update of whichever property of a component carries its words."""
    if isinstance(component, gr.Textbox):
        return gr.update(placeholder=text)
    return gr.update(value=text) if isinstance(component, gr.Button) else gr.update(label=text)
