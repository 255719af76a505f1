"""Does an excerpt of the notes say what a sentence says, and where?

What says it is a place: a few blocks that follow each other. The words of a sentence that stand scattered
over a long excerpt bear nothing out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.figures import Figures, claimed, without_figures
from assistant.outside_words import TOOLS
from knowledge.asked import Asked, Thing
from knowledge.language import Text, language_of
from knowledge.library import Library
from knowledge.terms import terms_of
from knowledge.values import Hit, Section

ENOUGH = 0.5
"""The part of a sentence's meaning an excerpt must hold to bear it out."""

ENOUGH_ACROSS = 0.35
"""The same where the excerpt is in the other language: only words of the field are known in both."""

UNKNOWN = 0.4
"""What a word counts that stands nowhere in the notes: a model says things in words of its own."""

AS_GOOD = 0.8
"""How near to the best excerpt's part the cited one must come to keep its mark."""

ADDS = 0.25
"""The part of a sentence's meaning that a second place must add to be cited with the first."""

_COMMAND = re.compile(r"`+\s*(?:sudo\s+)?docker\s+\S[^`]*`+")
NAME = 2.0
"""What a name counts: what is said of another thing than the excerpt's is not what the excerpt says."""

FURTHER = 0.1
"""How much more of a sentence a hit must hold that the model was not given."""

_NAME = re.compile(r"(?![KMGT]i?B$)(?:[A-Z][a-z]*[A-Z0-9]\w*|\w*[a-z][A-Z]\w*|[A-Z]{2,})")
"""A word written as only names are: IPv6, OpenShift, TLS; units are none."""

_TOOLS = frozenset(alias for aliases in TOOLS for alias in aliases)

_MOST_NAMED = 3
_MOST_BLOCKS, _MOST_CHARACTERS = 6, 600  # of blocks that are looked at together


@dataclass(frozen=True, slots=True)
class Found:
    """The hits (numbers from 1) that bear a sentence out, and what in it is not as it stands there.

    ``seen`` is True where no hit does, but what a tool saw on the machine.
    """

    hits: tuple[int, ...]
    differs: tuple[Text, ...] = ()
    seen: bool = False


@dataclass(frozen=True)
class _Place:
    """Some blocks of a hit that follow each other, with the headings above them."""

    first_line: int
    last_line: int
    blocks: int
    text: str

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms_of(self.text))

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.text)


@dataclass(frozen=True)
class _Said:
    """A sentence: what it says, what each word of it counts, and the figures in it."""

    text: str
    asked: Asked
    weights: dict[str, float]
    figures: list[str]

    @cached_property
    def total(self) -> float:
        return sum(self.weights.values())

    def weight(self, words: frozenset[str]) -> float:
        """The part (0..1) of the sentence's meaning in these of its words."""
        return sum(self.weights[word] for word in words) / self.total if self.total else 0.0


@dataclass(frozen=True)
class _Held:
    """What a place has of a sentence: its words, the part of its meaning in them (0..1), its figures."""

    place: _Place
    words: frozenset[str]
    share: float
    figures: frozenset[str]


class Supports:
    """Holds sentences against the hits a model was given for one question.

    Args:
        question: as the person asked it.
        hits: what the model was given, in the order of their numbers.
        library: the notes.
        seen: what tools saw on the machine.
        further: hits found besides; they count, with the numbers that follow, for what none of the given
            ones says: what stands in the notes is not to be called missing.
    """

    def __init__(
        self,
        question: str,
        hits: Sequence[Hit],
        library: Library,
        seen: Sequence[str] = (),
        further: Sequence[Hit] = (),
    ) -> None:
        self._question = question
        self._given = len(hits)
        self._hits = [*hits, *further]
        self._seen = seen
        self._said: dict[str, _Said] = {}
        self._held: dict[str, list[_Held]] = {}
        self._library = library
        self._places = [list(_places(hit, library)) for hit in self._hits]

    def of(self, sentence: str, marks: Sequence[int]) -> Found | None:
        """What bears a sentence out; None where it claims nothing."""
        said = self._read(sentence)
        if not said.weights or (sentence.endswith((":", "：")) and not said.figures):
            return None  # it leads on to what comes next
        held = self._best(said)
        enough = {
            n: one
            for n, one in enumerate(held, start=1)
            if one.share >= self._least(n, sentence) and self._is_of(said, n)
        }
        enough = self._preferred(enough)
        if not enough:
            seen = (said.weight(said.asked.words_in(text)) for text in self._seen)
            return Found((), seen=any(share >= ENOUGH for share in seen))
        best = max(enough, key=lambda n: (len(enough[n].figures), enough[n].share))
        kept = [
            n
            for n in dict.fromkeys(marks)
            if n in enough
            and len(enough[n].figures) >= len(enough[best].figures)
            and enough[n].share >= AS_GOOD * enough[best].share
        ]
        hits = kept or [best]
        hits += self._adding(said, held, hits)
        return Found(tuple(hits), tuple(self._differing(said, [held[n - 1] for n in hits])))

    def _preferred(self, enough: dict[int, _Held]) -> dict[int, _Held]:
        """The given hits of those that hold enough, unless only a further one has the figures."""
        given = {n: one for n, one in enough.items() if n <= self._given}
        most = max((len(one.figures) for one in enough.values()), default=0)
        return given if any(len(one.figures) == most for one in given.values()) else enough

    def _adding(self, said: _Said, held: Sequence[_Held], hits: Sequence[int]) -> list[int]:
        """Another of the given hits for what a sentence says besides, where two places were put together."""
        words = said.asked.words_among(self._terms_of(hits))
        figures = frozenset[str]().union(*(held[n - 1].figures for n in hits))
        adding = {
            n: said.weight(one.words - words)
            for n, one in enumerate(held[: self._given], start=1)
            if n not in hits
            and (said.weight(one.words - words) >= ADDS or (one.figures - figures and one.share >= ADDS))
        }
        return [max(adding, key=lambda n: adding[n])] if adding else []

    def place_in(self, n: int, sentence: str) -> tuple[int, int, str]:
        """First and last line and quote of what in a hit says it: as few blocks of it as do."""
        chunk = self._hits[n - 1].chunk
        place = self._best(self._read(sentence))[n - 1].place
        quote = self._library.notes[chunk.note].quote(place.first_line, place.last_line).strip()
        return (
            place.first_line,
            place.last_line,
            quote if len(quote) < len(chunk.text) else chunk.text.strip(),
        )

    def _best(self, said: _Said) -> list[_Held]:
        """The place of each hit that says most of a sentence, found once."""
        if said.text not in self._held:
            self._held[said.text] = [_best_of(said, places) for places in self._places]
        return self._held[said.text]

    def _read(self, sentence: str) -> _Said:
        """What a sentence says, looked up once."""
        if sentence not in self._said:
            prose = _COMMAND.sub(" ", sentence)  # a command has an origin of its own
            asked = self._library.asked(without_figures(prose))
            weights = {word: _weight(word, thing) for word, thing in asked.things.items()}
            self._said[sentence] = _Said(sentence, asked, weights, claimed(prose))
        return self._said[sentence]

    def _is_of(self, said: _Said, n: int) -> bool:
        """Whether a hit speaks of each tool beside Docker that a sentence is about."""
        tools = frozenset(word for word in said.weights if word.lower() in _TOOLS)
        return not tools or tools <= said.asked.words_among(self._terms_of([n]))

    def _terms_of(self, hits: Sequence[int]) -> frozenset[str]:
        return frozenset[str]().union(*(place.terms for n in hits for place in self._places[n - 1]))

    def _least(self, n: int, sentence: str) -> float:
        """The part of a sentence that a hit must hold to bear it out."""
        same = self._hits[n - 1].chunk.language == language_of(sentence)
        return (ENOUGH if same else ENOUGH_ACROSS) + (0.0 if n <= self._given else FURTHER)

    def _differing(self, said: _Said, held: Sequence[_Held]) -> Iterator[Text]:
        """Numbers, versions and flags that stand neither where they could come from nor in the question."""
        asked = Figures(self._question)
        for value in said.figures:
            if asked.has(value) or any(value in one.figures for one in held):
                continue
            others = dict.fromkeys(other for one in held for other in one.place.figures.of_kind(value))
            named = ", ".join(f"`{other}`" for other in list(others)[:_MOST_NAMED])
            yield (
                Text(
                    en=f"It says `{value}`; the place it cites says {named}.",
                    zh=f"回答写的是 `{value}`，而所引的笔记写的是 {named.replace(', ', '、')}。",
                )
                if named
                else Text(
                    en=f"It says `{value}`, which does not stand at the place it cites.",
                    zh=f"回答里的 `{value}` 在所引的笔记中没有出现。",
                )
            )


def _places(hit: Hit, library: Library) -> Iterator[_Place]:
    """The runs of blocks of a hit, each within one section; the whole hit where it has no blocks."""
    chunk = hit.chunk
    blocks = [block for block in library.blocks(chunk) if block.text.strip()]
    sections = library.sections(chunk.note)
    for at, first in enumerate(blocks):
        section = _section_of(first.first_line, sections)
        headings = section.headings if section else chunk.headings
        texts: list[str] = []
        for block in blocks[at : at + _MOST_BLOCKS]:
            texts.append(block.text)
            too_long = len(texts) > 1 and sum(map(len, texts)) > _MOST_CHARACTERS
            if too_long or (section and block.first_line > section.last_line):
                break
            text = "\n".join((*headings, *texts))
            yield _Place(first.first_line, block.last_line, len(texts), text)
    if not blocks:
        text = "\n".join((*chunk.headings, chunk.text))
        yield _Place(chunk.first_line, chunk.last_line, 1, text)


def _section_of(line: int, sections: Sequence[Section]) -> Section | None:
    return next((s for s in sections if s.first_line <= line <= s.last_line), None)


def _best_of(said: _Said, places: Sequence[_Place]) -> _Held:
    """The place with most of a sentence; of those nearly as good the one with its figures, the shortest."""
    held = []
    for place in places:
        words = said.asked.words_among(place.terms)
        figures = frozenset(figure for figure in said.figures if place.figures.has(figure))
        held.append(_Held(place, words, said.weight(words), figures))
    most = max(one.share for one in held)
    good = [one for one in held if one.share >= AS_GOOD * most]
    return max(good, key=lambda one: (len(one.figures), -one.place.blocks, one.share))


def _weight(word: str, thing: Thing) -> float:
    """What a word of a sentence counts: one that no note has may be mere wording, a name is none."""
    if _NAME.fullmatch(word) or word.lower() in _TOOLS:
        return thing.weight * NAME
    return thing.weight * (1 if thing.known else UNKNOWN)
