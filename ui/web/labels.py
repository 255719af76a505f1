"""Labels of Gradio's own components: by the setting, or in the browser's language."""

from __future__ import annotations

from gradio.i18n import I18nData

from knowledge.language import Language, Text
from ui.web import words

LABELS: dict[str, Text] = {
    "dn_tab_chat": words.TAB_CHAT,
    "dn_tab_notes": words.TAB_NOTES,
    "dn_tab_gpu": words.TAB_GPU,
    "dn_tab_runs": words.TAB_RUNS,
    "dn_ask": words.ASK,
    "dn_stop": words.STOP,
    "dn_new": words.NEW,
    "dn_ask_placeholder": words.ASK_PLACEHOLDER,
    "dn_search": words.SEARCH,
    "dn_search_placeholder": words.SEARCH_PLACEHOLDER,
}


def label(key: str, language: Language | None) -> str | I18nData:
    """A label in a language; None leaves the choice to the browser."""
    return LABELS[key].said_in(language) if language is not None else I18nData(key)


def translations() -> dict[str, dict[str, str]]:
    """All labels by locale, for the browser to choose from."""
    zh = {key: text.zh for key, text in LABELS.items()}
    return {"en": {key: text.en for key, text in LABELS.items()}, "zh": zh, "zh-CN": zh, "zh-TW": zh}


def preferred(accept_language: str) -> Language:
    """The language of ``Accept-Language`` we speak best; English where none fits."""
    ranked = sorted(
        (_weighed(part) for part in accept_language.split(",")), key=lambda pair: pair[0], reverse=True
    )
    for _, tag in ranked:
        primary = tag.split("-")[0].lower()
        if primary in {"en", "zh"}:
            return "zh" if primary == "zh" else "en"
    return "en"


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().partition(";q=")
    try:
        return float(weight or 1), tag
    except ValueError:
        return 0.0, tag
