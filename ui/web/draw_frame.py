"""The page's header as markup."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.language import Language, Text
from ui.web import words
from ui.web.html import Html, el, join
from ui.web.session import Session


def draw_header(session: Session, model_name: str | None) -> Html:
    """Name, what reads the notes, and whether an Engine is there."""
    language: Language = session.language
    if model_name is None:
        reader = words.NO_MODEL.said_in(language)
    else:
        reader = words.MODEL_READS.said_in(language).format(model=model_name)
    switch = el(
        "button", words.SWITCH_LANGUAGE.said_in(language), cls="dn-link", type="button", data_do="language"
    )
    return el(
        "header",
        el("div", el("h1", "docknotes"), el("p", words.TAGLINE.said_in(language)), cls="dn-name"),
        el(
            "ul",
            el("li", reader),
            _engine(session, language),
            el("li", switch),
            cls="dn-facts",
        ),
        cls="dn-header",
        lang=language,
    )


def _engine(session: Session, language: Language) -> Html | None:
    engine = session.engine
    if engine is None:
        return None
    if isinstance(engine, Text):
        return el("li", words.ENGINE_MISSING.said_in(language), cls="dn-off", title=engine.said_in(language))
    text = words.ENGINE_READY.said_in(language).format(version=engine.version)
    return el("li", text, cls="dn-on", title=engine.address)


def with_answered(session: Session, draw: Callable[[], list[list[str]]]) -> list[list[str]]:
    """Pieces with one more that is not shown: the drawing's number, and which presses have arrived.

    A request that ends sends what it drew last once more, and that may be older than what another
    request has drawn since: the page keeps the higher number. It is taken before anything is drawn, so
    that a higher number is never the older state. Presses that arrived are not sent again.
    """
    number = session.next_drawing()
    return [*draw(), ["answered", join([str(number), *session.presses], " ")]]
