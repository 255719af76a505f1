"""Answers are judged by what they say, and not by what they say of themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.citations import Citations
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Answer, Command, Origin, SuggestedCommand
from knowledge.library import Library
from tests.evals import answers
from tests.evals.judging import judge, judged
from tests.evals.sets import OTHER, PERSON, SHIPPED, Question, load, split
from tests.evals.supporting import Cited, cited_in, unsupported
from tests.fakes.chat_model import ScriptedChatModel
from tests.library import library_of

NOTES = """# Notes

> - The **queue** keeps its jobs in memory unless
>   you mount a volume.

Freeze the queue:

```bash
docker pause queue \\
  cache
```

| flag | meaning |
|---|---|
| `-a` | attach |

| port | who |
|---|---|
| 3001 | the forge |

Wrong on purpose: `docker run -gpus all ubuntu`
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"n.md": NOTES})


def answer_of(
    text: str,
    library: Library,
    *lines: tuple[int, int, str],
    commands: tuple[SuggestedCommand, ...] = (),
    model: str | None = None,
) -> Answer:
    """An answer with citations of lines of the note, each with its quote."""
    citations = Citations()
    for first, last, quote in lines:
        citations.cite(library.notes["n.md"], ("Notes",), first, last, quote)
    return Answer("q", "en", True, text, citations.all(), commands, model)


QUEUE = (3, 4, "The **queue** keeps its jobs in memory unless\n>   you mount a volume.")
PAUSE = (9, 10, "docker pause queue \\\n  cache")
TABLE = (13, 15, "| flag | meaning |\n|---|---|\n| `-a` | attach |")
SLIP = (21, 21, "docker run -gpus all ubuntu")


def suggested(text: str, written: str, origin: Origin, citation: int) -> SuggestedCommand:
    verdict = review(text, policy=Policy.standard(), limits=Limits(), workspace=Path("/nowhere"))
    return SuggestedCommand(Command(text, origin, written, "n.md", 21, 21), verdict, citation)


def test_what_bears_marks_is_found_piece_by_piece() -> None:
    text = (
        "Frame.\n\n- one `x[9]` [1] *(about: x)*\n- two [2][3] three. [1]\n\n"
        "```bash\ncode [7]\n```\n[4]\n\n| a |\n|---|\n| b |\n\n[5]\nno mark"
    )
    assert list(cited_in(text)) == [
        Cited("one `x[9]`", (1,)),
        Cited("two", (2, 3)),
        Cited("three.", (1,)),
        Cited("```bash\ncode [7]\n```", (4,), block=True),
        Cited("| a |\n|---|\n| b |", (5,), block=True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- The **queue** keeps its jobs in memory unless you mount a volume. [1] *(about: queue)*",
        "- The queue keeps its jobs in memory [1]",
        "```bash\ndocker pause queue cache\n```\n[2]",
        "| flag | meaning |\n|---|---|\n| `-a` | attach |\n\n[3]",
        "- n.md: Notes [3]",
        "Nothing is marked here.",
    ],
)
def test_the_notes_own_words_are_borne_out(text: str, library: Library) -> None:
    assert unsupported(answer_of(text, library, QUEUE, PAUSE, TABLE), library) == []


@pytest.mark.parametrize(
    "text",
    [
        "- The queue keeps its jobs on disk [1]",
        "- The queue keeps its jobs in memory [2]",
        "- The queue keeps its jobs in memory [1][3]",
        "- The queue keeps its jobs in memory [9]",
        "```bash\ndocker pause cache\n```\n[2]",
        "| flag | meaning |\n|---|---|\n| `-a` | all |\n\n[3]",
        "- other.md: Notes [3]",
    ],
)
def test_other_words_are_not(text: str, library: Library) -> None:
    assert len(unsupported(answer_of(text, library, QUEUE, PAUSE, TABLE), library)) == 1


def test_a_row_may_stand_under_the_head_of_its_own_table_and_no_other(library: Library) -> None:
    row, under = (15, 15, "| `-a` | attach |"), "\n|---|---|\n| `-a` | attach |\n\n[1]"
    assert unsupported(answer_of(f"| flag | meaning |{under}", library, row), library) == []
    assert len(unsupported(answer_of(f"| port | who |{under}", library, row), library)) == 1
    head = (13, 13, "| flag | meaning |")
    assert len(unsupported(answer_of(f"| flag | meaning |{under}", library, head), library)) == 1


def test_a_mended_command_rests_on_the_line_as_it_is_written(library: Library) -> None:
    mended = "docker run --gpus all ubuntu"
    text = f"```bash\n{mended}\n```\n[1]"
    good = suggested(mended, "docker run -gpus all ubuntu", Origin.CORRECTED, 1)
    assert unsupported(answer_of(text, library, SLIP, commands=(good,)), library) == []
    unsaid = suggested(mended, mended, Origin.VERBATIM, 1)
    assert unsupported(answer_of(text, library, SLIP, commands=(unsaid,)), library) != []
    invented = suggested(mended, "docker run ubuntu -gpus", Origin.CORRECTED, 1)
    assert unsupported(answer_of(text, library, SLIP, commands=(invented,)), library) != []


def test_a_models_own_words_are_held_against_the_quotes(library: Library) -> None:
    free = "In memory is where the queue keeps jobs, unless a volume is mounted. [1]"
    assert unsupported(answer_of(free, library, QUEUE, model="m"), library) == []
    assert unsupported(answer_of(free, library, QUEUE), library) != []
    for before in ("It is a queue.", "Pigs fly to the moon. *(not in your notes)*"):
        assert unsupported(answer_of(f"{before} {free}", library, QUEUE, model="m"), library) == []
    elsewhere = free.replace("[1]", "[1][2]")
    assert unsupported(answer_of(elsewhere, library, QUEUE, TABLE, model="m"), library) != []
    other_port = "The forge is at port 3002. [1]"
    place = (17, 19, "| port | who |\n|---|---|\n| 3001 | the forge |")
    assert unsupported(answer_of(other_port, library, place, model="m"), library) != []
    assert (
        unsupported(answer_of(other_port.replace("3002", "3001"), library, place, model="m"), library) == []
    )


QUESTION = Question(
    "x1",
    "how do I freeze the queue",
    "en",
    "plain",
    "n.md",
    ("Freeze the queue",),
    command="docker pause queue cache",
    facts=("memory|disk",),
    forbidden=("jobs are lost",),
    forbidden_commands=("docker kill",),
)


def test_forbidden_claims_and_commands_are_counted(library: Library) -> None:
    kill = suggested("docker kill -s KILL queue", "docker kill -s KILL queue", Origin.MODEL, 1)
    text = "It is in memory, but all **jobs** are `lost`."
    wrong = judged(QUESTION, answer_of(text, library, commands=(kill,)), library)
    assert (wrong.claimed, wrong.banned) == (("jobs are lost",), ("docker kill -s KILL queue",))
    assert (wrong.first, wrong.facts, wrong.went_wrong) == (False, True, True)


def test_an_answer_as_it_should_be_has_nothing_wrong(library: Library, tmp_path: Path) -> None:
    one = judge(QUESTION, library, tmp_path)
    assert one.answer.answered
    assert not (one.unsupported or one.claimed or one.banned or one.fault)
    assert one.first


def test_an_error_is_an_answer_missed(library: Library, tmp_path: Path) -> None:
    class Broken(ScriptedChatModel):
        @property
        def name(self) -> str:
            raise KeyError("its name")

    one = judge(QUESTION, library, tmp_path, Broken("It keeps its jobs."))
    assert one.fault == "KeyError: 'its name'"
    assert one.refused_wrongly
    assert one.went_wrong


def test_failures_of_what_nobody_tunes_on_are_not_named(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = judged(QUESTION, answer_of("It says nothing.", library), library)
    answers.count_failures([wrong])
    assert "plain 1" in (said := capsys.readouterr().out)
    assert QUESTION.text not in said
    answers.name_failures([wrong])
    assert QUESTION.text in capsys.readouterr().out


def test_figures_by_kind_and_language(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    right = judged(QUESTION, answer_of("in memory", library), library)
    other = judged(replace(QUESTION, kind="typo", language="zh"), answer_of("no", library), library)
    answers.report_kinds([right, other])
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()[1:]}
    assert "1.00 (of 1)" in rows["plain"]
    assert "1.00" not in rows["typo"] + rows["zh"]
    assert rows["cross"].split()[1:] == ["-"] * 4


def test_what_is_measured_follows_from_what_is_asked_for() -> None:
    def chosen(*words: str) -> list[Path]:
        return [path for _, _, path in answers.sets(answers.arguments(words))]

    assert chosen() == [SHIPPED, OTHER]
    assert chosen("--two", "--person", "notes.md") == [PERSON, SHIPPED]
    assert chosen("--part", "dev") == [SHIPPED]
    assert answers.questions(OTHER, answers.arguments([])) == load(OTHER)
    dev, test = split(load(SHIPPED))
    assert answers.questions(SHIPPED, answers.arguments([])) == test
    assert answers.questions(SHIPPED, answers.arguments(["--part", "dev"])) == dev
    few = answers.questions(SHIPPED, answers.arguments(["--take", "15"]))
    assert len(few) == 15
    assert sum(not question.answerable for question in few) == 5
    others = answers.questions(SHIPPED, answers.arguments(["--take", "15", "--after", "15"]))
    assert len(others) == 15 and not {q.id for q in few} & {q.id for q in others}
