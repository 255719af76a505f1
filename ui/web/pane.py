"""A pane: markup drawn by the server in pieces, whose clicks come back as one event, ``act``."""

from __future__ import annotations

from importlib.resources import files

import gradio as gr

from ui.web.act import Act


def static(name: str) -> str:
    """The text of a file that is served as part of the page."""
    return files("ui.web").joinpath("static", name).read_text(encoding="utf-8")


def pane(name: str) -> gr.HTML:
    """An empty pane; its value is a list of pieces."""
    return gr.HTML(
        value=[],
        html_template='<div class="dn-pane"></div>',
        js_on_load=static("bridge.js"),
        elem_id=f"dn-{name}",
        elem_classes=["dn-host"],
        apply_default_css=False,
    )


def act_of(event: gr.EventData) -> Act:
    """What the person pressed."""
    return Act(getattr(event, "_data", None))
