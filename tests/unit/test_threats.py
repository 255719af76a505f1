"""Each threat has its tests, and each group of hostile samples belongs to a threat."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import ADVISORIES
from tests.watching import watched

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
THREATS: list[dict[str, Any]] = tomllib.loads((DATA / "threats.toml").read_text(encoding="utf-8"))["threat"]


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def groups(kind: str) -> set[str]:
    if kind == "advisories":
        return {entry["source"] for part in ("line", "body") for entry in ADVISORIES[part]}
    table = json.loads((DATA / f"hostile_{kind}.json").read_text(encoding="utf-8"))
    return {name for name, samples in table.items() if samples}


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat["name"])
def test_its_tests_are_there(threat: dict[str, Any]) -> None:
    assert threat["what"].strip() and threat["against"].strip()
    assert threat["tests"]
    for node in threat["tests"]:
        path, _, name = node.partition("::")
        assert name.startswith("test_")
        assert name in functions(ROOT / path), f"{node} is gone; name the test that took its place"
    for kind in ("lines", "bodies", "advisories"):
        assert set(threat.get(kind, ())) <= groups(kind)


@pytest.mark.parametrize("kind", ["lines", "bodies", "advisories"])
def test_every_group_of_samples_belongs_to_a_threat(kind: str) -> None:
    assert groups(kind) - {name for threat in THREATS for name in threat.get(kind, ())} == set()


def test_threats_have_names_of_their_own() -> None:
    names = [threat["name"] for threat in THREATS]
    assert len(set(names)) == len(names) >= 27


def test_the_watch_over_hostile_lines_sees_what_it_should(tmp_path: Path) -> None:
    with watched() as seen:
        subprocess.run([sys.executable, "-c", ""], check=True)
        (tmp_path / "written").write_text("x", encoding="utf-8")
        (tmp_path / "written").unlink()
    found = " ".join(seen)
    assert "subprocess.Popen" in found
    assert "written" in found
    assert "os.remove" in found
    with watched(free=[tmp_path]) as seen:
        (tmp_path / "written").write_text("x", encoding="utf-8")
    assert seen == []
