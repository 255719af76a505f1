"""How well the answers without a chat model do, on the judged sets.

    python -m tests.evals.answers [--part dev|test] [--person NOTES] [--failures]
    python -m tests.evals.answers --model openai:NAME --model-url URL --take 15 --replies FILE

It prints, over the shipped notes or a person's: how often the required command comes first and
anywhere, how often all required facts are said, whether every citation checks, and how often refusing
and answering were right. Report on the test part; the dev part is for tuning.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

from assistant.answering import answer
from assistant.citations import holds
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.composing import words_in
from assistant.config import Limits
from assistant.protocols import ChatModel
from assistant.values import Answer, AnswerDone, Command, Origin, Turn, Verdict
from knowledge.library import Library
from tests.evals.replies import KeptReplies
from tests.evals.sets import KINDS, OTHER, OTHER_NOTES, PERSON, SHIPPED, Kind, Question, load, plain, split
from ui.build import build_library
from ui.settings import read_settings

NEVER_TUNED_ON = "notes never tuned on"


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
    commands_offered: int | None
    cited: bool
    passed_off: int = 0
    claimed: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    kind: Kind = "plain"


def judge(question: Question, library: Library, workspace: Path, model: ChatModel | None = None) -> Judged:
    """Asks one question and judges the answer."""

    def verdict(line: str) -> Verdict:
        return review(line, policy=Policy.standard(), limits=Limits(), workspace=workspace)

    before = [Turn(question.before, Answer(question.before, "en", True, ""))] if question.before else []
    begun = perf_counter()
    *_, last = answer(question.text, library, verdict, model=model, transcript=before)
    assert isinstance(last, AnswerDone)
    seconds = perf_counter() - begun
    got = last.answer
    commands = [plain(c.command.text) for c in got.commands]
    wanted = {plain(line) for line in question.commands}
    facts = [any(alternative in got.text for alternative in fact.split("|")) for fact in question.facts]
    return Judged(
        question=question.text,
        answer=got,
        seconds=seconds,
        first=bool(wanted & set(commands[:1])) if wanted else None,
        anywhere=bool(wanted & set(commands)) if wanted else None,
        facts=all(facts) if facts else None,
        refused_rightly=None if question.answerable else not got.answered,
        refused_wrongly=not got.answered if question.answerable else None,
        commands_offered=None if question.answerable else len(got.commands),
        cited=all(holds(c, library.notes[c.note]) for c in got.citations),
        passed_off=sum(not _stands(c.command, library) for c in got.commands),
        claimed=question.claims_forbidden(got.text),
        banned=question.offers_forbidden(c.command.text for c in got.commands),
        kind=question.kind,
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


def main() -> None:
    """Prints the figures and, where asked, each question that went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["dev", "test"], default="test")
    parser.add_argument("--person", type=Path, help="the notes the person's set is about")
    parser.add_argument("--failures", action="store_true", help="name each question that went wrong")
    parser.add_argument("--model", help="a chat model, provider:name; without it the notes' own words")
    parser.add_argument("--model-url", help="the address of its server")
    parser.add_argument("--replies", type=Path, help="where its replies are kept and taken from again")
    parser.add_argument("--take", type=int, help="only so many questions of each set, of all sorts")
    arguments = parser.parse_args()
    model = KeptReplies(arguments.model, arguments.model_url, arguments.replies) if arguments.model else None
    config = read_settings({}).knowledge
    sets = [("shipped notes", config.sources, SHIPPED)]
    if arguments.part == "test":
        sets.append((NEVER_TUNED_ON, (OTHER_NOTES,), OTHER))
    if arguments.person:
        sets.insert(0, ("a person's notes", (arguments.person,), PERSON))
    for title, sources, path in sets:
        dev, test = ([], load(path)) if path == OTHER else split(load(path))
        with tempfile.TemporaryDirectory() as folder:
            library, _ = build_library(replace(config, sources=sources, index=Path(folder)))
            part = dev if arguments.part == "dev" else test
            part = some(part, arguments.take) if arguments.take else part
            judged = [judge(question, library, Path(folder), model) for question in part]
            report(title, judged)
            if arguments.failures and path == OTHER:
                count_failures(judged)
            elif arguments.failures:
                name_failures(judged)


def report(title: str, judged: list[Judged]) -> None:
    """Prints the figures of one set."""
    print(f"\n{title}: {len(judged)} questions")
    for name in ("first", "anywhere", "facts", "refused_rightly", "refused_wrongly"):
        values = [getattr(j, name) for j in judged if getattr(j, name) is not None]
        print(f"{name:18} {sum(values) / max(len(values), 1):.2f}  ({sum(values)} of {len(values)})")
    if any(j.answer.model or j.answer.notice for j in judged):
        report_model(judged)
    offered = sum(j.commands_offered or 0 for j in judged)
    print(f"{'commands offered on unanswerable questions':44} {offered}")
    print(f"{'forbidden claims made':44} {sum(len(j.claimed) for j in judged)}")
    print(f"{'forbidden commands offered':44} {sum(len(j.banned) for j in judged)}")
    print(f"{'citations that hold':44} {sum(j.cited for j in judged) / len(judged):.2f}")
    lengths = sorted(words_in(j.answer.text) for j in judged if j.answer.answered)
    print(f"{'words of an answer, median (a Chinese character: half)':44} {median(lengths or [0]):.0f}")
    times = sorted(1000 * j.seconds for j in judged)
    print(f"{'milliseconds, p50 and p95':44} {median(times):.0f}  {times[int(0.95 * (len(times) - 1))]:.0f}")


def report_model(judged: list[Judged]) -> None:
    """Prints what a chat model did, and what was found wrong in what it wrote."""
    wrote = [j for j in judged if j.answer.model]
    invented = sum(c.command.origin is Origin.MODEL for j in wrote for c in j.answer.commands)
    flags = [flag.kind for j in wrote for flag in j.answer.flags]
    print(f"{'answers the model wrote':44} {len(wrote)}")
    print(f"{'answers the notes stood in for':44} {sum(j.answer.notice is not None for j in judged)}")
    print(f"{'commands of its own, said so':44} {invented}")
    print(f"{'commands passed off as the notes':44} {sum(j.passed_off for j in judged)}")
    print(f"{'sentences marked as not in the notes':44} {flags.count('unsupported')}")
    print(f"{'values that differ from what is cited':44} {flags.count('differs')}")


def some(questions: list[Question], count: int) -> list[Question]:
    """A few of all sorts, the same at each call: a third asks for a command, a third has no answer."""
    shuffled = sorted(questions, key=lambda q: hashlib.sha256(f"some {q.id}".encode()).hexdigest())
    none = [q for q in shuffled if not q.answerable][: count // 3]
    commands = [q for q in shuffled if q.command][: count // 3]
    others = [q for q in shuffled if q.answerable and not q.command][: count - len(none) - len(commands)]
    return [*commands, *others, *none]


def went_wrong(j: Judged) -> bool:
    """Whether anything about an answer is not as it should be."""
    short = False in (j.first, j.anywhere, j.facts, j.refused_rightly, j.cited)
    return short or bool(j.refused_wrongly or j.claimed or j.banned)


def count_failures(judged: list[Judged]) -> None:
    """Prints how many questions of each kind went wrong, and none by name: nobody is to tune on them."""
    wrong = Counter(j.kind for j in judged if went_wrong(j))
    print("went wrong: " + ", ".join(f"{kind} {wrong[kind]}" for kind in KINDS))


def name_failures(judged: list[Judged]) -> None:
    """Prints each question whose answer went wrong, with the commands it got."""
    for j in judged:
        if went_wrong(j):
            said = [c.command.text for c in j.answer.commands]
            print(f"- {j.question}  answered={j.answer.answered} commands={said}")
            if j.claimed or j.banned:
                print(f"    forbidden: {[*j.claimed, *j.banned]}")
            if j.answer.model or j.answer.notice:
                print("    " + j.answer.text.replace("\n", "\n    "))


if __name__ == "__main__":
    main()
