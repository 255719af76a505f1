"""Conversations are kept as they happen, found again, exported, and deleted for good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.errors import KeepingError
from assistant.execution.ledger import Ledger
from assistant.keeping.export import OUTCOMES, as_markdown, file_name
from assistant.keeping.kept import delete, kept
from assistant.keeping.talks import Talks, id_of
from assistant.values import (
    Answer,
    AnswerDone,
    AnswerPart,
    AnswerText,
    Citation,
    Command,
    Decision,
    Flag,
    Origin,
    OutcomeKind,
    Run,
    SuggestedCommand,
    Verdict,
)
from knowledge.language import Text


def verdict(line: str) -> Verdict:
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=Path("/nonexistent/workspace"))


def answer_to(question: str, text: str = "Use `docker ps`. [1]") -> Answer:
    command = Command("docker ps", Origin.VERBATIM, "docker ps", "a.md", 3, 3)
    citation = Citation(1, "a.md", ("Containers", "List"), 3, 3, "docker ps")
    suggested = SuggestedCommand(command, verdict("docker ps"), 1)
    notice = Text("A notice.", "一条提示。")
    flags = (Flag("differs", "Use `docker ps`.", Text("Another number.", "数字不同。")),)
    return Answer(question, "en", True, text, (citation,), (suggested,), "some:model", notice, flags)


def run_of(conversation: str, question: str) -> Run:
    return Run(
        id="r1", command="docker ps", question=question, decision=Decision.ALLOW, approved_by="",
        engine="unix:///x", started_at=1.0, ended_at=2.0, outcome="succeeded", exit_code=0, output="none\n",
        output_cut=False, error=None, operations=(), created=(), conversation=conversation,
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "talks.sqlite3"


@pytest.fixture
def talks(path: Path) -> Iterator[Talks]:
    kept_ones = Talks(path)
    yield kept_ones
    kept_ones.close()


def test_what_was_said_is_read_back_by_another_program(talks: Talks, path: Path) -> None:
    answer = answer_to("how?")
    talks.answered("t", talks.asked("t", "how?"), answer)
    other = Talks(path)
    (turn,) = other.turns("t", verdict)
    assert (turn.question, turn.answer) == ("how?", answer)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_question_is_kept_before_its_answer_comes(talks: Talks, path: Path) -> None:
    def parts() -> Iterator[AnswerPart]:
        (turn,) = Talks(path).turns("t", verdict)
        assert (turn.question, turn.answer) == ("how?", None)
        yield AnswerText("Half a sent")

    answers = kept(talks, "t", "how?", parts())
    assert next(answers) == AnswerText("Half a sent")
    answers.close()  # type: ignore[attr-defined] # a generator
    (turn,) = talks.turns("t", verdict)
    assert (turn.text, turn.answer) == ("Half a sent", None)


def test_an_answer_comes_where_it_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    talks = Talks(tmp_path / "file" / "talks.sqlite3")
    (done,) = kept(talks, "t", "how?", iter([AnswerDone(answer_to("how?"))]))
    assert isinstance(done, AnswerDone)
    assert done.answer.text == "Use `docker ps`. [1]"
    with pytest.raises(KeepingError, match="cannot be used"):
        talks.all()


def test_conversations_are_listed_searched_and_renamed(talks: Talks) -> None:
    talks.answered("a", talks.asked("a", "first\n\x1b[31mquestion"), answer_to("", "About Volumes."))
    talks.asked("b", "x" * 200)
    assert [talk.id for talk in talks.all()] == ["b", "a"]
    assert talks.all()[1].title == "first [31mquestion"
    assert len(talks.all()[0].title) == 80
    assert [talk.id for talk in talks.search("volumes FIRST")] == ["a"]
    assert talks.search("volumes absent") == []
    talks.rename("b", "  My   shop ")
    talks.rename("b", " \n ")
    found = talks.find("My shop")
    assert found is not None
    assert found.id == "b"
    talks.rename("a", "My shop")
    with pytest.raises(KeepingError, match="2 conversations"):
        talks.find("My shop")
    assert talks.find("nothing") is None


def test_a_search_takes_words_as_people_type_them(talks: Talks) -> None:
    talks.answered("a", talks.asked("a", "怎么在后台运行 nginx？"), answer_to("", "用 `docker run -d`。"))
    talks.asked("b", "What is a volume?")
    for words in ("ＮＧＩＮＸ", "nginx?", "“后台”，", " 后台   Nginx ", "run -d", "。"):
        assert [talk.id for talk in talks.search(words)] == ["a"], words
    assert [talk.id for talk in talks.search("(volume)")] == ["b"]
    assert [line for _, line in talks.found("nginx 后台")] == [""], "the title has it all"
    assert [line for _, line in talks.found("Nginx RUN")] == ["用 docker run -d。"]
    talks.answered("b", 1, answer_to("", f"x\n{'long ' * 30}WORD{' long' * 30}\ny"))
    ((_, line),) = talks.found("word")
    assert line.startswith("…")
    assert "WORD" in line
    assert line.endswith("…")
    assert len(line) < 130
    assert len(talks.search("\u3000 ")) == talks.count() == 2
    assert talks.search("%") == talks.search("_") == []


def test_a_name_is_a_title_or_stands_for_itself(talks: Talks, path: Path) -> None:
    assert id_of(path, "My shop") == "My shop"
    talks.asked("a", "q")
    talks.rename("a", "My shop")
    assert [id_of(path, name) for name in ("My shop", "a", "other", "")] == ["a", "a", "other", ""]


def test_a_page_finds_the_conversation_it_showed(talks: Talks) -> None:
    talks.asked("a", "q")
    talks.show_on("page", "a")
    assert talks.shown_on("page") == "a"
    talks.delete("a")
    assert talks.shown_on("page") is None


def test_what_is_deleted_is_nowhere_in_the_files(talks: Talks, path: Path) -> None:
    secret = "hunter2-is-the-password"
    talks.answered("a", talks.asked("a", f"is {secret} good?"), answer_to("", f"{secret} is not. " * 500))
    talks.asked("b", "stays")
    assert any(secret.encode() in file.read_bytes() for file in path.parent.iterdir())
    talks.delete("a")
    assert not any(secret.encode() in file.read_bytes() for file in path.parent.iterdir())
    assert [talk.id for talk in talks.all()] == ["b"]


def test_runs_of_a_deleted_conversation_stay_without_the_question(talks: Talks, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    talks.asked("a", "what runs?")
    ledger.record(run_of("a", "what runs?"))
    assert delete(talks, ledger, "a") == 1
    (run,) = ledger.runs()
    assert (run.question, run.command, run.outcome) == ("", "docker ps", "succeeded")
    assert ledger.verify().broken == ()
    ledger.close()


def test_every_outcome_of_a_run_can_be_exported() -> None:
    assert set(get_args(OutcomeKind)) | {None} == set(OUTCOMES)


def test_an_export_has_sources_commands_and_outcomes(talks: Talks) -> None:
    talks.answered("a", talks.asked("a", "what runs?"), answer_to("what runs?"))
    talks.asked("a", "and why?")
    (talk,) = talks.all()
    text = as_markdown(talk, talks.turns("a", verdict), [run_of("a", "what runs?")], "en")
    for part in (
        "## what runs?",
        "- [1] Containers > List (a.md:3-3): `docker ps`",
        "- `docker ps` (stands in the notes) [1]",
        "`docker ps`: done, exit 0",
        "```output\nnone\n```",
        "## and why?\n\n(This answer was not finished.)",
    ):
        assert part in text
    assert file_name(talk) == "what-runs.md"


def test_two_that_open_a_new_file_at_once_both_write(path: Path) -> None:
    start, faults = threading.Barrier(8), []

    def write(n: int) -> None:
        own = Talks(path)
        start.wait()
        try:
            own.asked("t", f"question {n}")
        except KeepingError as error:
            faults.append(error)
        own.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert [turn.n for turn in Talks(path).turns("t", verdict)] == list(range(1, 9))
