"""Question to answer: searched, judged, said by the notes themselves or by a chat model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.errors import ModelError
from assistant.extractive import Review, answer_from_notes
from assistant.followups import standalone
from assistant.grounding import ground
from assistant.prompts import prompt
from assistant.protocols import ChatModel
from assistant.values import Answer, AnswerDone, AnswerPart, AnswerText, Turn
from knowledge.answerable import CANDIDATES
from knowledge.language import Text
from knowledge.library import Library

_MODEL_HITS = 6  # what a small model can take in


def answer(
    question: str,
    library: Library,
    review: Review,
    *,
    model: ChatModel | None = None,
    transcript: Sequence[Turn] = (),
) -> Iterator[AnswerPart]:
    """The parts of an answer: text in order, at last the whole.

    A chat model is asked only where the notes hold something on the question; if it fails, the
    answer from the notes' own words follows what it had said, and a notice says so.

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
    said: list[str] = []
    excerpts = library.around(hits, limit=_MODEL_HITS)
    try:
        for piece in model.stream(prompt(whole, excerpts)):
            said.append(piece)
            yield AnswerText(piece)
    except ModelError as error:
        yield from _stand_in(own, "".join(said), error.text)
        return
    grounded = ground(question, "".join(said), excerpts, library, review)
    yield AnswerDone(replace(grounded, model=model.name))


def _said(own: Answer) -> Iterator[AnswerPart]:
    for line in own.text.splitlines(keepends=True):
        yield AnswerText(line)
    yield AnswerDone(own)


def _stand_in(own: Answer, said: str, reason: Text) -> Iterator[AnswerPart]:
    """The notes' own answer after a chat model failed, with what it had said before."""
    notice = Text(
        en=f"{reason.en} The answer below comes straight from your notes.",
        zh=f"{reason.zh} 下面的回答直接取自你的笔记。",
    )
    rest = f"\n\n{own.text}" if said else own.text
    yield AnswerText(rest)
    yield AnswerDone(replace(own, text=said + rest, notice=notice))
