"""Learns what each sign of the right command counts, and when a command is offered at all.

    python -m tests.evals.learn_commands --person NOTES

Writes ``assistant/data/commands.json``. The dev parts of the judged sets and the training sets are used,
never the test parts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.command_signs import SIGNS, Wanted, signs
from assistant.recommending import DATA, HITS, clipped, merged, seen_near
from knowledge.answerable import CANDIDATES
from knowledge.asked import Asked
from knowledge.library import Library
from knowledge.values import FloatMatrix
from tests.benchmarks.retrieval import asked as made_whole
from tests.evals import learn_answerable
from tests.evals.sets import Question, plain
from tests.evals.training import Training, indexed, trainings

STORED = Path(__file__).parents[2] / "assistant" / DATA
REGULARISATION = 0.03
GATE_REGULARISATION = 0.05
LOST = 0.04
"""The share of right commands that the gate may hold back."""


@dataclass(frozen=True, slots=True)
class Case:
    """The commands near one question's hits: their signs, which are right, whether any is asked for.

    ``margin`` is by how much the notes answer it, judged by what was learned without it; None where that
    was not judged.
    """

    rows: FloatMatrix
    right: np.ndarray[tuple[int], np.dtype[np.bool_]]
    answerable: bool
    has_command: bool
    margin: float | None
    notes: str


def case(question: Question, library: Library, training: Training, margin: float | None) -> Case | None:
    """One question's commands; None where there are none."""
    text = made_whole(question)
    seen = seen_near(library.matches(text, limit=HITS), library)
    if not seen:
        return None
    latest = library.asked(question.text) if question.before else None
    rows, places = merged(seen, signs(_wanted(text, latest, library), seen))
    wanted = {plain(line) for line in question.commands}
    right = np.array([plain(place[0].placed.command.text) in wanted for place in places])
    return Case(rows, right, question.answerable, bool(wanted), margin, training.name)


def _wanted(text: str, latest: Asked | None, library: Library) -> Wanted:
    asked = library.asked(text)
    return Wanted.of(asked, library.likely(asked.question), latest)


def cases(training: Training, margins: Mapping[tuple[str, str], float]) -> list[Case]:
    """The questions on some notes that may be learned from.

    Args:
        training: the notes and the questions.
        margins: by how much the notes answer, by the notes' names and the questions' ids, judged by what
            was learned without the question.
    """
    with indexed(training) as library:
        found = [case(q, library, training, margins.get((training.name, q.id))) for q in training.questions]
        found += [case(q, library, training, _margin(q, library)) for q in training.commands]
    return [one for one in found if one is not None]


def _margin(question: Question, library: Library) -> float:
    text = made_whole(question)
    return library.margin(library.asked(text), library.matches(text, limit=CANDIDATES))


def learn(found: Sequence[Case]) -> FloatMatrix:
    """The weight of each sign, from pairs of a right and a wrong command; every question counts alike."""
    pairs = [
        np.concatenate([row - c.rows[~c.right] for row in c.rows[c.right]])
        for c in found
        if c.right.any() and not c.right.all()
    ]
    rows = np.concatenate(pairs)
    scale = rows.std(axis=0) + 1e-9
    counted = np.concatenate([np.full(len(part), 10.0 / len(part)) for part in pairs])
    regression = LogisticRegression(C=REGULARISATION, fit_intercept=False, max_iter=3000)
    truths = np.repeat([1, 0], len(rows))
    regression.fit(np.concatenate([rows, -rows]) / scale, truths, sample_weight=np.tile(counted, 2))
    return np.asarray(regression.coef_[0] / scale, dtype=np.float32)


def best_held_out(found: Sequence[Case]) -> list[int]:
    """The best command of each case, by what was learned from other notes."""
    judges = {own: learn([c for c in found if c.notes != own]) for own in {c.notes for c in found}}
    return [int(np.argmax(c.rows @ judges[c.notes])) for c in found]


@dataclass(frozen=True, slots=True)
class Gate:
    """What each sign and the margin count for offering a command, from which log odds on, and how that does.

    ``offered`` are the shares of right commands and of unanswerable questions for which one is offered.
    """

    weights: FloatMatrix
    margin: float
    intercept: float
    threshold: float
    offered: tuple[float, float]


def learn_gate(found: Sequence[Case], best: Sequence[int]) -> Gate:
    """What tells the right command of a question from the best one where the notes do not answer."""
    kept = [
        (c, at)
        for c, at in zip(found, best, strict=True)
        if c.margin is not None and (not c.answerable or (c.has_command and c.right[at]))
    ]
    margins = np.array([c.margin for c, _ in kept])
    rows = np.array([[*c.rows[at], clipped(c.margin or 0.0)] for c, at in kept])
    truths = np.array([c.answerable for c, _ in kept])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = (rows - mean) / scale

    def fitted(chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> LogisticRegression:
        regression = LogisticRegression(C=GATE_REGULARISATION, max_iter=3000, class_weight="balanced")
        return regression.fit(scaled[chosen], truths[chosen])

    notes = np.array([c.notes for c, _ in kept])
    odds = np.zeros(len(kept))
    for own in dict.fromkeys(notes):
        odds[notes == own] = fitted(notes != own).decision_function(scaled[notes == own])
    answered = margins >= 0
    threshold = float(np.quantile(odds[truths & answered], LOST))
    offered = answered & (odds >= threshold)
    whole = fitted(np.ones(len(kept), dtype=bool))
    *gate, margin = whole.coef_[0] / scale
    intercept = float(whole.intercept_[0] - (whole.coef_[0] / scale) @ mean)
    shares = float(offered[truths].mean()), float(offered[~truths].mean())
    return Gate(np.asarray(gate, dtype=np.float32), float(margin), intercept, threshold, shares)


def main() -> None:
    """Learns, stores, and prints how well it does on questions it was not learned from."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, required=True, help="the notes the person's set is about")
    arguments = parser.parse_args()
    found: list[Case] = []
    told = learn_answerable.held_out_margins(arguments.person)
    for training in trainings(arguments.person):
        found += cases(training, told)
    weights, best = learn(found), best_held_out(found)
    gate = learn_gate(found, best)
    usual = np.concatenate([c.rows[c.right] for c in found]).mean(axis=0)
    stored = {
        "weights": _named(weights),
        "gate": _named(gate.weights),
        "margin": round(gate.margin, 4),
        "intercept": round(gate.intercept, 4),
        "threshold": round(gate.threshold, 4),
        "usual": _named(usual),
    }
    STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    for notes in dict.fromkeys(c.notes for c in found):
        own = [c.right[at] for c, at in zip(found, best, strict=True) if c.has_command and c.notes == notes]
        print(f"{notes}, learned from others: the right command first {np.mean(own):.3f} (of {len(own)})")
    print(f"offered for right ones {gate.offered[0]:.3f}, for unanswerable questions {gate.offered[1]:.3f}")


def _named(numbers: FloatMatrix) -> dict[str, float]:
    return {sign: round(float(number), 4) for sign, number in zip(SIGNS, numbers, strict=True)}


if __name__ == "__main__":
    main()
