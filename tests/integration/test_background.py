"""Runs in the background on a real Engine: state, addresses, health, logs and their time limit."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.execution.background import end_overdue
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from tests.integration.test_command_line import Docknotes
from tests.runs import served

pytestmark = pytest.mark.engine


def test_state_address_health_and_log_of_a_run(engine: DockerEngine, tmp_path: Path) -> None:
    docknotes = Docknotes(tmp_path / "home", engine.address)
    line = (
        "docker run -d --rm -p 127.0.0.1::80 --health-cmd true --health-interval 1s nginx "
        "sh -c 'echo up; exec server'"
    )
    begun = json.loads(docknotes("run", "--approve", "--json", line).stdout)
    assert begun["outcome"] == "detached"
    deadline = time.monotonic() + 60
    while True:
        shown = json.loads(docknotes("runs", "show", begun["run"], "--json").stdout)["container"]
        if shown["health"] == "healthy":
            break
        assert shown["health"] == "starting"
        assert time.monotonic() < deadline
    assert shown["state"] == "running"
    (link,) = shown["links"]
    assert link.startswith("http://127.0.0.1:")
    assert "Welcome to nginx!" in served(link)
    assert 23 * 3600 < shown["ends_at"] - time.time() <= 24 * 3600
    said = docknotes("runs", "show", begun["run"], DOCKNOTES_LANGUAGE="zh").stdout
    assert "正在运行 · 健康 · http://127.0.0.1:" in said
    assert docknotes("runs", "logs", begun["run"]).stdout == "up\n"
    assert "running · healthy" in docknotes("runs", DOCKNOTES_LANGUAGE="en").stdout
    unknown = docknotes("runs", "show", "nonesuch")
    assert unknown.returncode != 0
    assert "nonesuch" in unknown.stderr

    ledger = Ledger(tmp_path / "home" / "data" / "ledger.sqlite3")
    run = ledger.get(begun["run"])
    assert run is not None
    assert end_overdue(engine, ledger, limit_seconds=3600.0) == []
    ledger.record(replace(run, started_at=run.started_at - 7200))
    assert end_overdue(engine, ledger, limit_seconds=7000.0) == []  # the container itself is young
    (ended,) = end_overdue(engine, ledger, limit_seconds=0.001)
    assert (ended.id, ended.outcome) == (run.id, "timed_out")
    ledger.close()
    assert engine.list_containers(all=True) == []  # it was to go at its end
    gone = docknotes("runs", "show", begun["run"], DOCKNOTES_LANGUAGE="en").stdout
    assert "removed" in gone
    assert "as long as the policy lets it" in gone
