"""The READMEs name every setting, error and command; what they show can be run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

import assistant
import knowledge
from ui.cli.app import build_cli
from ui.settings import VARIABLES, read_settings

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_and_no_other(readme: str) -> None:
    listed = re.findall(r"^\| `(DOCKNOTES_\w+)`", readme, re.MULTILINE)
    assert sorted(listed) == sorted(VARIABLES)


def test_every_command_is_in_the_table_and_no_other(readme: str) -> None:
    group = typer.main.get_command(build_cli(lambda: read_settings({}), "en"))
    assert isinstance(group, typer.core.TyperGroup)
    listed = re.findall(r"^\| `docknotes ([\w-]+)`", readme, re.MULTILINE)
    assert sorted(listed) == sorted(group.commands)


def test_every_error_is_named(readme: str) -> None:
    names = [n for n in (*assistant.__all__, *knowledge.__all__) if n.endswith("Error")]
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_links_and_pictures_are_there(readme: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", readme)
    assert targets
    assert [t for t in targets if "://" not in t and not (ROOT / t).exists()] == []


def test_the_python_example_runs(readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text(
        "# Containers\n\n`docker ps -a` lists all containers.\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README", "exec"), names)  # noqa: S102 - our own README is what is tested
    documents = names["documents"]
    assert isinstance(documents, list)
    assert documents[0].metadata["note"] == "a.md"
    assert "docker ps -a" in documents[0].page_content


def test_the_version_is_the_same_everywhere() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
