"""Builds the page: one FastAPI application with Gradio inside and the gate before it."""

from __future__ import annotations

from typing import Literal

import gradio as gr
from fastapi import FastAPI

from ui.web.facade import AssistantView
from ui.web.gate import Gate
from ui.web.head import Head
from ui.web.labels import translations
from ui.web.page import Page
from ui.web.pane import static
from ui.web.wiring import lay_out


def build_app(assistant: AssistantView, *, language: Literal["en", "zh"] | None, secret: str) -> FastAPI:
    """The web application, for any ASGI server.

    Args:
        assistant: what answers and runs.
        language: of the page; None follows the browser.
        secret: of this launch; every request must bring it, see ``ui.web.gate``.
    """
    app = FastAPI(docs_url=None, openapi_url=None, redoc_url=None)
    app.add_middleware(Head)
    app.add_middleware(Gate, secret=secret)  # added last, so it stands before everything
    page = Page(assistant, language)
    with gr.Blocks(title="docknotes", analytics_enabled=False, fill_width=True) as blocks:
        lay_out(page, blocks)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        i18n=gr.I18n(**translations()) if language is None else None,
        theme=gr.themes.Base(font="sans-serif", font_mono="monospace"),  # ours stand in the style sheet
        css=static("docknotes.css"),
        run_history=False,
        footer_links=[],
        show_error=False,
        allowed_paths=[],
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        max_file_size=1,
    )
    return app
