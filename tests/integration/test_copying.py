"""``docker cp`` on a real Engine: only files of the workspace, and nothing is replaced there."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.values import Decision
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


@pytest.fixture
def box(at: Bench) -> Iterator[str]:
    at.line("docker run -d --name box busybox sleep 300")
    at.line("docker exec box sh -c 'mkdir -p /out/sub; echo one > /out/a; echo two > /out/sub/b'")
    yield "box"
    at.line("docker rm -f box")


def test_a_file_and_a_folder_out(at: Bench, box: str) -> None:
    assert at.line("docker cp box:/out/a copy.txt").outcome == "succeeded"
    assert (at.workspace / "copy.txt").read_text() == "one\n"
    assert at.line("docker cp box:/out results").outcome == "succeeded"
    assert (at.workspace / "results" / "sub" / "b").read_text() == "two\n"
    (at.workspace / "into").mkdir()
    assert at.line("docker cp box:/out/. into/all").outcome == "succeeded"
    assert (at.workspace / "into" / "all" / "a").read_text() == "one\n"
    assert at.line("docker cp box:/out ./into").outcome == "succeeded"
    assert (at.workspace / "into" / "out" / "a").read_text() == "one\n"
    assert sorted(path.name for path in at.workspace.iterdir()) == ["copy.txt", "into", "results"]


def test_nothing_is_replaced(at: Bench, box: str) -> None:
    (at.workspace / "mine.txt").write_text("mine")
    (at.workspace / "dir" / "out").mkdir(parents=True)
    refused = at.sandbox.review("docker cp box:/out/a mine.txt")
    assert refused.decision is Decision.REFUSE
    assert at.line("docker cp box:/out dir").outcome == "failed"
    assert at.line("docker cp box:/nothing-there new.txt").outcome == "failed"
    assert (at.workspace / "mine.txt").read_text() == "mine"
    assert list((at.workspace / "dir" / "out").iterdir()) == []
    assert not (at.workspace / "new.txt").exists()


def test_links_in_a_container_lead_nowhere(at: Bench, box: str, tmp_path: Path) -> None:
    at.line("docker exec box sh -c 'ln -s /etc/passwd /out/link; mknod /out/pipe p'")
    run = at.line("docker cp box:/out results")
    assert run.outcome == "succeeded"
    assert "out/link" in run.output
    assert not (at.workspace / "results" / "link").is_symlink()
    assert (at.workspace / "results" / "a").read_text() == "one\n"
    outside = tmp_path / "outside"
    outside.mkdir()
    (at.workspace / "door").symlink_to(outside)
    assert at.sandbox.review("docker cp box:/out door/x").decision is Decision.REFUSE
    assert at.sandbox.review("docker cp box:/out /etc").decision is Decision.REFUSE
    assert list(outside.iterdir()) == []


def test_no_file_of_this_machine_comes_by_way_of_a_container(
    at: Bench, engine: DockerEngine, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret", encoding="utf-8")
    body = {"Image": "busybox", "HostConfig": {"Binds": [f"{outside}:/h:ro"]}}
    engine.create_container(body, name="window")
    try:
        for path in ("/h/secret", "/"):
            run = at.line(f"docker cp window:{path} got", confirmed=["window"])
            assert run.outcome == "failed"
            assert run.error is not None
            assert str(outside) in run.error.en
        assert list(at.workspace.iterdir()) == []
    finally:
        engine.remove_container("window", force=True)


def test_a_file_and_a_folder_in(at: Bench, box: str) -> None:
    (at.workspace / "src").mkdir()
    (at.workspace / "src" / "x.py").write_text("print(1)\n")
    (at.workspace / "src" / "door").symlink_to("/etc/passwd")
    assert at.line("docker cp src/x.py box:/out/renamed.py").outcome == "succeeded"
    run = at.line("docker cp src box:/out")
    assert "door" in run.output
    seen = at.line("docker exec box sh -c 'cat /out/renamed.py /out/src/x.py; ls /out/src'").output
    assert seen == "print(1)\nprint(1)\nx.py\n"
    assert at.line("docker cp src box:/nowhere/").outcome == "failed"
    assert at.sandbox.review("docker cp /etc/shadow box:/out").decision is Decision.REFUSE
    assert at.sandbox.review("docker cp src/door box:/out/passwd").decision is Decision.REFUSE


def test_no_file_gets_into_a_container_that_sees_the_machine(
    at: Bench, engine: DockerEngine, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    body = {"Image": "busybox", "Cmd": ["true"], "HostConfig": {"Binds": [f"{outside}:/h"]}}
    made = engine.create_container(body, name="seeing")
    (at.workspace / "x").write_text("x")
    with pytest.raises(RefusedPlanError, match="Not made by docknotes"):
        at.line("docker cp x seeing:/h/x")
    run = at.line("docker cp x seeing:/h/x", confirmed=["seeing"])
    assert run.outcome == "failed"
    assert list(outside.iterdir()) == []
    engine.remove_container(made)


@pytest.mark.parametrize("name", ["../escaped", "/escaped", "top/../../escaped"])
def test_an_archive_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """A hostile Engine's archive: nothing of it is left, neither here nor there."""
    import os

    from assistant.execution.others.unpacking import unpacked

    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    archive.seek(0)
    inner = tmp_path / "inner"
    inner.mkdir()
    folder = os.open(inner, os.O_RDONLY)
    with pytest.raises(RefusedPlanError):
        unpacked(archive, folder, "new")
    os.close(folder)
    assert list(inner.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inner"]
