"""Every hostile line by every way a line can come: no request is made, nothing is started or written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.agent.desk import Desk
from assistant.agent.tools import make_tools
from assistant.assistant import Assistant
from assistant.commands.policy_values import PROFILES, Profile
from assistant.config import AssistantConfig
from assistant.errors import RefusedPlanError
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_sandbox
from assistant.execution.sandbox import Sandbox
from assistant.values import AnswerDone, Command, Decision, Origin, Verdict
from tests.fakes.chat_model import ScriptedChatModel
from tests.fakes.engine import MemoryEngine
from tests.hostile import hostile_bodies, hostile_lines, put_over
from tests.library import library_of
from tests.oracle import faults_of_request
from tests.plans import create_body_of, with_digest
from tests.watching import watched
from ui.cli import doing, reading
from ui.cli.show import Screen
from ui.settings import Settings, read_settings
from ui.web import on_card
from ui.web.draw_card import draw_card
from ui.web.session import Card, Session

NOTE = "# Containers\n\nList all containers:\n\n```bash\ndocker ps -a\n```\n"
QUESTION = "how do I list all containers?"
PER_ANSWER = 40


@dataclass
class Way:
    """All that a line can be given to: an assistant on an Engine, the command line's settings, a page."""

    assistant: Assistant
    sandbox: Sandbox
    engine: MemoryEngine
    settings: Settings
    home: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def workspace(self) -> Path:
        return self.assistant.workspace

    def printed(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.capsys.readouterr().out)
        return found


@pytest.fixture
def way(tmp_path: Path, workspace: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Way]:
    home = tmp_path / "home"
    home.mkdir()
    engine = MemoryEngine(images=("ubuntu:latest", "docker:latest", "nginx:latest", "alpine:latest"))
    config = AssistantConfig(home, workspace, engine=engine.address)
    # No model may be loaded: an answer made with one is not what is tested here.
    assistant = Assistant(config, library_of(tmp_path / "notes", {"a.md": NOTE}), engine)
    settings = read_settings(
        {
            "DOCKNOTES_HOME": str(home),
            "DOCKNOTES_WORKSPACE": str(workspace),
            "DOCKNOTES_ENGINE": "unix:///nonexistent/engine.sock",
        }
    )
    ledger = Ledger(config.ledger)
    yield Way(assistant, make_sandbox(config, engine, ledger), engine, settings, home, capsys)
    ledger.close()


def is_refusal(verdict: Verdict) -> bool:
    return verdict.decision is Decision.REFUSE and bool(verdict.reasons)


def assert_harmless(verdict: Verdict, workspace: Path) -> None:
    assert verdict.plan is not None
    for request in verdict.plan.operations:
        body = request.as_run
        assert faults_of_request(request.method, request.path, request.query, body, workspace) == []


# ---- the ways; each returns whether the line was refused ----------------------------------------


def by_review(line: str, way: Way) -> bool:
    return is_refusal(way.assistant.review(line))


def by_steps(line: str, way: Way) -> bool:
    steps = way.assistant.review_steps(line)
    try:
        list(
            way.assistant.run_steps(steps, approve=lambda verdict: way.assistant.approve(verdict, by="test"))
        )
    except RefusedPlanError:
        return steps.decision is Decision.REFUSE
    return False


def by_plan_command(line: str, way: Way) -> bool:
    code = reading.plan(way.settings, Screen("en"), line, as_json=True)
    return way.printed()["verdict"] == "refuse" and code == 1


def by_run_command(line: str, way: Way) -> bool:
    code = doing.run(way.settings, Screen("zh"), line, approve=True, confirm=["web", "a", "db"], as_json=True)
    told = way.printed()
    return (
        code == doing.NOT_RUN
        and (told["run"], told["outcome"]) == (None, "refused")
        and bool(told["reasons"])
    )


def by_sandbox(line: str, way: Way) -> bool:
    verdict = way.assistant.review(line)
    for act in (
        lambda: way.assistant.approve(verdict, by="test", confirmed=["web", "a", "db"]),
        lambda: list(way.assistant.run(verdict, by="test")),
    ):
        try:
            act()
        except RefusedPlanError:
            continue
        return False
    return True


def by_page(line: str, way: Way) -> bool:
    verdict = way.assistant.review(line)
    card = Card(Command(line, Origin.PERSON, line), verdict, None, "en", "q")
    on_card.prepare(card, way.assistant)
    on_card.run(card, card.stamp, set(range(9)), way.assistant, Session("en"))
    drawn = draw_card(card, number=1, engine_missing=None)
    return card.state == "ready" and card.run_id is None and 'data-do="run"' not in drawn


def by_models_tool(line: str, way: Way) -> bool:
    desk = Desk(way.assistant.library, way.sandbox)
    if desk.waits(line):
        return False
    (propose,) = (tool for tool in make_tools(desk) if tool.name == "propose_command")
    if not line.isprintable():  # what is no text at all does not reach a tool
        return True
    return "will not be run" in str(propose.invoke({"command": line}))


WAYS: Mapping[str, Callable[[str, Way], bool]] = {
    "policy": by_review,
    "steps": by_steps,
    "docknotes plan": by_plan_command,
    "docknotes run": by_run_command,
    "sandbox": by_sandbox,
    "web page": by_page,
    "chat model's tool": by_models_tool,
}


@pytest.mark.parametrize("name", WAYS)
def test_no_hostile_line_gets_through(name: str, way: Way) -> None:
    reads = WAYS[name]
    lines = [line.replace("{ws}", str(way.workspace)) for _, line in hostile_lines()]
    assert len(lines) >= 500
    reads("docker run --privileged ubuntu", way)  # what is loaded at its first use is loaded now
    before = sorted(way.workspace.rglob("*"))
    with watched(free=[way.home]) as seen:
        through = [line for line in lines if not reads(line, way)]
    assert through == []
    assert seen == []
    assert way.engine.requests == []
    assert sorted(way.workspace.rglob("*")) == before
    assert way.assistant.runs() == []


def test_a_chat_model_gets_none_of_them_through(way: Way, tmp_path: Path) -> None:
    """Whatever a model writes into its answer: the line is refused, and nothing of it is run."""
    lines = [line for _, line in hostile_lines() if line.strip() and line.isprintable()]
    assert len(lines) >= 450
    library = way.assistant.library
    offered = 0
    for start in range(0, len(lines), PER_ANSWER):
        part = lines[start : start + PER_ANSWER]
        blocks = "\n\n".join(f"```bash\n{line}\n```" for line in part)
        model = ScriptedChatModel(f"`docker ps -a` lists all containers [1].\n\n{blocks}")
        config = AssistantConfig(way.home, way.workspace, engine=way.engine.address)
        spoken = Assistant(config, library, way.engine, model=model)
        with watched(free=[way.home, tmp_path]) as seen:
            (*_, done) = spoken.ask(QUESTION)
        assert isinstance(done, AnswerDone)
        for suggested in done.answer.commands:
            if suggested.command.text == "docker ps -a":
                continue
            offered += 1
            said = suggested.verdict
            if not is_refusal(said):  # a slip was mended: then what would be sent is harmless
                assert suggested.command.text not in lines
                assert_harmless(said, way.workspace)
        assert [event for event in seen if not event.startswith("open")] == []
    assert offered >= 200
    assert way.engine.requests == []


@pytest.mark.parametrize("profile", PROFILES)
def test_no_hostile_body_is_sent_whatever_verdict_it_is_put_into(profile: Profile, way: Way) -> None:
    """A verdict forged with a hostile body, its digest made to fit, is not carried out."""
    config = AssistantConfig(way.home, way.workspace, engine=way.engine.address, profile=profile)
    assistant = Assistant(config, way.assistant.library, way.engine)
    sent = []
    for name, change in hostile_bodies():
        verdict = assistant.review("docker run --rm -p 8080:80 ubuntu ls")
        body = create_body_of(verdict)
        changed = put_over(body, change, way.workspace)
        body.clear()
        body.update(changed)
        forged = with_digest(verdict)
        try:
            approval = assistant.approve(forged, by="test")
            events = list(assistant.run(forged, approval=approval))
        except RefusedPlanError:
            continue
        created = [what for what, _ in way.engine.requests if "create_container" in what]
        if created or events[-1].run.outcome != "failed":  # type: ignore[union-attr]
            sent.append(name)
    assert sent == []
    assert way.engine.containers == {}
