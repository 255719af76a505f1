"""What docker's own compose makes of a file means the same here as the file itself.

``config`` of the real program puts variables in, spells short forms out and merges anchors. Both texts, the
file and what it came to, are planned here, and have to come to the same containers, networks and volumes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import ComposeCommand

FOLDER = Path(__file__).parents[1] / "data" / "compose" / "fine"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml"))


class Program(NamedTuple):
    """The compose that is here; ``old`` is the one from before it became docker's plugin."""

    argv: tuple[str, ...]
    old: bool


def _program() -> Program | None:
    for argv in (("docker", "compose"), ("docker-compose",)):
        if shutil.which(argv[0]):
            asked = subprocess.run([*argv, "version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return Program(argv, b"version 1." in asked.stdout)
    return None


@pytest.fixture(scope="module")
def program() -> Program:
    found = _program()
    if found is None:
        pytest.skip("no docker compose (Debian: apt-get install docker-compose)")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "shop"
    shutil.copytree(FOLDER, made)
    (made / "conf").mkdir()
    return made


def planned(folder: Path, file: str, line: str = "up -d") -> ComposeCommand:
    line = f"docker compose -p shop -f {file} {line}"
    verdict = review(line, policy=Policy.standard(), limits=Limits(), workspace=folder)
    assert verdict.plan is not None, [reason.text.en for reason in verdict.reasons]
    assert isinstance(verdict.plan.action, ComposeCommand)
    return verdict.plan.action


NEWER = {"ports.yaml": "host_ip", "volumes.yaml": "create_host_path", "waiting.yaml": "required"}
"""Keys of the long forms that the program before docker's plugin does not know."""


def their_config(program: Program, folder: Path, file: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    run = subprocess.run(
        [*program.argv, "-p", "shop", "-f", file, "config"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if program.old and file == "ours.yaml" and run.returncode:
        raise OlderProgramError(run.stderr)
    assert run.returncode == 0, run.stderr
    return run.stdout


class OlderProgramError(Exception):
    """The older program does not know a key."""


def plain(value: Any) -> Any:
    """A body without what has two spellings: the mode of a folder that is written to, and empty values."""
    if isinstance(value, dict):
        kept = {key: plain(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {}, 0, False)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return re.sub(r":rw$", "", value) if isinstance(value, str) else value


def meaning(action: ComposeCommand) -> dict[str, Any]:
    """Everything that would be made, by name."""
    found: dict[str, Any] = {}
    for item in action.containers:
        body = plain(item.run.body)
        body["Env"] = sorted(body.get("Env", ()))
        host = body["HostConfig"]
        host["Binds"] = sorted(host.get("Binds", ()))
        needs = dict(item.needs)
        body["Labels"].pop("com.docker.compose.depends_on", None)
        found[item.run.name or ""] = (
            body,
            needs,
            {name: sorted(names) for name, names in item.networks.items()},
        )
    found["networks"] = sorted((item.name, item.internal) for item in action.networks)
    found["volumes"] = sorted(item.name for item in action.volumes)
    return found


@pytest.mark.parametrize("file", FILES)
def test_their_reading_of_a_file_means_what_ours_does(program: Program, folder: Path, file: str) -> None:
    theirs = their_config(program, folder, file)
    (folder / "theirs.yaml").write_text(theirs, "utf-8")
    assert meaning(planned(folder, "theirs.yaml")) == meaning(planned(folder, file)), theirs


@pytest.mark.parametrize("file", FILES)
def test_our_config_is_a_file_they_read_as_the_same(program: Program, folder: Path, file: str) -> None:
    ours = yaml.safe_load(planned(folder, file, "config").text)
    if program.old:
        ours.pop("name")  # the older program takes it from the line alone
    (folder / "ours.yaml").write_text(yaml.safe_dump(ours), "utf-8")
    if program.old and file in NEWER:
        with pytest.raises(OlderProgramError, match=f"unsupported option: '{NEWER[file]}'"):
            their_config(program, folder, "ours.yaml")
        return
    theirs = their_config(program, folder, "ours.yaml")
    (folder / "theirs.yaml").write_text(theirs, "utf-8")
    assert meaning(planned(folder, "theirs.yaml")) == meaning(planned(folder, file)), theirs


def test_there_are_files_to_compare() -> None:
    assert len(FILES) >= 9
