"""Serves the page over the stand-in assistant: ``python -m tests.browser.standin``."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

from tests.fakes.assistant import MemoryAssistant
from ui.web.serve import serve

NOTES = "# Containers\n\nTry a container: `docker run hello-world` prints a greeting.\n"


def main() -> None:
    """Serves on a free port; ``slow`` and ``foreign`` set the stand-in, ``agent`` serves a real assistant."""
    if "agent" in sys.argv:
        serve_agent()
        return
    home = os.environ.get("DOCKNOTES_HOME")
    assistant = MemoryAssistant(
        pause_seconds=0.25 if "slow" in sys.argv else 0.02, home=Path(home) if home else None
    )
    assistant.lines = 40 if "slow" in sys.argv else 12
    assistant.foreign = "foreign" in sys.argv
    serve(assistant, port=0)


def serve_agent() -> None:
    """The assistant over the Engine and the chat model of the settings; only its embedding model is small."""
    from assistant.assistant import Assistant
    from assistant.execution.engine import DockerEngine
    from tests.library import library_of
    from ui.build import build_model, make_workspace
    from ui.settings import read_settings

    config = read_settings(os.environ).assistant
    make_workspace(config)
    library = library_of(Path(mkdtemp(dir=config.home)), {"docker.md": NOTES})
    assistant = Assistant(config, library, DockerEngine(config.engine), model=build_model(config))
    with closing(assistant):
        serve(assistant, port=0)


if __name__ == "__main__":
    main()
