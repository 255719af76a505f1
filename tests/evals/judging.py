"""One question asked, and what was right about the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from assistant.answering import answer
from assistant.citations import holds
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.protocols import ChatModel
from assistant.values import Answer, AnswerDone, Command, Origin, Turn, Verdict
from knowledge.language import language_of
from knowledge.library import Library
from tests.evals.sets import Question, plain
from tests.evals.supporting import unsupported


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's answer, and what was right about it (None: not asked of it).

    Attributes:
        question: as in the set.
        answer: what was said; no answer at all where ``fault`` is set.
        seconds: until it was there.
        first: whether a required command comes first.
        anywhere: whether a required command is offered.
        facts: whether all required facts are said.
        refused_rightly: whether what the notes do not answer was refused.
        refused_wrongly: whether what they do answer was refused.
        commands_offered: on what the notes do not answer.
        cited: whether each citation's quote stands at its place.
        passed_off: commands said to be the notes' that do not stand there.
        unsupported: what is said with marks whose quotes do not bear it out.
        claimed: forbidden claims made.
        banned: forbidden commands offered.
        fault: the error that came in the place of an answer.
    """

    question: Question
    answer: Answer
    seconds: float
    first: bool | None
    anywhere: bool | None
    facts: bool | None
    refused_rightly: bool | None
    refused_wrongly: bool | None
    commands_offered: int | None
    cited: bool
    passed_off: int = 0
    unsupported: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    fault: str = ""

    @property
    def went_wrong(self) -> bool:
        """Whether anything about the answer is not as it should be."""
        short = False in (self.first, self.anywhere, self.facts, self.refused_rightly, self.cited)
        wrong = self.refused_wrongly or self.commands_offered or self.passed_off
        return bool(short or wrong or self.unsupported or self.claimed or self.banned or self.fault)


def judge(question: Question, library: Library, workspace: Path, model: ChatModel | None = None) -> Judged:
    """Asks one question and judges the answer; an error of the product is judged as no answer."""

    def verdict(line: str) -> Verdict:
        return review(line, policy=Policy.standard(), limits=Limits(), workspace=workspace)

    before = [Turn(question.before, Answer(question.before, "en", True, ""))] if question.before else []
    begun = perf_counter()
    fault = ""
    try:
        *_, last = answer(question.text, library, verdict, model=model, transcript=before)
        assert isinstance(last, AnswerDone)
        got = last.answer
    except Exception as error:  # noqa: BLE001 (the person gets no answer; the others are judged)
        fault = f"{type(error).__name__}: {error}"
        got = Answer(question.text, language_of(question.text), False, "")
    return judged(question, got, library, seconds=perf_counter() - begun, fault=fault)


def judged(
    question: Question, got: Answer, library: Library, *, seconds: float = 0.0, fault: str = ""
) -> Judged:
    """What is right about an answer."""
    commands = [plain(c.command.text) for c in got.commands]
    wanted = {plain(line) for line in question.commands}
    facts = [any(alternative in got.text for alternative in fact.split("|")) for fact in question.facts]
    return Judged(
        question=question,
        answer=got,
        seconds=seconds,
        first=bool(wanted & set(commands[:1])) if wanted else None,
        anywhere=bool(wanted & set(commands)) if wanted else None,
        facts=all(facts) if facts else None,
        refused_rightly=None if question.answerable else not got.answered and not fault,
        refused_wrongly=not got.answered if question.answerable else None,
        commands_offered=None if question.answerable else len(got.commands),
        cited=all(holds(c, library.notes[c.note]) for c in got.citations),
        passed_off=sum(not _stands(c.command, library) for c in got.commands),
        unsupported=tuple(unsupported(got, library)),
        claimed=question.claims_forbidden(got.text),
        banned=question.offers_forbidden(c.command.text for c in got.commands),
        fault=fault,
    )


def _stands(command: Command, library: Library) -> bool:
    """Whether a command that is said to be the notes' is there, as written, at the lines named."""
    if command.origin in (Origin.MODEL, Origin.PERSON):
        return True
    note = library.notes[command.note or ""]
    lines = " ".join(
        re.sub(r"^[\s>]+", "", line) for line in note.lines[command.first_line - 1 : command.last_line]
    )
    return " ".join(command.written.split()) in " ".join(lines.split())
