"""Which ones there are: the notes' own list or table, whole where it fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.composing import Draft, words_in
from assistant.shapes.found import Found, Place, in_one_language, introduces, places_near, rows_of
from assistant.shapes.frames import REST
from assistant.shapes.subjects import key_of
from assistant.statements import Statement, without_mark
from knowledge.asked import Asked
from knowledge.values import Block

_FITS = 0.75  # the part of what is asked for that heading, introduction and header have to hold
_HEADED = 0.5  # the part that the heading alone has to hold
_AS_GOOD = 0.85  # how near to the best one a second list must come
_LEAST = 2  # items of a list
_MOST_ITEMS = 10
_MOST_WORDS = 150
_TABLE = 0.1


_FRAME = re.compile(
    r"\b(?:what|which|list|all|every|name|give me|show me|me|the|are there|exists?|kinds?|types?|sorts?"
    r"|ways?|different|"
    r"available|possible|supported|can i (?:use|choose|set)|do(?:es)?|have|has|there|are|is|of|how many)\b"
    r"|(?:都|一共|总共)?有(?:着)?(?:哪|那)(?:些|几)(?:种|个|类|条)?|哪几(?:种|个|类|条)|哪些|都有(?:什么|啥)|有几(?:种|类|个)|列举(?:一下)?"
    r"|罗列(?:一下)?|列一下|列出|所有的?|全部的?|方式|方法|种类|类型|[?？。]",
    re.IGNORECASE,
)
_OBJECTS = frozenset({"image", "container", "volume", "network", "pod", "service"})


def _topic(question: str) -> str:
    """What is to be listed, without the words that ask for a list."""
    return " ".join(_FRAME.sub(" ", question).split()) or question


@dataclass(frozen=True, slots=True)
class _List:
    """A list or a table: its worth and place, what introduces it, its items; of a table header and rows."""

    worth: float
    place: Place
    lead: Statement | None
    header: tuple[str, ...]
    items: tuple[Statement, ...]
    table: Statement | None = None


def write_list(draft: Draft, found: Found) -> bool:
    """Writes the lists that hold what is asked for; whether there is one."""
    topic = _topic(found.question)
    if key_of(topic) <= _OBJECTS and len(key_of(topic)) == 1:
        return False  # those are there or not, and a command tells
    asked = found.library.asked(topic)
    lists = [one for place in places_near(found.hits, found.library) for one in _lists(place, asked)]
    rated = [(one.worth, one.place.note.path) for one in lists]
    language = in_one_language(rated, found.library, found.language)
    own = sorted(
        (one for one in lists if one.place.note.language == language), key=lambda one: -one.worth
    )  # fmt: skip
    best = [one for one in own[:2] if one.worth >= _AS_GOOD * own[0].worth]
    if not best:
        return _write_headings(draft, found, asked)
    draft.head()
    for one in best:
        if len(best) > 1:
            draft.note(f"**{' > '.join(one.place.section.headings[-2:])}**")
        _write(draft, found, one)
    return True


def _write(draft: Draft, found: Found, one: _List) -> None:
    shown = _fitting(one.items)
    if one.lead is not None:
        draft.told([(one.lead, ())])
        shown = tuple(replace(item, depth=one.lead.depth + 1) for item in shown)
    if one.table is not None:
        draft.table(one.table, one.header, shown if len(shown) < len(one.items) else ())
    else:
        draft.told([(item, ()) for item in shown])
    if len(shown) < len(one.items):
        place = " > ".join(one.place.section.headings[-2:])
        rest = len(one.items) - len(shown)
        draft.note(REST.said_in(found.language).format(count=rest, place=place))


def _fitting(items: Sequence[Statement]) -> tuple[Statement, ...]:
    kept: list[Statement] = []
    words = 0.0
    for item in items:
        words += words_in(item.text)
        if kept and (len(kept) == _MOST_ITEMS or words > _MOST_WORDS):
            break
        kept.append(item)
    return tuple(kept)


def _lists(place: Place, asked: Asked) -> Iterator[_List]:
    """The lists and tables of a section that hold what is asked for."""
    said = place.says(asked)
    for group, before in _groups(place.section.blocks):
        items, header, table = _items(group, place, said)
        if len(items) < _LEAST:
            continue
        lead = _lead(before, said)
        headed = asked.words_in(place.heading)
        share = asked.share(headed | asked.words_in(" ".join((lead.text if lead else "", *header[:1]))))
        is_led = lead is not None and asked.share(asked.words_in(lead.text)) >= _FITS
        if share >= _FITS and (is_led or asked.share(headed) >= _HEADED):
            worth = share + 0.5 * asked.share(headed) + (_TABLE if table is not None else 0.0)
            yield _List(worth, place, lead, header, items, table)


def _lead(before: Block | None, said: Sequence[Statement]) -> Statement | None:
    """The sentence before a list that introduces it."""
    if before is None or before.kind not in {"paragraph", "item"}:
        return None
    own = [s for s in said if before.first_line <= s.first_line <= before.last_line]
    return own[-1] if own and introduces(own[-1].text) else None


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[list[Block], Block | None]]:
    """Each table, and the items that follow each other, with the block before."""
    at = 0
    while at < len(blocks):
        end = at + 1
        if blocks[at].kind == "item":
            while end < len(blocks) and blocks[end].kind == "item":
                end += 1
        if blocks[at].kind in {"item", "table"}:
            depth = blocks[at].depth
            yield [b for b in blocks[at:end] if b.depth == depth], blocks[at - 1] if at else None
        at = end


def _items(
    group: Sequence[Block], place: Place, said: Sequence[Statement]
) -> tuple[tuple[Statement, ...], tuple[str, ...], Statement | None]:
    """The items of a list, or a table's rows with its header and itself."""
    first = [next((s for s in said if s.first_line == block.first_line), None) for block in group]
    if group[0].kind == "table":
        header, rows = rows_of(group[0], place.note)
        table = first[0]
        if table is None or not header:
            return (), (), None
        cut = tuple(replace(table, text=row, first_line=n, last_line=n) for n, row in rows)
        return cut, tuple(header), table
    items = []
    for block, statement in zip(group, first, strict=True):
        if statement is not None:
            whole = without_mark(place.note.quote(block.first_line, block.last_line))
            items.append(replace(statement, text=whole, last_line=block.last_line))
    return tuple(items), (), None


def _write_headings(draft: Draft, found: Found, asked: Asked) -> bool:
    """Where a heading holds what is asked for, and others stand under it: those; whether there are some."""
    for place in places_near(found.hits, found.library):
        above = place.section.headings[:-1]
        if place.note.language != found.language or not above:
            continue
        if asked.share(asked.words_in(above[-1])) < _FITS:
            continue
        under = [s for s in found.library.sections(place.note.path) if s.headings[:-1] == above]
        if len(under) > _LEAST:
            draft.head()
            for section in under[:_MOST_ITEMS]:
                line = place.note.lines[section.first_line - 1]
                quote = section.headings[-1] if section.headings[-1] in line else line.strip()
                draft.glossed(place.note, section.headings, section.first_line, quote)
            if len(under) > _MOST_ITEMS:
                rest, where = len(under) - _MOST_ITEMS, " > ".join(above[-2:])
                draft.note(REST.said_in(found.language).format(count=rest, place=where))
            return True
    return False
