"""Learns what a question is after from questions written for each intent.

    python -m tests.evals.learn_intents

Writes ``knowledge/data/intents.npz`` for the bundled embedding model, and prints how often the right intent
comes first and among the first three for questions not learned from (cross-validated). The questions
(``train_intents.jsonl``) were written from the intents' names alone; none is a question of a judged set.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.intents import WEIGHTS, intents
from ui.build import build_embedder
from ui.settings import read_settings

QUESTIONS = Path(__file__).with_name("train_intents.jsonl")
STORED = Path(__file__).parents[2] / "knowledge" / WEIGHTS

FOLDS = 5
SCALE = 20.0  # of the embeddings, which lie close together, about their centre
REGULARISATION = 0.3


def written() -> tuple[list[str], list[str]]:
    """The questions and the intent each was written for."""
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [line["q"] for line in lines], [line["intent"] for line in lines]


def _fitted(rows: NDArray[np.float64], truths: NDArray[np.intp]) -> LogisticRegression:
    return LogisticRegression(C=REGULARISATION, max_iter=300).fit(rows, truths)


def _checked(rows: NDArray[np.float64], truths: NDArray[np.intp]) -> tuple[float, float]:
    """How often the right intent comes first, and among the first three."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(rows))
    places = np.zeros(len(rows), dtype=int)
    for number in range(FOLDS):
        judge = _fitted(rows[fold != number], truths[fold != number])
        order = judge.classes_[np.argsort(-judge.decision_function(rows[fold == number]), axis=1)]
        places[fold == number] = np.argmax(order == truths[fold == number][:, None], axis=1)
    return float((places == 0).mean()), float((places < 3).mean())


def main() -> None:
    """Learns, stores, and prints how well it does."""
    questions, names = written()
    numbers = {intent.name: number for number, intent in enumerate(intents())}
    truths = np.asarray([numbers[name] for name in names])
    embedder = build_embedder(read_settings({}).knowledge)
    embeddings = np.concatenate([embedder.embed_query(question) for question in questions])
    centre = embeddings.mean(axis=0)
    rows = SCALE * (embeddings - centre).astype(np.float64)
    judge = _fitted(rows, truths)
    if list(judge.classes_) != list(range(len(numbers))):
        raise SystemExit("some intent has no question")
    weights = SCALE * judge.coef_.T
    offsets = judge.intercept_ - centre @ weights
    np.savez_compressed(
        STORED, model=embedder.model, weights=weights.astype(np.float16), offsets=offsets.astype(np.float32)
    )
    first, three = _checked(rows, truths)
    print(f"{len(questions)} questions, {len(numbers)} intents: first {first:.2f}, among three {three:.2f}")


if __name__ == "__main__":
    main()
