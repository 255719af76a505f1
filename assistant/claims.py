"""A chat model's text, sentence by sentence: what in it is prose, what code, and which marks it bears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MARK = re.compile(r"\s*\[(\d{1,3})\]")
"""A citation mark with the space before it."""

_NUMBER = re.compile(r"\[(\d{1,3})\]")
_FENCE = re.compile(r"^\s*(?:[-*>]\s+)?(`{3,}|~{3,})")
_LEAD = re.compile(r"^\s*(?:(?:[-*+>]|\d{1,2}[.)])\s+|#{1,6}\s+)*")
_SENTENCE = re.compile(r".+?(?:[。！？；](?:\s*\[\d{1,3}\])*|[.!?](?:\s*\[\d{1,3}\])*(?=\s|$)|$)", re.DOTALL)
_END = re.compile(r"(?:[。！？\]\n]|[A-Za-z`)][.!?])$")  # a dot after a digit may stand in a version
_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_REFERENCE = re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]")
_DEFINITION = re.compile(r"^\s*\[[^\]\n]+\]:\s*\S+.*$")
_ADDRESS = re.compile(r"<((?:https?|ftp|mailto|data|file|javascript):[^>\s]*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; all of them together are the text.

    A ``sentence`` is prose with its marks taken out, ``marks`` their numbers; ``lead`` is what stands
    before it on its line (a list's mark). Anything else (code, line ends) is only ``lead``.
    """

    lead: str
    sentence: str = ""
    marks: tuple[int, ...] = ()


def pieces_of(text: str) -> Iterator[Piece]:
    """The text cut into sentences and what is between them."""
    fence = ""
    for line in text.splitlines(keepends=True):
        opening = _FENCE.match(line)
        if fence or opening:
            yield Piece(line)
            if opening and not fence:
                fence = opening[1]
            elif opening and opening[1].startswith(fence):
                fence = ""
            continue
        yield from _of_line(line)


def _of_line(line: str) -> Iterator[Piece]:
    body = line.rstrip("\r\n")
    lead = _LEAD.match(body)
    at = lead.end() if lead else 0
    yield Piece(body[:at])
    for found in _SENTENCE.finditer(body, at):
        sentence = MARK.sub("", found[0])
        marks = tuple(int(n) for n in MARK.findall(found[0]))
        space = sentence[: len(sentence) - len(sentence.lstrip())]
        yield Piece(space, sentence.strip(), marks)
    yield Piece(line[len(body) :])


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The text with the citation marks of its prose renumbered; marks without a new number stay."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if opening:
            fence = "" if fence else opening[1]
        lines.append(
            line if fence or opening else _NUMBER.sub(lambda m: f"[{numbers.get(int(m[1]), m[1])}]", line)
        )
    return "\n".join(lines)


def is_whole(text: str) -> bool:
    """Whether a text could end here: after a sentence or a line's end, and not within code."""
    fences = [line for line in text.split("\n") if _FENCE.match(line)]
    return len(fences) % 2 == 0 and _END.search(text) is not None


def defused(text: str) -> str:
    """The text with nothing in its prose that a viewer of Markdown would fetch, follow or run.

    Pictures and links keep their words, HTML becomes text; code stays as it is.
    """
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if fence or opening:
            fence = opening[1] if opening and not fence else "" if opening else fence
            lines.append(line)
        elif not _DEFINITION.match(line):
            lines.append(_plain(line))
    return "\n".join(lines)


def _plain(line: str) -> str:
    """One line of prose; what is between backquotes is kept."""
    parts: list[str] = []
    at = 0
    for code in _INLINE_CODE.finditer(line):
        parts += [_without_links(line[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, _without_links(line[at:])])


def _without_links(text: str) -> str:
    while (once := _REFERENCE.sub(r"\1", _LINK.sub(r"\1", text))) != text:
        text = once
    text = _ADDRESS.sub(r"\1", text)
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text).replace("![", "[")
