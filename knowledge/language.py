"""The two languages everything a person sees exists in, and how a question's is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]

_CJK = re.compile(r"[㐀-鿿豈-﫿]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")


@dataclass(frozen=True, slots=True)
class Text:
    """One message for a person, in both languages, written side by side."""

    en: str
    zh: str

    def said_in(self, language: Language) -> str:
        """The message in one language."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """The message with its fields (``{name}``) filled in, in both languages."""
        return Text(self.en.format(**values), self.zh.format(**values))


Tell = Callable[[Text], None]
"""Told what a person should know, in one line."""


def silent(_text: Text) -> None:
    """Tells nobody."""


def language_of(text: str) -> Language:
    """The language a person wrote in: Chinese as soon as it carries a fair share of Han characters.

    A Chinese question about Docker is full of Latin words (``docker run -d 是什么意思``), so one
    Han character weighs as much as a whole Latin word.
    """
    han = len(_CJK.findall(text))
    words = len(_LATIN_WORD.findall(text))
    return "zh" if han >= 2 and han * 2 >= words else "en"
