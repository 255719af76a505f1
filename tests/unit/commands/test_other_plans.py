"""Commands that are understood and not carried out: what they would send, which files they would touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.flags import COMMANDS
from assistant.commands.other_texts import effect
from assistant.commands.others import RULES
from assistant.commands.plan import plan_line
from assistant.commands.policy import Policy, judge
from assistant.errors import CommandError, UnsupportedCommandError
from assistant.values import Decision, OtherCommand, Plan

GUARDED = """cp /etc/shadow a:/x; cp a:/x /etc/x; cp ../x a:/x; cp a:/x -; cp link/x a:/y;
save -o /etc/x alpine; save -o link/x alpine; export -o ../x a; load -i /etc/shadow; import /etc/shadow x;
build /; build ..;
build -f /etc/shadow .; build --iidfile /etc/x .; exec --env-file /etc/shadow a env"""


def planned(line: str, workspace: Path) -> Plan:
    return plan_line(f"docker {line}", workspace=workspace, now=0.0)


@pytest.mark.parametrize("line", [line.strip() for line in GUARDED.split(";")])
def test_files_outside_the_workspace_are_named_and_left_alone(line: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(UnsupportedCommandError, match="outside the workspace"):
        planned(line, tmp_path.resolve())


@pytest.mark.parametrize("line", ["build https://e.example/x.git", "import http://e.example/x x", "build -"])
def test_what_the_engine_would_fetch_or_a_pipe_is_not_read(line: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedCommandError) as error:
        planned(line, tmp_path)
    assert error.value.text.zh


@pytest.mark.parametrize(
    "line",
    [
        "cp a b", "cp a:/x b:/y", "start -a x y", "port a http", "network create --gateway 10.9.0.1 n",
        "network create --subnet x n", "update --memory lots a", "tag a B", "search --limit many x",
    ],
)  # fmt: skip
def test_values_docker_would_not_take_are_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        planned(line, tmp_path)


@pytest.mark.parametrize(
    ("flag", "rule"),
    [
        ("-w /proc/self/fd/7", "body.WorkingDir"),
        ("-w /x/../proc/self", "body.WorkingDir"),
        ("-e NVIDIA_VISIBLE_DEVICES=all", "body.Env"),
        ("-e HOME", "body.Env"),
        ("--privileged", "privileged"),
    ],
)
def test_a_program_inside_is_given_no_more_than_a_new_container(flag: str, rule: str, tmp_path: Path) -> None:
    decision, reasons = judge(planned(f"exec {flag} a sh", tmp_path), Policy.standard(), tmp_path)
    assert decision is Decision.REFUSE
    assert rule in {reason.rule for reason in reasons}
    usual = planned("exec -u 1000:1000 -e A=1 -w /app a sh", tmp_path)
    assert judge(usual, Policy.standard(), tmp_path)[0] is Decision.ASK


def test_each_has_a_sentence_and_is_judged_by_its_rule(tmp_path: Path) -> None:
    names = {grammar.name for grammar in COMMANDS.values()}
    seen = set()
    for line in (Path(__file__).parents[2] / "data" / "benign_lines.txt").read_text().splitlines():
        if not line or line.startswith("#") or "env-file" in line or "label-file" in line:
            continue
        plan = planned(line, tmp_path.resolve())
        if not isinstance(plan.action, OtherCommand):
            continue
        seen.add(plan.action.name)
        assert effect(plan.action).en.startswith("It ")
        rule = RULES.get(plan.action.name)
        found = judge(plan, Policy.standard(), tmp_path)[0]
        if rule is None:
            assert found is Decision.REFUSE
        elif not rule.kind:
            assert found is (Decision.REFUSE if plan.action.last("platform") else Decision.ALLOW)
        else:
            assert found is not Decision.ALLOW
    assert len(seen) >= 42
    assert seen < names
