"""Learns when notes answer a question, from the questions for tuning.

    python -m tests.evals.learn_answerable --person NOTES [--wrong 0.04]

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

from knowledge.answerable import CANDIDATES, FEATURES, Learned, measure
from knowledge.asked import Asked
from knowledge.config import SHIPPED_NOTES
from knowledge.values import FloatMatrix, Hit
from tests.benchmarks.retrieval import asked as searched
from tests.evals.sets import PERSON, SHIPPED, TRAIN_PERSON, TRAIN_SHIPPED, load, split
from ui.build import build_embedder, build_library
from ui.settings import read_settings

STORED = Path(__file__).parents[2] / "knowledge" / "data" / "answerable.json"
OFF_TOPIC = Path(__file__).with_name("train_offtopic.txt")

FOLDS = 8
OFF_TOPIC_WEIGHT = 0.35  # there are many, and they are easy
QUESTION_SCALE = 12.0  # of the embedding beside the scaled features; chosen by cross-validation
REGULARISATION = 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its hits, its embedding, what it counts, and whether the notes answer it."""

    asked: Asked
    hits: Sequence[Hit]
    empty: Sequence[str]
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
        empty = [section.headings[-1] for section in library.outline() if section.is_empty]

        def case(text: str, truth: bool, weight: float = 1.0) -> Case:
            asked = library.asked(text)
            hits = library.matches(text, limit=CANDIDATES)
            return Case(asked, hits, empty, embedder.embed_query(asked.question)[0], weight, truth)

        off = OFF_TOPIC.read_text(encoding="utf-8").splitlines()
        return (
            library.model,
            [
                *(case(searched(q), q.answerable) for q in [*dev, *load(training)]),
                *(case(text, False, OFF_TOPIC_WEIGHT) for text in off),
            ],
            [case(searched(q), q.answerable) for q in test],
        )


def features(part: Sequence[Case], usual: float) -> NDArray[np.float64]:
    """The features of cases: (cases, features) float64."""
    return np.asarray([measure(c.asked, c.hits, usual, empty=c.empty) for c in part])


def _medians(part: Sequence[Case]) -> Iterator[float]:
    for case in part:
        if len(case.hits) >= CANDIDATES:
            yield median(hit.similarity for hit in case.hits if hit.similarity is not None)


def learn(part: Sequence[Case], model: str, wrong: float) -> Learned:
    """What is learned from cases, the threshold so that this share of answerable ones is refused."""
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
    return Learned(
        model,
        tuple(_rounded(mean)),
        tuple(_rounded(scale)),
        tuple(_rounded(found[: len(FEATURES)])),
        tuple(_rounded(question)),
        float(whole.intercept_[0] - question @ centre),
        threshold,
        usual,
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
    parser.add_argument("--wrong", type=float, default=0.04)
    arguments = parser.parse_args()
    model, person, person_test = cases(arguments.person, PERSON, TRAIN_PERSON)
    _, shipped, shipped_test = cases(SHIPPED_NOTES, SHIPPED, TRAIN_SHIPPED)
    usable = [case for case in (*person, *shipped) if case.asked.things and case.hits]
    judge = learn(usable, model, arguments.wrong)
    STORED.write_text(json.dumps(asdict(judge)) + "\n", encoding="utf-8")
    print({name: round(weight, 2) for name, weight in zip(FEATURES, judge.weights, strict=True)})
    for title, part in (("a person's notes", person_test), ("shipped notes", shipped_test)):
        asked = [case for case in part if case.asked.things and case.hits]
        said, truths = refused(asked, judge), np.asarray([case.truth for case in asked])
        print(
            f"{title}, test part: right refusals {said[~truths].mean():.2f}, "
            f"wrong refusals {said[truths].mean():.2f}"
        )


if __name__ == "__main__":
    main()
