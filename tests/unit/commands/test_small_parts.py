"""Quantities, ports, references, placeholders, files: the small parsers, by example."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands import placeholders
from assistant.commands.files import inside_workspace, read_pairs
from assistant.commands.host_lines import is_host_line
from assistant.commands.quantities import parse_bytes, parse_cpus, parse_duration, parse_int, parse_moment
from assistant.commands.references import is_private, parse_reference
from assistant.commands.specs import csv_fields
from assistant.errors import CommandError, CommandSyntaxError, UnsupportedCommandError
from assistant.values import PlaceholderKind


def test_sizes() -> None:
    assert [parse_bytes("-m", size) for size in ("1", "1b", "1k", "1.5m", "2G", "3gb", "4GiB", "0")] == [
        1, 1, 1024, 1572864, 2 * 1024**3, 3 * 1024**3, 4 * 1024**3, 0,
    ]  # fmt: skip
    assert parse_bytes("--memory-swap", "-1") == -1
    for wrong in ("", "-1", "1x", "m", "1 g g", "１", "9" * 30, "1ib"):
        with pytest.raises(CommandSyntaxError):
            parse_bytes("-m", wrong)


def test_cpus_and_whole_numbers() -> None:
    assert [parse_cpus("--cpus", text) for text in ("1", "1.5", ".25", "0")] == [
        10**9,
        15 * 10**8,
        25 * 10**7,
        0,
    ]
    assert parse_int("-n", "-3") == -3
    for wrong in ("", "1/2", "-1", "1e3"):
        with pytest.raises(CommandSyntaxError):
            parse_cpus("--cpus", wrong)
    for wrong in ("", "1.0", "x", "9" * 20, "١"):
        with pytest.raises(CommandSyntaxError):
            parse_int("-n", wrong)


def test_times() -> None:
    assert [parse_duration("-x", text) for text in ("0", "500ms", "1m30s", "1.5h")] == [
        0, 5 * 10**8, 90 * 10**9, 5400 * 10**9,
    ]  # fmt: skip
    assert parse_moment("--since", "10m", now=10_000.0) == "9400"
    assert parse_moment("--since", "1700000000.5", now=0.0) == "1700000000.5"
    assert parse_moment("--since", "2024-01-02T00:00:00Z", now=0.0) == "1704153600.000000000"
    for wrong in ("", "5", "-5s", "s", "5 s", "2024-13-01"):
        with pytest.raises(CommandSyntaxError):
            parse_duration("-x", wrong)
    with pytest.raises(CommandSyntaxError):
        parse_moment("--since", "2024-13-01", now=0.0)


@pytest.mark.parametrize(
    ("text", "repository", "tag"),
    [
        ("nginx", "docker.io/library/nginx", None),
        ("nginx:1.25", "docker.io/library/nginx", "1.25"),
        ("a/b", "docker.io/a/b", None),
        ("index.docker.io/nginx", "docker.io/library/nginx", None),
        ("ghcr.io/a/b:c", "ghcr.io/a/b", "c"),
        ("localhost/x", "localhost/x", None),
        ("host:5000/x:1", "host:5000/x", "1"),
        ("nvidia/cuda:11.2.2-base-ubuntu20.04", "docker.io/nvidia/cuda", "11.2.2-base-ubuntu20.04"),
    ],
)
def test_references(text: str, repository: str, tag: str | None) -> None:
    reference = parse_reference(text)

    assert (reference.repository, reference.tag) == (repository, tag)


@pytest.mark.parametrize(
    "text",
    ["", "A", "a b", "a:", "a@b", "-a", "a//b", "/a", "a:b:c", "http://a/b", "a\n", "библиотека", "a/../b"],
)
def test_what_is_no_reference(text: str) -> None:
    with pytest.raises(CommandSyntaxError):
        parse_reference(text)


def test_private_registries() -> None:
    private = [
        "localhost",
        "localhost:5000",
        "127.0.0.1:5000",
        "10.1.2.3",
        "[::1]:5000",
        "x.local",
        "registry:5000",
    ]
    assert all(
        map(is_private, [*private, "127.1", "0x7f.1", "2130706433", "[::ffff:10.0.0.1]", "a.localhost."])
    )
    assert not any(map(is_private, ["docker.io", "ghcr.io", "registry.example.com:5000", "8.8.8.8"]))


def test_csv() -> None:
    assert csv_fields("-x", 'a,"b,c","d""e",') == ["a", "b,c", 'd"e', ""]
    for wrong in ('a"b', '"a', '"a"b'):
        with pytest.raises(CommandSyntaxError):
            csv_fields("-x", wrong)


@pytest.mark.parametrize(
    ("value", "position", "found"),
    [
        ("ImageID", "image", [("ImageID", "image")]),
        ("Imagename", "container", [("Imagename", "container")]),
        ("CONTAINER", "container", [("CONTAINER", "container")]),
        ("<name>", "container", [("<name>", "container")]),
        ("<image>:<tag>", "image", [("<image>", "image"), ("<tag>", "image")]),
        ("YOUR_TOKEN", "text", [("YOUR_TOKEN", "text")]),
        ("XXX", "text", [("XXX", "text")]),
        ("localport:containerport", "port", [("localport:containerport", "port")]),
        ("8080:container_port", "port", [("8080:container_port", "port")]),
        ("宿主机目录:容器目录", "path", [("宿主机目录", "path"), ("容器目录", "path")]),
        ("/path/to/data:/data", "path", [("/path/to/data", "path")]),
        ("镜像名", "image", [("镜像名", "image")]),
        ("USERNAME/myapp:1.0", "image", [("USERNAME", "text")]),
        ("REGISTRY/USER/app:TAG", "image", [("REGISTRY", "text"), ("USER", "text"), ("TAG", "text")]),
        ("localhost:5000/app", "image", []),
        ("NGINX", "image", []),
        ("minio/minio:RELEASE.2024-01-01T00-00-00Z", "image", []),
        ("[OPTIONS]", "image", [("[OPTIONS]", "image")]),
        ("nginx", "image", []),
        ("my-web", "container", []),
        ("web", "container", []),
        ("8080:80", "port", []),
        ("./data:/data", "path", []),
        ("a:b:c:d", "port", []),
    ],
)
def test_placeholders(value: str, position: PlaceholderKind, found: list[tuple[str, str]]) -> None:
    assert [(item.text, item.kind) for item in placeholders.find_in(value, position)] == found


def test_paths_stay_in_the_workspace(workspace: Path) -> None:
    inside = [
        workspace,
        workspace / "data",
        workspace / "not there",
        f"{workspace}/./data",
        f"/{workspace}//data",
    ]
    assert all(inside_workspace(str(path), workspace) for path in inside)
    outside = [
        "/",
        "/etc",
        workspace / "link-out",
        workspace / "data/link-up",
        f"{workspace}x",
        workspace.parent,
    ]
    assert not any(
        inside_workspace(str(path), workspace) for path in [*outside, "data", "", f"{workspace}/data/.."]
    )


def test_a_workspace_behind_a_link_is_named_by_its_real_path(workspace: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(workspace)

    assert inside_workspace(f"{link}/data", link) == f"{workspace}/data"


def test_env_files(workspace: Path) -> None:
    assert read_pairs("--env-file", "ok.env", workspace) == ["A=1", "B=two words"]
    assert read_pairs("--env-file", "./ok.env", workspace) == ["A=1", "B=two words"]
    assert read_pairs("--label-file", "bare.env", workspace) == ["A=1", "HOME"]
    for name in ("/etc/passwd", "evil.env", "../x", "link-out/passwd", "bare.env"):
        with pytest.raises(UnsupportedCommandError):
            read_pairs("--env-file", name, workspace)
    (workspace / "wrong.env").write_text("no pair\n")
    (workspace / "large.env").write_text("A=1\n" * 40_000)
    (workspace / "binary.env").write_bytes(b"\xff\xfe\x00")
    for name in ("wrong.env", "large.env", "binary.env", "data", "missing.env"):
        with pytest.raises(CommandError):
            read_pairs("--env-file", name, workspace)


def test_host_lines() -> None:
    for line in (
        "sudo apt-get update",
        "$ curl -fsSL x | sh",
        "cd a && docker ps",
        "DOCKER_HOST=x docker ps",
        "/bin/sh",
    ):
        assert is_host_line(line), line
    for line in ("docker ps", "sudo docker ps", "$ docker ps", "# apt-get update", "hello there", "", "容器"):
        assert not is_host_line(line), line
