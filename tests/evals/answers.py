"""How well the answers without a chat model do, on a small set of questions.

``python -m tests.evals.answers [NOTES]`` prints, over the shipped notes or a person's own: how often
the required command comes first and anywhere, how often a required fact is said, whether every
citation checks, and how often refusing and answering were right. It judges; it tunes nothing.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from assistant.answering import answer
from assistant.citations import holds
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Answer, AnswerDone, Verdict
from knowledge.library import Library
from ui.build import build_library
from ui.settings import read_settings

QUESTIONS = Path(__file__).with_name("questions.jsonl")


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's answer, and what was right about it (None: not asked of it)."""

    question: str
    answer: Answer
    seconds: float
    first: bool | None
    anywhere: bool | None
    facts: bool | None
    refused_rightly: bool | None
    refused_wrongly: bool | None
    cited: bool


def questions(notes: str) -> Iterator[dict[str, Any]]:
    """The questions for one kind of notes: ``shipped`` or ``person``."""
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        if entry.get("only", notes) == notes:
            yield entry


def judge(entry: dict[str, Any], library: Library, workspace: Path) -> Judged:
    """Asks one question and judges the answer."""

    def verdict(line: str) -> Verdict:
        return review(line, policy=Policy.standard(), limits=Limits(), workspace=workspace)

    begun = perf_counter()
    *_, last = answer(entry["q"], library, verdict)
    assert isinstance(last, AnswerDone)
    seconds = perf_counter() - begun
    got = last.answer
    commands = [c.command.text for c in got.commands]
    wanted = entry.get("command")
    facts = entry.get("facts")
    refuse = bool(entry.get("refuse"))
    return Judged(
        question=entry["q"],
        answer=got,
        seconds=seconds,
        first=any(commands[:1] and commands[0].startswith(w) for w in wanted) if wanted else None,
        anywhere=any(c.startswith(w) for w in wanted for c in commands) if wanted else None,
        facts=all(any(alt in got.text for alt in fact.split("|")) for fact in facts) if facts else None,
        refused_rightly=not got.answered if refuse else None,
        refused_wrongly=None if refuse else not got.answered,
        cited=all(holds(c, library.notes[c.note]) for c in got.citations),
    )


def main(sources: list[str]) -> None:
    """Prints the figures, and each question that went wrong."""
    settings = read_settings({})
    config = settings.knowledge
    with tempfile.TemporaryDirectory() as folder:
        config = replace(config, index=Path(folder))
        if sources:
            config = replace(config, sources=tuple(map(Path, sources)))
        library, _ = build_library(config)
        kind = "person" if sources else "shipped"
        judged = [judge(entry, library, Path(folder)) for entry in questions(kind)]
    for name in ("first", "anywhere", "facts", "refused_rightly", "refused_wrongly"):
        values = [getattr(j, name) for j in judged if getattr(j, name) is not None]
        print(f"{name:16} {sum(values)}/{len(values)}")
    print(f"{'citations hold':16} {sum(j.cited for j in judged)}/{len(judged)}")
    print(f"{'median ms':16} {1000 * median(j.seconds for j in judged):.0f}")
    for j in judged:
        wrong = False in (j.anywhere, j.facts, j.refused_rightly, j.cited) or j.refused_wrongly
        if wrong or j.first is False:
            said = [c.command.text for c in j.answer.commands]
            print(f"- {j.question}  answered={j.answer.answered} commands={said}")


if __name__ == "__main__":
    main(sys.argv[1:])
