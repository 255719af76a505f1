"""How much a statement tells what a thing is, and the statements that do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.shapes.found import Place, cells, introduces, rows_of
from assistant.shapes.subjects import Subject
from assistant.statements import Statement

ENTRY = 3.0
"""What an entry counts: ``Image: a template …``, a table's row."""
IS = 2.5
"""What a sentence counts that says so: "A container is a …"."""
ASKED_ABOVE = 2.2
"""What the first sentence counts under a heading that asks what the thing is."""
GLOSS = 1.9
BEGINS = 1.2
"""What a sentence counts that has the thing as its subject."""

ENTRY_MARK = re.compile(r"^[\s*_]*((?:`[^`]{1,60}`|[^:：`\n]){1,48}?)[\s*_]*[:：][\s*_]*(?=\S)(?!//)")
"""How an entry begins: a name, perhaps with another in brackets, then a colon."""
_LEAST_TOLD = 4  # characters an entry tells
_IS = re.compile(
    r"^(.{1,60}?)[\s*`]*(?:"
    r"(?P<what>\b(?:is|are)\s+(?:an?|the|one|merely|just|only|what|nothing but|like|simply|short for)\b"
    r"|\bmeans?\b|\brefers? to\b|\bstands for\b"
    r"|是指|指的是|就是|实际上是|其实是|相当于|更像|指(?=[^定出明])|用于|用来|只是|不过是"
    r"|是(?=\s*(?:一|用来|用于|由|容器|镜像|Docker|为了)))"
    r"|(?P<does>\b(?:is|are|lets|packs|describes|holds|gives|puts|keeps|runs|connects|carries|creates|looks"
    r"|makes)\b"
    r"|是|把|由|让|给|会|可以|能|负责))",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    r"([^（()）,，。.；;]{1,30})\s*"
    r"[（(](?!without|for example|e\.g|such as|see |if |例如|比如|如|见|除)[^（()）]{12,}[）)]"
)
_APPOSITION = re.compile(
    r"([^（()）,，。.；;]{1,40}),\s+(?:an?|the) (?:[\w-]+ ){1,3}"
    r"(?:that|which|from which|in which|where|with)\b"
)
_ABOVE = re.compile(
    r"^\W*[\d.]*\s*(?:what\s+)?(?P<a>.+?)\s*(?:is|are|does|do|is for|are for|consists? of"
    r"|做了(?:什么|哪些事)|(?:分别)?是什么|是什么意思|(?:的)?(?:作用|用途|含义|介绍|简介|概念))\W*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^\W*[\d.]*\s*(?:what(?:\W?s| is| are)\s+|什么是|认识|关于)", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+|[、,，]|和|与|及", re.IGNORECASE)
_SPAN = re.compile(r"`[^`]*`")
_ROW = 0.1  # what a row counts less than an entry with a sentence
_CODE = 1.0  # what an entry counts less whose name is code, for a thing that is none


@dataclass(frozen=True, slots=True)
class Definition:
    """A statement that tells what a thing is; ``header`` are a table's own lines where it is a row."""

    worth: float
    statement: Statement
    header: tuple[str, ...] = ()


def definitions_of(subject: Subject, places: Sequence[Place]) -> list[Definition]:
    """What tells what a thing is in these sections, the best first, each line once."""
    found: dict[tuple[str, int, str], Definition] = {}
    for rank, place in enumerate(places):
        for one in _in_place(subject, place):
            nearer = replace(one, worth=one.worth - 0.01 * rank)
            key = (place.note.path, one.statement.first_line, one.statement.text)
            if key not in found or found[key].worth < nearer.worth:
                found[key] = nearer
    return sorted(found.values(), key=lambda one: -one.worth)


def _in_place(subject: Subject, place: Place) -> Iterator[Definition]:
    above = _is_asked_above(subject, place.heading)
    is_first = True
    for statement in place.says(subject.asked):
        if statement.kind == "table":
            yield from _rows(subject, place, statement)
            continue
        if len(_SPAN.sub("", statement.text).strip(" *_:：")) < _LEAST_TOLD:
            continue  # code alone tells nothing
        worth = _worth(subject, statement.text)
        if above and is_first and not introduces(statement.text):
            worth = max(worth, above)
        is_first = is_first and introduces(statement.text)
        if worth and not introduces(statement.text):
            yield Definition(worth, statement)


def _rows(subject: Subject, place: Place, table: Statement) -> Iterator[Definition]:
    """The rows of a table that are about the thing."""
    for block in place.section.blocks:
        if block.first_line != table.first_line:
            continue
        header, rows = rows_of(block, place.note)
        for line, row in rows:
            first = cells(row)[0]
            names = re.split(r"\s*(?:/|,|，|、)\s*", first)
            if subject.is_named_by(first) or any(map(subject.is_named_by, names)):
                own = replace(table, text=row, first_line=line, last_line=line)
                yield Definition(ENTRY - _ROW, own, tuple(header))


def _worth(subject: Subject, text: str) -> float:
    """How much a text by itself tells what the thing is; 0 where it only mentions it."""
    entry = ENTRY_MARK.match(text)
    if entry and subject.is_named_by(entry[1]) and len(text) - entry.end() >= _LEAST_TOLD:
        is_code = subject.sort == "thing" and entry[1].strip(" *_").startswith("`")
        return ENTRY - (_CODE if is_code else 0.0)
    said = _IS.match(text)
    if said and subject.is_named_by(said[1]):
        return IS if said["what"] else BEGINS + 0.4
    if _is_glossed(subject, text):
        return GLOSS
    if subject.sort in {"flag", "instruction", "command"} and _begins(subject, text):
        return BEGINS
    return 0.0


def _begins(subject: Subject, text: str) -> bool:
    """Whether a text begins with a command, an instruction or a flag."""
    code = re.match(r"^\W*`([^`]+)`", text)
    return bool(code and (subject.is_named_by(code[1]) or subject.is_named_by(code[1].split(" ")[0])))


def _is_glossed(subject: Subject, text: str) -> bool:
    """Whether brackets or an apposition tell what it is ("the host (the machine that …)")."""
    return any(
        subject.is_named_by(end)
        for pattern in (_BRACKETS, _APPOSITION)
        for found in pattern.finditer(text)
        for end in _ends(found[1])
    )


def _ends(text: str) -> list[str]:
    """The last one to three words of a text, and all of it."""
    words = text.split()
    return [text, *(" ".join(words[-n:]) for n in (1, 2, 3) if n < len(words))]


def _is_asked_above(subject: Subject, heading: str) -> float:
    """What a heading counts for the first sentence under it: more where it asks what the thing is."""
    asks = _ABOVE.match(_LEAD.sub("", heading)) or _LEAD.match(heading)
    named = asks["a"] if asks and asks.re is _ABOVE else _LEAD.sub("", heading)
    named = re.sub(r"\s*(?:分别|is|are|does)$", "", named)
    whole, *after = re.split(r"[:：]", named)
    names = [whole, *after, *(_AND.split(whole) if asks else ())]
    if not any(subject.is_named_by(name) for name in names if name.strip()):
        return 0.0
    return ASKED_ABOVE if asks else BEGINS + 0.5
