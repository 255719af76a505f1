"""The folder that containers may see, as it is made."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.config import AssistantConfig
from ui.build import make_workspace


def test_a_workspace_is_its_owners_alone_and_one_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    config = AssistantConfig(home=tmp_path / "home", workspace=tmp_path / "home" / "workspace")
    before = os.umask(0)
    try:
        make_workspace(config)
    finally:
        os.umask(before)
    assert config.workspace.stat().st_mode & 0o777 == 0o700
    config.workspace.chmod(0o755)
    make_workspace(config)
    assert config.workspace.stat().st_mode & 0o777 == 0o755
