"""Which characters a command line may hold, and which have an ASCII form that was surely meant."""

from __future__ import annotations

import unicodedata

from assistant.errors import CommandSyntaxError
from knowledge.language import Text

MAX_LINE_BYTES = 8 * 1024
"""Longer lines are refused; the longest sensible docker line is a tenth of this."""

DASHES = {"—": "--", "―": "--", "⸺": "--", "–": "-", "‒": "-", "−": "-", "‐": "-", "‑": "-", "﹣": "-"}
DOUBLE_QUOTES = frozenset("“”„‟″＂")
SINGLE_QUOTES = frozenset("‘’‚‛′＇")

# Not in the category of format characters, yet they show nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")


def ascii_of(char: str) -> str | None:
    """The ASCII form of a full-width or typographic character outside quotes; None where none is."""
    if char in DASHES:
        return DASHES[char]
    if char in DOUBLE_QUOTES:
        return '"'
    if char in SINGLE_QUOTES:
        return "'"
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    if char not in " \t\n" and unicodedata.category(char) == "Zs":
        return " "
    return {"。": ".", "、": ",", "〈": "<", "〉": ">", "《": "<", "》": ">"}.get(char)


def is_hidden(char: str) -> bool:
    """Whether a character shows nothing, turns the reading direction, or is a control character."""
    if char in "\t\n":
        return False
    category = unicodedata.category(char)
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} or char in _BLANK_LETTERS or selector


def check_characters(text: str) -> None:
    """Passes a text that a person could have read as it stands.

    Raises:
        CommandSyntaxError: it is too long, or holds a hidden or control character, which is named.
    """
    if len(text) > MAX_LINE_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_LINE_BYTES:
        raise CommandSyntaxError(
            Text(
                en=f"The line is longer than {MAX_LINE_BYTES // 1024} KiB; no docker line needs that.",
                zh=f"这一行超过了 {MAX_LINE_BYTES // 1024} KiB，任何 docker 命令都不需要这么长。",
            )
        )
    for char in text:
        if is_hidden(char):
            name = f"U+{ord(char):04X} {unicodedata.name(char, 'control character')}"
            raise CommandSyntaxError(
                Text(
                    en=f"The line holds a character that cannot be seen ({name}). What is shown and what "
                    "would run could differ, so it is refused; type the line anew.",
                    zh=f"这一行含有看不见的字符（{name}）。显示的内容可能与实际执行的不同，"
                    "因此拒绝；请重新输入。",
                ),
                word=name,
            )
