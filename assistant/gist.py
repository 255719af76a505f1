"""What a sentence in the other language is about, in the words of the term table alone."""

from __future__ import annotations

import re

from knowledge.language import Language, Text, language_of
from knowledge.terms import is_task_word, names_in

_ABOUT = Text(en="*(about: {words})*", zh="*（说的是：{words}）*")
_ADDED = re.compile(r"[ \t]*\*(?:\(about: [^()\n]*\)|（说的是：[^（）\n]*）)\*")
_MOST = 8
_LATIN = re.compile(r"`[^`]*`|[A-Za-z][\w.-]*")
_CODE = re.compile(r"`[^`]*`")
_DOUBTFUL = re.compile(
    r"版本|运行时|运行中|需要|使用|发布(?!.{0,8}端口)(?<!端口发布)"
    r"|\b(?:versions?|needs?|needed|run[- ]?time|maps?|forwards?)\b",
    re.IGNORECASE,
)
"""Words of the table that are plain words as often, and then name nothing: they are not taken for names."""


def without_gists(text: str) -> str:
    """An answer's text without what was added to sentences in the other language."""
    return _ADDED.sub("", text)


def gist_of(text: str, language: Language) -> str:
    """The things a sentence names, in the language asked for; empty where it is in that language already.

    It is no translation: names of things in the order they stand, nothing in between.
    """
    if language_of(_LATIN.sub("", text) if language == "en" else text) == language or not text.strip():
        return ""
    bare = _CODE.sub(" ", text)
    named = _DOUBTFUL.sub(" ", _LATIN.sub(" ", bare) if language == "en" else bare)
    held = {word.lower() for word in _LATIN.findall(text)}
    words = [w for w in names_in(named, language) if w.lower() not in held and not is_task_word(w)]
    joint = "、" if language == "zh" else ", "
    return _ABOUT.said_in(language).format(words=joint.join(words[:_MOST])) if words else ""
