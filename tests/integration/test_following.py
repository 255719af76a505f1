"""Notes that change while docknotes runs: picked up on their own, and never half."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import AssistantConfig
from assistant.values import AnswerDone
from knowledge.config import KnowledgeConfig
from knowledge.language import Text
from knowledge.live import LiveLibrary, follow
from knowledge.values import FloatMatrix, IndexReport
from knowledge.watching import Changes, compare, look
from tests.chroma_server import ChromaServer
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import MemoryEngine

PATIENCE = 30.0  # seconds; far more than it takes, for machines that are busy
ONE = "# Containers\n\n`docker ps -a` lists all containers.\n"
TWO = "# Volumes\n\nA named volume outlives its container.\n"


def save(path: Path, text: str) -> None:
    """Saves as careful editors do: all at once."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def wait_until(met: Callable[[], object], what: str) -> None:
    """Returns once something holds.

    Raises:
        AssertionError: it did not for half a minute.
    """
    latest = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < latest, f"not within {PATIENCE:.0f} s: {what}"
        time.sleep(0.02)


@dataclass
class Followed:
    """A library that is being followed in a thread, and what was told of it."""

    live: LiveLibrary
    notes: Path
    stop: threading.Event = field(default_factory=threading.Event)
    synced: list[tuple[Changes, IndexReport]] = field(default_factory=list)
    told: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        follow(
            self.live,
            stop=self.stop,
            synced=lambda changes, report: self.synced.append((changes, report)),
            tell=self.told.append,
        )

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()

    def found(self, query: str) -> str:
        hits = self.live.now().search(query, limit=1)
        return hits[0].chunk.text if hits else ""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Followed]]:
    started: list[Followed] = []

    def begin(*sources: Path) -> Followed:
        notes = tmp_path / "notes"
        notes.mkdir(exist_ok=True)
        (notes / "one.md").write_text(ONE, encoding="utf-8")
        config = KnowledgeConfig(sources or (notes,), tmp_path / "index", tmp_path / "cache")
        live, _ = LiveLibrary.open(config, HashEmbedder())
        started.append(Followed(live, notes))
        return started[-1]

    yield begin
    for followed in started:
        followed.end()


def test_new_changed_renamed_and_removed_notes_are_picked_up(start: Callable[..., Followed]) -> None:
    followed = start()
    save(followed.notes / "two.md", TWO)
    wait_until(lambda: "named volume" in followed.found("named volume outlives"), "a new note")
    save(followed.notes / "two.md", TWO.replace("outlives", "survives"))
    wait_until(lambda: "survives" in followed.found("named volume"), "a changed note")
    (followed.notes / "two.md").rename(followed.notes / "volumes.md")
    wait_until(lambda: "volumes.md" in followed.live.now().notes, "a renamed note")
    (followed.notes / "volumes.md").unlink()
    wait_until(lambda: list(followed.live.now().notes) == ["one.md"], "a removed note")
    wait_until(lambda: len(followed.synced) == 4, "four syncs told")
    assert [changes for changes, _ in followed.synced] == [
        Changes(added=("two.md",)),
        Changes(changed=("two.md",)),
        Changes(renamed=(("two.md", "volumes.md"),)),
        Changes(removed=("volumes.md",)),
    ]
    added = followed.synced[0][1]
    assert (added.embedded, added.removed) == (1, 0)
    assert followed.told == []


def test_the_assistant_answers_from_the_notes_as_they_are_now(
    start: Callable[..., Followed], tmp_path: Path
) -> None:
    followed = start()
    config = AssistantConfig(home=tmp_path / "home", workspace=tmp_path / "home" / "workspace")
    assistant = Assistant(config, followed.live, MemoryEngine())
    before = assistant.ask("does a named volume outlive its container?")
    save(followed.notes / "two.md", TWO)
    wait_until(lambda: "two.md" in assistant.library.notes, "the page's notes")
    assert [section.headings for section in assistant.library.outline()] == [("Containers",), ("Volumes",)]
    *_, now = assistant.ask("does a named volume outlive its container?")
    assert isinstance(now, AnswerDone)
    assert [citation.note for citation in now.answer.citations] == ["two.md"]
    *_, then = before  # asked before the note was there: answered from the notes of that moment
    assert isinstance(then, AnswerDone)
    assert "two.md" not in {citation.note for citation in then.answer.citations}


def test_folders_within_are_followed_and_hidden_and_temporary_files_are_not(
    start: Callable[..., Followed],
) -> None:
    followed = start()
    for name in (".one.md.swp", "one.md~", "4913", "#one.md#", ".git/HEAD.md", "one.md.tmp"):
        path = followed.notes / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("draft", encoding="utf-8")
    deep = followed.notes / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "two.md").write_text(TWO, encoding="utf-8")
    wait_until(lambda: followed.synced, "a note in a new folder")
    assert followed.synced[0][0] == Changes(added=("a/b/two.md",))
    assert sorted(followed.live.now().notes) == ["a/b/two.md", "one.md"]
    shutil.rmtree(followed.notes / "a")
    wait_until(lambda: list(followed.live.now().notes) == ["one.md"], "a removed folder")


def test_a_burst_of_saves_is_no_burst_of_syncs(start: Callable[..., Followed]) -> None:
    followed = start()
    for n in range(60):
        (followed.notes / f"n{n}.md").write_text(f"# N{n}\n\ntext {n}\n", encoding="utf-8")
    wait_until(lambda: len(followed.live.now().notes) == 61, "sixty new notes")
    # One where the machine keeps up; a slow one may see the burst in parts, never in sixty.
    assert len(followed.synced) <= 20


def test_a_single_file_is_followed_though_editors_put_a_new_one_in_its_place(
    start: Callable[..., Followed], tmp_path: Path
) -> None:
    note = tmp_path / "single" / "mine.md"
    note.parent.mkdir()
    note.write_text(ONE, encoding="utf-8")
    followed = start(note)
    for word in ("first", "second"):
        save(note, f"# Save\n\nThe {word} save.\n")
        wait_until(lambda w=word: w in followed.found("save"), f"the {word} save")  # type: ignore[misc]
    (note.parent / "other.md").write_text(TWO, encoding="utf-8")
    assert list(followed.live.now().notes) == ["mine.md"]


def test_a_source_that_disappears_is_told_once_and_followed_again_when_it_is_back(
    start: Callable[..., Followed],
) -> None:
    followed = start()
    away = followed.notes.with_name("away")
    followed.notes.rename(away)
    wait_until(lambda: followed.told, "told that the notes are gone")
    assert str(followed.notes) in followed.told[0].en
    assert str(followed.notes) in followed.told[0].zh
    assert "docker ps -a" in followed.found("list containers")
    away.rename(followed.notes)
    wait_until(lambda: len(followed.told) == 2, "told that the notes are back")
    (followed.notes / "two.md").write_text(TWO, encoding="utf-8")
    wait_until(lambda: "named volume" in followed.found("named volume outlives"), "a note after the return")
    assert len(followed.told) == 2


def test_searches_during_syncs_see_one_state_or_the_other_and_never_fail(
    start: Callable[..., Followed],
) -> None:
    followed = start()
    note = followed.notes / "state.md"
    save(note, _state(0))
    wait_until(lambda: "state.md" in followed.live.now().notes, "the first state")
    failures: list[BaseException] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                library = followed.live.now()
                for hit in library.search("state of the harbour", limit=5):
                    chunk = hit.chunk
                    quoted = library.notes[chunk.note].quote(chunk.first_line, chunk.last_line)
                    assert quoted == chunk.text
            except BaseException as error:  # noqa: BLE001 - all are counted
                failures.append(error)
                return

    askers = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
    for asker in askers:
        asker.start()
    for n in range(1, 6):
        save(note, _state(n))
        wait_until(partial(_has_state, followed, n), f"state {n}")
    over.set()
    for asker in askers:
        asker.join(PATIENCE)
    assert failures == []


def _has_state(followed: Followed, n: int) -> bool:
    return f"State {n}:" in followed.live.now().notes["state.md"].quote(1, 99)


def _state(n: int) -> str:
    parts = (f"## Berth {n}-{i}\n\nState {n}: the harbour has ship {n * 7 + i}.\n" for i in range(20))
    return "# Harbour\n\n" + "\n".join(parts)


def test_a_fault_is_told_once_and_the_next_try_succeeds(start: Callable[..., Followed]) -> None:
    followed = start()
    index = followed.live.config.index
    spare = index.with_name("spare")
    index.rename(spare)
    index.write_text("a file, where a folder should be", encoding="utf-8")
    (followed.notes / "two.md").write_text(TWO, encoding="utf-8")
    wait_until(lambda: followed.told, "told of the fault")
    assert str(index) in followed.told[0].en
    index.unlink()
    spare.rename(index)
    wait_until(lambda: "two.md" in followed.live.now().notes, "the try after")
    assert len(followed.told) == 1


def test_an_index_that_is_deleted_while_it_is_followed_is_made_again(start: Callable[..., Followed]) -> None:
    followed = start()
    shutil.rmtree(followed.live.now().folder)
    wait_until(lambda: followed.told, "told that the index was made again")
    assert "embedded again" in followed.told[0].en
    assert (followed.live.now().folder / "chroma" / "chroma.sqlite3").is_file()
    assert "docker ps -a" in followed.found("list containers")
    save(followed.notes / "two.md", TWO)
    wait_until(lambda: "named volume" in followed.found("named volume outlives"), "a note after it")


def test_a_chroma_server_that_goes_away_and_comes_back_is_told_once_each(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    save(notes / "one.md", ONE)
    server = ChromaServer(tmp_path / "server")
    server.start()
    config = KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache", chroma_url=server.url)
    live, _ = LiveLibrary.open(config, HashEmbedder())
    followed = Followed(live, notes)
    try:
        server.kill()
        wait_until(lambda: followed.told, "told that the server is away")
        save(notes / "two.md", TWO)
        assert server.url in followed.told[0].en
        server.start()
        wait_until(lambda: followed.synced, "a note that was saved meanwhile")
        assert "named volume" in followed.found("named volume outlives")
        assert len(followed.told) <= 2
    finally:
        followed.end()
        server.kill()


def test_the_end_comes_at_once_in_the_midst_of_a_sync(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    config = KnowledgeConfig((notes,), tmp_path / "index", tmp_path / "cache")
    embedding = threading.Event()
    go_on = threading.Event()

    class Slow(HashEmbedder):
        def embed(self, texts: Sequence[str], *, of: int = 0) -> FloatMatrix:
            embedding.set()
            go_on.wait(PATIENCE)
            return super().embed(texts, of=of)

    live, _ = LiveLibrary.open(config, Slow())  # nothing to embed yet
    followed = Followed(live, notes)
    (notes / "many.md").write_text("\n\n".join(f"# H{n}\n\ntext {n}" for n in range(100)), encoding="utf-8")
    assert embedding.wait(PATIENCE)
    followed.stop.set()
    go_on.set()
    followed.end()
    assert list(live.now().chunks) == []
    _, report = LiveLibrary.open(config, HashEmbedder())
    assert 0 < report.embedded < 100


_WITHOUT_WATCHES = """
import sys, threading
from pathlib import Path
Path("/proc/sys/user/max_inotify_instances").write_text("0")
from knowledge.watching import Stirrings
stirrings = Stirrings([Path(sys.argv[1])], lambda text: print(text.en, text.zh), threading.Event())
stirrings.wait(0.0)
stirrings.wait(0.0)
print("looked twice")
"""


def test_where_the_system_has_no_watches_left_notes_are_looked_at_and_that_is_told_once(
    tmp_path: Path,
) -> None:
    # The limit is that of a user namespace of the test's own; others on this machine keep theirs.
    command = ["unshare", "-Ur", sys.executable, "-c", _WITHOUT_WATCHES, str(tmp_path)]
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-Ur", "true"], check=False).returncode:
        pytest.skip("no user namespaces here")
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=root)
    assert done.stderr == ""
    assert done.stdout.count("cannot report") == 1
    assert done.stdout.count("系统无法通知") == 1
    assert done.stdout.endswith("looked twice\n")


def test_looks_are_compared_by_name_time_size_and_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a", encoding="utf-8")
    (tmp_path / "b.md").write_text("b", encoding="utf-8")
    before = look([tmp_path])
    assert not compare(before, look([tmp_path]))
    (tmp_path / "a.md").rename(tmp_path / "c.md")
    (tmp_path / "b.md").write_text("bb", encoding="utf-8")
    os.utime(tmp_path / "b.md", ns=(1, 1))
    (tmp_path / "d.md").write_text("d", encoding="utf-8")
    assert compare(before, look([tmp_path])) == Changes(
        added=("d.md",), changed=("b.md",), renamed=(("a.md", "c.md"),)
    )
