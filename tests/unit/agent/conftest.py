"""An assistant whose chat model is a real client of a scripted server, on an Engine in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.config import AssistantConfig
from assistant.model import LangChainModel
from knowledge.library import Library
from tests.fakes.engine import MemoryEngine
from tests.fakes.openai_server import Reply, Script, serving
from tests.library import library_of

NOTES = """# Containers

List all containers, stopped ones too:

```bash
docker ps -a
```

## Stopping

`docker stop web` stops a running container.

## Volumes

A named volume keeps its data when the container is removed.
"""

PROBE = (Reply(calls=[("search_notes", '{"query": "code word"}')]), Reply("kestrel"))
"""What a model that uses tools answers when it is tried."""

Make = Callable[..., tuple[Assistant, Script]]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


@pytest.fixture
def make(library: Library, tmp_path: Path) -> Iterator[Make]:
    """Makes an assistant whose model gives these replies (after it was tried)."""
    with ExitStack() as servers:

        def made(
            *replies: Reply,
            probe: Sequence[Reply] = PROBE,
            engine: MemoryEngine | None = None,
            script: Script | None = None,
        ) -> tuple[Assistant, Script]:
            script = script or Script(replies=[*probe, *replies])
            url = servers.enter_context(serving(script))
            model = LangChainModel("openai:m", url=url, silent_seconds=20)
            config = AssistantConfig(home=tmp_path / "home", workspace=tmp_path / "workspace")
            assistant = Assistant(config, library, engine or MemoryEngine(), model=model)
            servers.callback(assistant.close)
            return assistant, script

        yield made
