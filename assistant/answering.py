"""Question to answer: searched, judged, said by the notes themselves or by a chat model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.adapting import fitted
from assistant.beside import with_more_commands
from assistant.claims import is_whole
from assistant.composing import Review
from assistant.errors import ModelError
from assistant.extractive import answer_from_notes
from assistant.followups import language_spoken, understood
from assistant.grounding import ground
from assistant.kinds import topic_of
from assistant.model_faults import said_nothing
from assistant.outside import nothing_about, outside
from assistant.prompts import fitting, prompt
from assistant.protocols import Agent, ChatModel
from assistant.values import Answer, AnswerDone, AnswerPart, AnswerStep, AnswerText, Run, Turn
from knowledge.answerable import CANDIDATES
from knowledge.language import Language, Text, language_of
from knowledge.library import Library
from knowledge.values import Hit

# How many hits come with their surroundings, and about how much of the notes is given in all. A model
# without tools is a small one: on a processor it reads some twenty tokens a second.
_PLAIN_HITS, _PLAIN_TOKENS = 2, 500
_FURTHER_HITS = 12
"""Hits, given or not, that a small model's sentences are held against: it says what stands there too."""

_PLAIN_CHARACTERS = 600
"""Where a small model, which goes on after the three sentences it was asked for, is read no further."""
_AGENT_HITS, _AGENT_TOKENS = 6, 2_500
_TRYING = Text(
    en="Tries once whether {model} can use tools",
    zh="第一次使用 {model}，先试一下它能不能使用工具",
)
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
    agent: Agent | None = None,
    transcript: Sequence[Turn] = (),
) -> Iterator[AnswerPart]:
    """The parts of an answer: text in order, at last the whole.

    A model that uses tools answers through ``agent``, any other is given the excerpts. It is asked only
    where the notes hold something on the question; if it fails, or says nothing the notes bear out, the
    answer from the notes' own words takes its place, and a notice says so.

    Raises:
        StoreError, EmbeddingError: the notes cannot be searched.
    """
    asked = understood(question, transcript)
    whole = asked.query
    hits = _in_language(library.matches(topic_of(whole), limit=CANDIDATES), asked.language, library)
    language = asked.language or language_spoken(question, whole)
    latest = question if asked.follows and asked.picked is None and whole != question else ""
    names = outside(question, library, follows=asked.follows)
    if names:
        own = nothing_about(names, question, hits, library, language=language)
    else:
        own = answer_from_notes(whole, hits, library, review, language=language, latest=latest)
        own = replace(fitted(own, asked, review), question=question)
    if model is None or not own.answered:
        yield from _said(own)
        return
    found = _Found(whole, hits, library, review, with_more_commands(own, whole, hits, library, review))
    said: list[str] = []
    try:
        for part in _asked(found, model, agent, transcript):
            if isinstance(part, AnswerText):
                said.append(part.text)
            yield part
    except ModelError as error:
        yield from stand_in(own, error.text, after="".join(said))


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question before a model is asked."""

    question: str
    hits: Sequence[Hit]
    library: Library
    review: Review
    own: Answer

    def excerpts(self, most: int, *, most_tokens: int) -> list[Hit]:
        """The hits a model is given: so many with their surroundings, then single ones."""
        around = self.library.around(self.hits, limit=most)
        return fitting(around, self.hits, most_tokens=most_tokens)


def _asked(
    found: _Found, model: ChatModel, agent: Agent | None, transcript: Sequence[Turn]
) -> Iterator[AnswerPart]:
    """The model's answer, through its tools or from the excerpts alone."""
    if agent is not None and not agent.is_tried:
        name = model.name
        yield AnswerStep("trying", Text(_TRYING.en.format(model=name), _TRYING.zh.format(model=name)))
    if agent is not None and agent.uses_tools():
        given = found.excerpts(_AGENT_HITS, most_tokens=_AGENT_TOKENS)
        for part in agent.answer(found.question, given, found.library, found.own, transcript):
            yield checked(model.name, found.own, part.answer) if isinstance(part, AnswerDone) else part
        return
    given = found.excerpts(_PLAIN_HITS, most_tokens=_PLAIN_TOKENS)
    said = ""
    with closing(model.stream(prompt(found.question, given, found.own.language))) as pieces:
        for piece in pieces:
            said += piece
            yield AnswerText(piece)
            if len(said) >= _PLAIN_CHARACTERS and is_whole(said):
                break
    if not said.strip():
        raise ModelError(said_nothing(model.name))
    grounded = ground(
        found.question,
        said,
        given,
        found.library,
        found.review,
        own=found.own,
        own_words=True,
        further=found.hits[:_FURTHER_HITS],
    )
    yield checked(model.name, found.own, grounded)


def going_on(agent: Agent, proposal: str, run: Run | None, library: Library) -> Iterator[AnswerPart]:
    """What a model says once it knows what became of its proposal; where it fails, that is all it says."""
    try:
        yield from agent.go_on(proposal, run, library)
    except ModelError as error:
        question = run.question if run is not None else ""
        yield AnswerDone(Answer(question, language_of(question), True, "", notice=error.text))


def checked(model: str, own: Answer, grounded: Answer) -> AnswerDone:
    """What stands after a model's text was held against the notes: it, or the notes' own words."""
    if grounded.answered:
        return AnswerDone(replace(grounded, question=own.question, model=model))
    notice = Text(_NOT_BORNE_OUT.en.format(model=model), _NOT_BORNE_OUT.zh.format(model=model))
    return AnswerDone(replace(own, notice=straight_from_notes(notice)))


def _in_language(hits: list[Hit], language: Language | None, library: Library) -> list[Hit]:
    """The hits in the language a person asked for; all of them where no note is in it."""
    return [hit for hit in hits if library.notes[hit.chunk.note].language == language] or hits


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
