"""Compose files that reach for the host: each is refused in every profile, by its name and for its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import ComposeCommand, Decision

FOLDER = Path(__file__).parents[2] / "data" / "compose" / "hostile"
FILES = sorted(FOLDER.glob("*.yaml"))
ENV = f"ON=true\nSOCKET=/var/run/docker.sock\nBIG={'x' * 1000}\n"


def test_there_are_enough() -> None:
    assert len(FILES) >= 140


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_hostile_file_is_refused_and_the_reason_names_what_is_wrong(
    file: Path, any_policy: Policy, limits: Limits, workspace: Path
) -> None:
    text = file.read_text("utf-8")
    says = text.splitlines()[0].removeprefix("# says: ")
    (workspace / "compose.yaml").write_text(text, "utf-8")
    (workspace / ".env").write_text(ENV, "utf-8")
    verdict = review("docker compose up -d", policy=any_policy, limits=limits, workspace=workspace)
    assert verdict.kind == "docker"
    assert verdict.decision is Decision.REFUSE
    if any_policy.profile != "strict":  # which refuses some of them before it comes to that reason
        assert any(says in reason.text.en for reason in verdict.reasons), [r.text.en for r in verdict.reasons]
    assert all(reason.text.zh != reason.text.en for reason in verdict.reasons)
    shown = review("docker compose config", policy=any_policy, limits=limits, workspace=workspace)
    if isinstance(shown.plan, ComposeCommand):
        assert "root:" not in shown.plan.text


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../compose.yaml", "evil.env", "link-out/compose.yaml", "fifo", "-"]
)
def test_a_file_out_of_reach_is_not_read(name: str, policy: Policy, limits: Limits, workspace: Path) -> None:
    (workspace.parent / "compose.yaml").write_text("services: {web: {image: busybox}}")
    for line in ("config", "up -d", "ps", "logs", "down"):
        verdict = review(
            f"docker compose -f {name} {line}", policy=policy, limits=limits, workspace=workspace
        )
        assert verdict.decision is Decision.REFUSE, line


def test_a_link_to_the_file_or_to_its_variables_is_not_followed(
    policy: Policy, limits: Limits, workspace: Path
) -> None:
    (workspace / "compose.yaml").symlink_to("/etc/passwd")
    verdict = review("docker compose config", policy=policy, limits=limits, workspace=workspace)
    assert "outside the workspace" in verdict.reasons[0].text.en
    (workspace / "compose.yaml").unlink()
    (workspace / "compose.yaml").write_text("services: {web: {image: busybox}}")
    (workspace / ".env").symlink_to("/etc/passwd")
    verdict = review("docker compose config", policy=policy, limits=limits, workspace=workspace)
    assert "outside the workspace" in verdict.reasons[0].text.en
