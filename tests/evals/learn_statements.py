"""Learns which statements of the notes open an answer, and from when a further one is worth its words.

    python -m tests.evals.learn_statements --person NOTES [--folds]

Writes ``assistant/data/statements.json``; with ``--folds`` it writes nothing and prints how well
questions are answered that were not learned from. A statement is right where it, or the list or code it
introduces, holds one of the question's quotes. The dev parts of the judged sets and the training sets are
used, never the test parts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.command_signs import Wanted
from assistant.kinds import WITH_COMMANDS, Kind, kind_of, topic_of
from assistant.recommending import HITS, candidates, recommend
from assistant.saying import CONTEXT, DATA, Given, Learned, Rated, beside, chosen_of, rated
from assistant.statement_signs import SIGNS
from assistant.told import Told, told_near
from knowledge.answerable import CANDIDATES
from knowledge.library import Library
from knowledge.values import FloatMatrix
from tests.benchmarks.retrieval import asked as made_whole
from tests.evals.sets import Question
from tests.evals.training import Training, indexed, judged_trainings

STORED = Path(__file__).parents[2] / "assistant" / DATA
REGULARISATION = 0.01
GATE_REGULARISATION = 0.01
FOLDS = 5  # also where the gate is learned: from scores of statements that were not learned from
FIRST = -1.4  # log odds; from here the best statement is said before commands
FURTHER = -1.4  # log odds; from here a further one is said

Truths: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.bool_]]"


@dataclass(frozen=True, slots=True)
class Case:
    """What the notes tell near one question's hits, and what the answer gives besides."""

    set: str
    question: Question
    wanted: Wanted
    kind: Kind
    given: Given
    told: Sequence[Told]

    @property
    def part(self) -> int:
        """Which fold it is in: questions on one passage are in the same."""
        text = f"{self.set} {self.question.quotes[0]}"
        return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS

    def rated(self, weights: FloatMatrix) -> list[Rated]:
        """Its statements, best first."""
        return rated(self.told, self.wanted, self.kind, self.given, weights)

    def is_right(self, one: Told) -> bool:
        """Whether a statement, or what it brings along, holds one of the question's quotes."""
        return any(self.question.hit_by(s.text) for s in (one.statement, *one.brings))


def case(question: Question, library: Library, name: str) -> Case | None:
    """One question's statements; None where the notes are taken not to answer it."""
    text = made_whole(question)
    hits = library.matches(topic_of(text), limit=CANDIDATES)
    asked = library.asked(topic_of(text))
    if not library.answers(asked, hits):
        return None
    kind = kind_of(question.text if question.before else text).kind
    wanted = Wanted.of(
        asked, library.likely(asked.question), library.asked(question.text) if question.before else None
    )
    margin = library.margin(asked, hits)
    commands = recommend(candidates(hits[:HITS], library, wanted, margin)) if kind in WITH_COMMANDS else []
    given = Given.of(wanted, commands)
    return Case(name, question, wanted, kind, given, told_near(hits, library, asked))


def cases(training: Training) -> list[Case]:
    """The questions on some notes that are answered."""
    with indexed(training) as library:
        answerable = [q for q in training.questions if q.answerable]
        return [found for q in answerable if (found := case(q, library, training.name))]


def learn(found: Sequence[Case]) -> FloatMatrix:
    """The weight of each sign, from pairs of a right and a wrong statement; every question counts alike."""
    pairs = []
    for c in found:
        ordered = c.rated(np.zeros(len(SIGNS), dtype=np.float32))
        right = np.array([c.is_right(one.told) for one in ordered], dtype=bool)
        rows = np.array([one.signs for one in ordered])
        if right.any() and not right.all():
            pairs.append(np.concatenate([row - rows[~right] for row in rows[right]]))
    rows = np.concatenate(pairs)
    scale = rows.std(axis=0) + 1e-9
    counted = np.concatenate([np.full(len(part), 10.0 / len(part)) for part in pairs])
    regression = LogisticRegression(C=REGULARISATION, fit_intercept=False, max_iter=3000)
    truths = np.repeat([1, 0], len(rows))
    regression.fit(np.concatenate([rows, -rows]) / scale, truths, sample_weight=np.tile(counted, 2))
    return np.asarray(regression.coef_[0] / scale, dtype=np.float32)


def learn_gate(found: Sequence[Case], weights: Mapping[int, FloatMatrix]) -> tuple[FloatMatrix, float]:
    """What tells a right statement among the best ones, each question scored by its fold's weights."""
    rows, truths = [], []
    for c in found:
        ordered = c.rated(weights[c.part])
        if ordered:
            rows.append(beside(ordered, c.wanted, c.kind, c.given))
            truths += [c.is_right(one.told) for one in ordered[: len(rows[-1])]]
    joined = np.concatenate(rows)
    mean, scale = joined.mean(axis=0), joined.std(axis=0) + 1e-9
    regression = LogisticRegression(C=GATE_REGULARISATION, max_iter=3000)
    regression.fit((joined - mean) / scale, truths)
    gate = regression.coef_[0] / scale
    return np.asarray(gate, dtype=np.float32), float(regression.intercept_[0] - gate @ mean)


def learn_all(found: Sequence[Case]) -> Learned:
    """Everything that is stored."""
    weights = {part: learn([c for c in found if c.part != part]) for part in {c.part for c in found}}
    gate, intercept = learn_gate(found, weights)
    return Learned(learn(found), gate, intercept, FIRST, FURTHER)


def report(found: Sequence[Case]) -> None:
    """Prints, for each set, how often what is said first, and anything said, is right, and how much is said.

    Questions that ask for a command are counted apart: what is right for them stands at the command.
    """
    results: dict[tuple[str, bool], list[tuple[bool, bool, int]]] = {}
    for part in range(FOLDS):
        judge = learn_all([c for c in found if c.part != part])
        for c in (c for c in found if c.part == part):
            ordered = c.rated(judge.weights)
            rows = (
                beside(ordered, c.wanted, c.kind, c.given) if ordered else np.empty((0, 0), dtype=np.float32)
            )
            said = chosen_of(ordered, rows, judge, needed=not c.given.lines) if ordered else []
            right = [c.is_right(one) for one in said]
            results.setdefault((c.set, bool(c.question.command)), []).append(
                (right[:1] == [True], any(right), len(right))
            )
    for (name, command), judged in sorted(results.items()):
        first, anywhere, count = (float(value) for value in np.mean(judged, axis=0))
        sort = "command" if command else "other"
        print(f"{name:18} {sort:8} {len(judged):4} first {first:.3f} any {anywhere:.3f} said {count:.2f}")


def main() -> None:
    """Learns and stores, or reports."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, required=True, help="the notes the person's set is about")
    parser.add_argument(
        "--folds", action="store_true", help="print figures by cross-validation, store nothing"
    )
    arguments = parser.parse_args()
    found = [one for training in judged_trainings(arguments.person) for one in cases(training)]
    if arguments.folds:
        report(found)
        return
    judge = learn_all(found)
    stored = {
        "weights": {sign: round(float(w), 4) for sign, w in zip(SIGNS, judge.weights, strict=True)},
        "gate": {sign: round(float(w), 4) for sign, w in zip((*SIGNS, *CONTEXT), judge.gate, strict=True)},
        "intercept": round(judge.intercept, 4),
        "first": judge.first,
        "further": judge.further,
    }
    STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(stored, indent=1))


if __name__ == "__main__":
    main()
