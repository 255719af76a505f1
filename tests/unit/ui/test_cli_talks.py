"""`docknotes talks`: the conversations on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.keeping.talks import Talks
from assistant.values import Answer
from ui.cli.app import build_cli
from ui.settings import read_settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    talks = Talks(tmp_path / "talks.sqlite3")
    answer = Answer("list them", "en", True, "Use `docker ps`, [link](x).")
    talks.answered("shop", talks.asked("shop", "list them"), answer)
    talks.asked("other", "卷在哪里")
    talks.close()
    return tmp_path


def docknotes(home: Path, *words: str) -> tuple[int, str]:
    app = build_cli(lambda: read_settings({"DOCKNOTES_HOME": str(home)}), "en")
    done = CliRunner().invoke(app, ["talks", *words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_they_are_listed_and_searched(home: Path) -> None:
    assert [line.split()[0] for line in docknotes(home)[1].splitlines()] == ["other", "shop"]
    assert docknotes(home, "list")[1] == docknotes(home)[1]
    found = json.loads(docknotes(home, "search", "PS docker", "--json")[1])["talks"]
    assert [talk["id"] for talk in found] == ["shop"]


def test_one_is_shown_renamed_and_exported(home: Path, tmp_path: Path) -> None:
    docknotes(home, "rename", "other", "Volumes")
    shown = json.loads(docknotes(home, "show", "Volumes", "--json")[1])
    assert (shown["id"], shown["said"][0]["finished"]) == ("other", False)
    assert "## list them" in docknotes(home, "export", "shop")[1]
    file = tmp_path / "out.md"
    assert docknotes(home, "export", "shop", "--file", str(file))[0] == 0
    assert "Use `docker ps`" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Exception, match="not there yet"):
        docknotes(home, "export", "shop", "--file", str(file))


def test_deleting_asks_first(home: Path) -> None:
    assert docknotes(home, "delete", "shop")[0] == 3
    assert "shop" in docknotes(home)[1]
    assert docknotes(home, "delete", "shop", "--yes")[0] == 0
    assert "shop" not in docknotes(home)[1]
    with pytest.raises(Exception, match="no conversation “shop”"):
        docknotes(home, "show", "shop")
