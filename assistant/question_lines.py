"""The docker line a question is about, without the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.docker_words import COMMANDS, GROUPS

_CODE = re.compile(r"`\s*((?:sudo\s+)?(?:docker(?:-compose)?|kubectl)\s+[^`]+?)\s*`")
_BARE = re.compile(r"(?<![\w./-])(?:sudo\s+)?(?:docker(?:-compose)?|kubectl)\s+[a-z][\x20-\x7e]*")
_WORD = re.compile(r"(?:\"[^\"]*\"|'[^']*'|\$\([^)]*\)|[^\s\"'])+")
_END = ".?!,;:`"
_PROSE = frozenset(
    """what whats what's which mean means meaning does do doing is are was works work please explain
    explained explanation vs versus and or but when why how not for stand stands exactly fails failed
    fail gives says shows prints returns command commands option options flag flags again i my the a an
    this that it in on with to from of about have has need really actually""".split()  # noqa: SIM905 - quoted it would be twice as long
)  # words that no docker line holds outside of quotes, besides names nobody gives


def line_in(question: str) -> str:
    """The docker line in a question; empty where it holds none, or only a word behind ``docker``."""
    code = _CODE.search(question)
    if code:
        return " ".join(code[1].split())
    for found in _BARE.finditer(question):
        words = list(_words(found[0]))
        at = 1 if words[:1] == ["sudo"] else 0
        if len(words) > at + 1 and (words[at] == "kubectl" or words[at + 1] in COMMANDS | GROUPS):
            return " ".join(words)
    return ""


def _words(text: str) -> Iterator[str]:
    """The words of a line up to where prose goes on."""
    for at, found in enumerate(_WORD.finditer(text)):
        word = found[0]
        bare = word.rstrip(_END) or (word if set(word) <= {"."} else "")
        if not bare:
            return
        if at and bare.lower() in _PROSE:
            return
        if word != bare and word.rstrip("?!,;`").endswith(".") and not bare.endswith("."):
            word = bare  # the full stop of the sentence
        yield word.rstrip("?!,;:`") or word
