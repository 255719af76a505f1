"""Follow-up questions made whole: what a question leaves out is taken from the conversation.

A question that stands by itself stays as it is, so that a new topic is not mixed with the last. What is
made of any other is for searching and for choosing commands; it is shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import followup_words as said
from assistant.kinds import is_greeting
from assistant.referring import NOUNS, Named, ObjectKind, known_object
from assistant.values import SuggestedCommand, Turn
from knowledge.language import Language, language_of
from knowledge.terms import concepts_of, content_words, is_task_word

_MANY = 6  # a question with more words of meaning says what it is about, whatever it points to
_TURNS = 12  # as far back as a conversation is looked through


@dataclass(frozen=True, slots=True)
class Understood:
    """A question of a conversation, made whole.

    ``query`` is what it asks without the conversation. ``language`` is set where the person asked for
    one. ``it`` is the object it points back to, ``picked`` the earlier command it points at.
    ``follows`` is False for a question that begins a topic.
    """

    query: str
    follows: bool = False
    language: Language | None = None
    it: Named | None = None
    picked: SuggestedCommand | None = None


@dataclass(frozen=True, slots=True)
class _Topic:
    """Where a conversation stands: the question its topic hangs on, and the last one on it.

    ``commands`` are those of the latest answer that had any, ``listed`` those that are counted by
    "the second one".
    """

    base: str = ""
    last: str = ""
    commands: tuple[SuggestedCommand, ...] = ()
    listed: tuple[SuggestedCommand, ...] = ()


def understood(question: str, transcript: Sequence[Turn]) -> Understood:
    """The question as it would be asked without the conversation."""
    topic = _Topic()
    for turn in transcript[-_TURNS:]:
        earlier, topic = _understood(turn.question, topic)
        commands = turn.answer.commands
        listed = topic.listed if earlier.picked else commands
        known = (*commands, *topic.commands) if earlier.follows else commands
        topic = replace(topic, commands=known or topic.commands, listed=listed or topic.listed)
    return _understood(question, topic)[0]


def language_spoken(question: str, query: str) -> Language:
    """The language of a question as it was typed; of what it means where it has hardly a word itself."""
    latin = re.findall(r"(?<![-\w/.])[A-Za-z]{2,}(?![-\w/])", question)
    if len(latin) <= 1 and re.search(r"[呢吗]|怎么|什么|如何", question):
        return "zh"  # one name with a particle is a Chinese question, however long the name is
    return language_of(question if re.search(r"[\u3400-\u9fff]", question) or len(latin) > 1 else query)


def standalone(question: str, transcript: Sequence[Turn]) -> str:
    """The text of `understood`, for searching."""
    return understood(question, transcript).query


def _understood(question: str, topic: _Topic) -> tuple[Understood, _Topic]:
    """A question made whole, and where the conversation stands after it."""
    if is_greeting(question):
        return Understood(question), topic
    if not topic.base:
        return Understood(question), replace(topic, base=question, last=question)
    language, nothing_else = said.language_asked(question)
    if nothing_else:
        return Understood(topic.last, follows=True, language=language), topic
    nth = said.nth_of(question)
    if nth is not None and topic.listed and nth <= len(topic.listed):
        return _ordinal(question, topic, topic.listed[nth - 1 if nth > 0 else nth])
    question = _spelled_out(question, topic.base)
    words = content_words(question)
    things = [word for word in words if _is_thing(word)]
    acts = said.has_action(question, words)
    if said.PRONOUN.search(question):
        found = _pointing(question, things, acts, topic) if len(words) <= _MANY else None
    elif _stands_alone(question, words, things, acts):
        found = None
    else:
        found = _leaving_out(question, words, things, acts, topic)
    if found is None:
        return Understood(question, language=language), replace(topic, base=question, last=question)
    whole, after = found
    return replace(whole, language=language), after


def _is_thing(word: str) -> bool:
    return not (said.is_action(word) or is_task_word(word)) or said.class_of(word) in {"object", "flag"}


def _stands_alone(question: str, words: list[str], things: list[str], acts: bool) -> bool:
    """Whether a question without a pronoun says all it means."""
    named = [t for t in things if said.class_of(t) != "object" and t.lower() not in said.CONTRASTING]
    if len(words) > _MANY:
        return True
    if said.ANAPHOR.search(question) or said.CIRCUMSTANCE.search(question):
        return False
    if said.LEADING.search(question) and not (acts and named):
        return acts and len(things) > 1
    if not things:
        return False
    if said.is_vague(question) and not named:
        return False
    return acts or bool(said.ASKS_WHAT.search(question)) or len(words) > 2


def _ordinal(question: str, topic: _Topic, picked: SuggestedCommand) -> tuple[Understood, _Topic]:
    """A question about one of the commands of an answer."""
    query = picked.command.text
    it = known_object((picked,), None)
    return Understood(query, True, it=it, picked=picked), replace(topic, base=query, last=query)


def _pointing(
    question: str, things: list[str], acts: bool, topic: _Topic
) -> tuple[Understood, _Topic] | None:
    """A question with a pronoun: the object's noun in its place, or the topic before it."""
    it = _it(topic)
    if it is None or not acts or said.ASKS_WHETHER.search(question) or _is_circumstance(question):
        return _detail(question, topic, it)
    spoken = said.PRONOUN.sub(lambda found: _noun(it.kind, found[0], question), question)
    spoken = said.LEADING.sub("", spoken)
    is_clear = all(said.class_of(thing) for thing in things)
    query = spoken if is_clear else f"{_things_in(topic.base)} {spoken}"
    return Understood(query, True, it=it), replace(topic, base=spoken, last=query)


def _noun(kind: ObjectKind, pronoun: str, question: str) -> str:
    language = language_of(question) if not pronoun.isascii() or language_of(question) == "zh" else "en"
    noun = NOUNS[kind].said_in(language)
    if not pronoun.isascii():
        return noun + ("的" if pronoun.endswith("的") else "")
    return f"the {noun}{'’s' if pronoun.lower() in {'its', 'their'} else ''}"


def _leaving_out(
    question: str, words: list[str], things: list[str], acts: bool, topic: _Topic
) -> tuple[Understood, _Topic]:
    """A question without a pronoun that leaves something out: the thing, or all but the thing."""
    it = _it(topic)
    swapped = _swapped(things, topic.base) if not acts and len(things) == 1 else None
    if swapped and not _is_circumstance(question):
        return Understood(swapped, True), replace(topic, base=swapped, last=swapped)
    plain = said.LEADING.sub("", question)
    leans = said.ANAPHOR.search(question) or _is_circumstance(question)
    if (
        acts
        and not things
        and not leans
        and it is not None
        and (said.ASKS_HOW.search(question) or len(words) <= 2)
    ):
        spoken = f"{plain} {NOUNS[it.kind].said_in(language_of(question))}"
        return Understood(spoken, True, it=it), replace(topic, base=spoken, last=spoken)
    return _detail(plain, topic, it)


def _is_circumstance(question: str) -> bool:
    plain = re.sub(r"呢\s*[？?]*\s*$", "", said.LEADING.sub("", question))
    is_for = re.match(r"\s*(?:for|on|in)\s+(?:the\s+)?\w+\s*\?*\s*$", plain, re.IGNORECASE)
    return bool(said.CIRCUMSTANCE.search(plain)) and not is_for


def _detail(question: str, topic: _Topic, it: Named | None) -> tuple[Understood, _Topic]:
    """A circumstance of the topic, or a question about what was said of it."""
    words = content_words(question)
    says_how = said.ASKS_HOW.search(question) and said.has_action(question, words)
    context = _things_in(topic.base) if says_how and any(map(_is_thing, words)) else topic.base
    query = f"{context} {question}"
    return Understood(query, True, it=it), replace(topic, last=query)


def _things_in(question: str) -> str:
    return " ".join(word for word in content_words(question) if _is_thing(word))


def _swapped(things: list[str], base: str) -> str | None:
    """The topic's question with another thing in the place of its like; None where it has no such thing."""
    new = things[0]
    sort = said.class_of(new)
    for old in content_words(base) if sort else ():
        if said.class_of(old) == sort and old != new and not set(concepts_of(old)) & set(concepts_of(new)):
            return (
                said.STATE.sub("", base).replace(old, new, 1)
                if sort == "object"
                else base.replace(old, new, 1)
            )
    return None


def _spelled_out(question: str, base: str) -> str:
    """The question with "the former" and "the latter" as what they stand for."""
    pair = [word for word in content_words(base) if _is_thing(word) and said.class_of(word)]
    if len(pair) < 2:
        return question
    question = re.sub(r"前者|\b(?:the )?former\b", pair[0], question, flags=re.IGNORECASE)
    return re.sub(r"后者|\b(?:the )?latter\b", pair[1], question, flags=re.IGNORECASE)


def _it(topic: _Topic) -> Named | None:
    """What "it" is: what the topic's question names where that is one thing, else what its command makes."""
    kinds = list(dict.fromkeys(kind for word in content_words(topic.base) for kind in _kinds(word)))
    first = known_object(topic.commands[:1], None)
    if len(kinds) == 1 or (kinds and (first is None or first.kind not in kinds)):
        return known_object(topic.commands, kinds[0], named=True) or Named(kinds[0])
    return first


def _kinds(word: str) -> list[ObjectKind]:
    rows = concepts_of(word)
    return [kind for kind in NOUNS if any(row in rows for row in concepts_of(kind))]
