"""Serves the page over the stand-in assistant: ``python -m tests.browser.standin``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.fakes.assistant import MemoryAssistant
from ui.web.serve import serve


def main() -> None:
    """Serves on a free port; ``slow`` and ``foreign`` set the stand-in."""
    home = os.environ.get("DOCKNOTES_HOME")
    assistant = MemoryAssistant(
        pause_seconds=0.25 if "slow" in sys.argv else 0.02, home=Path(home) if home else None
    )
    assistant.lines = 40 if "slow" in sys.argv else 12
    assistant.foreign = "foreign" in sys.argv
    serve(assistant, port=0)


if __name__ == "__main__":
    main()
