"""Errors as messages for the person."""

from __future__ import annotations

import logging

from assistant.errors import AssistantError
from knowledge.errors import KnowledgeError
from knowledge.language import Text
from ui.web import words

log = logging.getLogger(__name__)


def message_for(error: Exception) -> Text:
    """What to tell the person about an error; unforeseen ones are logged in full."""
    if isinstance(error, AssistantError | KnowledgeError):
        return error.text
    log.exception("unforeseen error while serving the page", exc_info=error)
    what = type(error).__name__
    broke = words.SOMETHING_BROKE
    return Text(en=broke.en.format(what=what), zh=broke.zh.format(what=what))
