"""Learns what each sign of the right command counts, and when a command is offered at all.

    python -m tests.evals.learn_commands --person NOTES

Writes ``assistant/data/commands.json``. The dev parts of the judged sets and the training sets are used,
never the test parts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.command_signs import SIGNS, Wanted, signs
from assistant.recommending import DATA, HITS, merged, seen_near
from knowledge.config import SHIPPED_NOTES
from knowledge.library import Library
from knowledge.values import FloatMatrix
from tests.benchmarks.retrieval import asked as made_whole
from tests.evals.sets import (
    ANSWERS_PERSON,
    ANSWERS_SHIPPED,
    PERSON,
    SHIPPED,
    TRAIN_PERSON,
    TRAIN_SHIPPED,
    Question,
    load,
    plain,
    split,
)
from ui.build import build_library
from ui.settings import read_settings

STORED = Path(__file__).parents[2] / "assistant" / DATA
REGULARISATION = 0.03
GATE_REGULARISATION = 0.05
THRESHOLD = -2.0  # log odds; from here a command is offered


@dataclass(frozen=True, slots=True)
class Case:
    """The commands near one question's hits: their signs, which are right, whether any is asked for."""

    rows: FloatMatrix
    right: np.ndarray[tuple[int], np.dtype[np.bool_]]
    answerable: bool
    has_command: bool


def case(question: Question, library: Library) -> Case | None:
    """One question's commands; None where there are none."""
    text = made_whole(question)
    seen = seen_near(library.matches(text, limit=HITS), library)
    if not seen:
        return None
    latest = library.asked(question.text) if question.before else None
    rows, places = merged(seen, signs(Wanted.of(library.asked(text), latest), seen))
    wanted = {plain(line) for line in question.commands}
    right = np.array([plain(place[0].placed.command.text) in wanted for place in places])
    return Case(rows, right, question.answerable, bool(wanted))


def cases(sources: Path, judged: Path, training: Sequence[Path]) -> list[Case]:
    """All questions of one kind of notes that may be learned from."""
    config = replace(read_settings({}).knowledge, sources=(sources,))
    questions = [*split(load(judged))[0], *(q for path in training for q in load(path))]
    with tempfile.TemporaryDirectory() as folder:
        library, _ = build_library(replace(config, index=Path(folder)))
        return [found for q in questions if (found := case(q, library))]


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


def learn_gate(found: Sequence[Case], weights: FloatMatrix) -> tuple[FloatMatrix, float]:
    """What tells the best command of a question that has one from that of one the notes do not answer."""
    best = [(c, int(np.argmax(c.rows @ weights))) for c in found]
    kept = [(c, at) for c, at in best if not c.answerable or (c.has_command and c.right[at])]
    rows = np.array([c.rows[at] for c, at in kept])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    regression = LogisticRegression(C=GATE_REGULARISATION, max_iter=3000, class_weight="balanced")
    regression.fit((rows - mean) / scale, [c.answerable for c, _ in kept])
    gate = regression.coef_[0] / scale
    return np.asarray(gate, dtype=np.float32), float(regression.intercept_[0] - gate @ mean)


def main() -> None:
    """Learns and stores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, required=True, help="the notes the person's set is about")
    arguments = parser.parse_args()
    found = cases(arguments.person, PERSON, (TRAIN_PERSON, ANSWERS_PERSON))
    found += cases(SHIPPED_NOTES, SHIPPED, (TRAIN_SHIPPED, ANSWERS_SHIPPED))
    weights = learn(found)
    gate, intercept = learn_gate(found, weights)
    stored = {
        "weights": {sign: round(float(w), 4) for sign, w in zip(SIGNS, weights, strict=True)},
        "gate": {sign: round(float(w), 4) for sign, w in zip(SIGNS, gate, strict=True)},
        "intercept": round(intercept, 4),
        "threshold": THRESHOLD,
    }
    STORED.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(stored, indent=1))


if __name__ == "__main__":
    main()
