"""Which statements of the notes open an answer.

Every statement of the best hits is a candidate; what each sign of the right one counts, and from when a
further one is worth its words, is learned on judged questions by ``python -m tests.evals.learn_statements``.

Source: pairwise logistic regression for the order, as `knowledge.ranking`; logistic regression for whether
a statement is said at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np

from assistant.command_signs import Wanted, terms_in
from assistant.composing import within, words_in
from assistant.kinds import Kind
from assistant.recommending import Candidate
from assistant.statement_signs import SIGNS, signs, sort_of
from assistant.statements import Statement, only_points
from assistant.told import Told
from knowledge.language import Language
from knowledge.values import FloatMatrix

MOST = 3
"""How many statements open an answer at most."""

DATA = "data/statements.json"
"""Where what was learned lies in the package."""

CONTEXT = (
    "behind",  # how far (log odds) its score is behind the best one's, negative
    "second",  # by score
    "further",
    "goes_on",  # it stands right after the best one
    "same_block",
    "same_section",
    "same_list",
    "adds",  # the part of the question it adds to the best one's
    "covered",  # ... that the first command of the answer holds
    "given",  # the answer gives commands
    "other_command",  # ... and the statement introduces another
    "to_do",  # ... and how something is done is asked for
    "best",  # the best one's score
)
"""Signs of a statement beside the best one and beside the commands of the answer."""

LOOKED_AT = 6
"""How many of the best statements may be said."""

_LONG_TABLE = 5  # rows from which only the one asked about is said
_CLEARLY = 0.15  # how much more of the question than any other row that one holds
_WHOLE_TABLES: frozenset[Kind] = frozenset({"list", "difference"})
_TAKES_UP = re.compile(
    r"(?:it|its|they|their|this|that|these|those|there|then|so|therefore|to be exact|but|and|both|instead"
    r"|otherwise|such)\b|(?:它|其|这|那|此|因此|所以|但|而|同时|否则|两者|于是|这样|并且|准确)",
    re.IGNORECASE,
)
_SHORT_INTRODUCTION = 20  # words up to which a sentence with a command in it stands only above that
_OWN_LANGUAGE = 1.5  # how near (log odds) to the best one a statement in the question's language must come
_AS_MUCH = 0.7  # the part of what the best one holds of the question that it must hold
_HELD = 0.5  # what it counts besides that it holds the question: of two that are alike the one with more
_SAME = 0.75  # from this part of common terms on, one says what another said


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights of `SIGNS` for the order, and of `SIGNS` and `CONTEXT` for what is said.

    The best statement is said where its gate's log odds reach ``first``, or where the answer has nothing
    else; a further one where they reach ``further``.
    """

    weights: FloatMatrix
    gate: FloatMatrix
    intercept: float
    first: float
    further: float


@dataclass(frozen=True, slots=True)
class Given:
    """What the answer gives besides: its commands, and the question's words the first of them holds.

    ``introduced`` are the places of sentences that stand above a command: note, line and the code in them.
    """

    lines: frozenset[str]
    words: frozenset[str]
    introduced: frozenset[tuple[str, int, str]]

    @classmethod
    def of(cls, wanted: Wanted, commands: Sequence[Candidate]) -> Given:
        """What these commands of an answer give."""
        first = [f"{one.placed.said}\n{one.placed.command.text}" for one in commands[:1]]
        words = wanted.asked.words_among(terms_in("\n".join(first))) if first else frozenset()
        inline = [(one.note.path, one.placed.command) for one in commands if not one.placed.fenced]
        introduced = frozenset((note, command.first_line, command.written) for note, command in inline)
        return cls(frozenset(one.placed.command.text for one in commands), words, introduced)

    def says(self, one: Told) -> bool:
        """Whether a statement stands above a command of the answer."""
        inline = any(self._introduces(s) for s in (one.statement, *one.brings))
        return bool(one.commands and self.lines) or inline

    def _introduces(self, s: Statement) -> bool:
        return words_in(s.text) <= _SHORT_INTRODUCTION and any(
            note == s.note and s.first_line <= line <= s.last_line and code in s.text
            for note, line, code in self.introduced
        )


@dataclass(frozen=True, slots=True)
class Rated:
    """A statement, its `SIGNS` ((signs,) float32), and how well it fits (log odds)."""

    told: Told
    signs: FloatMatrix
    score: float


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What was learned, as it comes with the package."""
    stored = json.loads(files("assistant").joinpath(DATA).read_text(encoding="utf-8"))
    weights = np.asarray([stored["weights"][sign] for sign in SIGNS], dtype=np.float32)
    gate = np.asarray([stored["gate"][sign] for sign in (*SIGNS, *CONTEXT)], dtype=np.float32)
    return Learned(weights, gate, stored["intercept"], stored["first"], stored["further"])


def say(
    told: Sequence[Told],
    wanted: Wanted,
    kind: Kind,
    commands: Sequence[Candidate],
    *,
    languages: Mapping[str, Language],
    language: Language,
) -> list[Statement]:
    """The statements that open an answer, each followed by the list or code it introduces.

    Notes that exist in both languages would say everything twice: all are in one, the question's where
    its best statement is nearly as good as any.

    Args:
        told: what the notes tell near the hits.
        wanted: what the question wants.
        kind: of the question.
        commands: those of the answer.
        languages: of each note.
        language: of the answer.
    """
    given = Given.of(wanted, commands)
    ordered = _in_one_language(rated(told, wanted, kind, given, learned().weights), languages, language)
    if not ordered:
        return []
    chosen = chosen_of(ordered, beside(ordered, wanted, kind, given), learned(), needed=not commands)
    whole = _in_reading_order(_with_what_they_lean_on(chosen, told))
    said = [s for one in whole for s in (one.statement, *one.brings)]
    return within(said if kind in _WHOLE_TABLES else [_row_of(s, wanted) for s in said])


def rated(
    told: Sequence[Told], wanted: Wanted, kind: Kind, given: Given, weights: FloatMatrix
) -> list[Rated]:
    """The statements that may open an answer, best first.

    What introduces a command of the answer is said there. What only points elsewhere, or introduces what
    does not come with it, says nothing: it is among them where there is nothing else.
    """
    usable = [one for one in told if not given.says(one)]
    usable = [one for one in usable if not only_points(one.statement.text)] or usable
    usable = [one for one in usable if one.brings or not one.is_open] or usable
    rows = signs(wanted, kind, usable)
    scores = rows @ weights + _HELD * np.asarray([one.statement.share for one in usable], dtype=np.float32)
    found = [Rated(one, row, float(score)) for one, row, score in zip(usable, rows, scores, strict=True)]
    return sorted(found, key=lambda one: -one.score)


def beside(ordered: Sequence[Rated], wanted: Wanted, kind: Kind, given: Given) -> FloatMatrix:
    """`SIGNS` and `CONTEXT` of the best statements: (at most `LOOKED_AT`, signs) float32."""
    best, asked = ordered[0], wanted.asked
    covered, held = asked.share(given.words), asked.share(best.told.statement.words)
    sort = sort_of(kind, asked.question)
    rows = []
    for at, one in enumerate(ordered[:LOOKED_AT]):
        words = best.told.statement.words | one.told.statement.words
        context = (
            one.score - best.score,
            float(at == 1),
            float(at > 1),
            *_placed_beside(one.told, best.told),
            asked.share(words) - held,
            covered,
            float(bool(given.lines)),
            float(bool(given.lines and one.told.commands)),
            float(bool(given.lines) and sort == "do"),
            best.score,
        )
        rows.append(np.concatenate([one.signs, np.asarray(context, dtype=np.float32)]))
    return np.asarray(rows, dtype=np.float32)


def _placed_beside(one: Told, best: Told) -> tuple[float, float, float, float]:
    """Whether a statement stands right after the best one, in its block, its section, its list."""
    a, b = one.statement, best.statement
    if one is best or (a.note, a.headings) != (b.note, b.headings):
        return 0.0, 0.0, 0.0, 0.0
    same_block = one.block == best.block
    follows = one.number == best.number + 1 if same_block else 0 < a.first_line - b.last_line <= 1
    return float(follows), float(same_block), 1.0, float(a.kind == b.kind == "item")


def chosen_of(ordered: Sequence[Rated], rows: FloatMatrix, judge: Learned, *, needed: bool) -> list[Told]:
    """The statements to say, the best first; none where none is good enough, unless one is needed."""
    odds = rows @ judge.gate + judge.intercept
    chosen = [ordered[0].told] if odds[0] >= judge.first or needed else []
    for at in 1 + np.argsort(-odds[1:], kind="stable"):
        one = ordered[at].told
        leads_away = bool(one.commands) and not needed
        if len(chosen) < MOST and not leads_away and odds[at] >= judge.further and not _is_said(one, chosen):
            chosen.append(one)
    return chosen


def _is_said(one: Told, chosen: Sequence[Told]) -> bool:
    """Whether a statement says again what another says or brings along, or brings along what was said."""
    terms = terms_in(one.statement.text)
    brought = {(b.note, b.first_line) for b in one.brings}
    for other in chosen:
        said = {(s.note, s.first_line) for s in other.brings}
        place = (one.statement.note, one.statement.first_line)
        if place in said or (other.statement.note, other.statement.first_line) in brought:
            return True
        theirs = terms_in(other.statement.text)
        if len(terms & theirs) >= _SAME * max(min(len(terms), len(theirs)), 1):
            return True
    return False


def _in_one_language(
    ordered: Sequence[Rated], languages: Mapping[str, Language], language: Language
) -> list[Rated]:
    """The statements in the language of the best one; in the answer's where that is nearly as good."""
    if not ordered:
        return []
    own = next((one for one in ordered if languages[one.told.statement.note] == language), None)
    best = ordered[0].told.statement.share
    is_near = own is not None and own.score >= ordered[0].score - _OWN_LANGUAGE
    if own is None or not is_near or own.told.statement.share < _AS_MUCH * best:
        language = languages[ordered[0].told.statement.note]
    return [one for one in ordered if languages[one.told.statement.note] == language]


def _row_of(s: Statement, wanted: Wanted) -> Statement:
    """The one row of a long table that is about the question, with its header; else the table."""
    lines = s.text.split("\n")
    if s.kind != "table" or len(lines) < _LONG_TABLE + 2:
        return s
    asked = wanted.asked
    rows = [line.strip(" \t>") for line in lines]
    shares = [asked.share(asked.words_among(terms_in(row))) for row in rows[2:]]
    best, second = sorted(shares, reverse=True)[:2]
    if best - second < _CLEARLY:
        return s
    at = 2 + shares.index(best)
    line = s.first_line + at
    return replace(s, text=rows[at], first_line=line, last_line=line, header=tuple(rows[:2]))


def _with_what_they_lean_on(chosen: Sequence[Told], told: Sequence[Told]) -> list[Told]:
    """What was chosen; with a sentence that takes up the one before it, that one too."""
    before = {(one.statement.note, one.block, one.number): one for one in told}
    found: list[Told] = []
    for one in chosen:
        previous = before.get((one.statement.note, one.block, one.number - 1))
        if previous is not None and _TAKES_UP.match(one.statement.text) and not previous.commands:
            found += [previous, one]
        else:
            found.append(one)
    return list({id(one): one for one in found}.values())


def _in_reading_order(chosen: Sequence[Told]) -> list[Told]:
    """What was chosen, in its order; but sentences of one block as they stand there."""
    first: dict[tuple[str, int], int] = {}
    for at, one in enumerate(chosen):
        first.setdefault((one.statement.note, one.block), at)
    return sorted(chosen, key=lambda one: (first[one.statement.note, one.block], one.number))
