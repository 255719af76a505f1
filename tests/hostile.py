"""All the hostile lines and bodies: our own, and those that public advisories are about."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
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


def put_over(body: dict[str, Any], change: Mapping[str, Any], workspace: Path) -> dict[str, Any]:
    """The body with a hostile change in it."""
    changed = json.loads(json.dumps(body))
    for key, value in json.loads(json.dumps(change).replace("{ws}", str(workspace))).items():
        if key == "HostConfig" and isinstance(value, dict):
            changed["HostConfig"] |= value
        else:
            changed[key] = value
    return changed  # type: ignore[no-any-return]
