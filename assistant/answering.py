"""Question to answer: searched, judged, said by the notes themselves or by a chat model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.errors import ModelError
from assistant.extractive import Review, answer_from_notes
from assistant.followups import standalone
from assistant.grounding import ground
from assistant.model_faults import said_nothing
from assistant.prompts import fitting, prompt
from assistant.protocols import ChatModel
from assistant.values import Answer, AnswerDone, AnswerPart, AnswerText, Turn
from knowledge.answerable import CANDIDATES
from knowledge.language import Text
from knowledge.library import Library

_MODEL_HITS = 6  # what a small model can take in
_NOT_BORNE_OUT = Text(
    en="The chat model {model} said nothing that your notes bear out.",
    zh="聊天模型 {model} 的回答在你的笔记中没有依据。",
)


def answer(
    question: str,
    library: Library,
    review: Review,
    *,
    model: ChatModel | None = None,
    transcript: Sequence[Turn] = (),
) -> Iterator[AnswerPart]:
    """The parts of an answer: text in order, at last the whole.

    A chat model is asked only where the notes hold something on the question; if it fails, or says
    nothing the notes bear out, the answer from the notes' own words takes its place, and a notice says so.

    Raises:
        StoreError, EmbeddingError: the notes cannot be searched.
    """
    whole = standalone(question, transcript)
    hits = library.matches(whole, limit=CANDIDATES)
    own = answer_from_notes(whole, hits, library, review)
    own = replace(own, question=question)
    if model is None or not own.answered:
        yield from _said(own)
        return
    excerpts = fitting(library.around(hits, limit=_MODEL_HITS), hits)
    said: list[str] = []
    try:
        for piece in model.stream(prompt(whole, excerpts)):
            said.append(piece)
            yield AnswerText(piece)
        if not "".join(said).strip():
            raise ModelError(said_nothing(model.name))
    except ModelError as error:
        yield from stand_in(own, error.text, after="".join(said))
        return
    yield checked(model.name, own, ground(question, "".join(said), excerpts, library, review, own=own))


def checked(model: str, own: Answer, grounded: Answer) -> AnswerDone:
    """What stands after a model's text was held against the notes: it, or the notes' own words."""
    if grounded.answered:
        return AnswerDone(replace(grounded, model=model))
    notice = Text(_NOT_BORNE_OUT.en.format(model=model), _NOT_BORNE_OUT.zh.format(model=model))
    return AnswerDone(replace(own, notice=straight_from_notes(notice)))


def _said(own: Answer) -> Iterator[AnswerPart]:
    for line in own.text.splitlines(keepends=True):
        yield AnswerText(line)
    yield AnswerDone(own)


def stand_in(own: Answer, reason: Text, *, after: str = "") -> Iterator[AnswerPart]:
    """The notes' own answer, in place of what a chat model had said before it failed."""
    yield AnswerText(f"\n\n{own.text}" if after else own.text)
    yield AnswerDone(replace(own, notice=straight_from_notes(reason)))


def straight_from_notes(reason: Text) -> Text:
    """Why a chat model's answer is not there, and what stands there instead."""
    return Text(
        en=f"{reason.en} The answer below comes straight from your notes.",
        zh=f"{reason.zh} 下面的回答直接取自你的笔记。",
    )
