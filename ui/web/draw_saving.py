"""Saving something to the notes, as markup."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.keeping.saving import Draft
from knowledge.language import Language, Text
from ui.web import words_keeping as words
from ui.web.html import Html, el, said
from ui.web.saving import Saving, key_of
from ui.web.session import Card


def draw_saving(saving: Saving | None, key: str, language: Language) -> Html:
    """The button, the form, the difference or what came of it."""
    if saving is None:
        label = words.SAVE_WHAT[key.partition("-")[0]]
        return el("p", _button(label, "save", key, language), cls="dn-save", lang=language)
    if saving.done is not None:
        return el(
            "p", saving.done.said_in(language), cls="dn-save dn-quiet", role="status", lang=language,
            tabindex=-1, data_land=True,
        )  # fmt: skip
    draft = saving.draft
    shown = _form(saving, key, language) if draft is None else _difference(draft, saving, key, language)
    return el("div", *shown, cls="dn-save dn-saving", lang=language, data_card=key)


def draw_card_saving(card: Card, savings: Mapping[str, Saving]) -> Html | None:
    """What of a card can be saved: its mended line, and the run it came to; None where there is neither."""
    keys = [key_of("correction", card.id)] if card.is_corrected else []
    if card.ended is not None and card.state != "running":
        keys.append(key_of("run", card.ended.id))
    drawn = [draw_saving(savings.get(key), key, card.language) for key in keys]
    return el("div", *drawn, cls="dn-saves") if drawn else None


def _difference(draft: Draft, saving: Saving, key: str, language: Language) -> list[Html]:
    title = words.WOULD_MEND if saving.is_mend else words.WOULD_CHANGE
    told = title.said_in(language).format(file=str(draft.path))
    buttons = [_button(words.WRITE_IT, "save-write", key, language, cls="dn-button dn-primary")]
    other = words.AS_A_SECTION if saving.is_mend else words.CHANGE_PLACE
    buttons.append(_button(other, "save-section", key, language))
    buttons.append(_button(words.CANCEL, "save-cancel", key, language))
    lines = [_line(line) for line in draft.diff.split("\n")]
    shown = el("pre", *lines, cls="dn-diff", tabindex=0, role="region", aria_label=told, data_land=True)
    return [el("p", told), shown, el("span", *buttons, cls="dn-buttons")]


def _line(line: str) -> Html:
    kind = {"+": "dn-plus", "-": "dn-minus", "@": "dn-at"}.get(line[:1])
    return el("span", f"{line}\n", cls=kind)


def _form(saving: Saving, key: str, language: Language) -> list[Html | None]:
    rows = (
        (words.SAVE_TITLE, "title", saving.title, ()),
        (words.SAVE_FILE, "file", saving.file, saving.files),
        (words.SAVE_UNDER, "under", saving.under, saving.headings),
    )
    fields = [_field(text, f"{key}-{name}", value, offered, language) for text, name, value, offered in rows]
    told = saving.message
    message = el("p", said(told.said_in(language)), cls="dn-message", role="alert") if told else None
    show = _button(words.SHOW_DIFFERENCE, "save-draft", key, language, cls="dn-button dn-primary")
    cancel = _button(words.CANCEL, "save-cancel", key, language)
    return [*fields, message, el("span", show, cancel, cls="dn-buttons")]


def _field(
    text: tuple[Text, Text], name: str, value: str, offered: tuple[str, ...], language: Language
) -> Html:
    label, hint = (one.said_in(language) for one in text)
    listed = f"l-{name}" if offered else None
    return el(
        "label",
        el("span", label),
        el("input", type="text", value=value, data_field=name, placeholder=hint, maxlength=200,
           autocomplete="off", spellcheck="false", list=listed, data_land=name.endswith("-file")),
        el("datalist", *(el("option", value=one) for one in offered), id=listed) if listed else None,
    )  # fmt: skip


def _button(text: Text, do: str, key: str, language: Language, *, cls: str = "dn-link") -> Html:
    return el("button", text.said_in(language), type="button", cls=cls, data_do=do, data_key=key)
