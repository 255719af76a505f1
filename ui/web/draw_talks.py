"""The list of conversations as markup; titles are text, whatever stands in them."""

from __future__ import annotations

import base64
import time

from assistant.keeping.talks import Talk
from knowledge.language import Language
from ui.web import words_keeping as words
from ui.web.html import Html, el, said
from ui.web.talk_list import TalkList


def draw_talks(talks: TalkList, current: str, language: Language) -> Html | None:
    """The list, closed until the person opens it; None where there is no conversation."""
    if not talks.total and talks.message is None:
        return None
    rows = [_row(talk, talks, current, language) for talk in talks.listed]
    message = (
        el("p", said(talks.message.said_in(language)), cls="dn-quiet", role="status")
        if talks.message
        else None
    )
    return el(
        "details",
        el("summary", words.TALKS.said_in(language).format(n=talks.total)),
        _search(talks, language) if talks.total else None,
        message,
        el("ul", *rows) if rows else None,
        cls="dn-talks",
        lang=language,
        open=bool(talks.words),
    )


def _search(talks: TalkList, language: Language) -> Html:
    """The field that filters the list while the person types, and what it came to."""
    label = words.FIND_TALKS.said_in(language)
    field = el(
        "input", type="search", value=talks.words, data_field="words", data_live="talk-search", maxlength=200,
        autocomplete="off", spellcheck="false", placeholder=label, aria_label=label,
    )  # fmt: skip
    return el("div", field, el("p", _found(talks, language), cls="dn-quiet", role="status"), cls="dn-find",
              data_card="talk-search")  # fmt: skip


def _found(talks: TalkList, language: Language) -> str:
    n, total = len(talks.listed), talks.total
    if talks.words:
        said = words.FOUND_TALKS if n else words.FOUND_NO_TALK if total > 1 else words.NOT_THE_ONE_TALK
        return said.said_in(language).format(n=n, total=total, words=talks.words)
    return words.LAST_TALKS.said_in(language).format(n=n) if n < total else ""


def _row(talk: Talk, talks: TalkList, current: str, language: Language) -> Html:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(talk.changed_at))
    count = words.ONE_QUESTION if talk.turns == 1 else words.QUESTIONS
    where = f"{when} · {count.said_in(language).format(n=talk.turns)}"
    if talk.id == current:
        where = f"{where} · {words.SHOWN.said_in(language)}"
    head = el(
        "button", talk.title, type="button", data_do="talk-open", data_talk=talk.id, cls="dn-talk-title",
        aria_current="true" if talk.id == current else None,
    )  # fmt: skip
    return el(
        "li",
        head,
        el("span", where, cls="dn-where"),
        el("p", talks.lines[talk.id], cls="dn-quiet dn-said") if talk.id in talks.lines else None,
        *_below(talk, talks, language),
        data_card=f"talk-{talk.id}",
    )


def _below(talk: Talk, talks: TalkList, language: Language) -> list[Html]:
    if talks.renaming == talk.id:
        field = el(
            "input", type="text", value=talk.title, data_field="title", maxlength=80,
            aria_label=words.TITLE.said_in(language),
        )  # fmt: skip
        save = _button(words.SAVE.said_in(language), "talk-renamed", talk, cls="dn-primary")
        return [field, el("span", save, _cancel(talk, language), cls="dn-actions")]
    if talks.deleting == talk.id:
        sure = words.SURE.said_in(language).format(title=talk.title)
        delete = _button(words.DELETE_IT.said_in(language), "talk-deleted", talk, cls="dn-link")
        return [el("p", sure), el("span", delete, _cancel(talk, language), cls="dn-actions")]
    if talks.exported is not None and talks.exported[0] == talk.id:
        _, name, text = talks.exported
        data = base64.b64encode(text.encode()).decode()
        link = el(
            "a", words.DOWNLOAD.said_in(language).format(name=name), download=name,
            href=f"data:text/markdown;charset=utf-8;base64,{data}",
        )  # fmt: skip
        return [el("span", link, _cancel(talk, language), cls="dn-actions")]
    actions = (
        (words.RENAME, "talk-rename"),
        (words.EXPORT, "talk-export"),
        (words.DELETE, "talk-delete"),
    )
    buttons = [_button(text.said_in(language), do, talk, cls="dn-link") for text, do in actions]
    return [el("span", *buttons, cls="dn-actions")]


def _cancel(talk: Talk, language: Language) -> Html:
    return _button(words.CANCEL.said_in(language), "talk-cancel", talk, cls="dn-link")


def _button(text: str, do: str, talk: Talk, *, cls: str) -> Html:
    return el("button", text, type="button", data_do=do, data_talk=talk.id, cls=cls)
