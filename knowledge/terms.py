"""How text is cut into search terms, and which things of the field a word names.

A question in one language finds notes in the other through the table in `knowledge.vocabulary`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from knowledge.language import Language
from knowledge.vocabulary import PARTING, ROWS, STOP_WORDS, TASK_WORDS

Concept: TypeAlias = tuple[frozenset[str], ...]
"""One thing under all its names, each name as the terms that must all stand for it to be there."""


_WORD = re.compile(
    r"(?<![A-Za-z0-9_])--?[A-Za-z][A-Za-z0-9_-]*"  # flags stay whole
    r"|[A-Za-z0-9_]+(?:[./:@-][A-Za-z0-9_]+)*"  # words, versions, image references
    r"|[㐀-鿿豈-﫿]+"
)
_FLAG = re.compile(r"-[A-Za-z]")  # a short flag: its case tells two flags apart
_CLITIC = re.compile(r"(?<=[A-Za-z])(?:n['’]t|['’](?:s|re|ve|ll|d|m|t))\b")  # what's, don't
_PARTS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)*")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_LETTERS = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]{4,}(?![A-Za-z0-9_])")
HAN_RUN = re.compile(r"[㐀-鿿豈-﫿]+")
"""A run of Han characters."""


def terms_of(text: str) -> list[str]:
    """Search terms of a text, in order, with repetition.

    Flags and image references stay whole and also count by their parts; English words lose their
    endings; runs of Han characters are cut into overlapping pairs (and a lone character stays).
    """
    terms: list[str] = []
    for word in _WORD.findall(_CLITIC.sub("", text)):
        if _HAN.match(word):
            terms.extend(word[i : i + 2] for i in range(len(word) - 1)) if len(word) > 1 else terms.append(
                word
            )
            continue
        terms.append(_plain(word))
        parts = _PARTS.findall(word)
        if len(parts) > 1 or word.startswith("-"):
            terms.extend(_stem(part.lower()) for part in parts if len(part) > 1)
    return terms


def _stem(word: str) -> str:
    """An English word without its ending, so that ``containers`` and ``container`` meet.

    Source: the first and last steps of Porter, An algorithm for suffix stripping (1980), shortened.
    """
    if not word.isascii() or not word.isalpha() or len(word) < 4:
        return word
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and not word.endswith(("ss", "us", "is")) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + put
            if ending in {"ing", "ed"} and word[-1] == word[-2] and word[-1] in "bgmnprt":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, frozenset[int]], list[Concept]]:
    """From a name to the rows it stands in, and each row."""
    where: dict[str, set[int]] = {}
    rows: list[Concept] = []
    for number, row in enumerate(ROWS):
        names = [name for group in row.split("|") for name in group.split()]
        rows.append(tuple(dict.fromkeys(frozenset(terms_of(name)) for name in names)))
        for name in names:
            where.setdefault(name if _HAN.match(name) else _stem(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in where.items()}, rows


@lru_cache(maxsize=1)
def _dictionary() -> tuple[frozenset[str], int]:
    """Chinese words a run of Han characters is cut by, and the length of the longest."""
    words = {name for name in _table()[0] if _HAN.match(name)}
    words |= {w for w in STOP_WORDS | TASK_WORDS if _HAN.match(w) and len(w) > 1} | PARTING
    return frozenset(words), max(map(len, words))


def chinese_words() -> frozenset[str]:
    """The Chinese words of the table."""
    return frozenset(name for name in _table()[0] if HAN_RUN.fullmatch(name))


def words_of(text: str) -> list[str]:
    """The words of a question as they are written, Han characters cut by the table's longest match.

    Overlapping pairs are right for finding (every pair that stands in the text is there), and wrong
    for asking what a question is about: the pair across two words means nothing.
    """
    words: list[str] = []
    for word in _WORD.findall(_CLITIC.sub("", text)):
        words.extend(_cut(word) if _HAN.match(word) else [word])
    return words


def _cut(run: str) -> Iterator[str]:
    dictionary, longest = _dictionary()
    unknown, at = "", 0
    while at < len(run):
        size = next(
            (n for n in range(min(longest, len(run) - at), 0, -1) if run[at : at + n] in dictionary), 0
        )
        if not size:
            unknown += run[at]
            at += 1
            continue
        if unknown:
            yield unknown
            unknown = ""
        yield run[at : at + size]
        at += size
    if unknown:
        yield unknown


def plain_words(text: str) -> list[str]:
    """The Latin words of a text that can be misspelt: four letters or more, nothing but letters."""
    return _LETTERS.findall(text)


def field_words() -> frozenset[str]:
    """The English words of the table."""
    return frozenset(word for row in ROWS for word in plain_words(row))


def concepts_of(word: str) -> list[Concept]:
    """For one word of `words_of`, each thing of the table it names."""
    where, rows = _table()
    return [rows[number] for number in sorted(where.get(_plain(word), ()))]


def names_in(text: str, language: Language) -> list[str]:
    """The things of the table a text names, by their first name in a language, in order, each once."""
    where, _ = _table()
    found: dict[str, None] = {}
    for word in words_of(text):
        for number in sorted(where.get(_plain(word), ())):
            english, chinese, *_ = ROWS[number].split("|")
            found.setdefault((chinese if language == "zh" else english).split()[0])
            break
    return list(found)


def is_task_word(word: str) -> bool:
    """Whether a word says what is to be told of a thing, rather than naming one."""
    return _plain(word) in _TASKS


def content_words(text: str) -> list[str]:
    """The words of a question that carry its meaning, as written: no stop words, each once."""
    kept: dict[str, str] = {}
    for word in words_of(text):
        if not _is_stop(word):
            kept.setdefault(_plain(word), word)
    return list(kept.values())


def _plain(word: str) -> str:
    return _stem(word if _FLAG.match(word) else word.lower())


def _is_stop(word: str) -> bool:
    if _HAN.match(word):
        return word in STOP_WORDS or all(character in STOP_WORDS for character in word)
    return _plain(word) in _STOPS


_TASKS = TASK_WORDS | {_stem(word) for word in TASK_WORDS}
_STOPS = STOP_WORDS | {_stem(word) for word in STOP_WORDS}
