"""Images into files and out of them on a real Engine; only the registry is a stand-in of a few requests."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.commands.plan import plan_line
from assistant.config import Limits
from assistant.errors import RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.execution.others import carried_out
from assistant.execution.others.job import Job
from assistant.execution.session import Session
from assistant.execution.undoing import undo
from assistant.values import Decision, OtherCommand, Output, Progress
from tests.engine_images import foreign, identity, images_kept, names, remove_all, run_after
from tests.images import root_file_system
from tests.registry import Registry
from tests.runs import Bench, bench

__all__ = ["images_kept"]
pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("images_kept")]


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


def archive(*entries: tuple[str, bytes | str]) -> bytes:
    """A tar of files (bytes) and links (text)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                tar.addfile(entry)
            else:
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


# ---- save and load --------------------------------------------------------------------------


def test_images_are_saved_and_loaded_and_both_are_taken_back(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "one:1", "one")
    foreign(engine_address, "two:2", "two")
    ids = {identity(engine, "one:1"), identity(engine, "two:2")}
    seen: list[Progress] = []
    saved = at.carry_out(
        at.sandbox.review("docker save -o images.tar one:1 two:2"),
        on_event=lambda event: seen.append(event) if isinstance(event, Progress) else None,
    )
    assert saved.outcome == "succeeded"
    size = (at.workspace / "images.tar").stat().st_size
    assert seen[-1].done == size
    assert sorted(os.listdir(at.workspace)) == ["images.tar"]  # noqa: PTH208 - no half of it is left
    assert [text.en for text in undo(engine, [saved]).stays] == [
        "The file that was written stays in the workspace."
    ]
    remove_all(engine, "one:1", "two:2")
    before = names(engine)
    loaded = at.line("docker load -i ./images.tar")
    # An Engine saves images in the order of a Go map, which is another at every run.
    assert sorted(loaded.output.splitlines()) == ["Loaded image: one:1", "Loaded image: two:2"]
    assert {item.id for item in loaded.created} == ids
    assert at.sandbox.touched(at.sandbox.review("docker rmi one:1"))[0].owned
    again = at.line("docker load -i images.tar")
    assert (again.outcome, again.created) == ("succeeded", ())
    assert undo(engine, [again, loaded]).left == ()
    assert names(engine) == before


@pytest.mark.parametrize("line", ["docker save -o there busybox", "docker export -o there box"])
def test_no_file_is_overwritten(line: str, at: Bench, engine: DockerEngine) -> None:
    verdict = at.sandbox.review(line)
    assert verdict.decision is Decision.ASK
    at.line("docker run --name box busybox true")
    approval = at.sandbox.approve(verdict, by="test")
    (at.workspace / "there").write_text("mine")
    with pytest.raises(RefusedPlanError, match="not overwritten"):
        next(iter(at.sandbox.run(verdict, approval=approval)))
    assert (at.workspace / "there").read_text() == "mine"
    at.line("docker rm box")


def test_a_folder_swapped_for_a_link_is_not_written_through(at: Bench) -> None:
    (at.workspace / "out").mkdir()
    elsewhere = at.workspace.parent / "elsewhere"
    elsewhere.mkdir()

    def swap() -> None:
        (at.workspace / "out").rmdir()
        (at.workspace / "out").symlink_to(elsewhere)

    with pytest.raises(RefusedPlanError):
        run_after(at, "docker save -o out/x.tar busybox", swap)
    assert list(elsewhere.iterdir()) == []


def test_export_writes_the_files_of_a_container(at: Bench, engine: DockerEngine) -> None:
    at.line("docker run --name box busybox sh -c 'echo hello > /note'")
    run = at.line("docker export --output box.tar box")
    assert run.outcome == "succeeded"
    with tarfile.open(at.workspace / "box.tar") as tar:
        note = tar.extractfile("note")
        assert note is not None
        assert note.read() == b"hello\n"
    at.line("docker rm box")
    theirs = engine.create_container({"Image": "busybox"}, name="theirs")
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.line("docker export -o theirs.tar theirs")
    engine.remove_container(theirs)


def test_an_image_named_anew_after_the_approval_is_not_saved(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "one:1", "one")
    first = identity(engine, "one:1")
    run = run_after(at, "docker save -o x.tar one:1", lambda: foreign(engine_address, "one:1", "two"))
    assert run.outcome == "failed"
    assert not (at.workspace / "x.tar").exists()
    remove_all(engine, first, "one:1")


def test_an_archive_that_takes_a_name_must_be_confirmed(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "evil:latest", "evil")
    evil = identity(engine, "evil")
    foreign(engine_address, "theirs:latest", "theirs")
    theirs = identity(engine, "theirs")
    engine.send("POST", "images", evil, "tag", query={"repo": "theirs", "tag": "latest"})
    at.line("docker save -o evil.tar theirs")
    engine.send("POST", "images", theirs, "tag", query={"repo": "theirs", "tag": "latest"})
    with pytest.raises(RefusedPlanError, match="theirs:latest"):
        at.line("docker load -i evil.tar")
    run = run_after(at, "docker tag busybox other:1", lambda: None)
    (at.workspace / "later.tar").write_bytes((at.workspace / "evil.tar").read_bytes())
    (at.workspace / "evil.tar").unlink()
    at.line("docker save -o evil.tar other:1")

    def swap() -> None:
        (at.workspace / "later.tar").rename(at.workspace / "evil.tar")

    swapped = run_after(at, "docker load -i evil.tar", swap)
    assert swapped.outcome == "failed"
    assert identity(engine, "theirs") == theirs
    swap_back = at.line("docker load -i evil.tar", confirmed=["docker.io/library/theirs:latest"])
    assert swap_back.outcome == "succeeded"
    assert identity(engine, "theirs") == evil
    assert "meant another image before" in swap_back.output
    stays = [text.en for text in undo(engine, [swap_back, run]).stays]
    assert "A name that meant another image before does not go back to it." in stays
    remove_all(engine, theirs, "evil")


MANIFEST = b'[{"Config": "x.json", "RepoTags": ["a:1"], "Layers": []}]'


@pytest.mark.parametrize(
    "content",
    [
        b"no tar at all", archive(), archive(("x", b"y")), archive(("manifest.json", b"{")),
        archive(("manifest.json", MANIFEST), ("./manifest.json", MANIFEST)),
        archive(("x", MANIFEST), ("manifest.json", "x")),
        archive(("d", "."), ("d/manifest.json", MANIFEST), ("manifest.json", b"[]")),
        archive(("manifest.json", b"[]"), ("../manifest.json", MANIFEST)),
        archive(("manifest.json", b'{"a": 1}')), archive(("repositories", b"[1]")),
    ],
)  # fmt: skip
def test_what_is_no_archive_of_images_or_could_be_read_in_two_ways_is_not_loaded(
    content: bytes, at: Bench
) -> None:
    (at.workspace / "x.tar").write_bytes(content)
    with pytest.raises(RefusedPlanError) as error:
        at.line("docker load -i x.tar")
    assert error.value.text.zh


# ---- import and commit ----------------------------------------------------------------------


def test_a_file_becomes_an_image_and_is_taken_back(at: Bench, engine: DockerEngine) -> None:
    (at.workspace / "root.tar").write_bytes(root_file_system({"word": "hello"}))
    line = "docker import -c 'CMD [\"cat\", \"/word\"]' -c 'ENV PATH=/bin' -m note root.tar mine:1"
    run = at.line(line)
    assert run.outcome == "succeeded"
    assert [item.name for item in run.created] == ["", "docker.io/library/mine:1"]
    assert engine.inspect("image", "mine:1")["Config"]["Env"] == ["PATH=/bin"]
    assert at.line("docker run --rm mine:1").output == "hello"
    nameless = at.line("docker import root.tar")
    assert [item.name for item in nameless.created] == [""]
    undone = undo(engine, [nameless, run])
    assert (undone.left, undone.gone) == ((), ())


def test_a_container_becomes_an_image_and_is_taken_back(at: Bench, engine: DockerEngine) -> None:
    at.line("docker run --name box busybox sh -c 'echo hello > /word'")
    run = at.line('docker commit -m note -c \'CMD ["cat", "/word"]\' box mine:1')
    assert run.outcome == "succeeded"
    assert at.line("docker run --rm mine:1").output == "hello\n"
    (item,) = at.sandbox.touched(at.sandbox.review("docker rmi mine:1"))
    assert item.owned
    assert undo(engine, [run]).left == ()
    theirs = engine.create_container({"Image": "busybox", "Env": ["TOKEN=s3cret"]}, name="theirs")
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.line("docker commit theirs mine:2")
    with pytest.raises(RefusedPlanError, match="busybox"):
        at.line("docker commit box busybox")
    engine.remove_container(theirs)
    at.line("docker rm box")


def test_a_pipe_is_not_waited_for(at: Bench) -> None:
    os.mkfifo(at.workspace / "pipe")
    run = at.line("docker import pipe mine:1")
    assert run.outcome == "failed"
    assert run.error is not None and "plain file" in run.error.en


# ---- push -----------------------------------------------------------------------------------


def job_of(at: Bench, line: str) -> Job:
    """What a line would be done with, past the policy: no policy lets images go to this machine."""
    plan = plan_line(line, workspace=at.workspace)
    assert isinstance(plan.action, OtherCommand)
    name = plan.action.args[0]
    return Job(
        at.engine, plan, plan.action, Session(output_bytes=10_000), Limits(), at.sandbox._policy,
        at.workspace, at.ledger.starting, (), {name: identity(at.engine, name)},  # type: ignore[arg-type]
    )  # fmt: skip


def test_an_image_is_pushed_without_credentials_and_layer_by_layer(at: Bench, engine: DockerEngine) -> None:
    with Registry() as registry:
        name = f"{registry.host}/mine:1"
        assert at.sandbox.review(f"docker push {name}").decision is Decision.REFUSE
        repository = name.rpartition(":")[0]
        engine.send("POST", "images", "busybox", "tag", query={"repo": repository, "tag": "1"})
        events = list(carried_out(job_of(at, f"docker push {name}")))
        assert list(registry.manifests) == ["mine/manifests/1"]
        layers = json.loads(registry.manifests["mine/manifests/1"])["layers"]
        assert {layer["digest"] for layer in layers} <= set(registry.blobs)
        assert registry.credentials == {""}
        assert any(isinstance(event, Progress) and event.status == "Pushed" for event in events)
        assert any(isinstance(event, Output) and "digest: sha256:" in event.text for event in events)
        engine.remove_image(name)


def test_a_push_that_fails_says_why(at: Bench, engine: DockerEngine, engine_address: str) -> None:
    foreign(engine_address, "ghcr.io/nobody/mine:1")
    verdict = at.sandbox.review("docker push ghcr.io/nobody/mine:1")
    assert verdict.decision is Decision.ASK
    assert "cannot be taken back" in verdict.reasons[0].text.en
    run = at.carry_out(verdict)
    assert run.outcome == "failed"
    assert run.error is not None and run.error.zh
    assert any("stays in the registry" in text.en for text in undo(engine, [run]).stays)
    engine.remove_image("ghcr.io/nobody/mine:1")
