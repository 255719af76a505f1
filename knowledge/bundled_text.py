"""Text as both engines of the bundled model read it alike.

The wheel's engine and the tokenizers library agree on ordinary text. They differ on NUL (the engine
stops there), on accents written apart from their letter, and on neighbouring characters the model
does not know; and both take a literal ``</s>`` for the end of the text. What would be read in two
ways is written in one way here, before either engine sees it.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.bundled_weights import HEAD, MAX_TOKENS, SPECIAL, SPECIALS_HEAD

MAX_CHARACTERS = 8_000
"""What lies beyond is not read: a pasted log must not take minutes. Chunks are far shorter."""

_SURELY_SHORT = 480  # characters: no token is shorter than one, and the prompt takes six
_SPECIAL = re.compile("|".join(re.escape(piece) for piece in SPECIAL))
_MARKS = re.compile("[▁\ufffd]")  # the tokenizer's own sign for a space; a broken character
_UNKNOWN = "\U000f0000"  # for private use, so no model knows it
_ODD = ("Cc", "Cf", "Cs", "Cn")  # control, invisible, half a pair, unassigned


def plain(text: str, weights: Path) -> str:
    """The text normalised (NFKC), on one line, without control characters and special pieces.

    Args:
        text: any text, half surrogate pairs included.
        weights: the wheel's weights file, which knows the model's characters.
    """
    text = text[: 4 * MAX_CHARACTERS]
    text = _MARKS.sub(" ", " ".join(text.split()))
    text = "".join(char for char in text if unicodedata.category(char) not in _ODD)
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    text = _SPECIAL.sub(lambda found: f"< {found[0][1:]}", text[:MAX_CHARACTERS])
    return text if text.isascii() else _without_unknown_runs(text, _known_characters(weights))


def windows(text: str, count: Callable[[str], int]) -> list[str]:
    """The text in pieces the model reads whole, cut at spaces near the middle.

    Args:
        text: plain text.
        count: tokens of a text, prompt and both ends included.
    """
    if len(text) <= _SURELY_SHORT or count(text) <= MAX_TOKENS:
        return [text]
    middle = len(text) // 2
    cut = text.rfind(" ", middle // 2, middle)
    cut = middle if cut < 0 else cut
    return windows(text[:cut].strip(), count) + windows(text[cut:].strip(), count)


def _without_unknown_runs(text: str, known: NDArray[np.bool_]) -> str:
    """One and the same unknown character for each run of them; they all mean the same to the model."""
    unknown = ~known[np.frombuffer(text.encode("utf-32-le"), "<u4")]
    if not unknown.any():
        return text
    again = np.concatenate([[False], unknown[1:] & unknown[:-1]])
    return "".join(
        _UNKNOWN if strange else char
        for char, strange, more in zip(text, unknown.tolist(), again.tolist(), strict=True)
        if not more
    )


@cache
def _known_characters(weights: Path) -> NDArray[np.bool_]:
    """For every code point, whether the model knows it; read from the tokenizer's pieces (10 ms)."""
    with weights.open("rb") as file:
        file.seek(struct.calcsize(HEAD))
        count, *_special, blob_bytes = struct.unpack(SPECIALS_HEAD, file.read(struct.calcsize(SPECIALS_HEAD)))
        file.seek(4 * (count + 1) + 4 * count, 1)
        pieces = file.read(blob_bytes).decode("utf-8")
    known = np.zeros(0x110000, np.bool_)
    known[np.frombuffer(pieces.encode("utf-32-le"), "<u4")] = True
    known[ord(" ")] = True
    return known
