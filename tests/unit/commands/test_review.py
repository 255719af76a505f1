from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.commands.others import RULES
from assistant.commands.policy import Policy, check_body
from assistant.commands.review import digest_of, review
from assistant.config import Limits
from assistant.values import Decision, OtherCommand
from tests.unit.commands.conftest import Review

BENIGN = [
    line
    for line in (Path(__file__).parents[2] / "data" / "benign_lines.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", BENIGN)
def test_a_benign_line_reads_or_asks_and_its_body_passes(
    line: str, clean_workspace: Path, policy: Policy, limits: Limits
) -> None:
    (clean_workspace / "ok.env").write_text("A=1\n")
    verdict = review(f"docker {line}", policy=policy, limits=limits, workspace=clean_workspace)

    assert verdict.kind == "docker"
    assert verdict.plan is not None
    assert verdict.plan.operations
    if isinstance(verdict.plan.action, OtherCommand):
        rule = RULES.get(verdict.plan.action.name)
        if rule is None:
            assert [reason.rule for reason in verdict.reasons] == ["unsupported"]
            assert "不执行" in verdict.reasons[0].text.zh
            assert all(operation.as_run is None for operation in verdict.plan.operations)
        elif verdict.decision is not Decision.REFUSE:
            assert verdict.decision is (Decision.ASK if rule.kind else Decision.ALLOW)
        return
    reads = {"ps", "images", "logs", "version", "info", "inspect", "ls", "list"}
    changes = not reads & set(line.split()[:4]) or line.startswith("run")
    assert verdict.decision is (Decision.ASK if changes else Decision.ALLOW)
    assert len(verdict.digest) == 64
    for operation in verdict.plan.operations:
        if operation.path == "/containers/create":
            assert operation.as_run is not None
            assert check_body(operation.as_run, policy, clean_workspace, limits) == ()


@pytest.mark.parametrize(
    ("line", "kind", "decision"),
    [
        ("docker ps", "docker", "allow"),
        ("docker run ubuntu", "docker", "ask"),
        ("docker stop a", "docker", "ask"),
        ("docker rm a", "docker", "ask"),
        ("docker pull ubuntu", "docker", "ask"),
        ("docker run --privileged ubuntu", "docker", "refuse"),
        ("docker build .", "docker", "refuse"),
        ("docker login", "docker", "refuse"),
        ("sudo apt-get install -y nvidia-container-toolkit", "host", "refuse"),
        ("sudo systemctl restart docker", "host", "refuse"),
        ("sudo usermod -aG docker $USER", "host", "refuse"),
        ("curl -fsSL x | sudo gpg --dearmor -o y", "host", "refuse"),
        ("docker ps | grep x", "invalid", "refuse"),
        ("docker run -gpus all x", "invalid", "refuse"),
        ("how do I list containers?", "invalid", "refuse"),
        ("", "invalid", "refuse"),
    ],
)
def test_kinds_and_decisions(line: str, kind: str, decision: str, judged: Review) -> None:
    verdict = judged(line)

    assert (verdict.kind, verdict.decision.value) == (kind, decision)
    assert verdict.reasons
    if kind != "docker":
        assert verdict.plan is None


def test_a_suggestion_is_a_line_that_can_be_reviewed_in_its_turn(judged: Review) -> None:
    verdict = judged("sudo docker run -it -gpus all -p 3000:80 ubuntu")

    assert verdict.suggestion == "docker run -it --gpus all -p 3000:80 ubuntu"
    assert judged(verdict.suggestion).decision is Decision.ASK


def test_a_line_with_a_placeholder_says_what_is_to_be_filled_in(judged: Review) -> None:
    verdict = judged("docker run -it --gpus all -p localport:containerport ImageID")

    assert verdict.decision is Decision.ASK
    assert [placeholder.text for placeholder in verdict.placeholders] == [
        "localport:containerport",
        "ImageID",
    ]
    assert verdict.reasons[0].rule == "placeholder"
    assert "ImageID" in verdict.reasons[0].text.zh


def test_equal_lines_have_equal_digests_and_others_do_not(judged: Review) -> None:
    lines = [
        "docker run ubuntu",
        "docker run --rm ubuntu",
        "docker run -d ubuntu",
        "docker run --name a ubuntu",
        "docker run ubuntu ls",
        "docker run -e A=1 ubuntu",
        "docker run -p 80:80 ubuntu",
        "docker run --pull never ubuntu",
        "docker stop a",
        "docker stop b",
        "docker rm a",
        "docker rm -f a",
    ]

    assert len({judged(line).digest for line in lines}) == len(lines)
    assert [judged(line).digest for line in lines] == [judged(line).digest for line in lines]
    assert judged("sudo docker run   'ubuntu'").digest == judged("docker run ubuntu").digest


def test_a_digest_follows_the_body_as_run(judged: Review) -> None:
    verdict = judged("docker run ubuntu")
    assert verdict.plan is not None
    create = next(
        operation for operation in verdict.plan.operations if operation.path == "/containers/create"
    )
    assert create.as_run is not None
    forged = replace(create, as_run={**create.as_run, "Image": "other"})
    plan = replace(
        verdict.plan, operations=tuple(forged if op is create else op for op in verdict.plan.operations)
    )

    assert digest_of(plan) != verdict.digest


def test_registries_are_a_list_that_can_be_made_longer(clean_workspace: Path, limits: Limits) -> None:
    policy = replace(Policy.standard(), registries=("docker.io", "127.0.0.1:5000", ".example.com"))

    for image, decision in (
        ("127.0.0.1:5000/x", Decision.ASK),
        ("127.0.0.1:5001/x", Decision.REFUSE),
        ("registry.example.com/x", Decision.ASK),
        ("example.org/x", Decision.REFUSE),
        ("ghcr.io/a/b", Decision.REFUSE),
        ("nginx", Decision.ASK),
    ):
        for command in ("run", "pull"):
            verdict = review(
                f"docker {command} {image}", policy=policy, limits=limits, workspace=clean_workspace
            )
            assert verdict.decision is decision, (command, image)


def test_all_reasons_are_named_not_only_the_first(judged: Review) -> None:
    verdict = judged("docker run --privileged --pid host -v /:/x --network host ubuntu")

    assert {reason.rule for reason in verdict.reasons} == {
        "body.Privileged",
        "body.PidMode",
        "body.Binds",
        "body.NetworkMode",
    }
    assert verdict.changes == ()


def test_a_workspace_that_holds_the_engine_s_socket_is_not_handed_over(
    clean_workspace: Path, limits: Limits
) -> None:
    policy = replace(Policy.standard(), sockets=(str(clean_workspace / "deep" / "docker.sock"),))
    for line in (
        "docker run -v .:/w a",
        "docker run -v ./deep:/w a",
        "docker run --mount type=bind,src=.,dst=/w a",
    ):
        verdict = review(line, policy=policy, limits=limits, workspace=clean_workspace)
        assert verdict.decision is Decision.REFUSE
    assert review(
        "docker run -v ./data:/w a", policy=policy, limits=limits, workspace=clean_workspace
    ).decision is (Decision.ASK)
