"""What a question is after, among the things people ask of Docker, and which of them a text speaks of.

An intent is one such thing: a command with the flag that matters ("docker ps -a"), a fault, a concept, a
neighbour of Docker, something off the field. Its name is ours; ``lines`` are command lines that do it, as
`knowledge.command_words` reads them, and ``signs`` are words that show that a text speaks of it. How
likely a question is after each is read off the question's embedding by a softmax regression, learned by
``python -m tests.evals.learn_intents`` for one embedding model from questions written for each intent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from knowledge.command_words import command_words, lines_in
from knowledge.values import Chunk, FloatMatrix

TABLE = "data/intents.json"
"""Where the intents stand in the package."""

WEIGHTS = "data/intents.npz"
"""Where what was learned lies in the package."""

KINDS = ("off", "beside", "fault", "docker", "host", "k8s", "dockerfile", "about")
"""The first words of names: off the field, beside Docker, faults, commands, and what things are."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing people ask for: its name, the words of lines that do it (alternatives), and its signs."""

    name: str
    lines: tuple[frozenset[str], ...]
    subcommands: frozenset[str]
    signs: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The first word of its name, one of `KINDS`."""
        return self.name.split(" ", 1)[0]


@dataclass(frozen=True, slots=True)
class LineIntents:
    """The intents, by number, that a command line serves: all, those that name most of it, and those that
    share its subcommand."""

    all: tuple[int, ...]
    closest: tuple[int, ...]
    related: tuple[int, ...]


@dataclass(frozen=True)
class Learned:
    """What was learned for one embedding model: weights (dimension, intents) and offsets (intents,)."""

    model: str
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]


@lru_cache(maxsize=1)
def intents() -> tuple[Intent, ...]:
    """All intents, in the order of their numbers."""
    stored = json.loads(files("knowledge").joinpath(TABLE).read_text(encoding="utf-8"))
    found = []
    for entry in stored:
        lines = [line.split() for line in entry.get("lines", ())]
        words = tuple(frozenset(line) for line in lines)
        first = frozenset(line[0] for line in lines)
        found.append(Intent(entry["name"], words, first, tuple(entry.get("signs", ()))))
    return tuple(found)


@lru_cache(maxsize=1)
def learned() -> Learned:
    """What was learned, as it comes with the package."""
    with files("knowledge").joinpath(WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as stored:
        weights, offsets = stored["weights"], stored["offsets"]
        return Learned(str(stored["model"]), weights.astype(np.float32), offsets.astype(np.float32))


class Likely:
    """How likely a question is after each intent: ``shares`` (intents,) float32, together 1."""

    def __init__(self, embedding: FloatMatrix) -> None:
        judge = learned()
        odds = embedding.ravel() @ judge.weights + judge.offsets
        shares = np.exp(odds - odds.max())
        self.shares: NDArray[np.float32] = (shares / shares.sum()).astype(np.float32)

    @classmethod
    def of(cls, embedding: FloatMatrix, model: str) -> Likely | None:
        """What a question's embedding says; None for an embedding model nothing was learned for."""
        return cls(embedding) if model == learned().model else None

    @cached_property
    def best(self) -> int:
        """The number of the likeliest intent."""
        return int(np.argmax(self.shares))

    def among(self, numbers: Sequence[int]) -> float:
        """The share of these intents together."""
        return float(self.shares[list(numbers)].sum()) if numbers else 0.0

    def most(self, numbers: Sequence[int]) -> float:
        """The share of the likeliest of these intents."""
        return float(self.shares[list(numbers)].max()) if numbers else 0.0


@lru_cache(maxsize=8192)
def intents_of_line(line: str) -> LineIntents:
    """The intents a command line serves."""
    words = command_words(line)
    sizes = {
        number: max(len(needed) for needed in intent.lines if needed <= words)
        for number, intent in enumerate(intents())
        if any(needed <= words for needed in intent.lines)
    }
    most = max(sizes.values(), default=0)
    closest = tuple(number for number, size in sizes.items() if size == most)
    related = tuple(n for n, intent in enumerate(intents()) if intent.subcommands & words)
    return LineIntents(tuple(sizes), closest, related)


@lru_cache(maxsize=4096)
def spoken_of(text: str) -> frozenset[int]:
    """The numbers of the intents a text speaks of: a line of it does it, or a sign of it stands there."""
    done = {number for line in lines_in(text) for number in intents_of_line(line).all}
    lower = text.lower()
    said = {n for n, intent in enumerate(intents()) if any(sign in lower for sign in intent.signs)}
    return frozenset(done | said)


def spoken_in(chunk: Chunk) -> frozenset[int]:
    """The numbers of the intents a chunk or the heading right above it speaks of."""
    return spoken_of("\n".join((*chunk.headings[-1:], chunk.text)))


@lru_cache(maxsize=1)
def kinds() -> NDArray[np.intp]:
    """The position in `KINDS` of each intent's kind: (intents,)."""
    return np.asarray([KINDS.index(intent.kind) for intent in intents()])


def marked(numbers: Iterable[int]) -> NDArray[np.bool_]:
    """Which of all intents these numbers are: (intents,) bool."""
    found = np.zeros(len(intents()), dtype=bool)
    found[list(numbers)] = True
    return found
