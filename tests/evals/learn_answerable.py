"""Learns when notes answer a question, from the dev part of the judged sets.

    python -m tests.evals.learn_answerable --person NOTES [--wrong 0.08]

Writes ``knowledge/data/answerable.json`` for the bundled embedding model and prints how it does on the
test part, which it never saw. ``--wrong`` is the share of answerable dev questions that may be refused.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from knowledge.answerable import CANDIDATES, FEATURES, Learned, measure
from knowledge.asked import Asked
from knowledge.config import SHIPPED_NOTES
from knowledge.values import Hit
from tests.benchmarks.retrieval import asked as searched
from tests.evals.sets import PERSON, SHIPPED, load, split
from ui.build import build_library
from ui.settings import read_settings

STORED = Path(__file__).parents[2] / "knowledge" / "data" / "answerable.json"

Case = tuple[Asked, list[Hit], bool]


def cases(sources: Path, judged: Path) -> tuple[str, list[Case], list[Case]]:
    """The embedding model's name, and for dev and test each question with its hits and the truth."""
    config = replace(read_settings({}).knowledge, sources=(sources,))
    with tempfile.TemporaryDirectory() as folder:
        library, _ = build_library(replace(config, index=Path(folder)))
        dev, test = (
            [
                (
                    library.asked(searched(question)),
                    library.matches(searched(question), limit=CANDIDATES),
                    question.answerable,
                )
                for question in part
            ]
            for part in split(load(judged))
        )
    return library.model, dev, test


def matrix(part: list[Case], usual: float) -> tuple[np.ndarray, np.ndarray]:
    """Features, (questions, features) float64, and truths, (questions,) bool."""
    rows = [measure(asked, hits, usual) for asked, hits, _ in part if asked.things and hits]
    truths = [truth for asked, hits, truth in part if asked.things and hits]
    return np.asarray(rows), np.asarray(truths)


def _medians(part: list[Case]) -> Iterator[float]:
    for _, hits, _ in part:
        if len(hits) >= CANDIDATES:
            yield median(hit.similarity for hit in hits if hit.similarity is not None)


def main() -> None:
    """Learns, stores, and prints figures on the test part."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--person", type=Path, required=True, help="the notes the person's set is about")
    parser.add_argument("--wrong", type=float, default=0.08)
    arguments = parser.parse_args()
    model, person_dev, person_test = cases(arguments.person, PERSON)
    _, shipped_dev, shipped_test = cases(SHIPPED_NOTES, SHIPPED)
    dev = [*person_dev, *shipped_dev]
    usual = float(np.mean(list(_medians(dev))))
    rows, truths = matrix(dev, usual)
    scaler = StandardScaler().fit(rows)
    regression = LogisticRegression(C=0.3).fit(scaler.transform(rows), truths)
    odds = regression.decision_function(scaler.transform(rows))
    threshold = float(np.quantile(odds[truths], arguments.wrong))
    learned = Learned(
        model,
        tuple(map(float, scaler.mean_)),
        tuple(map(float, scaler.scale_)),
        tuple(map(float, regression.coef_[0])),
        float(regression.intercept_[0]),
        threshold,
        usual,
    )
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(json.dumps(asdict(learned), indent=1) + "\n", encoding="utf-8")
    print({name: round(weight, 2) for name, weight in zip(FEATURES, learned.weights, strict=True)})
    for title, part in (("a person's notes", person_test), ("shipped notes", shipped_test)):
        rows, truths = matrix(part, usual)
        refused = regression.decision_function(scaler.transform(rows)) < threshold
        print(
            f"{title}, test part: right refusals {refused[~truths].mean():.2f}, "
            f"wrong refusals {refused[truths].mean():.2f}"
        )


if __name__ == "__main__":
    main()
