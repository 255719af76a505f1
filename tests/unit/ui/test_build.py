"""Parts as they are made from settings: the folder that containers may see, the chat model."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from assistant.config import AssistantConfig
from ui.build import build_model, make_workspace


def test_a_workspace_is_its_owners_alone_and_one_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    config = AssistantConfig(home=tmp_path / "home", workspace=tmp_path / "home" / "workspace")
    before = os.umask(0)
    try:
        make_workspace(config)
    finally:
        os.umask(before)
    assert config.workspace.stat().st_mode & 0o777 == 0o700
    config.workspace.chmod(0o755)
    make_workspace(config)
    assert config.workspace.stat().st_mode & 0o777 == 0o755


def test_the_chat_model_is_the_one_named_and_auto_without_an_ollama_is_none(tmp_path: Path) -> None:
    config = AssistantConfig(
        home=tmp_path, workspace=tmp_path, model="openai:m", model_url="http://a.example/v1"
    )
    model = build_model(config)
    assert model is not None
    assert (model.name, model.address) == ("openai:m", "http://a.example/v1")
    assert build_model(replace(config, model=None)) is None
    assert build_model(replace(config, model="auto", model_url="http://127.0.0.1:9")) is None
