"""Nothing hostile gets past: not as a line, not as a body."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.commands.body_tables import CONFIG_RULES, HOST_RULES
from assistant.commands.bounds import bound
from assistant.commands.plan import plan_line
from assistant.commands.policy import Policy, check_body
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Decision
from tests.hostile import ADVISORIES, hostile_bodies, hostile_lines, put_over
from tests.unit.commands.conftest import Review

LINES = [pytest.param(line, id=name) for name, line in hostile_lines()]
BODIES = [pytest.param(change, id=name) for name, change in hostile_bodies()]


@pytest.mark.parametrize("line", LINES)
def test_a_hostile_line_is_refused_with_a_reason_in_both_languages(
    line: str, any_policy: Policy, limits: Limits, workspace: Path
) -> None:
    line = line.replace("{ws}", str(workspace))
    verdict = review(line, policy=any_policy, limits=limits, workspace=workspace, now=1_700_000_000.0)

    assert verdict.decision is Decision.REFUSE
    assert verdict.reasons
    for reason in verdict.reasons:
        assert reason.rule
        assert reason.text.en.strip()
        assert reason.text.zh.strip()
    for operation in verdict.plan.operations if verdict.plan else ():
        assert operation.as_run is None
    assert verdict.line.replace("\t", "").isprintable()


@pytest.mark.parametrize("seconds", ["121", "3600", "9223372036854775807", "-1"])
def test_a_stop_that_waits_too_long_is_refused(seconds: str, judged: Review) -> None:
    verdict = judged(f"docker stop --timeout={seconds} web")

    assert verdict.decision is Decision.REFUSE
    assert judged("docker stop -t 120 web").decision is Decision.ASK


def final_body(workspace: Path) -> dict[str, Any]:
    """A body as it is sent, with nothing against it."""
    plan = plan_line("docker run -p 8080:80 -v ./src:/src alpine ls", workspace=workspace)
    bounded, _ = bound(plan, limits=Limits(), workspace=workspace)
    body = next(op.as_run for op in bounded.operations if op.path == "/containers/create")
    assert body is not None
    return json.loads(json.dumps(body).replace("{network}", "docknotes-1").replace("{run}", "1"))  # type: ignore[no-any-return]


@pytest.mark.parametrize("change", BODIES)
def test_a_hostile_body_is_found_whatever_plan_it_came_from(
    change: dict[str, Any], any_policy: Policy, limits: Limits, workspace: Path
) -> None:
    body = put_over(final_body(workspace), change, workspace)

    assert check_body(body, any_policy, workspace, limits)


def test_the_body_the_hostile_ones_are_made_from_is_fine(
    policy: Policy, limits: Limits, workspace: Path
) -> None:
    body = final_body(workspace)

    assert check_body(body, policy, workspace, limits) == ()
    assert check_body(body, policy, workspace) == ()


def test_a_key_left_out_of_a_final_body_is_found_where_it_bounds_something(
    policy: Policy, limits: Limits, workspace: Path
) -> None:
    for key in (
        "Memory",
        "MemorySwap",
        "NanoCpus",
        "PidsLimit",
        "ShmSize",
        "CapDrop",
        "SecurityOpt",
        "LogConfig",
    ):
        body = copy.deepcopy(final_body(workspace))
        del body["HostConfig"][key]

        assert f"bounds.{key}" in {reason.rule for reason in check_body(body, policy, workspace, limits)}


@pytest.mark.parametrize("key", sorted({*HOST_RULES, *CONFIG_RULES} - {"HostConfig"}))
def test_no_known_key_takes_any_value(key: str, policy: Policy, limits: Limits, workspace: Path) -> None:
    values: tuple[Any, ...] = ({"?": [7]}, [[{}]], "\0")
    for value in values:
        body = final_body(workspace)
        (body["HostConfig"] if key in HOST_RULES else body)[key] = value

        assert f"body.{key}" in {reason.rule for reason in check_body(body, policy, workspace, limits)}


def test_a_body_that_is_none_is_refused(policy: Policy, workspace: Path) -> None:
    bodies: tuple[Any, ...] = ({}, [], None, "x", {"HostConfig": {}})
    for body in bodies:
        assert check_body(body, policy, workspace)


def test_there_are_enough_of_them() -> None:
    lines, bodies = [line for _, line in hostile_lines()], [change for _, change in hostile_bodies()]
    assert len(set(lines)) >= 500
    assert len({json.dumps(change, sort_keys=True) for change in bodies}) >= 200


def test_every_advisory_is_named() -> None:
    for kind in ("line", "body"):
        assert all(entry["source"].strip() for entry in ADVISORIES[kind])
    assert all(entry["why"].strip() for entry in ADVISORIES["line"])
    cited = {name for kind in ("line", "body") for entry in ADVISORIES[kind] for name in [entry["source"]]}
    assert sum("CVE-" in name for name in cited) >= 20
