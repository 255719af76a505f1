"""``docknotes``: reads the environment, builds what a command needs, runs it."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.settings import Settings

# No library reports anything to anyone, and no model hub is asked, unless the person set it.
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if os.environ.get("DOCKNOTES_EMBEDDING", "bundled") == "bundled":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # notes are in any script, whatever the terminal's locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        _run()
    except KeyboardInterrupt:
        print("docknotes: ended. / docknotes：已结束。", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        # Who read our output has gone; nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _run() -> None:
    from assistant.errors import AssistantError
    from assistant.execution.clean import clean
    from knowledge.errors import KnowledgeError
    from ui.cli.app import build_cli
    from ui.errors import UiError
    from ui.settings import read_settings, shell_language

    language = shell_language(os.environ)

    def read() -> Settings:
        return read_settings(os.environ)

    try:
        build_cli(read, language)()
    except (AssistantError, KnowledgeError, UiError) as error:
        print(f"docknotes: {clean(error.text.said_in(language))}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
