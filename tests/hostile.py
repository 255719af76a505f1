"""All the hostile lines and bodies: our own, and those that public advisories are about."""

from __future__ import annotations

import json
import os
import socket
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
ADVISORIES: Mapping[str, Any] = tomllib.loads((_DATA / "advisories.toml").read_text(encoding="utf-8"))


def _own(name: str) -> list[tuple[str, Any]]:
    table = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return [(f"{threat}-{n}", item) for threat, items in table.items() for n, item in enumerate(items)]


def hostile_lines() -> list[tuple[str, str]]:
    """Each with a name for it; ``{ws}`` stands for the workspace."""
    found = [
        (f"{entry['source']}-{n}", line)
        for entry in ADVISORIES["line"]
        for n, line in enumerate(entry["lines"])
    ]
    return [*_own("hostile_lines.json"), *found]


def hostile_bodies() -> list[tuple[str, dict[str, Any]]]:
    """What is put over a final create body, each with a name for it."""
    found = [
        (f"{entry['source']}-{n}", json.loads(body))
        for entry in ADVISORIES["body"]
        for n, body in enumerate(entry["bodies"])
    ]
    return [*_own("hostile_bodies.json"), *found]


@contextmanager
def aimed_at(folder: Path) -> Iterator[Path]:
    """Fills a workspace with everything a hostile line may aim at: links out, sockets, a pipe."""
    for name in ("data/sub", "src", "sockets"):
        (folder / name).mkdir(parents=True)
    (folder / "ok.env").write_text("A=1\nB=two words\n", encoding="utf-8")
    (folder / "bare.env").write_text("A=1\nHOME\n", encoding="utf-8")
    (folder / "evil.env").symlink_to("/etc/passwd")
    (folder / "link-out").symlink_to("/etc")
    (folder / "link-proc").symlink_to("/proc/1/root")
    (folder / "data" / "link-up").symlink_to("../..")
    os.mkfifo(folder / "fifo")
    folder.with_name(f"{folder.name}x").mkdir()
    sockets = [socket.socket(socket.AF_UNIX) for _ in range(3)]
    for unix, name in zip(sockets, ("real.sock", "plainsocket", "sockets/inner"), strict=True):
        unix.bind(str(folder / name))
    yield folder
    for unix in sockets:
        unix.close()


def put_over(body: dict[str, Any], change: Mapping[str, Any], workspace: Path) -> dict[str, Any]:
    """The body with a hostile change in it."""
    changed = json.loads(json.dumps(body))
    for key, value in json.loads(json.dumps(change).replace("{ws}", str(workspace))).items():
        if key == "HostConfig" and isinstance(value, dict):
            changed["HostConfig"] |= value
        else:
            changed[key] = value
    return changed  # type: ignore[no-any-return]
