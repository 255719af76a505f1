"""Learns what each sign of a good chunk counts, from the questions for tuning.

    python -m tests.evals.learn_ranking --person NOTES

Writes ``knowledge/data/ranking.json`` for the bundled embedding model. The dev parts of the judged sets
and the training sets are used, never the test parts. Follow-ups are made whole before. Questions in one
language whose passage was judged in the other language's notes alone (kind ``cross`` over the shipped
notes) are left out: the notes have both, and the person's own language is right there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.fusion import DENSE_WEIGHT
from knowledge.library import Library
from knowledge.ranking import SIGNS, signs
from knowledge.values import FloatMatrix
from tests.benchmarks.retrieval import asked as searched
from tests.evals.sets import Question
from tests.evals.training import Training, indexed, judged_trainings

STORED = Path(__file__).parents[2] / "knowledge" / "data" / "ranking.json"
REGULARISATION = 0.1
FIXED = 0.5  # what stays with the two fixed shares: they hold on any notes, and the questions are few


def pairs(library: Library, questions: Sequence[Question]) -> Iterator[FloatMatrix]:
    """For each question the differences of a right and each wrong candidate: (pairs, signs) float32."""
    at = {chunk.id: position for position, chunk in enumerate(library.chunks)}
    for question in questions:
        text = searched(question)
        hits = library.matches(text, limit=len(library.chunks))
        dense = {at[h.chunk.id]: h.similarity for h in hits if h.similarity is not None}
        keyword = {at[h.chunk.id]: h.keyword_score for h in hits if h.keyword_score is not None}
        candidates = [*dense]
        rows = signs(library.chunks, candidates, dense, keyword, library.asked(text))
        right = np.array([question.hit_by(library.chunks[i].text) for i in candidates])
        if right.any() and not right.all():
            yield np.concatenate([row - rows[~right] for row in rows[right]])


def cases(training: Training, *, crossing: bool) -> tuple[str, list[FloatMatrix]]:
    """The embedding model's name, and each question's pairs; of kind ``cross`` only with ``crossing``."""
    usable = [q for q in training.questions if q.answerable and (crossing or q.kind != "cross")]
    with indexed(training) as library:
        return library.model, list(pairs(library, usable))


def main() -> None:
    """Learns and stores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, required=True, help="the notes the person's set is about")
    arguments = parser.parse_args()
    person, shipped = judged_trainings(arguments.person)
    model, first = cases(person, crossing=True)
    _, second = cases(shipped, crossing=False)
    weights = learn([*first, *second])
    STORED.write_text(json.dumps({"model": model, "weights": weights}, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(weights, indent=1))


def learn(differences: Sequence[FloatMatrix]) -> dict[str, float]:
    """The weight of each sign; every question counts alike, however many pairs it has."""
    rows = np.concatenate(differences)
    scale = rows.std(axis=0) + 1e-9
    counted = np.concatenate([np.full(len(part), 10.0 / len(part)) for part in differences])
    both = np.concatenate([rows, -rows]) / scale
    truths = np.repeat([1, 0], len(rows))
    regression = LogisticRegression(C=REGULARISATION, fit_intercept=False, max_iter=2000)
    regression.fit(both, truths, sample_weight=np.tile(counted, 2))
    found = regression.coef_[0] / scale
    weights = dict(zip(SIGNS, (1 - FIXED) * found / np.abs(found).sum(), strict=True))
    weights["similarity"] += FIXED * DENSE_WEIGHT
    weights["keywords"] += FIXED * (1 - DENSE_WEIGHT)
    return {sign: round(float(weight), 4) for sign, weight in weights.items()}


if __name__ == "__main__":
    main()
