"""Text of a container made fit for a real terminal that a person types at. Pure.

Colours, moves of the cursor and erasing go through, or no shell could be edited in. What makes a
terminal answer (and so type by itself), sets its title or clipboard, starts links or changes what its
keys send beyond the arrows is taken out, and so is what is not seen. Source: ECMA-48; XTerm Control
Sequences.
"""

from __future__ import annotations

import re

from assistant.execution.clean import ESCAPE, HIDDEN, OPEN

_HELD_AT_MOST = 4096
_NUMBERS = r"[0-9]{0,4}(?:[;:][0-9]{0,4}){0,15}"
_SAFE = re.compile(
    rf"\x1b\[{_NUMBERS}[m@ABCDEFGHJKLMPSTXZdf]"  # colours; cursor; insert, delete, erase, scroll
    r"|\x1b\[\?(?:1|7|12|25|1049|2004)[hl]"  # arrows, wrapping, cursor seen, second screen, pasting
    r"|\x1b[78M=>]|\x1b\([0AB]"  # cursor kept, a line up, keypad, line drawing
)
_SECOND_SCREEN = "\x1b[?1049"
_UNSEEN = re.compile(f"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029{HIDDEN}]")  # not \b \t \n \r
_AS_BEFORE = "\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1l\x1b[?2004l\x1b>\x1b(B"


class TerminalCleaner:
    """Cleans what comes in pieces cut anywhere, also within an escape sequence."""

    def __init__(self) -> None:
        self._held = ""
        self._used = self._on_second_screen = False

    def feed(self, text: str) -> str:
        """The part that can be shown now."""
        text = self._held + text
        open_end = OPEN.search(text)
        self._held = open_end.group() if open_end and len(open_end.group()) <= _HELD_AT_MOST else ""
        if self._held == "\r":
            self._held = ""  # here it stands for itself
        text = text[: len(text) - len(self._held)]
        shown, last = [], 0
        for found in ESCAPE.finditer(text):
            shown.append(_UNSEEN.sub("", text[last : found.start()]))
            shown.append(self._sequence(found.group()))
            last = found.end()
        return "".join((*shown, _UNSEEN.sub("", text[last:])))

    def finish(self) -> str:
        """What puts the terminal back to how it was."""
        self._held = ""
        first = f"{_SECOND_SCREEN}l" if self._on_second_screen else ""
        return first + (_AS_BEFORE if self._used else "")

    def _sequence(self, sequence: str) -> str:
        if _SAFE.fullmatch(sequence) is None:
            return ""
        self._used = True
        if sequence.startswith(_SECOND_SCREEN):
            self._on_second_screen = sequence.endswith("h")
        return sequence
