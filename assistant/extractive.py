"""An answer from the notes' own words, without a chat model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.command_signs import Wanted
from assistant.composing import Draft, Review
from assistant.contrary import in_asked_direction, without_contrary
from assistant.facts import as_facts, needed_deed
from assistant.kinds import WITH_COMMANDS, Asking, is_greeting, kind_of, topic_of
from assistant.recommending import HITS as COMMAND_HITS
from assistant.recommending import Candidate, candidates, recommend
from assistant.saying import say
from assistant.shapes.found import Found
from assistant.shapes.write import write
from assistant.told import told_near
from assistant.values import Answer
from knowledge.asked import Asked
from knowledge.language import Language, Text, language_of
from knowledge.library import Library
from knowledge.values import Hit, Section

_HEADED = 0.5  # the part of a question an empty heading must hold to be named for it
_NEAREST_HITS = 5  # best hits whose headings may be named
_HITS = 6  # best hits that warnings are taken from
_NEAREST = 3  # headings named where the notes hold nothing

_NOTHING = Text(en="Your notes hold nothing on this.", zh="你的笔记里没有关于这个问题的内容。")
_ASK = Text(
    en="Ask something about Docker: a task, a command, a flag, an error message.",
    zh="请问一个关于 Docker 的问题：想做的事、一条命令、一个选项，或者一段报错。",
)
_MISSING = Text(en="None of them mentions {words}.", zh="笔记中没有提到{words}。")
_EMPTY = Text(
    en="There is a heading for it, but nothing is written under it yet: {headings}.",
    zh="笔记里有相关的标题，但下面还没有内容：{headings}。",
)
_NEAR = Text(en="The nearest headings: {headings}.", zh="最接近的章节：{headings}。")
_HAN = re.compile(r"[\u3400-\u9fff]")


def answer_from_notes(
    question: str,
    hits: Sequence[Hit],
    library: Library,
    review: Review,
    *,
    language: Language | None = None,
    latest: str = "",
) -> Answer:
    """The notes' own sentences and commands that answer a question, each cited, in its kind's own shape.

    Where the notes hold nothing on it the answer says so, names the nearest headings, and offers no
    command.

    Args:
        question: made whole.
        hits: the best first, as `Library.matches` gives them.
        library: the notes.
        review: gives a line's verdict.
        language: the one the person asked for; without it the question's.
        latest: what the person said last, where that goes on from a question before.
    """
    asked = library.asked(topic_of(question))
    language = language or language_of(question)
    if is_greeting(question):
        return Answer(question, language, False, _ASK.said_in(language))
    margin = library.margin(asked, hits)
    if margin < 0:
        return nothing_found(question, asked, hits, library, language=language)
    asking = kind_of(latest or question)
    said_last = library.asked(latest) if latest else None
    wanted = Wanted.of(asked, library.likely(asked.question), said_last)
    recommended = _commands(asking, hits, library, wanted, margin)
    languages = {name: note.language for name, note in library.notes.items()}
    told = told_near(hits, library, asked)
    if asking.kind == "whether":
        told = as_facts(told)
    statements = [one.statement for one in told if one.rank <= _HITS]
    beside = recommended if asking.kind in WITH_COMMANDS else []
    chosen = say(told, wanted, asking.kind, beside, languages=languages, language=language)
    found = Found(question, hits, library, language, asked, asking, statements, chosen, recommended)
    draft = Draft(library, review, language, hits)
    write(draft, found)
    return draft.answer(question)


def _commands(
    asking: Asking, hits: Sequence[Hit], library: Library, wanted: Wanted, margin: float
) -> list[Candidate]:
    """The commands of an answer, the best first."""
    if not asking.line and asking.kind not in WITH_COMMANDS | {"whether"}:
        return []
    found = candidates(hits[:COMMAND_HITS], library, wanted, margin)
    recommended = recommend(found)
    if asking.kind in WITH_COMMANDS:
        ordered = in_asked_direction(recommended, wanted.asked.question)
        return without_contrary(ordered, found, wanted, asking)
    own = [c for c in recommended if c.placed.command.text == asking.line]
    if own or asking.kind != "whether":  # the very line that is asked about may be run
        return own
    return needed_deed(wanted.asked.question, recommended)


def nothing_found(
    question: str, asked: Asked, hits: Sequence[Hit], library: Library, *, language: Language | None = None
) -> Answer:
    """The answer that says the notes hold nothing on a question, and what comes nearest."""
    language = language or language_of(question)
    if not asked.things:
        return Answer(question, language, False, _ASK.said_in(language))
    lines = [_NOTHING.said_in(language)]
    nowhere = [w for w in asked.unknown if _is_word(w) and not library.mentions(w)]
    if nowhere:
        quoted = "、".join(f"“{w}”" for w in nowhere)
        words = quoted if language == "zh" else quoted.replace("、", ", ")
        lines.append(_MISSING.said_in(language).format(words=words))
    empty = _empty_headings(asked, library.outline())
    if empty:
        lines.append(_EMPTY.said_in(language).format(headings=_named(empty)))
    elif asked.words_in("\n".join(" ".join(h.chunk.headings) for h in hits)):
        near = dict.fromkeys((h.chunk.note, h.chunk.headings) for h in hits[:_NEAREST_HITS])
        lines.append(_NEAR.said_in(language).format(headings=_named([h for _, h in near])))
    return Answer(question, language, False, "\n\n".join(lines))


def _is_word(word: str) -> bool:
    """Whether a word can be shown as one: not a rest of a sentence that was cut, nor a bare number."""
    return 1 < len(word) < 5 if _HAN.match(word) else len(word) > 2 and not word.isdecimal()


def _empty_headings(asked: Asked, outline: Sequence[Section]) -> list[tuple[str, ...]]:
    """Headings that hold what is asked for, with nothing under them; the best first."""
    found = [
        (asked.share(asked.words_in(section.headings[-1])), section.headings)
        for section in outline
        if section.is_empty
    ]
    return [headings for share, headings in sorted(found, key=lambda f: -f[0]) if share >= _HEADED]


def _named(headings: Sequence[tuple[str, ...]]) -> str:
    return "; ".join(" > ".join(path) for path in headings[:_NEAREST])
