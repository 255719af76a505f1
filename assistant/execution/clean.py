"""Text of containers made fit to be shown: no terminal escapes, no control or bidi characters. Pure.

What a container prints is data. An escape sequence could rewrite the screen, set the clipboard or
hide text; a bidi override could make a line read differently from what it says.
"""

from __future__ import annotations

import json
import re

# Each part stops at the next escape, so that no input makes the search slower than linear.
ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS, SOS, PM, APC, with their text
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]"  # two and three character escapes
    r"|\x9b[0-?]*[ -/]*[@-~]"  # the same, begun with one character
    r"|[\x90\x98\x9d-\x9f][^\x07\x1b\x90-\x9f]*(?:\x07|\x1b\\|\x9c)"
)
OPEN = re.compile(
    r"(?:\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\x9c]*\x1b?|[ -/]*)"
    r"|\x9b[0-?]*[ -/]*|[\x90\x98\x9d-\x9f][^\x07\x1b\x90-\x9f]*\x1b?|\r)\Z"
)
_LINE_ENDS = re.compile("\r\n|\r|\u0085|\u2028|\u2029")
HIDDEN = (
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # bidi, zero width
    "\U000e0000-\U000e007f"  # tags: letters nobody sees
)
_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{HIDDEN}]")  # and controls but tab and line feed
_MARKS = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{HIDDEN}]")
_JSON_MARKS = re.compile(f"[\x7f-\x9f\u2028\u2029{HIDDEN}]")
_HELD_AT_MOST = 4096


class Cleaner:
    """Cleans one stream that comes in pieces cut anywhere, also within an escape sequence."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """The part that can be shown now."""
        text = ESCAPE.sub("", self._held + text)
        open_end = OPEN.search(text)
        self._held = open_end.group() if open_end and len(open_end.group()) <= _HELD_AT_MOST else ""
        return _plain(text[: len(text) - len(self._held)])

    def finish(self) -> str:
        """What was held back, at the end."""
        held, self._held = self._held, ""
        return _plain(held) if held == "\r" else ""


def clean(text: str) -> str:
    """A whole text, cleaned."""
    return _plain(ESCAPE.sub("", text))


def visible(text: str) -> str:
    """Text for one line of a table: what ends lines, steers a terminal or is not seen, as its escape.

    ``\\n`` and ``\\u2028`` stand there to be read, where a real line end could fake another row.
    """
    return _MARKS.sub(_escaped, text)


def visible_json(text: str) -> str:
    """JSON that says the same, with nothing unseen in it but the line ends between its values."""
    return _JSON_MARKS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1] if ord(found.group()) != 0x7F else "\\u007f"


def _plain(text: str) -> str:
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))
