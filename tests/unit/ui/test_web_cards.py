"""A command's card: what its buttons do, and that only the server's own verdict runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.execution.background import Background
from assistant.execution.engine_texts import said_no
from assistant.values import Citation, Command, Decision, Ended, Origin, Progress, RunEvent, Verdict
from knowledge.language import Text
from tests.fakes.assistant import MemoryAssistant
from ui.web import on_background, on_card, words
from ui.web.draw_card import draw_card, draw_outcome
from ui.web.draw_console import draw_console
from ui.web.session import SHOWN_OUTPUT_CHARACTERS, Card, Session


@pytest.fixture
def assistant() -> MemoryAssistant:
    return MemoryAssistant(pause_seconds=0)


def card_of(line: str, assistant: MemoryAssistant, origin: Origin = Origin.VERBATIM) -> Card:
    verdict = assistant.review(line)
    card = Card(
        Command(line, origin, line),
        verdict,
        None,
        "en",
        "q",
        template=verdict if verdict.placeholders else None,
    )
    on_card.prepare(card, assistant)
    return card


def run(
    card: Card, assistant: MemoryAssistant, *, stamp: str | None = None, confirmed: set[int] | None = None
) -> None:
    begin(card, assistant, stamp=stamp, confirmed=confirmed)
    finish(card)


def begin(
    card: Card, assistant: MemoryAssistant, *, stamp: str | None = None, confirmed: set[int] | None = None
) -> None:
    on_card.run(card, card.stamp if stamp is None else stamp, confirmed or set(), assistant, Session("en"))


def finish(card: Card) -> None:
    wait_until(lambda: card.state != "running")


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def shown(card: Card) -> str:
    return draw_card(card, number=1, engine_missing=None)


def test_reading_commands_run_at_once(assistant: MemoryAssistant) -> None:
    card = card_of("docker ps -a", assistant)
    run(card, assistant)
    assert card.state == "ended"
    assert card.ended is not None
    assert card.ended.exit_code == 0
    assert assistant.approvals == {}


def test_asking_commands_run_with_an_approval_made_on_the_press(assistant: MemoryAssistant) -> None:
    card = card_of("docker run -d nginx", assistant)
    run(card, assistant)
    assert [verdict.line for verdict in assistant.ran] == ["docker run -d nginx"]
    assert card.ended is not None
    assert card.ended.decision is Decision.ASK


@pytest.mark.parametrize("line", ["docker run --privileged ubuntu", "sudo systemctl restart docker"])
def test_refused_commands_have_no_button_and_do_not_run(line: str, assistant: MemoryAssistant) -> None:
    card = card_of(line, assistant)
    assert 'data-do="run"' not in shown(card)
    run(card, assistant)
    assert assistant.ran == []


def test_a_line_for_a_shell_shows_whether_it_is_so_already(assistant: MemoryAssistant) -> None:
    drawn = shown(card_of("sudo systemctl start docker", assistant))
    assert "dn-effect-holds" in drawn
    assert "The service docker runs." in drawn
    assert "dn-effect" not in shown(card_of("docker run -d nginx", assistant))


def test_a_command_that_was_tried_here_says_so(assistant: MemoryAssistant) -> None:
    assert "Worked here on 2026-" in shown(card_of("docker ps -a", assistant))
    assert "Worked here" not in shown(card_of("docker run -d nginx", assistant))


def test_a_press_on_an_older_card_agrees_to_nothing(assistant: MemoryAssistant) -> None:
    card = card_of("docker run -d nginx", assistant)
    older = card.stamp
    run(card, assistant, stamp=older)
    for stale in (older, "", "forged"):
        run(card, assistant, stamp=stale)
    assert len(assistant.ran) == 1


def test_a_second_press_while_it_runs_starts_nothing(assistant: MemoryAssistant) -> None:
    card = card_of("docker ps", assistant)
    assistant.pause_seconds = 0.02
    begin(card, assistant)
    begin(card, assistant)
    finish(card)
    assert len(assistant.ran) == 1


def test_objects_of_others_need_a_tick_each(assistant: MemoryAssistant) -> None:
    assistant.foreign = True
    card = card_of("docker stop web", assistant)
    assert "which docknotes did not make" in shown(card)
    run(card, assistant)
    assert assistant.ran == []
    assert card.message == words.CONFIRM_FIRST
    run(card, assistant, confirmed={0})
    assert len(assistant.ran) == 1


def test_objects_that_changed_since_they_were_shown_are_shown_again(assistant: MemoryAssistant) -> None:
    card = card_of("docker stop web", assistant)
    before = card.stamp
    assistant.foreign = True
    run(card, assistant)
    assert assistant.ran == []
    assert card.message == words.LOOK_AGAIN
    assert card.stamp != before


def test_objects_that_are_not_there_are_told_at_once(assistant: MemoryAssistant) -> None:
    assistant.missing = True
    assert "There is no container web." in shown(card_of("docker stop web", assistant))


def test_placeholders_are_filled_judged_again_and_quoted(assistant: MemoryAssistant) -> None:
    card = card_of("docker stop ContainerName", assistant)
    assert 'data-do="run"' not in shown(card)
    run(card, assistant)
    assert assistant.ran == []
    on_card.fill(card, ["  "], assistant)
    assert card.message == words.FILL_ALL
    for value in ("web\n--privileged", "--all", "web;x"):
        on_card.fill(card, [value], assistant)
        assert "cannot be filled in" in (card.message.en if card.message else "")
        assert card.verdict.placeholders
    assert 'data-do="fill"' in shown(card)
    on_card.fill(card, ["web", "surplus"], assistant)
    assert card.verdict.line == "docker stop web"
    run(card, assistant)
    assert len(assistant.ran) == 1


def test_a_run_can_be_cancelled(assistant: MemoryAssistant) -> None:
    assistant.pause_seconds = 0.05
    card = card_of("docker ps", assistant)
    begin(card, assistant)
    wait_until(lambda: card.run_id is not None)
    on_card.cancel(card, assistant)
    assert "Cancelling" in shown(card)
    finish(card)
    assert card.ended is not None
    assert card.ended.outcome == "cancelled"


def test_errors_stand_on_the_card_and_it_can_be_tried_again(assistant: MemoryAssistant) -> None:
    card = card_of("docker ps", assistant)
    good = card.verdict
    card.verdict = Verdict("docker x", "docker", Decision.ASK, ())
    assistant.forgets = True
    run(card, assistant)
    assert card.message is not None
    assert card.ended is None
    assistant.forgets = False
    card.verdict, card.message = good, None
    run(card, assistant)
    assert card.ended is not None


def test_output_is_text_and_keeps_its_end(assistant: MemoryAssistant) -> None:
    card = card_of("docker ps", assistant)
    card.begin()
    card.write("<script>alert(1)</script>\n")
    assert "<script>" not in str(draw_outcome(card))
    card.write("x" * 99 + "\n")
    for _ in range(800):
        card.write("y" * 99 + "\n")
    assert len(card.output) <= SHOWN_OUTPUT_CHARACTERS * 1.25
    assert card.output_dropped > 0
    assert card.output.startswith("y")
    assert "earlier characters" in str(draw_outcome(card))


def test_layers_of_a_pull_are_summed_up(assistant: MemoryAssistant) -> None:
    card = card_of("docker ps", assistant)
    card.begin()
    card.progress = {
        "a": Progress("a", "Pull complete", 100, 100),
        "b": Progress("b", "Downloading", 50, 200),
        "c": Progress("c", "Waiting"),
    }
    outcome = str(draw_outcome(card))
    assert "1 of 3 layers" in outcome
    assert '<progress value="150" max="300">' in outcome


def test_the_origin_is_said_in_words(assistant: MemoryAssistant) -> None:
    for origin, text in words.ORIGINS.items():
        assert text.en in shown(card_of("docker ps", assistant, Origin(origin)))
    card = card_of("docker ps -a", assistant, Origin.CORRECTED)
    card.command = Command("docker ps -a", Origin.CORRECTED, "docker ps —a")
    assert "docker ps —a" in shown(card)


def test_without_an_engine_the_card_says_what_is_missing_and_cannot_run(assistant: MemoryAssistant) -> None:
    missing = MemoryAssistant(engine=False).engine_status()
    assert isinstance(missing, Text)
    card = card_of("docker ps", assistant)
    drawn = draw_card(card, number=1, engine_missing=missing)
    assert "apt-get install docker.io" in drawn
    assert 'data-do="run" disabled' in drawn


# ---- a program that takes input -------------------------------------------------------------


def test_lines_are_typed_to_a_program_that_takes_input_until_it_is_closed(
    assistant: MemoryAssistant,
) -> None:
    card = card_of("docker run -i busybox", assistant)
    stamp = card.stamp
    begin(card, assistant)
    wait_until(lambda: card.console is not None and card.console.is_open)
    drawn = str(draw_console(card))
    assert words.SEND_LINE.en in drawn and words.CLOSE_INPUT.en in drawn
    on_card.type_line(card, stamp, "meant for an earlier run")
    on_card.type_line(card, card.stamp, "hello <b>")
    wait_until(lambda: card.output == "hello <b>\n")
    assert str(draw_console(card)) != drawn  # the field is drawn anew, empty
    on_card.end_input(card, card.stamp)
    finish(card)
    assert draw_console(card) is None
    on_card.type_line(card, card.stamp, "late")
    assert "late" not in card.output


def test_there_is_no_field_for_a_program_that_takes_no_input(assistant: MemoryAssistant) -> None:
    card = card_of("docker run nginx", assistant)
    begin(card, assistant)
    assert card.console is None
    assert draw_console(card) is None
    finish(card)


# ---- a run in the background ----------------------------------------------------------------


def test_a_container_in_the_background_shows_its_state_and_on_request_its_log(
    assistant: MemoryAssistant,
) -> None:
    link = "http://127.0.0.1:8080"
    assistant.in_background = Background("9d1c", "web", "running", health="healthy", links=(link,))
    card, session = card_of("docker run -d -p 8080:80 nginx", assistant), Session("en")
    run(card, assistant)
    drawn = str(draw_outcome(card))
    assert f'<a href="{link}"' in drawn
    assert words.HEALTH["healthy"].en in drawn
    on_background.show_log(card, assistant, session)
    assert "docker logs --tail 200 9d1c" in [verdict.line for verdict in assistant.ran]
    assert "line 0: &lt;b onclick" in str(draw_outcome(card))
    assistant.in_background = Background("9d1c", "web", "exited", exit_code=3)
    on_background.look(card, assistant)
    assert words.EXIT_CODE.en.format(code=3) in str(draw_outcome(card))
    assert link not in str(draw_outcome(card))
    card.begin()
    assert card.background is None and card.log is None


def test_a_run_that_is_not_in_the_background_shows_none(assistant: MemoryAssistant) -> None:
    card = card_of("docker run nginx", assistant)
    run(card, assistant)
    assert card.background is None
    assert words.IN_BACKGROUND.en not in str(draw_outcome(card))


def test_a_run_that_failed_says_why_and_what_to_try(assistant: MemoryAssistant) -> None:
    card = card_of("docker run -d -p 8080:80 nginx", assistant)
    run(card, assistant)
    assert card.ended is not None and card.diagnosis is None
    said = said_no("Bind for 127.0.0.1:8080 failed: port is already allocated <b>")
    card.ended = replace(card.ended, outcome="failed", exit_code=None, error=said)
    card.diagnosis = assistant.diagnose(card.ended, "en")
    outcome = draw_outcome(card)
    assert outcome is not None
    assert "Why it failed" in outcome
    assert "docker run -d -p 8081:80 nginx" in outcome
    assert "in your own terminal" in outcome
    assert "allocated &lt;b&gt;" in outcome
    assert "The Engine said" not in outcome
    cited = Citation(1, "a.md", ("A", "Ports"), 3, 4, "Take another <i>port</i>.")
    card.diagnosis = replace(card.diagnosis, citation=cited) if card.diagnosis else None
    shown = draw_outcome(card)
    assert shown is not None
    assert "a.md:3-4" in shown
    assert "A › Ports" in shown
    assert "<i>" not in shown


def test_a_failed_run_is_diagnosed_when_it_ends(assistant: MemoryAssistant) -> None:
    class Failing(MemoryAssistant):
        def run(self, *arguments: Any, **named: Any) -> Iterator[RunEvent]:
            for event in super().run(*arguments, **named):
                if isinstance(event, Ended):
                    yield Ended(replace(event.run, outcome="out_of_memory", exit_code=137))
                else:
                    yield event

    failing = Failing(pause_seconds=0)
    card = card_of("docker run -d nginx", failing)
    run(card, failing)
    assert card.diagnosis is not None
    assert card.diagnosis.cause == "out-of-memory"
    card.begin()
    assert card.diagnosis is None
