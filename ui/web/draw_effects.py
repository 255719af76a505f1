"""What a line for a shell wants, as markup on its card."""

from __future__ import annotations

from assistant.hosting.values import Effects
from knowledge.language import Language
from ui.web import words
from ui.web.html import Html, el, said


def draw_effects(effects: Effects, language: Language) -> Html:
    """Each thing a line wants, whether it is so on this machine, and what tells so."""
    rows = [
        el(
            "li",
            said(effect.what.said_in(language)),
            " ",
            el("b", words.EFFECTS[effect.state].said_in(language), cls=f"dn-effect-{effect.state}"),
            " ",
            el("span", effect.evidence.said_in(language), cls="dn-quiet"),
        )
        for effect in effects.each
    ]
    title = el("p", el("b", words.ALREADY.said_in(language)), cls="dn-plan")
    return el("div", title, el("ul", *rows, cls="dn-reasons"), cls="dn-effects")
