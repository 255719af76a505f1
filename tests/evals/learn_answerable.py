"""Learns when notes answer a question, from the questions for tuning.

    python -m tests.evals.learn_answerable --person NOTES [--wrong SHARE]

Writes ``knowledge/data/answerable.json`` for the bundled embedding model and prints how it does on the
test parts of the judged sets, which it never saw. It learns from their dev parts, from the training sets
about both notes, and from questions off the field (``train_offtopic.txt``), asked of both. ``--wrong`` is
the share of answerable questions that may be refused; the threshold for it is found by cross-validation.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.answerable import CANDIDATES, FEATURES, Known, Learned, measure
from knowledge.asked import Asked
from knowledge.intents import Likely
from knowledge.values import FloatMatrix, Hit
from tests.benchmarks.retrieval import asked as searched
from tests.evals.training import Training, indexed, trainings

STORED = Path(__file__).parents[2] / "knowledge" / "data" / "answerable.json"
OFF_TOPIC = Path(__file__).with_name("train_offtopic.txt")

WRONG = 0.05  # share of answerable questions that may be refused
OFF_TOPIC_WEIGHT = 0.35  # there are many, and they are easy
FOLDS = 8
QUESTION_SCALE = 12.0  # of the embedding beside the scaled features; chosen by cross-validation
REGULARISATION = 0.3


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its hits, its embedding, what it counts, and whether the notes answer it.

    ``notes`` names the notes; ``id`` is the question's in its set, empty for those off the field.
    """

    notes: str
    id: str
    asked: Asked
    hits: Sequence[Hit]
    known: Known
    embedding: FloatMatrix
    weight: float
    truth: bool


def cases(training: Training) -> tuple[str, list[Case], list[Case]]:
    """The embedding model's name, the cases to learn from, and those of the test part."""
    with indexed(training) as library:

        def case(text: str, truth: bool, name: str = "", weight: float = 1.0) -> Case:
            asked = library.asked(text)
            hits = library.matches(text, limit=CANDIDATES)
            embedding = library.embedding(asked.question)[0]
            return Case(training.name, name, asked, hits, library.known, embedding, weight, truth)

        off = OFF_TOPIC.read_text(encoding="utf-8").splitlines()
        return (
            library.model,
            [
                *(case(searched(q), q.answerable, q.id) for q in training.questions),
                *(case(text, False, weight=OFF_TOPIC_WEIGHT) for text in off),
            ],
            [case(searched(q), q.answerable, q.id) for q in training.test],
        )


def features(part: Sequence[Case], usual: float) -> NDArray[np.float64]:
    """The features of cases: (cases, features) float64."""
    return np.asarray([measure(c.asked, c.hits, usual, c.known, Likely(c.embedding)) for c in part])


def _medians(part: Sequence[Case]) -> Iterator[float]:
    for case in part:
        if len(case.hits) >= CANDIDATES:
            yield median(hit.similarity for hit in case.hits if hit.similarity is not None)


def usable(part: Sequence[Case]) -> list[Case]:
    """The cases that are judged by what is learned: something is asked, and something was found."""
    return [case for case in part if case.asked.things and case.hits]


def learn(part: Sequence[Case], model: str, wrong: float) -> tuple[Learned, NDArray[np.float64]]:
    """What is learned from cases, the threshold so that this share of answerable ones is refused.

    Returns:
        it, and the margin (log odds over the threshold) of each case by what was learned without it.
    """
    usual = float(np.mean(list(_medians(part))))
    rows = features(part, usual)
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    questions = np.stack([case.embedding for case in part]).astype(np.float64)
    centre = questions.mean(axis=0)
    both = np.concatenate([(rows - mean) / scale, QUESTION_SCALE * (questions - centre)], axis=1)
    truths = np.asarray([case.truth for case in part])
    weights = np.asarray([case.weight for case in part])

    def fitted(chosen: NDArray[np.bool_]) -> LogisticRegression:
        regression = LogisticRegression(C=REGULARISATION, max_iter=4000)
        return regression.fit(both[chosen], truths[chosen], sample_weight=weights[chosen])

    fold = np.random.default_rng(1).integers(0, FOLDS, len(part))
    odds = np.zeros(len(part))
    for number in range(FOLDS):
        odds[fold == number] = fitted(fold != number).decision_function(both[fold == number])
    threshold = float(np.quantile(odds[truths], wrong))
    whole = fitted(np.ones(len(part), dtype=bool))
    found = whole.coef_[0]
    question = QUESTION_SCALE * found[len(FEATURES) :]
    judge = Learned(
        model,
        tuple(_rounded(mean)),
        tuple(_rounded(scale)),
        tuple(_rounded(found[: len(FEATURES)])),
        tuple(_rounded(question)),
        float(whole.intercept_[0] - question @ centre),
        threshold,
        usual,
    )
    return judge, odds - threshold


def held_out_margins(person: Path, wrong: float = WRONG) -> dict[tuple[str, str], float]:
    """By how much notes answer each question that is learned from, judged by what was learned without it.

    Returns:
        margins (log odds) by the notes' name and the question's id.
    """
    found = [cases(training) for training in trainings(person)]
    part = usable([case for _, learned, _ in found for case in learned])
    _, margins = learn(part, found[0][0], wrong)
    return {(c.notes, c.id): float(margin) for c, margin in zip(part, margins, strict=True) if c.id}


def _rounded(numbers: NDArray[np.float64]) -> list[float]:
    return [round(float(number), 5) for number in numbers]


def refused(part: Sequence[Case], judge: Learned) -> NDArray[np.bool_]:
    """Which cases are refused: (cases,) bool."""
    rows = (features(part, judge.usual) - np.asarray(judge.mean)) / np.asarray(judge.scale)
    questions = np.stack([case.embedding for case in part])
    odds = rows @ np.asarray(judge.weights) + questions @ np.asarray(judge.question) + judge.intercept
    return np.asarray(odds < judge.threshold)


def main() -> None:
    """Learns, stores, and prints figures on the test part."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, required=True, help="the notes the person's set is about")
    parser.add_argument("--wrong", type=float, default=WRONG)
    arguments = parser.parse_args()
    found = [(training.name, *cases(training)) for training in trainings(arguments.person)]
    part = usable([case for _, _, learned, _ in found for case in learned])
    judge, margins = learn(part, found[0][1], arguments.wrong)
    STORED.write_text(json.dumps(asdict(judge)) + "\n", encoding="utf-8")
    print({name: round(weight, 2) for name, weight in zip(FEATURES, judge.weights, strict=True)})
    for title in ("all", *(name for name, *_ in found)):
        own = np.asarray([title in {"all", c.notes} for c in part])
        hard = np.asarray([not c.truth and bool(c.id) for c in part]) & own
        true = np.asarray([c.truth for c in part]) & own
        print(
            f"{title}, cross-validated: right refusals {(margins[hard] < 0).mean():.2f}, "
            f"wrong refusals {(margins[true] < 0).mean():.2f}"
        )
    for title, _, _, test in found:
        asked = usable(test)
        if asked:
            said, truths = refused(asked, judge), np.asarray([case.truth for case in asked])
            print(
                f"{title}, test part: right refusals {said[~truths].mean():.2f}, "
                f"wrong refusals {said[truths].mean():.2f}"
            )


if __name__ == "__main__":
    main()
