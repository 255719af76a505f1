"""Things a question wants the answer for that the notes never speak of: another tool, another system.

A follow-up is made whole from its conversation ("and with podman?" after a question about docker), so most
of the whole is in the notes whatever is named last. What is named tells by itself: a tool or platform
beside Docker, a system a machine runs, or a proper name where a tool or a place is said. Names that people
give themselves (containers, images, folders) and ordinary words are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.followup_words import is_action
from assistant.outside_words import IMAGES, SYSTEMS, TOOLS
from assistant.values import Answer
from knowledge.language import Language, Text
from knowledge.library import Library
from knowledge.terms import concepts_of, content_words, is_task_word
from knowledge.values import Hit

_NAMED = Text(en="Your notes say nothing about {names}.", zh="你的笔记里没有提到 {names}。")
_HEADED = Text(
    en="There is a heading for it, but nothing is written under it yet: {headings}.",
    zh="笔记里有相关的标题，但下面还没有内容：{headings}。",
)
_NEAR = Text(
    en="Nearest to the rest of the question: {headings}.",
    zh="与问题其余部分最接近的章节：{headings}。",
)
_SPOKEN_HITS = 20  # hits for a name that are looked through for it
_NEAR_HITS, _MOST_NEAR = 5, 3

_NOT_IT = re.compile(
    r"(?:\b(?:not|without|instead of|rather than|unlike|called|named|call it|name it|--name)"
    r"|不是|不用|而非|除了|名字|名为|叫做?|命名为?)\s*[`\"“]?$",
    re.IGNORECASE,
)
"""What stands before a name that is left aside, or given to something."""

_AT = r"(?:with|using|use|via|through|in|on|under|inside|within|for|to)\s+(?:the\s+|my\s+|an?\s+)?"
_AS_TOOL = re.compile(rf"(?:\b{_AT}|(?:用|使用|换成|改成|改用|在|到|上)\s*)[`\"“]?$", re.IGNORECASE)
_AS_PLACE = re.compile(
    r"(?:\b(?:on|under)\s+(?:the\s+|my\s+|an?\s+)?(?:old\s+|new\s+)?|在\s*)$", re.IGNORECASE
)
_PLACE_AFTER = re.compile(r"\s*(?:系统|电脑|机器|服务器|环境)?\s*[上下里]")

_PROPER = re.compile(
    r"\b(?P<at>with|using|via|on|in|under)\s+(?:the\s+)?(?P<name>[A-Z][A-Za-z]{2,}|[A-Z]{2,})"
    r"(?:\s+v?\d[\d.]*)?(?:\s+(?:then|instead|too|as well|now))?\s*[?.!]*\s*$"
    r"|(?P<zh>用|使用|换成|改用|在)\s*(?P<latin>[A-Z][A-Za-z]{2,}|[A-Z]{2,})\s*(?:\d[\d.]*)?\s*(?:环境)?[上里中下]?"
    r"(?:呢|的话|怎么\S{0,4}|如何\S{0,4}|可以吗|行吗|行不行)\s*[？?。]*\s*$"
)
"""A proper name where a tool or a place is said, at the end; docker's own names are in small letters."""

_OWN = re.compile(r"(?:my|our|foo|bar|test|demo|example|prod|dev|main)", re.IGNORECASE)


def outside(question: str, library: Library, *, follows: bool) -> tuple[str, ...]:
    """The names by which a question asks of something beside the notes, as typed; () for any other.

    Args:
        question: as the person typed it.
        library: the notes; what they speak of is never outside.
        follows: whether it goes on from a question before; then nothing else in it says what it is about.
    """
    found = {name.lower(): (name, aliases) for name, aliases in _names(question, follows=follows)}
    return tuple(name for name, aliases in found.values() if not _is_spoken_of(aliases, library))


def nothing_about(
    names: Sequence[str], question: str, hits: Sequence[Hit], library: Library, *, language: Language
) -> Answer:
    """The answer that the notes do not speak of these names, with what comes nearest; it has no commands."""
    quoted = ("、" if language == "zh" else ", ").join(names)
    lines = [_NAMED.said_in(language).format(names=quoted)]
    empty = [
        " > ".join(section.headings)
        for section in library.outline()
        if section.is_empty and any(_stands(name, section.headings[-1]) for name in names)
    ]
    if empty:
        lines.append(_HEADED.said_in(language).format(headings="; ".join(empty[:_MOST_NEAR])))
    near = dict.fromkeys(" > ".join(hit.chunk.headings) for hit in hits[:_NEAR_HITS] if hit.chunk.headings)
    if near:
        lines.append(_NEAR.said_in(language).format(headings="; ".join(list(near)[:_MOST_NEAR])))
    return Answer(question, language, False, "\n\n".join(lines))


def _names(question: str, *, follows: bool) -> Iterator[tuple[str, Sequence[str]]]:
    """Names a question asks for, as typed, each with the names it may have in the notes."""
    for found, aliases in _listed(question, TOOLS):
        before = question[: found.start()]
        is_asked = follows or _AS_TOOL.search(before) or _is_all(found[0], question)
        if is_asked and not _NOT_IT.search(before):
            yield found[0], aliases
    if not follows:
        return  # whoever says at first what machine they have may ask of anything
    for found, aliases in _listed(question, SYSTEMS):
        before, after = question[: found.start()], question[found.end() :]
        if _AS_PLACE.search(before) or _PLACE_AFTER.match(after):
            yield found[0], aliases
    proper = _PROPER.search(question)
    if proper is not None:
        name = proper["name"] or proper["latin"]
        is_image = name.lower() in IMAGES and (proper["at"] or proper["zh"]).lower() not in {
            "on",
            "under",
            "在",
        }
        if not is_image and not _OWN.match(name):
            yield name, (name,)


def _listed(question: str, rows: Sequence[Sequence[str]]) -> Iterator[tuple[re.Match[str], Sequence[str]]]:
    """Where names of a table stand in a question, each with all its names."""
    lower = question.lower()
    for aliases in rows:
        for alias in aliases:
            if alias in lower:
                yield from ((found, aliases) for found in _standing(alias).finditer(question))


def _is_all(name: str, question: str) -> bool:
    """Whether a question names nothing else ("podman 怎么弄"), so that it asks of that alone."""
    others = [word for word in content_words(question.replace(name, " ")) if not is_task_word(word)]
    return all(map(is_action, others))


def _is_spoken_of(aliases: Sequence[str], library: Library) -> bool:
    """Whether a note speaks of a thing by any of its names, as a word and not as a part of one.

    ``podman-docker`` in a list of packages says nothing about podman.
    """
    if len(aliases) == 1 and concepts_of(aliases[0]) and not library.asked(aliases[0]).unknown:
        return True  # under its Chinese name
    for alias in aliases:
        if not library.mentions(alias):
            continue
        for hit in library.matches(alias, limit=_SPOKEN_HITS):
            if _stands(alias, "\n".join((*hit.chunk.headings, hit.chunk.text))):
                return True
    return False


def _stands(alias: str, text: str) -> bool:
    return _standing(alias).search(text) is not None


@lru_cache(maxsize=1024)
def _standing(alias: str) -> re.Pattern[str]:
    """A name as a word of its own."""
    words = r"\s+".join(map(re.escape, alias.split()))
    return re.compile(
        rf"(?<![\w./-]){words}(?![\w/-])" if alias.isascii() else words, re.IGNORECASE | re.ASCII
    )
