"""What the notes say of two or more things that are held against each other, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.composing import Draft, words_in
from assistant.shapes.definitions import ENTRY, IS, Definition, definitions_of
from assistant.shapes.found import Found, Place, cells, in_one_language, introduces, places_near, rows_of
from assistant.shapes.frames import NO_MORE, UNMENTIONED, UNTOLD
from assistant.shapes.glosses import Gloss, gloss_of
from assistant.shapes.subjects import Subject, subjects_of
from assistant.sides import sides_of
from assistant.statements import Statement
from knowledge.language import Language, Text

_OF_EACH = 6  # hits looked up for each of the things
_WHOLE = 4.0  # worth of a table from which it tells of each of the things
_NEARLY = 0.5
_EARLY = 30  # characters in which a sentence names what it is about
_CONTRAST = 1.5  # worth from which a sentence holds them against each other
_SAME_PLACE = 0.3  # what it counts that a section tells of each of the things
_LONG_TABLE = 7  # rows from which only those of the things are shown
_MOST_WORDS = 70  # of the sentences that hold the things against each other
_TELLS = 2.0  # worth from which a statement on one thing is taken beside a table

_CONTRASTS = re.compile(
    r"\b(?:differ\w*|compared?|versus|vs|while|whereas|unlike|instead|rather than|but|only|merely|enough)\b"
    r"|区别|不同|差别|对比|比较|而(?!且)|则|相比|只是|但|不能|才",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"\b(?:differ\w*|compared|comparison|versus|vs|which|or)\b|区别|不同|对比|比较|差别|还是|配合|哪",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that holds the things against each other, with those of its rows that are about them."""

    worth: float
    statement: Statement
    header: tuple[str, ...]
    rows: tuple[Statement, ...]
    count: int


def write_difference(draft: Draft, found: Found) -> bool:
    """Writes what parts the things of a question; whether the notes tell of one of them at least."""
    names = sides_of(found.question)
    if names is None:
        return False
    sides = subjects_of(names, found.library)
    absent = [side for side in sides if side.is_unknown(found.library)]
    if len(absent) == len(sides):
        return False
    places = _places(found, [side for side in sides if side not in absent])
    tables, sentences = ([], []) if absent else _contrasts(sides, places, found)
    by_side = _together({side.name: definitions_of(side, places) for side in sides if side not in absent})
    rated = [(t.worth, t.statement.note) for t in tables] + [(w, s.note) for w, s in sentences]
    rated += [(d.worth, d.statement.note) for each in by_side.values() for d in each[:1]]
    language = in_one_language(rated, found.library, found.language)
    if language is None:
        return False
    kept = [t for t in tables if found.library.notes[t.statement.note].language == language]
    said = [s for w, s in sentences if w >= _CONTRAST and found.library.notes[s.note].language == language]
    _write(draft, found, _Sides(sides, absent, language, kept, said, by_side, places))
    return True


def _together(by_side: dict[str, list[Definition]]) -> dict[str, list[Definition]]:
    """The same, those first that stand where each of the things is told of."""
    places = [{(d.statement.note, d.statement.headings) for d in each} for each in by_side.values()]
    common = set.intersection(*places) if places else set()
    return {
        name: sorted(
            each,
            key=lambda d: -d.worth - _SAME_PLACE * ((d.statement.note, d.statement.headings) in common),
        )
        for name, each in by_side.items()
    }


@dataclass(frozen=True, slots=True)
class _Sides:
    """All that is told of the sides, the best first; in any language but ``said`` and ``tables``."""

    sides: Sequence[Subject]
    absent: Sequence[Subject]
    language: Language
    tables: Sequence[_Table]
    said: Sequence[Statement]
    by_side: dict[str, list[Definition]]
    places: Sequence[Place]


def _write(draft: Draft, found: Found, all_: _Sides) -> None:
    table = next(iter(all_.tables), None)
    if all_.absent:
        draft.note(_named(UNMENTIONED, all_.absent, found.language))
    told: set[str] = set()
    if table is not None:
        draft.head()
        is_short = table.count <= _LONG_TABLE and table.worth >= _WHOLE
        draft.table(table.statement, table.header, () if is_short else table.rows)
        told |= {side.name for side in all_.sides} if table.worth >= _WHOLE else set()
    own = {side.name: _of_side(side, all_, found, beside_table=bool(told)) for side in all_.sides}
    if told and not all(definitions for definitions, _ in own.values()):
        own = {side.name: ([], None) for side in all_.sides}  # the table tells of each
    taken = {d.statement.text for each, _ in own.values() for d in each}
    entries = [
        {(d.statement.note, d.statement.headings) for d in each if d.worth >= IS} for each, _ in own.values()
    ]
    is_told = bool(set.intersection(*entries))  # one section tells of each, and so what parts them
    both = [s for s in all_.said if not any(s.text in text for text in taken)] if not is_told else []
    short = [(s, ()) for s in _short(both, most=1 if table is not None else 2)]
    if short and table is None:
        draft.head()
    draft.told(short)
    for side in all_.sides:
        definitions, gloss = own[side.name]
        if definitions or gloss:
            draft.note(f"**{side.name}**")
            draft.told([(d.statement, d.header) for d in definitions])
            if gloss:
                draft.glossed(gloss.note, gloss.headings, gloss.line, gloss.text, gloss.written)
    _unsaid(draft, found, all_, told | {name for name, (d, g) in own.items() if d or g}, bool(both or table))


def _unsaid(draft: Draft, found: Found, all_: _Sides, told: set[str], has_both: bool) -> None:
    """Says which of the things the notes do not tell of."""
    left = [
        side
        for side in all_.sides
        if side.name not in told
        and side not in all_.absent
        and not (has_both and _is_told_elsewhere(side, all_))
    ]
    if left and not (has_both and len(left) == len(all_.sides)):
        draft.note(_named(NO_MORE if has_both else UNTOLD, left, found.language))


def _is_told_elsewhere(side: Subject, all_: _Sides) -> bool:
    """Whether the notes speak of it besides what holds it against the others."""
    texts = (block.text for p in _of_language(all_.places, all_.language) for block in p.section.blocks)
    others = [other for other in all_.sides if other.name != side.name]
    return any(side.stands_in(text) and not any(o.stands_in(text) for o in others) for text in texts)


def _of_side(
    side: Subject, all_: _Sides, found: Found, *, beside_table: bool
) -> tuple[list[Definition], Gloss | None]:
    """What is told of one of the things by itself."""
    others = [other for other in all_.sides if other.name != side.name]
    known = [
        d
        for d in all_.by_side.get(side.name, [])
        if found.library.notes[d.statement.note].language == all_.language
        and not (beside_table and (d.header or d.worth < _TELLS))
        and not (d.header and all(_is_row_of(other, d.statement.text) for other in others))
        and (d.worth >= IS or not any(d.statement.text == s.text for s in all_.said))
    ]
    best = known[:1]
    if best and not beside_table:
        best += [
            d
            for d in known[1:2]
            if d.worth >= ENTRY - _NEARLY
            or (best[0].worth < IS and not any(o.stands_in(d.statement.text) for o in others))
        ]
    gloss = None
    if side.sort == "command" and not (best and best[0].worth >= IS) and not beside_table:
        gloss = gloss_of(f"docker {side.bare}", _of_language(all_.places, all_.language), all_.language)
    return best if best or gloss or beside_table else _mentions(side, all_), gloss


def _mentions(side: Subject, all_: _Sides) -> list[Definition]:
    """A sentence under a heading that names one of the things, where nothing tells what it is."""
    others = [other for other in all_.sides if other.name != side.name]
    said = [
        s
        for place in _of_language(all_.places, all_.language)
        if side.stands_in(place.heading)
        for s in place.says(side.asked)
        if s.kind != "table" and side.stands_in(s.text, as_code_only=True) and not introduces(s.text)
        if not any(other.stands_in(s.text) for other in others)
    ]
    early = [s for s in said if side.stands_in(s.text[:_EARLY])]
    return [Definition(0.0, s) for s in (early or said)[:1]]


def _of_language(places: Sequence[Place], language: Language) -> list[Place]:
    return [place for place in places if place.note.language == language]


def _places(found: Found, sides: Sequence[Subject]) -> list[Place]:
    """The sections near the question and near each of the things."""
    hits = list(found.hits[:20])
    for side in sides:
        name = f"docker {side.bare}" if side.sort == "command" else side.name
        hits += found.library.matches(name, limit=_OF_EACH)
    return places_near(hits, found.library, most=len(hits))


def _contrasts(
    sides: Sequence[Subject], places: Sequence[Place], found: Found
) -> tuple[list[_Table], list[tuple[float, Statement]]]:
    """The tables and the sentences that hold the things against each other, the best first."""
    tables, sentences = [], []
    for place in places:
        headed = all(side.stands_in(place.heading) for side in sides)
        headed_worth = (1.0 if _HEADED.search(place.heading) else 0.6) if headed else 0.0
        for statement in place.says(found.asked):
            if statement.kind == "table":
                table = _table(sides, place, statement, headed_worth)
                tables += [table] if table else []
            elif not introduces(statement.text):
                worth = _contrast(sides, statement.text, headed_worth)
                sentences += [(worth, statement)] if worth else []
    return sorted(tables, key=lambda t: -t.worth), sorted(sentences, key=lambda one: -one[0])


def _table(sides: Sequence[Subject], place: Place, statement: Statement, headed: float) -> _Table | None:
    block = next(b for b in place.section.blocks if b.first_line == statement.first_line)
    header, rows = rows_of(block, place.note)
    if not header:
        return None
    columns = cells(header[0])
    by_side = [[(n, row) for n, row in rows if _is_row_of(side, row)] for side in sides]
    if all(any(side.is_named_by(column) for column in columns) for side in sides):
        return _Table(5.0 + headed, statement, tuple(header), (), len(rows))
    if all(by_side):
        own = {n: row for each in by_side for n, row in each}
        kept = tuple(_row(statement, n, row) for n, row in sorted(own.items()))
        exact = all(side.name in row for row in own.values() for side in sides)
        worth = _WHOLE + headed if len(own) >= len(sides) else 2.5 + 0.2 * exact
        return _Table(worth, statement, tuple(header), kept, len(rows))
    return None


def _row(table: Statement, line: int, text: str) -> Statement:
    return Statement(
        text, "table", table.note, table.headings, line, line, table.score, table.share, table.words
    )


def _is_row_of(side: Subject, row: str) -> bool:
    first = cells(row)[0]
    names = (first, *re.split(r"\s*(?:/|,|，|、)\s*", first))
    return any(map(side.is_named_by, names)) or (side.sort == "thing" and side.stands_in(first))


def _contrast(sides: Sequence[Subject], text: str, headed: float) -> float:
    """How much a sentence holds the things against each other; 0 where it does not name them."""
    named = [side.stands_in(text) for side in sides]
    contrasts = 0.6 if _CONTRASTS.search(text) else 0.0
    if all(named):
        return 1.0 + contrasts + headed
    return headed + contrasts if headed == 1.0 and contrasts and any(named) else 0.0


def _short(statements: Sequence[Statement], *, most: int) -> list[Statement]:
    kept: list[Statement] = []
    total = 0.0
    for statement in statements[:most]:
        total += words_in(statement.text)
        if kept and total > _MOST_WORDS:
            break
        kept.append(statement)
    return kept


def _named(text: Text, sides: Sequence[Subject], language: Language) -> str:
    joint = "、" if language == "zh" else " and "
    marked = [f"`{s.name}`" if s.sort != "thing" else f"“{s.name}”" for s in sides]
    return text.said_in(language).format(names=joint.join(marked))
