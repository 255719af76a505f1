"""What a question asks for, and how much of it a text holds.

Similarities of an embedding model lie close together whatever is asked, so a question about bread
finds some nearest chunk too. What tells the two apart is whether the things the question names, in
either language, are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.keywords import KeywordIndex
from knowledge.terms import concepts_of, content_words, is_task_word, terms_of

_LEAST = 0.5  # weight of a word that stands everywhere
_TASK_SHARE = 0.15  # what a word counts that only says what is to be told of a thing

HEADING_SHARE = 0.4
"""What a word counts where only the headings above a text hold it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing a question names: its weight, its own terms, and its other names' terms.

    ``known`` tells whether it stands anywhere in the notes under any name.
    """

    weight: float
    own: frozenset[str]
    names: tuple[frozenset[str], ...]
    known: bool

    def stands_in(self, terms: frozenset[str]) -> bool:
        """Whether a text's terms hold it: a Chinese word by most of its pairs, others by any name."""
        return len(self.own & terms) * 2 > len(self.own) or any(name <= terms for name in self.names)


class Asked:
    """The things a question names, each weighted by its rarity in the notes.

    ``question`` is the question with its slips mended.
    A thing of the field counts by its best-known name; one that stands nowhere counts most.
    """

    def __init__(self, question: str, keywords: KeywordIndex) -> None:
        self.question = keywords.mended(question)
        words = content_words(self.question)
        self.things: Mapping[str, Thing] = {word: _thing(word, keywords) for word in words}
        self._total = sum(thing.weight for thing in self.things.values())

    def words_in(self, text: str) -> frozenset[str]:
        """The question's words a text holds, under any of their names."""
        return self.words_among(frozenset(terms_of(text)))

    def words_among(self, terms: frozenset[str]) -> frozenset[str]:
        """The question's words that a text with these terms holds, under any of their names."""
        return frozenset(word for word, thing in self.things.items() if thing.stands_in(terms))

    def share(self, own: frozenset[str], above: frozenset[str] = frozenset()) -> float:
        """The part (0..1) of the question's meaning in words of a text and of the headings above it.

        0 for a question that names nothing.
        """
        held = sum(self.things[word].weight for word in own)
        held += HEADING_SHARE * sum(self.things[word].weight for word in above - own)
        return held / self._total if self._total else 0.0

    def missing_from(self, words: frozenset[str]) -> tuple[str, ...]:
        """The question's words that are not among these, the weightiest first."""
        left = [word for word in self.things if word not in words]
        return tuple(sorted(left, key=lambda word: -self.things[word].weight))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The question's words that stand nowhere in the notes."""
        return tuple(w for w, thing in self.things.items() if not thing.known and not is_task_word(w))


def _thing(word: str, keywords: KeywordIndex) -> Thing:
    own = frozenset(terms_of(word))
    # A flag is asked for by itself: what else does the same is no explanation of it.
    names = () if word.startswith("-") else tuple(n for concept in concepts_of(word) for n in concept)
    known = [max(map(keywords.rarity, name)) for name in (own, *names) if all(map(keywords.frequency, name))]
    weight = max(min(known, default=keywords.rarity("")), _LEAST)
    if is_task_word(word):
        weight = min(weight * _TASK_SHARE, _LEAST / 2)
    return Thing(weight, own, names, bool(known))
