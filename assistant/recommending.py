"""Which commands of the notes a question asks for.

Every command near the hits is a candidate; what each sign of the right one counts is learned on judged
questions by ``python -m tests.evals.learn_commands``.

Source: pairwise logistic regression, as `knowledge.ranking`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from assistant.command_signs import LESS, SIGNS, Seen, Wanted, signs
from assistant.placed import Placed, placed_in
from knowledge.library import Library
from knowledge.values import FloatMatrix, Hit, Note, Section

MOST = 4
"""How many commands an answer recommends at most."""

_MOST_MARGIN = 6.0  # log odds
_SECTIONS = 12  # best hits whose whole sections are looked through
DATA = "data/commands.json"
"""Where what was learned lies in the package."""

HITS = 50
"""How many hits are looked through for commands."""

NEAR_BEST = 4.0
"""How near (log odds) to the best command a further one must come."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A command near the hits: its surroundings, its note, and how well it fits (log odds).

    ``fits`` tells whether it may be offered at all.
    """

    placed: Placed
    note: Note
    score: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned: the weight of each of `SIGNS` for the order, and for whether one is offered at all.

    A command is offered where its gate's log odds reach ``threshold``; ``margin`` is what the notes' own
    margin counts in them. ``usual`` stands for signs that are unknown.
    """

    weights: FloatMatrix
    gate: FloatMatrix
    margin: float
    intercept: float
    threshold: float
    usual: FloatMatrix


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What was learned, as it comes with the package."""
    stored = json.loads(files("assistant").joinpath(DATA).read_text(encoding="utf-8"))
    weights, gate, usual = (
        np.array([stored[part][sign] for sign in SIGNS], dtype=np.float32)
        for part in ("weights", "gate", "usual")
    )
    return Learned(weights, gate, stored["margin"], stored["intercept"], stored["threshold"], usual)


def candidates(hits: Sequence[Hit], library: Library, wanted: Wanted, margin: float) -> list[Candidate]:
    """The commands near the hits, best first, each once, from the place that speaks for it most.

    ``margin`` says by how much the notes answer the question (`Library.margin`).
    """
    seen = seen_near(hits, library)
    if not seen:
        return []
    rows, groups = merged(seen, signs(wanted, seen))
    judge = learned()
    rows = np.where(np.isnan(rows), judge.usual, rows)
    scores = rows @ judge.weights
    fits = rows @ judge.gate + judge.margin * clipped(margin) + judge.intercept >= judge.threshold
    found = []
    for score, fit, group in zip(scores, fits, groups, strict=True):
        best = max(group, key=lambda one: (one.note.language == wanted.language, one.in_hit, one.score))
        found.append(Candidate(best.placed, best.note, float(score), bool(fit)))
    return sorted(found, key=lambda candidate: -candidate.score)


def clipped(margin: float) -> float:
    """A margin within what was learned from."""
    return max(-_MOST_MARGIN, min(_MOST_MARGIN, margin))


def recommend(found: Sequence[Candidate], *, most: int = MOST) -> list[Candidate]:
    """The candidates to offer, best first; none where not even the best one fits."""
    if not found or not found[0].fits:
        return []
    return [one for one in found if one.score >= found[0].score - NEAR_BEST][:most]


def merged(seen: Sequence[Seen], rows: FloatMatrix) -> tuple[FloatMatrix, list[list[Seen]]]:
    """One row for each command, however often it stands in the notes: of each sign the best.

    Returns:
        (commands, signs) float32, and where each stands.
    """
    places: dict[str, list[int]] = {}
    for at, one in enumerate(seen):
        places.setdefault(one.placed.command.text, []).append(at)
    less = np.array([sign in LESS for sign in SIGNS])
    joined = [np.where(less, rows[at].min(axis=0), rows[at].max(axis=0)) for at in places.values()]
    return np.asarray(joined, dtype=np.float32), [[seen[i] for i in at] for at in places.values()]


def seen_near(hits: Sequence[Hit], library: Library) -> list[Seen]:
    """The commands in the hits, and in the sections of the best ones, each with what found it."""
    if not hits:
        return []
    similar = [hit.similarity for hit in hits if hit.similarity is not None]
    low, span = min(similar, default=0.0), (max(similar, default=0.0) - min(similar, default=0.0)) or 1.0
    sections: dict[tuple[str, int], tuple[Section, list[tuple[int, Hit]]]] = {}
    for rank, hit in enumerate(hits, start=1):
        for section in _sections(hit, library):
            _, inside = sections.setdefault((section.note, section.first_line), (section, []))
            inside.append((rank, hit))
    found = []
    for section, inside in sections.values():
        note = library.notes[section.note]
        for placed in placed_in(note, section):
            own = [one for one in inside if _holds(one[1], placed)]
            if own or inside[0][0] <= _SECTIONS:
                rank, hit = own[0] if own else inside[0]
                nearness = ((hit.similarity or low) - low) / span
                found.append(Seen(placed, note, hit.score, rank, nearness, inside[0][1].score, bool(own)))
    return found


def _sections(hit: Hit, library: Library) -> Iterator[Section]:
    for section in library.sections(hit.chunk.note):
        if section.first_line <= hit.chunk.last_line and section.last_line >= hit.chunk.first_line:
            yield section


def _holds(hit: Hit, placed: Placed) -> bool:
    return hit.chunk.first_line <= placed.command.first_line <= hit.chunk.last_line
