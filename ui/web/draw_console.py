"""The field to type to a running program in."""

from __future__ import annotations

from ui.web import words
from ui.web.html import Html, el
from ui.web.session import Card


def draw_console(card: Card) -> Html | None:
    """A field, Send and Close input, under the output; None where nothing can be typed now.

    Each line that was sent changes the markup, so the field is drawn anew and empty.
    """
    if card.state != "running" or card.console is None or not card.console.is_open:
        return None
    language = card.language
    field = el(
        "input", type="text", autocomplete="off", spellcheck="false", data_field="0", data_typed=card.typed,
        aria_label=words.TYPE_HERE.said_in(language), placeholder=words.TYPE_HERE.said_in(language),
    )  # fmt: skip
    send = el(
        "button", words.SEND_LINE.said_in(language), cls="dn-button dn-primary", type="button", data_do="type"
    )
    end = el("button", words.CLOSE_INPUT.said_in(language), cls="dn-button", type="button", data_do="eof")
    hint = el("p", words.TYPED_IS_NOT_KEPT.said_in(language), cls="dn-quiet")
    return el(
        "div", el("div", field, send, end, cls="dn-console"), hint,
        cls="dn-typing", lang=language, data_card=card.id, data_stamp=card.stamp,
    )  # fmt: skip
