"""One thing that is asked about, under its names in both languages, and what speaks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.docker_words import COMMANDS, INSTRUCTIONS
from knowledge.asked import Asked
from knowledge.library import Library
from knowledge.terms import concepts_of, content_words, names_in, terms_of

_NAMED = 0.7  # the part of a name a text has to hold
_ONLY_INSTRUCTIONS = frozenset(
    {"cmd", "entrypoint", "onbuild", "stopsignal", "workdir", "expose", "healthcheck"}
)
_GENERIC = frozenset(
    {"docker", "command", "commands", "instruction", "instructions", "option", "options", "flag", "flags",
     "parameter", "dockerfile", "linux"}
)  # fmt: skip
_GENERIC_HAN = re.compile(r"(?:命令|指令|选项|参数|网络|模式|策略|驱动)$")
_SORTS = frozenset({"network", "driver", "policy", "mode", "object", "kubernete", "polic"})
_ARTICLE = re.compile(r"^[\s*_]*(?:(?:an?|the|one|any|every|each|所谓|一个|这个)\s*)?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,，/=（()）`或、]+|\bor\b")
_INNER = re.compile(r"^(.*?)\s*[（(]([^（）()]*)[）)]\s*$")

Sort = Literal["flag", "command", "instruction", "thing"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing asked about: its name as the question has it, what sort it is, and its words' weights."""

    name: str
    sort: Sort
    asked: Asked

    @property
    def bare(self) -> str:
        """Its name without ``docker`` and the word for what it is ("命令")."""
        return _bare(self.name)

    def is_named_by(self, lead: str) -> bool:
        """Whether a text is nothing but its name, in either language ("镜像（image）")."""
        lead = _ARTICLE.sub("", lead).strip(" \t*`_'\"“”：:")
        inner = _INNER.match(lead)
        leads = [lead, *(inner.groups() if inner else ())]
        if self.sort == "flag":
            words = [word for word in _BETWEEN.split(lead) if word]
            flags = [word for word in words if word.startswith("-")]
            return words[:1] == flags[:1] and self.name in flags and len(words) - len(flags) <= 1
        if self.sort != "thing":  # a word of code means nothing else
            return any(_bare(one) == self.bare for one in leads)
        return any(_mean_the_same(one, self.name) for one in leads if one)

    def stands_in(self, text: str, *, as_code_only: bool = False) -> bool:
        """Whether a text speaks of it, under any of its names; of a command perhaps only where it is code."""
        if self.sort == "flag":
            return re.search(rf"(?<![\w-]){re.escape(self.name)}(?![\w-])", text) is not None
        if self.sort == "instruction":
            return re.search(rf"(?<![A-Za-z_-]){self.name}(?![A-Za-z_-])", text) is not None
        if self.sort == "command":
            name = re.escape(self.bare)
            as_code = rf"(?:docker(?: \w+)? |`){name}(?![\w-])"
            found = as_code if as_code_only else rf"{as_code}|(?<![\w-]){name}(?![\w-])"
            return re.search(found, text) is not None
        return self.asked.share(self.asked.words_in(text)) >= _NAMED

    def is_unknown(self, library: Library) -> bool:
        """Whether it stands nowhere in the notes."""
        if self.sort in {"flag", "instruction"}:
            return not library.mentions(self.name)
        unknown = set(self.asked.unknown)
        named = [w for w in self.asked.things if w.lower() not in _GENERIC]
        return bool(named) and all(word in unknown for word in named)


def subjects_of(names: list[str] | tuple[str, ...], library: Library) -> list[Subject]:
    """Several things held against each other, each of the sort that fits the others."""
    bare = [_bare(name) for name in names]
    upper = [name.upper() for name in bare]
    as_instructions = all(name in INSTRUCTIONS for name in upper) and (
        any(name in INSTRUCTIONS for name in bare)
        or any(name.lower() in _ONLY_INSTRUCTIONS for name in bare)
        or {name.lower() for name in bare} == {"copy", "add"}
    )
    return [
        Subject(up if as_instructions else name, _sort(name, one, as_instructions), library.asked(name))
        for name, one, up in zip(names, bare, upper, strict=True)
    ]


def subject_of(name: str, library: Library) -> Subject:
    """One thing."""
    return subjects_of([name], library)[0]


def _sort(name: str, bare: str, as_instruction: bool) -> Sort:
    if bare.startswith("-"):
        return "flag"
    if as_instruction or bare in INSTRUCTIONS:
        return "instruction"
    return "command" if bare.lower() in COMMANDS else "thing"


def _bare(name: str) -> str:
    """A name without quotes, ``docker`` and the word for what it is, where more is left."""
    words = name.replace("`", " ").strip(" *'\"“”?？.。,，").split()
    kept = [w for w in words if w.lower() not in _GENERIC] or words
    bare = " ".join(kept)
    return _GENERIC_HAN.sub("", bare).strip() or bare


@lru_cache(maxsize=4096)
def key_of(name: str) -> frozenset[str]:
    """What a name means in either language: the things of the field it names, and its other words."""
    words = content_words(_bare(name))
    named = [word for word in words if word.lower() not in _GENERIC] or words
    return frozenset(meaning for word in named for meaning in _meanings(word))


def _mean_the_same(one: str, other: str) -> bool:
    """Whether two names mean one thing. Two English ones have the same words; others the same meanings."""
    if one.isascii() and other.isascii():
        return _same(_words(one), _words(other))
    return _same(key_of(one), key_of(other))


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    words = content_words(_bare(name))
    return frozenset(terms_of(word)[0] for word in words if word.lower() not in _GENERIC or len(words) == 1)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two meanings are one; the word for what a thing is may be missing ("host", "host network")."""
    return (bool(one) and one == other) or (bool(one - _SORTS) and one - _SORTS == other - _SORTS)


def _meanings(word: str) -> tuple[str, ...]:
    if word.startswith("-") or word.lower() in _GENERIC or not concepts_of(word):
        return tuple(terms_of(word)[:1]) if word.isascii() else (word,)
    return tuple(names_in(word, "en")[:1]) or (word.lower(),)
