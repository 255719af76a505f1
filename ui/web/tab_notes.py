"""The notes tab: search, the tree of chapters, and the section that is read."""

from __future__ import annotations

import gradio as gr

from ui.web import on_notes
from ui.web.act import Act
from ui.web.html import el
from ui.web.labels import label
from ui.web.page import MANY, Page, Updates
from ui.web.pane import act_of, pane
from ui.web.session import Session
from ui.web.telling import message_for


class NotesTab:
    """The notes, to search and to browse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        with gr.Row(elem_id="dn-searchbar"):
            self.box = gr.Textbox(
                placeholder=label("dn_search_placeholder", page.language),
                show_label=False,
                lines=1,
                max_lines=1,
                container=False,
                elem_id="dn-query",
                scale=8,
            )
            self.search = gr.Button(label("dn_search", page.language), elem_id="dn-search", scale=0)
        with gr.Row(elem_id="dn-notes"):
            self.tree = pane("tree")
            self.reader = pane("reader")

    def draw(self, session: Session) -> Updates:
        """Both sides as they stand."""
        try:
            right = on_notes.draw_right(session, self.page.assistant)
        except Exception as error:  # noqa: BLE001 (shown to the person)
            text = message_for(error).said_in(session.language)
            right = [["error", el("p", text, cls="dn-message", role="alert")]]
        try:
            left = on_notes.draw_left(session, self.page.assistant)
        except Exception as error:  # noqa: BLE001 (shown to the person)
            text = message_for(error).said_in(session.language)
            left = [["error", el("p", text, cls="dn-message", role="alert")]]
        return {self.tree: left, self.reader: right}

    def connect(self) -> None:
        """Connects the search box and the presses on both sides."""
        outputs = [self.tree, self.reader, self.box]
        gr.on([self.search.click, self.box.submit], self._search, self.box, outputs, **MANY)
        self.tree.act(self._forget, None, outputs, **MANY)
        self.tree.read(self._press, None, outputs, **MANY)
        self.reader.read(self._press, None, outputs, **MANY)

    def open_from(self, act: Act, session: Session) -> None:
        """Opens the place a press names: a note with lines, or a citation of the conversation."""
        exchange = session.exchange(act.text("turn"))
        citations = exchange.answer.citations if exchange is not None and exchange.answer is not None else ()
        cited = next((citation for citation in citations if citation.n == act.number("n")), None)
        library = self.page.assistant.library
        if cited is not None:
            on_notes.read(session, cited.note, cited.first_line, cited.last_line, library)
        else:
            on_notes.read(session, act.text("note"), act.number("first"), act.number("last"), library)

    def _search(self, query: str, request: gr.Request) -> Updates:
        session = self.page.session(request)
        on_notes.search(session, query)
        return self.draw(session)

    def _forget(self, event: gr.EventData, request: gr.Request) -> Updates:
        act = act_of(event)
        if act.text("do") == "forget":
            on_notes.forget(self.page.assistant, act.text("question"))
        return self.draw(self.page.session(request))

    def _press(self, event: gr.EventData, request: gr.Request) -> Updates:
        session = self.page.session(request)
        self.open_from(act_of(event), session)
        return {**self.draw(session), self.box: ""}
