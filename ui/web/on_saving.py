"""Saving an answer to the notes from the page: the file, then the difference, then the person's yes."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.keeping.saving import answer_section, save
from assistant.values import Answer
from knowledge.errors import KnowledgeError
from knowledge.language import Text
from ui.web import words_keeping as words
from ui.web.act import Act
from ui.web.facade import AssistantView
from ui.web.saving import Saving


def press(saving: Saving | None, act: Act, answer: Answer, assistant: AssistantView) -> Saving | None:
    """What saving an answer has come to after a press; None where it was given up."""
    do = act.text("do")
    if do == "save-cancel":
        return None
    if saving is None or do == "save":
        return Saving()
    saving.message = None
    try:
        if do == "save-draft":
            file, under, *_ = (" ".join(field.split()) for field in (*act.texts("fields"), "", ""))
            saving.file, saving.under, saving.draft = file, under, None
            body = answer_section(answer, answer.language)
            saving.draft = assistant.saver.draft(file, answer.question, body, under=under)
        elif do == "save-write" and saving.draft is not None:
            save(saving.draft)
            text = words.SAVED_OWN if assistant.saver.is_own else words.SAVED
            path, saving.draft = str(saving.draft.path), None
            saving.done = Text(text.en.format(file=path), text.zh.format(file=path))
    except (AssistantError, KnowledgeError) as error:
        saving.draft, saving.message = None, error.text
    return saving
