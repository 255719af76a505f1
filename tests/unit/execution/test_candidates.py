"""What a form offers for a placeholder."""

from __future__ import annotations

from pathlib import Path

from assistant.execution.candidates import candidates
from assistant.values import JsonObject
from tests.fakes.engine import MemoryEngine


class Busy(MemoryEngine):
    """An Engine one of whose containers holds a port."""

    def list_containers(self, **_: object) -> list[JsonObject]:
        return [{"Names": ["/web"], "State": "running", "Ports": [{"PublicPort": 8080, "PrivatePort": 80}]}]


def test_containers_are_named_running_ones_first(tmp_path: Path) -> None:
    engine = MemoryEngine()
    engine.create_container({"Image": "busybox", "Cmd": ["true"]}, name="idle")
    running = engine.create_container({"Image": "busybox", "Cmd": ["sleep", "60"]}, name="web")
    engine.start_container(running)

    assert candidates(engine, "container", tmp_path) == ("web", "idle")


def test_images_are_named_by_their_tags(tmp_path: Path) -> None:
    found = candidates(MemoryEngine(), "image", tmp_path)

    assert any(name.startswith("busybox") for name in found)
    assert all(name != "<none>:<none>" for name in found)


def test_ports_that_are_taken_are_not_offered(tmp_path: Path) -> None:
    assert "8080:80" in candidates(MemoryEngine(), "port", tmp_path)
    assert "8080:80" not in candidates(Busy(), "port", tmp_path)


def test_paths_are_those_of_the_workspace_without_links(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / ".hidden").write_text("")

    assert candidates(MemoryEngine(), "path", tmp_path) == ("./data", "./a.txt")
    assert candidates(MemoryEngine(), "path", tmp_path / "missing") == ()
    assert candidates(MemoryEngine(), "text", tmp_path) == ()
