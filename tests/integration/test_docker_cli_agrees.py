"""The real docker CLI is the judge: what it sends for a line is what the plan says as written."""

from __future__ import annotations

import json
import os
import pty
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import knowledge
from assistant.commands.find import find_commands
from assistant.commands.plan import plan_line
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.errors import CommandError
from assistant.values import Decision
from knowledge.values import Note
from tests.integration.recording_engine import CONTAINER, RecordingEngine, Request

DOCKER = shutil.which("docker")
DATA = Path(__file__).parents[1] / "data"


def missing() -> str:
    """Why there is no judge here; empty where there is one."""
    if DOCKER is None:
        return "the docker CLI is not installed"
    text = subprocess.run([DOCKER, "--version"], capture_output=True, text=True, check=False).stdout
    return "" if " 28." in text else f"the tables hold for docker 28, this is: {text.strip()}"


MISSING = missing()
pytestmark = [pytest.mark.engine, pytest.mark.skipif(bool(MISSING), reason=MISSING or "-")]


def lines_of(name: str) -> list[str]:
    """The lines of a table, comments left out."""
    return [line for line in (DATA / name).read_text().splitlines() if line and not line.startswith("#")]


DIFFERENCES: dict[str, str] = {
    "order": "several containers at once (`stop a b`), and what runs side by side (`attach`, `stats`): "
    "the CLI sends the requests in any order",
    "ids": "`logs`, `start -a`: the CLI asks by the id its first request brought, the plan by the name "
    "it has; the id of an `exec` is known only when it is made",
    "terminal": "`exec -t`: the CLI adds the size of the terminal it is on (ConsoleSize)",
    "clock": "`--since 10m`: counted back from now, so the two may be seconds apart",
    "sets": "Binds, Ulimits and Env: the CLI keeps them in maps, so their order changes from run to run",
}
"""Every difference that is allowed, and why; ``normal`` evens out these and nothing else."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace").resolve()
    (folder / "ok.env").write_text("A=1\n# a comment\n\nB=two words\n")
    (folder / "in.tar").write_bytes(bytes(1024))
    (folder / "index.html").write_text("<!doctype html>\n")
    (folder / "src").mkdir()
    for name in ("Dockerfile", "src/Dockerfile", "src/other.Dockerfile"):
        (folder / name).write_text("FROM scratch\n")
    return folder


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordingEngine]:
    with RecordingEngine(tmp_path_factory.mktemp("recorder") / "s") as engine:
        yield engine


def ask_docker(line: str, engine: RecordingEngine, workspace: Path, home: Path) -> tuple[int, list[Request]]:
    """What the real CLI sends for one line, run on a terminal of its own."""
    assert DOCKER is not None
    environment = {"HOME": str(home), "PATH": os.defpath, "DOCKER_HOST": engine.address, "TERM": "xterm"}
    ours, theirs = pty.openpty()
    reader = threading.Thread(target=drain, args=(ours,), daemon=True)
    with subprocess.Popen(
        [DOCKER, *shlex.split(line)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        cwd=workspace,
    ) as process:
        os.close(theirs)
        if "prune" in line.split():
            os.write(ours, b"y\n")  # without --force it asks on its terminal, and sends nothing until then
        reader.start()
        try:
            code = process.wait(timeout=120)
        finally:
            process.kill()
    reader.join(timeout=5)
    os.close(ours)
    return code, [request for request in engine.take() if not request.path.endswith("/resize")]


def drain(terminal: int) -> None:
    """Reads what the CLI prints, so that it never waits."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        return  # the other end is closed


def planned(line: str, workspace: Path, now: float) -> list[Request]:
    """What the plan says the CLI sends."""
    plan = plan_line(f"docker {line}", workspace=workspace, now=now)
    return [
        Request(operation.method, operation.path, dict(operation.query), operation.as_written)
        for operation in plan.operations
    ]


UNORDERED = frozenset({"stop", "rm", "restart", "kill", "pause", "unpause", "wait", "attach", "stats"})


class Clock(int):
    """A time that is equal to any other within a minute."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and abs(int(self) - int(other)) < 60

    __hash__ = None  # type: ignore[assignment]


def normal(requests: list[Request], line: str) -> list[Any]:
    """Requests in a form that can be compared, with the allowed differences evened out."""
    words = set(line.split()[:2])
    name = requests[0].path.split("/")[2] if words & {"logs", "start"} else "{container}"
    rows = [
        (
            request.method,
            request.path.replace(CONTAINER, name).replace("/exec/e/", "/exec/{exec}/"),
            {key: plain_query(key, value) for key, value in request.query.items()},
            plain_body(request.body),
        )
        for request in requests
    ]
    return sorted(rows, key=str) if words & UNORDERED else rows


def plain_query(key: str, value: str) -> Any:
    if key in {"filters", "platform", "buildargs", "labels"} and value.startswith("{"):
        return json.loads(value)
    if key in {"since", "until"} and "." not in value:
        return Clock(value)
    return value


def plain_body(body: Any) -> Any:
    """A body without what the CLI leaves to chance: it walks Go maps, whose order is random at every run."""
    if not isinstance(body, dict):
        return body
    if pools := (body.get("IPAM") or {}).get("Config"):
        body = {**body, "IPAM": {**body["IPAM"], "Config": sorted(pools, key=str)}}
    if "HostConfig" not in body:
        return {key: body[key] for key in body if key != "ConsoleSize"}
    host = dict(body["HostConfig"])
    host["Binds"] = sorted(host["Binds"] or [])
    host["Ulimits"] = sorted(host["Ulimits"], key=str)
    return {**body, "HostConfig": host, "Env": sorted(body["Env"] or [])}


@pytest.mark.parametrize("line", lines_of("benign_lines.txt"))
def test_the_plan_says_what_the_cli_sends(
    line: str, recorder: RecordingEngine, workspace: Path, tmp_path: Path
) -> None:
    now = time.time()
    code, sent = ask_docker(line, recorder, workspace, tmp_path)

    assert code == 0
    assert normal(planned(line, workspace, now), line) == normal(sent, line)


def test_the_plans_of_the_shipped_notes_commands_say_what_the_cli_sends(
    recorder: RecordingEngine, workspace: Path, tmp_path: Path
) -> None:
    lines = dict.fromkeys(commands_of_the_notes(workspace))
    assert len(lines) > 30
    for line in lines:
        now = time.time()
        code, sent = ask_docker(line, recorder, workspace, tmp_path)
        assert code == 0, line
        assert normal(planned(line, workspace, now), line) == normal(sent, line), line


def commands_of_the_notes(workspace: Path) -> Iterator[str]:
    """The docker lines of the shipped notes that may run as they stand, their words quoted anew."""
    for path in sorted((Path(knowledge.__file__).parent / "notes").glob("*/*.md")):
        lines = tuple(path.read_text(encoding="utf-8").splitlines())
        for command in find_commands(Note(path.name, lines, path.stem, "en"), 1, len(lines)):
            verdict = review(command.text, policy=Policy.standard(), limits=Limits(), workspace=workspace)
            if verdict.decision is not Decision.REFUSE and verdict.plan and not verdict.placeholders:
                yield shlex.join(verdict.plan.argv)


@pytest.mark.parametrize("line", lines_of("invalid_lines.txt"))
def test_what_the_cli_does_not_take_is_no_plan(
    line: str, recorder: RecordingEngine, workspace: Path, tmp_path: Path
) -> None:
    code, sent = ask_docker(line, recorder, workspace, tmp_path)

    assert code != 0
    assert all(request.method == "GET" for request in sent)
    with pytest.raises(CommandError):
        plan_line(f"docker {line}", workspace=workspace)


def test_every_flag_of_the_installed_help_is_known(tmp_path: Path) -> None:
    from assistant.commands.flags import COMMANDS

    assert DOCKER is not None
    for name, grammar in COMMANDS.items():
        text = subprocess.run(
            [DOCKER, *name, "--help"],
            env={"HOME": str(tmp_path), "PATH": os.defpath},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        options = text.partition("Options:")[2]
        listed = {
            word[2:] for line in options.splitlines() for word in line[:36].split() if word.startswith("--")
        }
        assert listed - set(grammar.flags) == set(), name
        for line in options.splitlines():
            short, comma, rest = line.strip().partition(", --")
            if comma and len(short) == 2 and short[0] == "-":
                flag = grammar.short(short[1])
                assert flag is not None, (name, short)
                assert flag.name == rest.split()[0], (name, short)
