"""Saving an answer to the notes, as markup."""

from __future__ import annotations

from knowledge.language import Language, Text
from ui.web import words_keeping as words
from ui.web.html import Html, el, said
from ui.web.saving import Saving


def draw_saving(saving: Saving | None, key: str, language: Language) -> Html:
    """The button, the form, the difference or what came of it."""
    if saving is None:
        return el("p", _button(words.SAVE_TO_NOTES, "save", key, language), cls="dn-save", lang=language)
    if saving.done is not None:
        return el("p", saving.done.said_in(language), cls="dn-save dn-quiet", role="status", lang=language)
    cancel = _button(words.CANCEL, "save-cancel", key, language)
    if saving.draft is not None:
        title = words.WOULD_CHANGE.said_in(language).format(file=str(saving.draft.path))
        write = _button(words.WRITE_IT, "save-write", key, language, cls="dn-primary")
        shown = el("pre", saving.draft.diff, cls="dn-diff", tabindex=0)
        return el("div", el("p", title), shown, el("span", write, cancel, cls="dn-actions"), cls="dn-save",
                  lang=language)  # fmt: skip
    fields = [
        el("input", type="text", value=value, data_field=name, aria_label=text.said_in(language),
           placeholder=text.said_in(language), maxlength=200)
        for name, value, text in (
            ("file", saving.file, words.SAVE_FILE),
            ("under", saving.under, words.SAVE_UNDER),
        )
    ]  # fmt: skip
    told = saving.message
    message = el("p", said(told.said_in(language)), cls="dn-message", role="alert") if told else None
    show = _button(words.SHOW_DIFFERENCE, "save-draft", key, language, cls="dn-primary")
    actions = el("span", show, cancel, cls="dn-actions")
    return el("div", *fields, message, actions, cls="dn-save", lang=language, data_card=f"save-{key}")


def _button(text: Text, do: str, key: str, language: Language, *, cls: str = "dn-link") -> Html:
    return el("button", text.said_in(language), type="button", cls=cls, data_do=do, data_turn=key)
