"""The signs by which a command is told to be what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.acts import asked_for, done_by, not_wanted
from assistant.intent_signs import INTENT_SIGNS, intent_signs
from assistant.placed import Placed
from assistant.values import Origin
from knowledge.asked import Asked
from knowledge.intents import Likely
from knowledge.language import Language, language_of
from knowledge.terms import concepts_of, content_words, terms_of
from knowledge.values import FloatMatrix, Note

SIGNS = (
    "score",  # of the hit it stands in
    "near",  # 1 / its rank
    "similarity",  # its cosine, scaled over the hits
    "section",  # the score of the best hit in its section
    "in_hit",  # whether it stands in a hit itself
    "said",  # the part of the question that what introduces it holds
    "own",  # ... that its own words and flags hold
    "heading",  # ... the heading above it
    "above",  # ... the headings and list items around it
    "after",  # ... the block after it
    "together",  # ... all of these
    "worded",  # the hit's score times what it and what introduces it hold of the question
    "among_best",  # it stands in one of the best hits
    "to_the_point",  # the part of what introduces it that the question asks for
    "heading_to_the_point",  # ... of the heading
    "literal",  # the part of its words that stand in the question as they are
    "verbatim",  # whether the question holds its subcommand
    "acts",  # what is to be done: both say it
    "no_act",  # ... the question says something else
    "acts_said",  # what introduces it speaks of the same acts
    "objects",  # to what
    "no_object",
    "ways",  # how: flags asked for in words
    "ways_unasked",  # flags that nobody asked for
    "ways_missing",  # ways asked for that it does not have
    "states",  # what it is in: what introduces it says the same
    "states_unasked",  # ... says what nobody asked for
    "against",  # it does what the question says is not wanted
    "latest",  # the part of what was said last that all of these hold
    "first_of_section",
    "alone",  # the only command of its section
    "fenced",
    "introduced",  # something introduces it
    "docker",
    "corrected",
    "length",  # logarithm of its words
    *INTENT_SIGNS,
)

LESS = frozenset(
    {"no_act", "no_object", "ways_unasked", "ways_missing", "states_unasked", "against", "length"}
)
"""Signs that speak against a command; of two places the lesser counts."""

_BEST = 6  # hits
_IN_COMMAND = 0.3  # what it counts on top where the command's own words and flags are what is asked for

_LATIN = re.compile(r"[A-Za-z0-9_./:-]*[A-Za-z0-9]")
_SUBCOMMAND = re.compile(r"(?:sudo\s+)?(docker|kubectl|kind|kubeadm|systemctl)\s+([a-z-]+)(?:\s+([a-z]+))?")
_GROUPS = frozenset(
    (
        "compose",
        "container",
        "image",
        "volume",
        "network",
        "system",
        "builder",
        "buildx",
        "context",
        "rollout",
    )
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A command near the hits, and what found it.

    ``score``, ``rank`` (from 1) and ``similarity`` (scaled over all hits, 0..1) are those of the hit it
    stands in, or where ``in_hit`` is false of the best hit in its section; ``section`` is that one's score.
    """

    placed: Placed
    note: Note
    score: float
    rank: int
    similarity: float
    section: float
    in_hit: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants, looked at once for all commands."""

    asked: Asked
    language: Language
    acts: frozenset[str]
    objects: frozenset[str]
    ways: frozenset[str]
    states: frozenset[str]
    unwanted: frozenset[str]
    latest: Asked | None
    words: frozenset[str]
    names: frozenset[str]
    likely: Likely | None

    @classmethod
    def of(cls, asked: Asked, likely: Likely | None, latest: Asked | None = None) -> Wanted:
        """What a question wants.

        Args:
            asked: the question.
            likely: what its embedding says it is after.
            latest: what was said last, where it goes on from another.
        """
        text = asked.question
        last = latest.question if latest else text
        return cls(
            asked,
            language_of(text),
            asked_for("act", last) or asked_for("act", text),
            asked_for("object", last) | asked_for("object", text),
            asked_for("way", last) or asked_for("way", text),
            asked_for("state", last),
            not_wanted(last),
            latest,
            frozenset(word.lower() for word in _LATIN.findall(text)),
            _names(text),
            likely,
        )

    def spoken_of(self, text: str) -> float:
        """The part (0..1) of the acts wanted that a text speaks of."""
        return _share(self.acts & asked_for("act", text), self.acts)


def signs(wanted: Wanted, seen: Sequence[Seen]) -> FloatMatrix:
    """The `SIGNS` of commands: (commands, signs) float32."""
    rows = [_row(wanted, one) for one in seen]
    found = np.asarray(rows, dtype=np.float32).reshape(len(rows), len(SIGNS) - len(INTENT_SIGNS))
    return np.concatenate(
        [found, intent_signs(wanted.likely, [one.placed.command.text for one in seen])], axis=1
    )


def _row(wanted: Wanted, one: Seen) -> tuple[float, ...]:
    placed = one.placed
    asked, line = wanted.asked, placed.command.text
    held = {
        "said": asked.words_among(terms_in(placed.said)),
        "own": asked.words_among(terms_in(line)),
        "heading": asked.words_among(terms_in(placed.headings[-1])),
        "above": asked.words_among(terms_in("\n".join((*placed.headings, placed.above)))),
        "after": asked.words_among(terms_in(placed.after)),
    }
    shares = {name: asked.share(words) for name, words in held.items()}
    return (
        one.score,
        1 / one.rank,
        one.similarity,
        one.section,
        float(one.in_hit),
        *shares.values(),
        asked.share(frozenset().union(*held.values())),
        one.score * _worded(wanted, held),
        float(one.in_hit and one.rank <= _BEST),
        to_the_point(wanted, placed.said),
        to_the_point(wanted, placed.headings[-1]),
        _literal(wanted, line),
        float(_names_it(wanted, line)),
        *_meeting(wanted, placed),
        float(len(wanted.unwanted & done_by("act", line))),
        _latest(wanted, placed),
        float(placed.number == 0),
        float(placed.of == 1),
        float(placed.fenced),
        float(bool(placed.said)),
        float("docker" in line.split()[:2]),
        float(placed.command.origin is Origin.CORRECTED),
        float(np.log(len(line.split()))),
    )


def _latest(wanted: Wanted, placed: Placed) -> float:
    if wanted.latest is None:
        return 0.0
    text = "\n".join((placed.said, placed.command.text, placed.headings[-1]))
    return wanted.latest.share(wanted.latest.words_among(terms_in(text)))


def _worded(wanted: Wanted, held: dict[str, frozenset[str]]) -> float:
    """The part of the question a command and its introduction hold, headings and what follows for less."""
    near, around = held["own"] | held["said"], held["above"] | held["after"]
    return wanted.asked.share(near, around) + _IN_COMMAND * wanted.asked.share(held["own"])


def _meeting(wanted: Wanted, placed: Placed) -> tuple[float, ...]:
    """How far what a command does, to what and how meets what the question wants."""
    line = placed.command.text
    acts, objects, ways = done_by("act", line), done_by("object", line), done_by("way", line)
    said = asked_for("act", placed.said)
    states = asked_for("state", placed.said) | done_by("state", line)
    return (
        _share(wanted.acts & acts, wanted.acts),
        float(bool(wanted.acts) and not wanted.acts & (acts | said)),
        _share(wanted.acts & said, wanted.acts),
        _share(wanted.objects & objects, wanted.objects),
        float(bool(wanted.objects) and not wanted.objects & objects),
        float(len(wanted.ways & ways)),
        float(len(ways - wanted.ways)),
        float(len(wanted.ways - ways)),
        float(len(wanted.states & states)),
        float(len(states - wanted.states)),
    )


def _share(held: frozenset[str], whole: frozenset[str]) -> float:
    return len(held) / len(whole) if whole else 0.0


def to_the_point(wanted: Wanted, text: str) -> float:
    """The part (0..1) of a text's words that the question names too, in either language."""
    words = _words(text)
    return sum(bool(names & wanted.names) for names in words) / len(words) if words else 0.0


def _literal(wanted: Wanted, line: str) -> float:
    words = [word.lower() for word in _LATIN.findall(line)]
    return sum(word in wanted.words for word in words) / len(words) if words else 0.0


def _names_it(wanted: Wanted, line: str) -> bool:
    """Whether the question holds the command's program and subcommand, or its subcommand with a flag."""
    match = _SUBCOMMAND.match(line)
    if match is None:
        return line.split(maxsplit=1)[0] in wanted.words
    parts = match.groups()[1:] if match[2] in _GROUPS and match[3] else match.groups()[1:2]
    return all(part in wanted.words for part in parts if part)


@lru_cache(maxsize=20_000)
def terms_in(text: str) -> frozenset[str]:
    """The search terms of a text."""
    return frozenset(terms_of(text))


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[frozenset[str], ...]:
    """For each word of meaning in a text, its terms and those of its other names."""
    return tuple(_word_names(word) for word in content_words(text))


@lru_cache(maxsize=512)
def _names(text: str) -> frozenset[str]:
    return frozenset().union(*_words(text))


@lru_cache(maxsize=8192)
def _word_names(word: str) -> frozenset[str]:
    """A word's own terms, and the whole other names of what it is."""
    names = {"+".join(sorted(name)) for concept in concepts_of(word) for name in concept}
    return frozenset({"+".join(sorted(terms_of(word))), *names})
