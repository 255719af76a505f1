"""How well the answers without a chat model do, on the judged sets.

    python -m tests.evals.answers [--part dev|test] [--person NOTES] [--failures] [--kinds]
    python -m tests.evals.answers --model openai:NAME --model-url URL --take 15 --replies FILE

It prints, over the shipped notes, a person's and those nobody tunes on: how often the required command
comes first and anywhere, how often all required facts are said, whether every citation checks, how often
refusing and answering were right, and how much was said that no answer may say. Report on the test part;
the dev part is for tuning.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from assistant.composing import words_in
from assistant.values import Origin
from tests.evals.judging import Judged, judge
from tests.evals.replies import KeptReplies
from tests.evals.sets import KINDS, LANGUAGES, OTHER, OTHER_NOTES, PERSON, SHIPPED, Question, load, split
from tests.evals.supporting import cited_in
from ui.build import build_library
from ui.settings import read_settings

NEVER_TUNED_ON = "notes never tuned on"


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the figures and, where asked, each question that went wrong."""
    asked = arguments(argv)
    model = KeptReplies(asked.model, asked.model_url, asked.replies) if asked.model else None
    config = read_settings({}).knowledge
    for title, notes, path in sets(asked):
        sources = config.sources if notes is None else (notes,)
        with tempfile.TemporaryDirectory() as folder:
            library, _ = build_library(replace(config, sources=sources, index=Path(folder)))
            part = questions(path, asked)
            judged = [judge(question, library, Path(folder), model) for question in part]
        report(title, judged)
        if asked.kinds:
            report_kinds(judged)
        if asked.failures and path == OTHER:
            count_failures(judged)
        elif asked.failures:
            name_failures(judged)


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What to measure, from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["dev", "test"], default="test")
    parser.add_argument("--person", type=Path, help="the notes the person's set is about")
    parser.add_argument("--two", action="store_true", help="without the set that nobody tunes on")
    parser.add_argument("--failures", action="store_true", help="name each question that went wrong")
    parser.add_argument("--kinds", action="store_true", help="figures by kind and language of the question")
    parser.add_argument("--model", help="a chat model, provider:name; without it the notes' own words")
    parser.add_argument("--model-url", help="the address of its server")
    parser.add_argument("--replies", type=Path, help="where its replies are kept and taken from again")
    parser.add_argument("--take", type=int, help="only so many questions of each set, of all sorts")
    parser.add_argument(
        "--after", type=int, default=0, help="... not those that --take takes for this number"
    )
    return parser.parse_args(argv)


def sets(asked: argparse.Namespace) -> list[tuple[str, Path | None, Path]]:
    """Each set's title, its notes (None: those in the project) and its questions."""
    chosen: list[tuple[str, Path | None, Path]] = [("shipped notes", None, SHIPPED)]
    if asked.person:
        chosen.insert(0, ("a person's notes", asked.person, PERSON))
    if asked.part == "test" and not asked.two:
        chosen.append((NEVER_TUNED_ON, OTHER_NOTES, OTHER))
    return chosen


def questions(path: Path, asked: argparse.Namespace) -> list[Question]:
    """The questions of a set that are asked; of the one nobody tunes on there is no dev part."""
    dev, test = ([], load(path)) if path == OTHER else split(load(path))
    part = dev if asked.part == "dev" else test
    if not asked.take:
        return part
    seen = some(part, asked.after)
    return some([question for question in part if question not in seen], asked.take)


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
    print(f"{'answers with a forbidden claim':44} {sum(bool(j.claimed) for j in judged)}")
    print(f"{'answers that offer a forbidden command':44} {sum(bool(j.banned) for j in judged)}")
    print(f"{'errors instead of an answer':44} {sum(bool(j.fault) for j in judged)}")
    print(f"{'answers whose quotes are exact':44} {sum(j.cited for j in judged) / len(judged):.2f}")
    cited = [j for j in judged if cited_once(j)]
    borne_out = sum(not j.unsupported for j in cited) / max(len(cited), 1)
    print(f"{'answers whose quotes bear out what they mark':44} {borne_out:.2f}")
    lengths = sorted(words_in(j.answer.text) for j in judged if j.answer.answered)
    print(f"{'words of an answer, median (a Chinese character: half)':44} {median(lengths or [0]):.0f}")
    times = sorted(1000 * j.seconds for j in judged)
    print(f"{'milliseconds, p50 and p95':44} {median(times):.0f}  {times[int(0.95 * (len(times) - 1))]:.0f}")


def cited_once(j: Judged) -> bool:
    """Whether an answer has any mark to be judged."""
    return any(True for _ in cited_in(j.answer.text))


def report_kinds(judged: list[Judged]) -> None:
    """Prints commands and facts by the kind of the question, and by its language."""
    print(f"{'':14}{'first':>14}{'anywhere':>14}{'facts':>14}{'refused wrongly':>18}")
    for kind in KINDS:
        _row(kind, [j for j in judged if j.question.kind == kind])
    for language in LANGUAGES:
        _row(language, [j for j in judged if j.question.language == language])


def _row(name: str, judged: list[Judged]) -> None:
    cells = [share([getattr(j, figure) for j in judged]) for figure in ("first", "anywhere", "facts")]
    print(f"{name:14}" + "".join(f"{cell:>14}" for cell in cells), end="")
    print(f"{share([j.refused_wrongly for j in judged]):>18}")


def share(values: Iterable[bool | None]) -> str:
    """How many of those it was asked of, as a share and a count; a dash where it was asked of none."""
    asked = [value for value in values if value is not None]
    return f"{sum(asked) / len(asked):.2f} (of {len(asked)})" if asked else "-"


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


def count_failures(judged: list[Judged]) -> None:
    """Prints how many questions of each kind went wrong, and none by name: nobody is to tune on them."""
    wrong = Counter(j.question.kind for j in judged if j.went_wrong)
    print("went wrong: " + ", ".join(f"{kind} {wrong[kind]}" for kind in KINDS))
    print(f"errors: {sorted({j.fault for j in judged if j.fault})}")


def name_failures(judged: list[Judged]) -> None:
    """Prints each question whose answer went wrong, with the commands it got."""
    for j in judged:
        if not j.went_wrong:
            continue
        said = [c.command.text for c in j.answer.commands]
        print(f"- {j.question.text}  answered={j.answer.answered} commands={said} {j.fault}".rstrip())
        if j.claimed or j.banned:
            print(f"    forbidden: {[*j.claimed, *j.banned]}")
        for sentence in j.unsupported:
            print(f"    not borne out: {sentence!r}")
        if j.answer.model or j.answer.notice:
            print("    " + j.answer.text.replace("\n", "\n    "))


if __name__ == "__main__":
    main()
