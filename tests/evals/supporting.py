"""Whether what an answer says with a mark is borne out by the quote the mark names, found out anew.

A sentence of the notes has to stand in the quote as it is, but for spacing and marks of emphasis and
code; what the answer adds about it in the other language (see ``assistant.gist``) stands after the mark
and is no part of it. A command may be the quote's line mended or filled in. What a chat model worded
itself is held against the quotes by ``assistant.supports``, whatever the answer's own flags say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.claims import pieces_of
from assistant.supports import Supports
from assistant.values import Answer, Citation, Origin
from knowledge.language import language_of
from knowledge.library import Library
from knowledge.values import Chunk, Hit

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_CODE = re.compile(r"`[^`\n]*`")
_MARKS = re.compile(r"(?:\s*\[\d{1,3}\])+")
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_GIST = re.compile(r"^\s*\*(?:\(about: .*?\)|（说的是：.*?）)\*")
_REMARK = re.compile(r"^.*\*(?:\([^()]*\)|（[^（）]*）)\*\s*")  # after a sentence without marks
_LEAD = re.compile(r"^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?")
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_FENCE_LINE = re.compile(r"^\s*(?:`{3,}|~{3,}).*$", re.MULTILINE)
_CONTINUED = re.compile(r"\\[ \t]*\n")
_BARE = re.compile(r"\*\*|==|`|\s")


@dataclass(frozen=True, slots=True)
class Cited:
    """A stretch of an answer's text with the marks right after it; ``block`` for code and tables."""

    text: str
    marks: tuple[int, ...]
    block: bool = False


def unsupported(answer: Answer, library: Library) -> list[str]:
    """What an answer says with marks that the quotes they name do not bear out; empty where all is well."""
    said = (cited if cited.block or not answer.model else _last(cited) for cited in cited_in(answer.text))
    return [cited.text for cited in said if not _borne_out(cited, answer, library)]


def cited_in(text: str) -> Iterator[Cited]:
    """All that bears marks, in order: pieces of a line, and a block whose marks stand alone beneath it."""
    block: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if fence or opening:
            block = [line] if not fence else [*block, line]
            if opening:
                fence = opening[1] if not fence else "" if opening[1].startswith(fence) else fence
            continue
        if _MARKS.fullmatch(line) and block:
            yield Cited("\n".join(block), _numbers(line), block=True)
            block = []
        elif line.lstrip().startswith("|"):
            block = [*block, line] if block and block[-1].lstrip().startswith("|") else [line]
        elif line.strip():
            block = []
            yield from _cited_in_line(line)


def _cited_in_line(line: str) -> Iterator[Cited]:
    at = len(line) - len(_LEAD.sub("", line, count=1))
    hidden = _CODE.sub(lambda found: "x" * len(found[0]), line)  # a mark within code is none
    for found in _MARKS.finditer(hidden, at):
        said = _GIST.sub("", line[at : found.start()]).strip()
        yield Cited(said.removeprefix("— "), _numbers(found[0]))  # the dash after a command is the frame's
        at = found.end()


def _last(cited: Cited) -> Cited:
    """The sentence right before the marks: a chat model's other sentences stand unmarked before it.

    The notes' own words are not cut, since a statement of theirs may be several sentences.
    """
    text = _REMARK.sub("", cited.text)
    sentences = [piece.sentence for piece in pieces_of(text) if piece.sentence]
    return Cited(sentences[-1], cited.marks) if sentences else cited


def _numbers(marks: str) -> tuple[int, ...]:
    return tuple(int(n) for n in _NUMBER.findall(marks))


def _borne_out(cited: Cited, answer: Answer, library: Library) -> bool:
    known = {citation.n: citation for citation in answer.citations}
    if not set(cited.marks) <= known.keys():
        return False
    quotes = [known[n] for n in cited.marks]
    if all(_stands(_headless(cited, quote, library), quote, answer) for quote in quotes):
        return True
    return bool(answer.model) and not cited.block and _says(cited.text, quotes, answer, library)


def _headless(cited: Cited, quote: Citation, library: Library) -> Cited:
    """A row of a table without the head that was put above it, where that is the head of the row's table."""
    lines = cited.text.split("\n")
    if not cited.block or len(lines) < 3 or not quote.quote.lstrip().startswith("|"):
        return cited
    note = library.notes[quote.note].lines
    top = quote.first_line - 1
    while top > 0 and _QUOTED.sub("", note[top - 1]).lstrip().startswith("|"):
        top -= 1
    same = [_bare(line) for line in lines[:2]] == [_bare(line) for line in note[top : top + 2]]
    return replace(cited, text="\n".join(lines[2:])) if same and top < quote.first_line - 1 else cited


def _stands(cited: Cited, quote: Citation, answer: Answer) -> bool:
    """Whether the text is in the quote, names the quoted place, or is its command, mended or filled in."""
    said, there = _bare(cited.text), _bare(quote.quote)
    if said and said in there:
        return True
    if cited.text == f"{quote.note}: {' > '.join(quote.headings)}":
        return True
    return cited.block and any(
        one.citation == quote.n
        and one.command.origin in {Origin.CORRECTED, Origin.ADAPTED}
        and _bare(one.command.text) == said
        and _bare(one.command.written) in there
        for one in answer.commands
    )


def _bare(text: str) -> str:
    """A text without quote signs, fences, joints of lines, marks and spacing."""
    return _BARE.sub("", _CONTINUED.sub(" ", _FENCE_LINE.sub("", _QUOTED.sub("", text))))


def _says(sentence: str, quotes: list[Citation], answer: Answer, library: Library) -> bool:
    """Whether a sentence is borne out by its quotes, each of them with a part of it, figures included."""
    hits = [Hit(_chunk(quote, library), 1.0) for quote in quotes]
    every = range(1, len(hits) + 1)
    found = Supports(answer.question, hits, library).of(sentence, every)
    return found is None or (set(found.hits) == set(every) and not found.differs)


def _chunk(quote: Citation, library: Library) -> Chunk:
    """A quote as if it had been found; one without Chinese, a command say, is in its note's language."""
    place = (quote.note, quote.headings, quote.first_line, quote.last_line)
    language = language_of(quote.quote)
    language = language if language == "zh" else library.notes[quote.note].language
    return Chunk(f"quote {quote.n}", *place, quote.quote, language)
