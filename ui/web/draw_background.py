"""How a container in the background is, as markup."""

from __future__ import annotations

from ui.web import words
from ui.web.html import Html, el, join
from ui.web.session import Card


def draw_background(card: Card) -> Html | None:
    """State, health, addresses, when it ends; its log on request. None where nothing is in the background."""
    state, language = card.background, card.language
    if state is None:
        return None
    facts = [
        el("a", text, href=text, target="_blank", rel="noopener noreferrer")
        if text in state.links
        else el("span", text)
        for text in (part.said_in(language) for part in words.background_parts(state))
    ]
    buttons = [
        el("button", label.said_in(language), cls="dn-link", type="button", data_do=do)
        for label, do in ((words.LOOK_AT_IT, "look"), (words.SHOW_LOG, "log"))
        if state.state != "gone" or do == "look"
    ]
    title = el("b", words.IN_BACKGROUND.said_in(language))
    log = None
    if card.log is not None:
        label = words.LOG.said_in(language)
        shown = card.log or words.NO_OUTPUT.said_in(language)
        log = el("pre", shown, cls="dn-output", tabindex=0, role="log", aria_label=label)
    return el(
        "div",
        el("p", title, " ", join(facts, Html(" · "))),
        el("p", join(buttons, Html(" "))),
        log,
        data_card=card.id,
        data_stamp=card.stamp,
    )
