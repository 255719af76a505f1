"""Settings from the environment: defaults, bounds, and errors that name the variable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.config import SHIPPED_NOTES
from ui.errors import SettingsError
from ui.settings import read_settings, shell_language


def test_without_anything_set_the_shipped_notes_and_the_local_engine_are_taken() -> None:
    settings = read_settings({})
    assert settings.knowledge.sources == (SHIPPED_NOTES,)
    assert settings.assistant.engine == "unix:///var/run/docker.sock"
    assert settings.assistant.model is None
    assert (settings.port, settings.language) == (7860, None)


def test_an_empty_value_counts_as_not_set() -> None:
    assert read_settings({"DOCKNOTES_PORT": "", "DOCKNOTES_NOTES": ""}) == read_settings({})


def test_notes_are_separated_as_in_path() -> None:
    sources = read_settings({"DOCKNOTES_NOTES": os.pathsep.join(["/a", "/b/c.md"])}).knowledge.sources
    assert sources == (Path("/a"), Path("/b/c.md"))


def test_notes_of_ones_own_go_to_the_home_where_none_are_named(tmp_path: Path) -> None:
    home = {"DOCKNOTES_HOME": str(tmp_path)}
    knowledge = read_settings(home).knowledge
    assert (knowledge.own, knowledge.present) == (tmp_path / "notes", (SHIPPED_NOTES,))
    (tmp_path / "notes").mkdir()
    assert knowledge.present == read_settings(home).knowledge.present == (SHIPPED_NOTES, tmp_path / "notes")
    named = read_settings({**home, "DOCKNOTES_NOTES": "/a"}).knowledge
    assert (named.own, named.present) == (None, (Path("/a"),))


def test_our_engine_setting_goes_before_dockers() -> None:
    both = {"DOCKNOTES_ENGINE": "tcp://one:2376", "DOCKER_HOST": "tcp://two:2376"}
    assert read_settings(both).assistant.engine == "tcp://one:2376"
    assert read_settings({"DOCKER_HOST": "tcp://two:2376"}).assistant.engine == "tcp://two:2376"


@pytest.mark.parametrize(
    ("written", "read"),
    [("512m", 512 * 1024**2), ("2g", 2 * 1024**3), ("1.5G", 1610612736), ("8388608", 8388608)],
)
def test_memory_is_read_as_docker_reads_it(written: str, read: int) -> None:
    assert read_settings({"DOCKNOTES_MEMORY": written}).assistant.limits.memory_bytes == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOCKNOTES_MEMORY", "lots"),
        ("DOCKNOTES_MEMORY", "1m"),
        ("DOCKNOTES_CPUS", "0"),
        ("DOCKNOTES_CPUS", "nan"),
        ("DOCKNOTES_PROCESSES", "-3"),
        ("DOCKNOTES_TIME", "inf"),
        ("DOCKNOTES_PORT", "70000"),
        ("DOCKNOTES_PORT", "http"),
        ("DOCKNOTES_LANGUAGE", "fr"),
        ("DOCKNOTES_ENGINE", "garbage"),
        ("DOCKNOTES_ENGINE", "unix://"),
        ("DOCKER_HOST", "tcp://"),
        ("DOCKNOTES_MODEL", "qwen"),
        ("DOCKNOTES_MODEL", "openai:"),
        ("DOCKNOTES_MODEL_URL", "127.0.0.1:8080"),
        ("DOCKNOTES_MODEL_WAIT", "0"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        read_settings({name: value})
    assert value in str(caught.value)
    assert name in caught.value.text.zh


def test_auto_looks_at_this_machine_only() -> None:
    own = {"DOCKNOTES_MODEL": "auto", "DOCKNOTES_MODEL_URL": "http://127.0.0.1:11435"}
    assert read_settings(own).assistant.model_url == "http://127.0.0.1:11435"
    with pytest.raises(SettingsError, match="DOCKNOTES_MODEL_URL"):
        read_settings({**own, "DOCKNOTES_MODEL_URL": "http://models.example:11434"})


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "DOCKNOTES_LANGUAGE": "en"}, "en"),
        ({"DOCKNOTES_LANGUAGE": "zh"}, "zh"),
    ],
)
def test_the_shell_speaks_the_setting_or_the_locale(environment: dict[str, str], language: str) -> None:
    assert shell_language(environment) == language
