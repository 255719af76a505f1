"""Lines for a shell rehearsed on a real Engine. The image is busybox under Debian's name: a shell will do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.execution.engine import DockerEngine
from assistant.rehearsal.lines import lines_of
from assistant.rehearsal.rehearse import prepare, rehearse
from assistant.rehearsal.values import FileChange, LineBegun, LineEnded, Rehearsal
from assistant.values import Decision, Ended, Output
from tests.images import make_image
from tests.integration.test_command_line import Docknotes
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

IMAGE = "debian:12"


@pytest.fixture(scope="module", autouse=True)
def debian(engine_address: str) -> Iterator[None]:
    make_image(engine_address, IMAGE, {"etc/motd": "hello\n", "etc/old": "x\n"}, ('CMD ["sh"]',))
    yield
    engine = DockerEngine(engine_address)
    engine.remove_image(IMAGE)
    engine.close()


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


def carried_out(at: Bench, lines: Sequence[str]) -> tuple[Rehearsal, list[object]]:
    prepared = prepare(at.sandbox, lines, image=IMAGE, workspace=at.workspace, offline=False)
    assert prepared.verdict.decision is Decision.ASK
    approval = at.sandbox.approve(prepared.verdict, by="test")
    *events, last = rehearse(at.sandbox, at.ledger, prepared, approval, by="test")
    assert isinstance(last, Rehearsal)
    assert not any(isinstance(event, Ended) for event in events)
    return last, list(events)


def test_each_line_has_its_output_and_exit_code_and_the_files_it_changed(at: Bench) -> None:
    lines = lines_of(
        """
        sudo -E mkdir -p /opt/new && cd /opt/new
        echo "it's $USER" > kept
        export WORD='a b'
        printf '%s' "$WORD"; echo oops >&2; (exit 7)
        sudo rm /etc/old && echo more >> /etc/motd
        no-such-program --at-all
        pwd
        """
    )
    done, events = carried_out(at, lines)
    assert [line.exit_code for line in done.lines] == [0, 0, 0, 7, 0, 127, 0]
    assert done.lines[3].output == "a boops\n"
    assert "no-such-program" in done.lines[5].output
    assert done.lines[6].output == "/opt/new\n"
    assert not done.went_well
    assert done.run.outcome == "succeeded"
    assert done.changes == (
        FileChange("changed", "/etc/motd"),
        FileChange("removed", "/etc/old"),
        FileChange("added", "/opt"),
        FileChange("added", "/opt/new"),
        FileChange("added", "/opt/new/kept"),
    )
    assert done.removed
    begun = [event.n for event in events if isinstance(event, LineBegun)]
    ended = [event.n for event in events if isinstance(event, LineEnded)]
    assert begun == ended == list(range(7))
    assert not any("::" in event.text for event in events if isinstance(event, Output))


def test_a_line_is_data_to_the_container_and_nothing_to_this_machine(at: Bench, tmp_path: Path) -> None:
    escape = tmp_path / "escaped"
    hostile = [
        f"'; touch {escape}; '",
        f'"$(touch {escape})" `touch {escape}`',
        f"\\'; touch {escape} #",
        "set -- a b c; shift",
        "echo 'open",
        "mount -t proc none /tmp",
        "ls /var/run/docker.sock",
    ]
    done, _ = carried_out(at, hostile)
    assert not escape.exists()
    codes = [line.exit_code for line in done.lines]
    assert codes[3:5] == [0, 2]
    assert 0 not in codes[:3] + codes[5:]
    (create,) = [op for op in done.run.operations if op.path == "/containers/create"]
    host = (create.as_run or {})["HostConfig"]
    assert not host["Binds"]
    assert not host.get("Mounts")
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["NetworkMode"] == "{network}"
    assert done.removed


def test_a_line_that_ends_the_shell_is_the_last_and_has_its_exit_code(at: Bench) -> None:
    done, _ = carried_out(at, ["echo before", "exit 3", "echo never"])
    assert [line.exit_code for line in done.lines] == [0, 3, None]
    assert done.lines[0].output == "before\n"
    assert done.lines[2].output == ""
    assert done.removed


def test_the_limits_of_any_run_hold_and_what_was_done_by_then_is_shown(
    engine: DockerEngine, tmp_path: Path
) -> None:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=8.0))
    done, _ = carried_out(at, ["touch /made", "sleep 600"])
    assert done.run.outcome == "timed_out"
    assert [line.exit_code for line in done.lines] == [0, None]
    assert FileChange("added", "/made") in (done.changes or ())
    assert done.removed
    at.ledger.close()


def test_the_command_asks_and_does_nothing_without_a_yes(engine_address: str, tmp_path: Path) -> None:
    docknotes = Docknotes(tmp_path / "docknotes", engine_address)
    asked = docknotes("rehearse", "echo hello", "sudo docker ps")
    assert asked.returncode == 3
    assert "$ echo hello" in asked.stdout
    assert "docknotes run" in asked.stdout
    assert docknotes.json("rehearse", "echo hello")["run"] is None
    done = docknotes("rehearse", "--yes", "--json", "-", stdin="echo hello\nfalse\n")
    got = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(line["exit_code"], line["output"]) for line in got["lines"]] == [(0, "hello\n"), (1, "")]
    assert (got["image"], got["outcome"], got["removed"], got["changes"]) == (IMAGE, "succeeded", True, [])
    missing = docknotes("rehearse", "--yes", "--image", "no-such-image-at-all", "true")
    assert missing.returncode != 0
    assert "no-such-image-at-all" in missing.stdout + missing.stderr
