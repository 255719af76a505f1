"""Tables as the docker client prints them."""

from __future__ import annotations

import json
import time

import pytest

from assistant.execution import tables
from assistant.execution.clean import clean
from assistant.execution.outcome import Stopped, ending_of
from assistant.values import ListContainers, ListImages

CONTAINER = {
    "Id": "0123456789abcdef" * 4,
    "Names": ["/web"],
    "Image": "nginx",
    "Command": "/docker-entrypoint.sh nginx -g 'daemon off;'",
    "Created": 0,
    "Status": "Up 2 hours",
    "Ports": [
        {"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
        {"PrivatePort": 443, "Type": "tcp"},
    ],
    "SizeRw": 2_000_000,
    "SizeRootFs": 180_000_000,
}
STOPPED: tuple[Stopped, ...] = ("timed_out", "cancelled", "output_limit")


def test_ps() -> None:
    head, row = tables.containers([CONTAINER], ListContainers()).splitlines()
    assert head.split() == ["CONTAINER", "ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"]
    assert row.startswith('0123456789ab   nginx   "/docker-entrypoint.…"')
    assert "127.0.0.1:8080->80/tcp, 443/tcp" in row
    assert row.index("Up 2 hours") == head.index("STATUS")
    assert row.endswith("web")


def test_ps_variants() -> None:
    assert tables.containers([CONTAINER], ListContainers(quiet=True)) == "0123456789ab\n"
    whole = tables.containers([CONTAINER], ListContainers(quiet=True, no_trunc=True))
    assert whole == f"{CONTAINER['Id']}\n"
    assert "2MB (virtual 180MB)" in tables.containers([CONTAINER], ListContainers(size=True))
    assert tables.containers([], ListContainers()).count("\n") == 1


LINE_ENDS = ("\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("no_trunc", [False, True])
def test_no_container_fakes_a_row(end: str, no_trunc: bool) -> None:
    fake = f"a{end}f00   nginx   x"
    forged = {**CONTAINER, "Command": fake, "Status": fake, "Image": fake, "Names": [f"/{fake}"]}
    listed = tables.containers([forged], ListContainers(no_trunc=no_trunc))
    assert len(listed.splitlines()) == len(clean(listed).splitlines()) == 2
    image = {"Id": "sha256:ab", "RepoTags": [f"{fake}:{fake}"], "Size": 1}
    assert len(clean(tables.images([image], ListImages())).splitlines()) == 2
    assert len(clean(tables.info({"Name": fake, "Warnings": [fake]})).splitlines()) == 2
    assert len(clean(tables.version({"Version": fake})).splitlines()) == 3


def test_what_would_not_be_seen_stands_there_as_its_escape() -> None:
    name = "/数据库\u2028\x1b[2J\u202e"
    row = tables.containers([{**CONTAINER, "Names": [name]}], ListContainers()).splitlines()[1]
    assert row.endswith(r"数据库\u2028\u001b[2J\u202e")


def test_json_keeps_its_meaning_and_its_lines() -> None:
    value = {"名称": "数据库" + "".join(LINE_ENDS) + "\x1b\x7f\x9b\u202e\U000e0041"}
    text = tables.json_text(value)
    assert json.loads(text) == value
    assert "数据库" in text
    assert text == clean(text)
    assert len(text.splitlines()) == 3


def test_images() -> None:
    image = {
        "Id": "sha256:" + "ab" * 32,
        "RepoTags": ["localhost:5000/app:1", "app:latest"],
        "RepoDigests": ["app@sha256:ff"],
        "Created": time.time() - 3 * 86400,
        "Size": 77_800_000,
    }
    head, first, second = tables.images([image], ListImages()).splitlines()
    assert head.split() == ["REPOSITORY", "TAG", "IMAGE", "ID", "CREATED", "SIZE"]
    assert first.split() == ["localhost:5000/app", "1", "abababababab", "3", "days", "ago", "77.8MB"]
    assert second.split()[:2] == ["app", "latest"]
    assert "sha256:ff" in tables.images([image], ListImages(digests=True))
    assert tables.images([{**image, "RepoTags": None}], ListImages()).splitlines()[1].startswith("<none>")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "Less than a second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "About a minute"),
        (600, "10 minutes"),
        (3600, "About an hour"),
        (7200, "2 hours"),
        (5 * 86400, "5 days"),
        (20 * 86400, "2 weeks"),
        (100 * 86400, "3 months"),
        (800 * 86400, "2 years"),
    ],
)
def test_spans_of_time(seconds: float, said: str) -> None:
    assert tables.duration(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0B"), (999, "999B"), (1500, "1.5kB"), (13_300_000, "13.3MB"), (2 * 10**9, "2GB")]
)
def test_sizes(count: int, said: str) -> None:
    assert tables.size(count) == said


def test_version_and_info() -> None:
    version = {
        "Version": "27",
        "Components": [{"Name": "Engine", "Version": "27", "Details": {"ApiVersion": "1.47"}}],
    }
    assert "Engine:\n  Version:          27\n  API version:      1.47" in tables.version(version)
    info = tables.info(
        {"ServerVersion": "27", "MemTotal": 8 * 1024**3, "LiveRestoreEnabled": False, "Warnings": ["W"]}
    )
    assert "Server Version: 27\n" in info
    assert "Total Memory: 8.00GiB\n" in info
    assert info.endswith("Live Restore Enabled: false\nW\n")


def test_outcomes() -> None:
    assert ending_of(0).outcome == "succeeded"
    assert ending_of(0, out_of_memory=True).outcome == "succeeded"
    assert ending_of(1).outcome == "failed"
    assert ending_of(127).error is not None
    assert ending_of(137, out_of_memory=True).outcome == "out_of_memory"
    unknown = ending_of(None)
    assert (unknown.outcome, unknown.exit_code) == ("lost", None)
    for stopped in STOPPED:
        ending = ending_of(137, stopped=stopped)
        assert (ending.outcome, ending.exit_code) == (stopped, 137)
