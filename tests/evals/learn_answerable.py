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
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.answerable import CANDIDATES, FEATURES, Known, Learned, measure
from knowledge.asked import Asked
from knowledge.config import SHIPPED_NOTES
from knowledge.intents import Likely
from knowledge.values import FloatMatrix, Hit
from tests.benchmarks.retrieval import asked as searched
from tests.evals.sets import PERSON, SHIPPED, TRAIN_PERSON, TRAIN_SHIPPED, load, split
from ui.build import build_embedder, build_library
from ui.settings import read_settings

STORED = Path(__file__).parents[2] / "knowledge" / "data" / "answerable.json"
OFF_TOPIC = Path(__file__).with_name("train_offtopic.txt")

FOLDS = 8
WRONG = 0.04  # share of answerable questions that may be refused
OFF_TOPIC_WEIGHT = 0.35  # there are many, and they are easy
QUESTION_SCALE = 12.0  # of the embedding beside the scaled features; chosen by cross-validation
REGULARISATION = 0.3


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its hits, its embedding, what it counts, and whether the notes answer it.

    ``id`` is the question's in its set, empty for those off the field.
    """

    id: str
    asked: Asked
    hits: Sequence[Hit]
    known: Known
    embedding: FloatMatrix
    weight: float
    truth: bool


def cases(sources: Path, judged: Path, training: Path) -> tuple[str, list[Case], list[Case]]:
    """The embedding model's name, the cases to learn from, and those of the test part."""
    config = replace(read_settings({}).knowledge, sources=(sources,))
    dev, test = split(load(judged))
    with tempfile.TemporaryDirectory() as folder:
        config = replace(config, index=Path(folder))
        embedder = build_embedder(config)
        library, _ = build_library(config)

        def case(text: str, truth: bool, name: str = "", weight: float = 1.0) -> Case:
            asked = library.asked(text)
            hits = library.matches(text, limit=CANDIDATES)
            embedding = embedder.embed_query(asked.question)[0]
            return Case(name, asked, hits, library.known, embedding, weight, truth)

        off = OFF_TOPIC.read_text(encoding="utf-8").splitlines()
        return (
            library.model,
            [
                *(case(searched(q), q.answerable, q.id) for q in [*dev, *load(training)]),
                *(case(text, False, weight=OFF_TOPIC_WEIGHT) for text in off),
            ],
            [case(searched(q), q.answerable, q.id) for q in test],
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


def held_out_margins(person: Path, wrong: float = WRONG) -> tuple[dict[str, float], dict[str, float]]:
    """By how much the notes answer each question that is learned from, judged without it.

    Returns:
        margins (log odds) by question id, of those on a person's notes and of those on the shipped notes.
    """
    model, own, _ = cases(person, PERSON, TRAIN_PERSON)
    _, shipped, _ = cases(SHIPPED_NOTES, SHIPPED, TRAIN_SHIPPED)
    own, shipped = usable(own), usable(shipped)
    _, margins = learn([*own, *shipped], model, wrong)
    told = [float(margin) for margin in margins]
    return (
        {c.id: margin for c, margin in zip(own, told[: len(own)], strict=True)},
        {c.id: margin for c, margin in zip(shipped, told[len(own) :], strict=True)},
    )


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
    model, person, person_test = cases(arguments.person, PERSON, TRAIN_PERSON)
    _, shipped, shipped_test = cases(SHIPPED_NOTES, SHIPPED, TRAIN_SHIPPED)
    judge, margins = learn(usable([*person, *shipped]), model, arguments.wrong)
    STORED.write_text(json.dumps(asdict(judge)) + "\n", encoding="utf-8")
    print({name: round(weight, 2) for name, weight in zip(FEATURES, judge.weights, strict=True)})
    hard = np.asarray([not c.truth and c.weight == 1.0 for c in usable([*person, *shipped])])
    print(f"cross-validated right refusals, those off the field aside: {(margins[hard] < 0).mean():.2f}")
    for title, part in (("a person's notes", person_test), ("shipped notes", shipped_test)):
        asked = usable(part)
        said, truths = refused(asked, judge), np.asarray([case.truth for case in asked])
        print(
            f"{title}, test part: right refusals {said[~truths].mean():.2f}, "
            f"wrong refusals {said[truths].mean():.2f}"
        )


if __name__ == "__main__":
    main()
