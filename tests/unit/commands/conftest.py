"""A workspace with everything in it that a hostile line may aim at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.commands.policy import Policy
from assistant.commands.policy_values import PROFILES, Profile
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Verdict
from tests.hostile import aimed_at

Review = Callable[[str], Verdict]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    with aimed_at(tmp_path.resolve() / "ws") as folder:
        yield folder


@pytest.fixture
def clean_workspace(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "clean"
    (folder / "data").mkdir(parents=True)
    (folder / "src").mkdir()
    return folder


@pytest.fixture
def policy() -> Policy:
    return Policy.standard()


@pytest.fixture(params=PROFILES)
def any_policy(request: pytest.FixtureRequest) -> Policy:
    """Each shipped profile in turn."""
    profile: Profile = request.param
    return Policy.shipped(profile)


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def judged(policy: Policy, limits: Limits, workspace: Path) -> Review:
    """Reviews a line in the workspace."""
    return lambda line: review(line, policy=policy, limits=limits, workspace=workspace, now=1_700_000_000.0)
