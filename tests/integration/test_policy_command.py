"""The policy and the record on the command line: a process of its own, no Engine needed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.integration.test_command_line import Docknotes
from tests.unit.execution.test_ledger import RUN


@pytest.fixture
def docknotes(tmp_path: Path) -> Docknotes:
    return Docknotes(tmp_path / "docknotes")


def test_a_policy_is_shown_checked_and_followed(docknotes: Docknotes, tmp_path: Path) -> None:
    shown = docknotes("policy", "show", DOCKNOTES_PROFILE="strict")
    assert shown.returncode == 0
    assert "writable_folders = false" in shown.stdout
    own = tmp_path / "own.toml"
    own.write_text(shown.stdout, encoding="utf-8")
    assert docknotes("policy", "check", str(own)).returncode == 0
    assert json.loads(docknotes("policy", "--json", DOCKNOTES_PROFILE="open").stdout)["profile"] == "open"

    own.write_text("# mine\nprivileged = true\ncapabilites = []\n", encoding="utf-8")
    checked = docknotes("policy", "check", str(own))
    assert checked.returncode == 1
    assert f"{own}:2: privileged: " in checked.stderr
    assert f"{own}:3: capabilites: there is no such key; the nearest is `capabilities`" in checked.stderr
    faults = json.loads(docknotes("policy", "check", str(own), "--json").stdout)["faults"]
    assert [(fault["key"], fault["line"]) for fault in faults] == [("privileged", 2), ("capabilites", 3)]

    refused = docknotes("plan", "docker ps", DOCKNOTES_POLICY=str(own))
    assert refused.returncode == 1
    assert "line 2, `privileged`" in refused.stderr
    own.write_text('[decisions]\npull = "refuse"\n', encoding="utf-8")
    line = "docker pull alpine"
    for environment, verdict in (
        ({}, "ask"),
        ({"DOCKNOTES_PROFILE": "open"}, "allow"),
        ({"DOCKNOTES_POLICY": str(own), "DOCKNOTES_PROFILE": "open"}, "refuse"),
    ):
        assert json.loads(docknotes("plan", line, "--json", **environment).stdout)["verdict"] == verdict
    wrong = docknotes("plan", line, DOCKNOTES_PROFILE="lax")
    assert (wrong.returncode, "`strict`, `standard` or `open`" in wrong.stderr) == (1, True)


def test_a_record_that_was_tampered_with_is_told(docknotes: Docknotes) -> None:
    from assistant.execution.ledger import Ledger

    path = docknotes.home / "data" / "ledger.sqlite3"
    ledger = Ledger(path)
    ledger.record(RUN)
    ledger.close()
    whole = docknotes("runs", "verify")
    assert (whole.returncode, "1 runs in 1 entries" in whole.stdout) == (0, True)
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE runs SET approved_by = 'nobody'")
    database.close()
    broken = docknotes("runs", "verify")
    assert (broken.returncode, "The run a1 was changed" in broken.stderr) == (1, True)
    assert docknotes("undo", "nothing", "--yes").returncode == 1
