"""The commands of a note tried on a real Engine, stamped, and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.commands.find import find_commands
from assistant.config import Limits
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo
from assistant.values import Decision
from assistant.verifying.stamps import Stamps
from assistant.verifying.values import NotTried, Tried, Trying, Verified, VerifyEvent
from assistant.verifying.verify import Verification, item_of
from knowledge.notes import read_note
from tests.conftest import engine_objects
from tests.integration.test_command_line import Docknotes
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

NOTE = """# Web

## Run it

```bash
docker run -d --name web nginx
docker ps
docker run --rm busybox sh -c 'exit 3'
docker stop -t 0 web
docker rm web
```

## Leave it

```bash
docker rm -f theirs
docker rm -f ours
docker run --privileged busybox true
docker pull busybox
docker run --rm --pull always busybox true
docker tag busybox nginx
docker image prune -af
docker push busybox
docker run -it ImageID bash
sudo systemctl restart docker
docker run --rm -v ./data:/d busybox sh -c 'rm -rf /d/*'
docker run --rm -v ./data:/d:ro busybox cat /d/kept
docker run --rm busybox sleep 600
```
"""


@dataclass
class Tries:
    """A bench, and all that happens as a note's commands are tried on it."""

    bench: Bench
    stamps: Stamps
    note: Path

    def verify(self, text: str, on_event: Callable[[Verification, VerifyEvent], None]) -> list[VerifyEvent]:
        self.note.write_text(text, encoding="utf-8")
        note = read_note(self.note, "web.md")
        commands = find_commands(note, 1, len(note.lines))
        items = [item_of(command, ("Web",), self.bench.sandbox.review) for command in commands]
        verification = Verification(
            self.bench.sandbox, self.bench.ledger, self.stamps, by="test", conversation="verify"
        )
        events = []
        for event in verification.verify(items):
            events.append(event)
            on_event(verification, event)
        return events


@pytest.fixture
def tries(engine: DockerEngine, tmp_path: Path) -> Iterator[Tries]:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=12.0))
    yield Tries(at, Stamps(tmp_path / "stamps.sqlite3"), tmp_path / "web.md")
    at.ledger.close()


def test_what_can_run_is_stamped_the_rest_has_its_reason_and_nothing_is_left(
    tries: Tries, engine: DockerEngine
) -> None:
    theirs = engine.create_container({"Image": "busybox", "Cmd": ["true"]}, name="theirs")
    earlier = tries.bench.line("docker run -d --name ours busybox sleep 600")
    data = tries.bench.workspace / "data"
    data.mkdir()
    (data / "kept").write_text("kept", encoding="utf-8")
    before = engine_objects(engine)

    events = tries.verify(NOTE, lambda *_: None)

    tried = {event.stamp.command: event.stamp for event in events if isinstance(event, Tried)}
    assert {command: stamp.outcome for command, stamp in tried.items()} == {
        "docker run -d --name web nginx": "detached",
        "docker ps": "succeeded",
        "docker run --rm busybox sh -c 'exit 3'": "failed",
        "docker stop -t 0 web": "succeeded",
        "docker rm web": "succeeded",
        "docker run --rm -v ./data:/d:ro busybox cat /d/kept": "succeeded",
        "docker run --rm busybox sleep 600": "timed_out",
    }
    assert tried["docker run --rm busybox sh -c 'exit 3'"].exit_code == 3
    assert {stamp.engine for stamp in tried.values()} == {engine.version()}
    left = [event.item for event in events if isinstance(event, NotTried)]
    why = {item.command.text: item.why_not.en for item in left if item.why_not}
    assert set(why) == {
        "docker rm -f theirs",
        "docker rm -f ours",
        "docker run --privileged busybox true",
        "docker pull busybox",
        "docker run --rm --pull always busybox true",
        "docker tag busybox nginx",
        "docker image prune -af",
        "docker push busybox",
        "docker run -it ImageID bash",
        "sudo systemctl restart docker",
        "docker run --rm -v ./data:/d busybox sh -c 'rm -rf /d/*'",
    }
    assert (data / "kept").exists()
    assert "there before" in why["docker rm -f theirs"]
    assert "there before" in why["docker rm -f ours"]  # made by docknotes, yet not by this verification
    assert "there before" in why["docker tag busybox nginx"]
    assert "there before" in why["docker image prune -af"]
    assert "is here already" in why["docker pull busybox"]
    assert "does not come back" in why["docker push busybox"]
    assert "ImageID" in why["docker run -it ImageID bash"]
    last = events[-1]
    assert isinstance(last, Verified)
    assert last.undone is not None
    assert last.undone.left == ()
    assert engine_objects(engine) == before
    assert all(tries.stamps.of("web.md", command) == stamp for command, stamp in tried.items())
    assert tries.stamps.of("web.md", "docker rm -f theirs") is None
    assert tries.bench.ledger.verify().broken == ()

    engine.remove_container(theirs, force=True)
    assert undo(engine, [earlier]).left == ()


def test_cancelled_it_begins_no_more_and_takes_back_what_it_made(tries: Tries, engine: DockerEngine) -> None:
    before = engine_objects(engine)

    def cancel(verification: Verification, event: VerifyEvent) -> None:
        if isinstance(event, Tried):
            verification.cancel()

    note = "```bash\ndocker run -d --name web nginx\ndocker ps\n```\n"
    events = tries.verify(note, cancel)
    assert [type(event) for event in events] == [Trying, Tried, Verified]
    assert engine_objects(engine) == before


def test_a_reader_who_leaves_has_it_taken_back_too(tries: Tries, engine: DockerEngine) -> None:
    before = engine_objects(engine)
    tries.note.write_text("```bash\ndocker run -d --name web nginx\ndocker ps\n```\n")
    note = read_note(tries.note, "web.md")
    items = [item_of(command, (), tries.bench.sandbox.review) for command in find_commands(note, 1, 4)]
    assert [item.steps.decision for item in items] == [Decision.ASK, Decision.ALLOW]
    verification = Verification(
        tries.bench.sandbox, tries.bench.ledger, tries.stamps, by="test", conversation="verify"
    )
    events = verification.verify(items)
    assert isinstance(next(events), Trying)
    assert isinstance(next(events), Tried)
    assert engine_objects(engine) != before
    events.close()  # type: ignore[attr-defined]
    assert engine_objects(engine) == before


def test_the_command_asks_once_and_search_and_ask_show_the_stamps(
    engine_address: str, tmp_path: Path
) -> None:
    docknotes = Docknotes(tmp_path / "docknotes", engine_address)
    asked = docknotes("verify-notes", "Containers")
    assert asked.returncode == 3
    assert "docker ps -a" in asked.stdout
    assert "--yes" in asked.stderr
    assert docknotes("verify-notes", "no such heading").returncode == 3

    done = docknotes("verify-notes", "Containers", "--yes", "--json")
    got = json.loads(done.stdout)
    assert (done.returncode, got["not_run"], got["undone"]["left"]) == (0, [], [])
    listed, started = got["tried"]
    assert (listed["text"], listed["headings"]) == ("docker ps -a", ["Docker notes", "Containers"])
    assert (listed["stamp"]["outcome"], started["stamp"]["outcome"]) == ("succeeded", "detached")

    (command,) = docknotes.json("ask", "how do I list all containers, also stopped ones?")["commands"]
    assert command["stamp"]["worked"] is True
    assert command["stamp"]["date"] in docknotes("ask", "how do I list all containers?").stdout
    hits = docknotes.json("search", "list containers")["hits"]
    stamps = [stamp for hit in hits for stamp in hit["stamps"]]
    assert {stamp["command"] for stamp in stamps} == {
        "docker ps -a",
        "docker run -d -p 8080:80 --name web nginx",
    }
    assert all(stamp["text"].startswith("Worked here on ") for stamp in stamps)


def test_a_profile_that_does_not_ask_spares_nothing_that_was_there(
    engine: DockerEngine, tmp_path: Path
) -> None:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=60.0), profile="open")
    open_tries = Tries(at, Stamps(tmp_path / "stamps.sqlite3"), tmp_path / "web.md")
    before = engine_objects(engine)
    events = open_tries.verify(
        "```bash\ndocker pull busybox\ndocker run --rm busybox true\n```\n", lambda *_: None
    )
    assert [type(event) for event in events] == [Trying, NotTried, Trying, Tried, Verified]
    assert engine_objects(engine) == before
    at.ledger.close()
