"""What kind of answer a question asks for, told by its words in either language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.docker_words import COMMANDS, INSTRUCTIONS
from assistant.kind_words import (
    DEFAULT,
    DOES,
    EACH,
    FAILS,
    FLAG,
    GREETING,
    HOLDS_AGAINST,
    HOW,
    HOW_IT_STANDS,
    IS_CHOICE,
    MEANS,
    PAIR,
    PORTS,
    RAW_ERROR,
    SAYS_HOW,
    SHOWS,
    STATE,
    THINGS,
    WHAT,
    WHERE,
    WHERE_FRAME,
)
from assistant.question_lines import line_in
from assistant.whether import asks_whether

Kind: TypeAlias = Literal["what", "difference", "how", "explain", "whether", "fail", "list", "where"]
"""What something is · what parts two things · how to do something, or which command does · what a command
or flag does · whether something holds · why something fails · which ones there are · where the notes speak
of something."""

WITH_COMMANDS: frozenset[Kind] = frozenset({"how", "fail", "list"})
"""Kinds that are answered with commands."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question's kind, and the docker line or flags it is about, where it is about some."""

    kind: Kind
    line: str = ""
    flags: tuple[str, ...] = ()


def is_greeting(question: str) -> bool:
    """Whether it is said out of courtesy alone, and asks for nothing."""
    return GREETING.fullmatch(question) is not None


def topic_of(question: str) -> str:
    """What a question is about: where it asks for a place in the notes, without the words that ask so."""
    if kind_of(question).kind != "where":
        return question
    return WHERE_FRAME.sub(" ", question).strip(" ?？。") or question


def kind_of(question: str) -> Asking:
    """What kind of answer a question asks for; one that says nothing of it asks how something is done."""
    line = line_in(question)
    flags = tuple(dict.fromkeys(FLAG.findall(question)))
    return Asking(_kind(question, line, flags), line, flags)


def _kind(question: str, line: str, flags: tuple[str, ...]) -> Kind:
    is_of_code = bool(line or flags or PORTS.search(question))
    fits: tuple[tuple[Kind, bool], ...] = (  # the first that does counts
        ("where", _has(WHERE, question)),
        ("fail", _has(RAW_ERROR, question)),
        ("difference", _holds_against(question)),
        ("list", _has(EACH, question) and not _has(HOW_IT_STANDS, question)),
        ("how", _has(SAYS_HOW, question)),
        ("explain", is_of_code and _has(MEANS, question) and not _has(DEFAULT, question)),
        ("whether", asks_whether(question)),
        ("fail", _has(FAILS, question) and not _has(SHOWS, question)),
        ("how", _has(HOW, question) or _has(STATE, question)),
        ("what", _has(WHAT, question) or _has(DOES, question)),
    )
    return next((kind for kind, is_so in fits if is_so), "how")


def _has(pattern: re.Pattern[str], question: str) -> bool:
    return pattern.search(question) is not None


def _holds_against(question: str) -> bool:
    """Whether several things are held against each other."""
    if HOLDS_AGAINST.search(question) or IS_CHOICE.search(question):
        return True
    pair = PAIR.fullmatch(question)
    if pair is None:
        return False
    names = [name.strip(" `的").removeprefix("docker ").strip() for name in pair.group("a", "b")]
    if all(name in INSTRUCTIONS or name.startswith("-") or name.lower() in THINGS for name in names):
        return True
    # "build and run" asks for both; a verb in a Chinese sentence is docker's word
    return all(name in COMMANDS for name in names) and pair["between"] not in {"and", "&"}
