"""The agent against a real server of OpenAI's protocol: tools, proposals, and what goes wrong."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import AssistantConfig
from assistant.model import LangChainModel
from assistant.values import (
    Answer,
    AnswerDone,
    AnswerStep,
    Decision,
    Ended,
    Origin,
    Run,
    SuggestedCommand,
)
from knowledge.library import Library
from tests.fakes.engine import MemoryEngine
from tests.fakes.openai_server import Reply, Script, serving
from tests.unit.agent.conftest import PROBE, Make

QUESTION = "how do I list all containers?"
GOOD = Reply("`docker ps -a` lists all containers, stopped ones too [1].")


def propose(line: str, text: str = "") -> Reply:
    return Reply(text, calls=[("propose_command", json.dumps({"command": line}))])


def asked(assistant: Assistant, question: str = QUESTION) -> tuple[Answer, list[AnswerStep]]:
    parts = list(assistant.ask(question))
    done = parts[-1]
    assert isinstance(done, AnswerDone)
    return done.answer, [part for part in parts if isinstance(part, AnswerStep)]


def proposed(answer: Answer) -> SuggestedCommand:
    (one,) = [command for command in answer.commands if command.proposal]
    return one


def went_on(assistant: Assistant, proposal: str | None, run: Run | None) -> Answer:
    assert proposal is not None
    *_, done = assistant.go_on(proposal, run)
    assert isinstance(done, AnswerDone)
    return done.answer


def carried_out(assistant: Assistant, suggested: SuggestedCommand) -> Run:
    verdict = suggested.verdict
    approval = assistant.approve(verdict, by="test") if verdict.decision is Decision.ASK else None
    *_, ended = assistant.run(verdict, approval=approval, by="test")
    assert isinstance(ended, Ended)
    return ended.run


def test_it_searches_reads_and_looks_and_each_step_is_shown(make: Make) -> None:
    assistant, script = make(
        Reply(calls=[("search_notes", '{"query": "named volume data"}'), ("engine_state", "{}")]),
        Reply(calls=[("read_section", '{"note": "docker.md", "heading": "Stopping"}'), ("gpu_report", "{}")]),
        GOOD,
    )
    answer, steps = asked(assistant)
    assert [step.tool for step in steps] == [
        "trying",
        "search_notes",
        "engine_state",
        "read_section",
        "gpu_report",
    ]
    assert all(step.text.en and step.text.zh for step in steps)
    assert "named volume data" in steps[1].text.zh
    assert answer.model == "openai:m"
    assert answer.notice is None
    assert [c.command.text for c in answer.commands] == ["docker ps -a"]
    results = [m["content"] for m in script.requests[-1]["messages"] if m["role"] == "tool"]
    assert any("busybox:latest" in result for result in results)
    assert any("NVIDIA" in result for result in results)
    assert all("<<<" in result for result in results)


def test_what_a_later_search_brought_can_be_cited(make: Make) -> None:
    assistant, script = make(Reply(calls=[("search_notes", '{"query": "named volume"}')]))
    script.replies = [
        *script.replies,
        Reply("A named volume keeps its data when the container is removed [1]."),
    ]
    answer, _ = asked(assistant)
    assert answer.flags == ()
    assert any("named volume" in citation.quote for citation in answer.citations)


def test_what_is_known_of_the_machine_is_marked_as_seen_there(make: Make) -> None:
    seen = "The Engine has the image busybox:latest."
    assistant, _ = make(Reply(calls=[("engine_state", "{}")]), Reply(f"{GOOD.text} {seen}"))
    answer, _ = asked(assistant)
    assert f"{seen} *(seen on your machine)*" in answer.text
    assert answer.flags == ()


def test_a_proposal_runs_nothing_waits_and_goes_on_with_the_runs_output(make: Make) -> None:
    engine = MemoryEngine()
    assistant, script = make(
        propose("docker ps -a", "I would look."), Reply("It lists no containers [1]."), engine=engine
    )
    answer, steps = asked(assistant)
    suggested = proposed(answer)
    assert (suggested.command.text, suggested.command.origin) == ("docker ps -a", Origin.VERBATIM)
    assert steps[-1].tool == "propose_command"
    assert assistant.runs() == []
    assert [proposed(one).proposal for one in assistant.waiting()] == [suggested.proposal]
    run = carried_out(assistant, suggested)
    after = went_on(assistant, suggested.proposal, run)
    told = script.requests[-1]["messages"][-1]
    assert told["role"] == "tool"
    assert "CONTAINER ID" in told["content"]
    assert after.model == "openai:m"
    assert after.text.startswith("It lists no containers")
    assert assistant.waiting() == []
    assert list(assistant.go_on(suggested.proposal or "", run)) == []  # once


def test_a_no_is_told_to_the_model(make: Make) -> None:
    assistant, script = make(propose("docker stop web"), GOOD)
    answer, _ = asked(assistant, "how do I stop a running container?")
    after = went_on(assistant, proposed(answer).proposal, None)
    assert "not to run" in script.requests[-1]["messages"][-1]["content"]
    assert after.answered
    assert assistant.runs() == []


def test_a_proposal_outlives_the_program(make: Make, library: Library, tmp_path: Path) -> None:
    assistant, _ = make(propose("docker ps -a"))
    answer, _ = asked(assistant)
    assistant.close()
    again = Script(replies=[Reply("It lists no containers [1].")])
    with serving(again) as url:
        config = AssistantConfig(home=tmp_path / "home", workspace=tmp_path / "workspace")
        later = Assistant(config, library, MemoryEngine(), model=LangChainModel("openai:m", url=url))
        (waiting,) = later.waiting()
        assert waiting.question == QUESTION
        suggested = proposed(waiting)
        assert suggested.proposal == proposed(answer).proposal
        assert suggested.verdict.decision is Decision.ALLOW
        after = went_on(later, suggested.proposal, carried_out(later, suggested))
        later.close()
    assert after.text.startswith("It lists no containers")
    assert len(again.requests) == 1
    kept = tmp_path / "home" / "proposals.sqlite3"
    assert kept.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(kept) as database:
        assert database.execute("SELECT COUNT(*) FROM checkpoints").fetchone() == (0,)
    database.close()


def test_a_proposal_that_was_left_is_forgotten(make: Make) -> None:
    assistant, _ = make(propose("docker ps -a"))
    answer, _ = asked(assistant)
    assistant.drop([proposed(answer).proposal or ""])
    assert assistant.waiting() == []


def test_what_is_refused_is_not_put_before_the_person_and_the_model_is_told_why(make: Make) -> None:
    assistant, script = make(propose("docker run --privileged -v /:/host ubuntu"), GOOD)
    answer, steps = asked(assistant)
    assert all(command.proposal is None for command in answer.commands)
    assert steps[-1].tool == "propose_command"
    told = script.requests[-1]["messages"][-1]["content"]
    assert "will not be run" in told
    assert assistant.waiting() == []


def test_a_proposal_of_the_models_own_says_so(make: Make) -> None:
    assistant, _ = make(propose("docker run -d --name web nginx"))
    answer, _ = asked(assistant)
    suggested = proposed(answer)
    assert (suggested.command.origin, suggested.command.note) == (Origin.MODEL, None)
    assert answer.commands[-1].command.origin is Origin.VERBATIM or answer.commands[0] == suggested


def test_of_several_proposals_the_others_are_not_run(make: Make) -> None:
    both = Reply(
        calls=[
            ("propose_command", '{"command": "docker ps -a"}'),
            ("propose_command", '{"command": "docker stop web"}'),
        ]
    )
    assistant, script = make(both, GOOD)
    answer, _ = asked(assistant)
    first, second = [command for command in answer.commands if command.proposal]
    went_on(assistant, first.proposal, carried_out(assistant, first))
    told = [m["content"] for m in script.requests[-1]["messages"] if m["role"] == "tool"]
    assert ["CONTAINER ID" in told[0], "not run this one" in told[1]] == [True, True]
    assert list(assistant.go_on(second.proposal or "", None)) == []


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ([Reply(calls=[("search_notes", '{"query": "x"}')])], "kept using its tools"),
        ([Reply(calls=[("search_notes", '{"wrong": 1}')])], "kept using its tools"),
        ([Reply(calls=[("run_shell", '{"line": "rm -rf /"}')])], "kept using its tools"),
        ([Reply("and", fault="endless")], "no end"),
        ([Reply("some words of it", fault="half")], "broke off"),
        ([Reply("some words of it", fault="broken")], "cannot be understood"),
        ([Reply(fault="html")], "DOCKNOTES_MODEL_URL"),
        ([Reply("some words", fault="cut")], "no end"),
        ([Reply("")], "empty"),
        ([Reply(calls=[("search_notes", '{"query": ')])], "openai:m"),
    ],
)
def test_whatever_goes_wrong_ends_in_the_notes_own_answer(
    make: Make, replies: list[Reply], words: str
) -> None:
    assistant, script = make(*replies)
    answer, _ = asked(assistant)
    assert answer.model is None
    assert answer.answered
    assert [c.command.text for c in answer.commands] == ["docker ps -a"]
    assert answer.notice is not None
    assert words in answer.notice.en
    assert "openai:m" in answer.notice.zh
    assert "\n" not in answer.notice.en
    assert assistant.waiting() == []
    assert len(script.requests) < 12


def test_one_wrong_call_is_told_to_the_model_and_forgiven(make: Make) -> None:
    assistant, script = make(
        Reply(calls=[("search_notes", '{"wrong": 1}')]), Reply(calls=[("no_such_tool", "{}")]), GOOD
    )
    answer, steps = asked(assistant)
    assert answer.model == "openai:m"
    assert "no_such_tool" in steps[-1].text.zh
    assert len(script.requests) == 5


@pytest.mark.parametrize(
    "probe",
    [
        [Reply("I would call search_notes.")],
        [Reply('{"name": "search_notes", "arguments": {"query": "code word"}}')],
        [Reply(calls=[("other", "{}")])],
        [PROBE[0], Reply("no idea")],
    ],
)
def test_a_model_without_tools_gets_the_excerpts_and_is_tried_once(make: Make, probe: list[Reply]) -> None:
    assistant, script = make(GOOD, probe=probe)
    answer, steps = asked(assistant)
    assert [step.tool for step in steps] == ["trying"]
    assert answer.model == "openai:m"
    assert "tools" not in script.requests[-1]
    again, steps = asked(assistant)
    assert steps == []
    assert len(script.requests) == len(probe) + 2
    assert again.model == "openai:m"


def test_a_server_that_refuses_tools_gets_the_excerpts(make: Make) -> None:
    def answer_without_tools(request: dict[str, object]) -> Reply:
        return Reply(fault="refuses") if "tools" in request else GOOD

    assistant, script = make(script=Script(answer=answer_without_tools))
    answer, _ = asked(assistant)
    assert answer.model == "openai:m"
    assert "tools" not in script.requests[-1]


def test_a_server_that_is_away_while_it_is_tried_is_tried_again(
    make: Make, library: Library, tmp_path: Path
) -> None:
    config = AssistantConfig(home=tmp_path / "home", workspace=tmp_path / "workspace")
    model = LangChainModel("openai:m", url="http://127.0.0.1:9/v1")
    answer, _ = asked(Assistant(config, library, MemoryEngine(), model=model))
    assert answer.notice is not None
    assert "cannot be reached" in answer.notice.en
    assert not (tmp_path / "home" / "models.json").exists()
