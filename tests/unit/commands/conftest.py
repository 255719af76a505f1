"""A workspace with everything in it that a hostile line may aim at."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.commands.policy import Policy
from assistant.commands.policy_values import PROFILES, Profile
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Verdict

Review = Callable[[str], Verdict]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path.resolve() / "ws"
    for name in ("data/sub", "src", "sockets"):
        (folder / name).mkdir(parents=True)
    (folder / "ok.env").write_text("A=1\nB=two words\n")
    (folder / "bare.env").write_text("A=1\nHOME\n")
    (folder / "evil.env").symlink_to("/etc/passwd")
    (folder / "link-out").symlink_to("/etc")
    (folder / "link-proc").symlink_to("/proc/1/root")
    (folder / "data" / "link-up").symlink_to("../..")
    os.mkfifo(folder / "fifo")
    (tmp_path / "wsx").mkdir()
    sockets = [socket.socket(socket.AF_UNIX) for _ in range(3)]
    for unix, name in zip(sockets, ("real.sock", "plainsocket", "sockets/inner"), strict=True):
        unix.bind(str(folder / name))
    yield folder
    for unix in sockets:
        unix.close()


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
