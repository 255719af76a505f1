"""Does what is asked for stand in the hits? A score alone cannot tell.

Similarities of an embedding model lie close together whatever is asked, so a question about bread
finds some nearest chunk too. What tells the two apart is whether the things the question names,
in either language, are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.keywords import KeywordIndex
from knowledge.terms import concepts_of, content_words, terms_of
from knowledge.values import Hit

HITS = 5
"""How many of the best hits may share in covering a question."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of a question's meaning (0..1, weighted by rarity) that the hits hold.

    ``missing`` are the words that stand in none of them, the weightiest first; ``unknown`` those
    that stand nowhere in the notes.
    """

    share: float
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def cover(question: str, hits: Sequence[Hit], keywords: KeywordIndex) -> Coverage:
    """How much of what a question asks for stands in its best hits.

    A word counts by its rarity in the notes (inverse document frequency); one that stands nowhere
    counts most. It is covered where it, or another name of the same thing, is in one of the hits.
    """
    texts = [frozenset(terms_of(" ".join((*h.chunk.headings, h.chunk.text)))) for h in hits[:HITS]]
    held = frozenset().union(*texts)
    total = covered = 0.0
    missing: list[tuple[float, str]] = []
    unknown: list[str] = []
    for word in content_words(question):
        own = terms_of(word)
        names = [frozenset(own), *concepts_of(word)]
        weight = max(min(keywords.rarity(t) for t in own), 0.1) if own else 0.0
        if any(keywords.frequency(t) for name in names[1:] for t in name):
            # A thing of the field is judged by its best-known name in the notes.
            weight = min(weight, *(keywords.rarity(t) for name in names[1:] for t in name))
        total += weight
        if _stands(own, held) or any(name & held for name in names[1:]):
            covered += weight
            continue
        missing.append((weight, word))
        if not any(keywords.frequency(t) for name in names for t in name):
            unknown.append(word)
    missing.sort(reverse=True)
    share = covered / total if total else 0.0
    return Coverage(share, tuple(word for _, word in missing), tuple(unknown))


def _stands(own: Sequence[str], held: frozenset[str]) -> bool:
    """Whether a word is there: a Chinese word by most of its pairs, any other by itself."""
    return bool(own) and sum(term in held for term in own) * 2 > len(own)
