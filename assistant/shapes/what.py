"""What something is: its definition first."""

from __future__ import annotations

import re

from assistant.composing import Draft, within
from assistant.shapes.definitions import ENTRY_MARK, GLOSS, Definition, definitions_of
from assistant.shapes.found import Found, Place, in_one_language, introduces, places_near
from assistant.shapes.subjects import Subject, subject_of
from assistant.statements import Statement

_MOST = 3
_FRAME = re.compile(
    r"^\W*(?:please |can you )?(?:tell me |explain |define |do you know )*"
    r"(?:what(?:\W?s|s| is| are| does| do)?|waht is|wat is|define|who is|什么是|请问|啥是|什么叫(?:做)?"
    r"|解释一下|介绍一下|讲讲|说说)\s*(?:an?\s|the\s)?"
    r"|(?:\s(?:mean|means|exactly|actually|again|for|about))+(?=\W*$)"
    r"|\s*(?:到底|究竟)?(?:是(?:个|一个|指)?(?:什么|啥)(?:东西|玩意儿?|意思)?|是干(?:嘛|什么|啥)用?的|干(?:嘛|什么)用?的"
    r"|是做什么的|有什么用|什么意思|啥意思)(?:呀|啊|呢|的)?(?=\W*$)"
    r"|[?？。.!！\s]+$",
    re.IGNORECASE,
)
_FAR = 0.6  # worth below the best at which a further definition is left out


def thing_of(question: str) -> str:
    """What a question asks the meaning of."""
    bare = question
    for _ in range(3):  # a frame may stand in another
        bare = _FRAME.sub(" ", bare).strip()
    return " ".join(bare.split()).strip(" ,，、\"'“”") or question


def write_what(draft: Draft, found: Found) -> bool:
    """Writes what the thing is that a question asks about; whether the notes define it."""
    subject = subject_of(thing_of(found.question), found.library)
    definitions = defined(subject, found)
    if not definitions:
        return False
    draft.head()
    draft.told([(d.statement, d.header) for d in definitions])
    draft.told([(s, ()) for s in _beside(found, subject, definitions)])
    return True


def defined(subject: Subject, found: Found) -> list[Definition]:
    """The best definitions of a thing, in one language; none where the notes have none worth it."""
    best = definitions_of(subject, places_near(found.hits, found.library))
    best = [d for d in best if d.worth >= GLOSS - 0.5]
    language = in_one_language([(d.worth, d.statement.note) for d in best], found.library, found.language)
    own = [d for d in best if found.library.notes[d.statement.note].language == language]
    kept: list[Definition] = []
    for d in own:
        if d.worth < own[0].worth - _FAR or len(kept) == 2:
            break
        if not any(_same(d.statement, k.statement) for k in kept):
            kept.append(d)
    return kept


def _beside(found: Found, subject: Subject, definitions: list[Definition]) -> list[Statement]:
    """Other sentences on the thing: what goes on from its definition, and what stands under its name."""
    own = [d.statement for d in definitions]
    place = next((p for p in places_near(found.hits, found.library) if _holds(p, own[0])), None)
    said = place.says(found.asked) if place is not None else []
    at = next((i for i, s in enumerate(said) if s.text == own[0].text), len(said))
    after = [s for s in said[at + 1 : at + 2] if s.kind == "paragraph" == own[0].kind and not _is_entry(s)]
    others = [
        s
        for s in found.chosen
        if s.note == own[0].note
        and not s.depth
        and s.kind in {"paragraph", "item"}
        and subject.stands_in(s.headings[-1])
        and subject.stands_in(s.text)
        and not _is_entry(s)
    ]
    more = [s for s in (*after, *others) if not introduces(s.text) and not any(_same(s, o) for o in own)]
    return within([*own, *more])[len(own) : _MOST]


def _holds(place: Place, statement: Statement) -> bool:
    section = place.section
    return (
        section.note == statement.note
        and section.first_line <= statement.first_line <= section.last_line
    )  # fmt: skip


def _is_entry(statement: Statement) -> bool:
    """Whether it tells of something else that it names first."""
    return ENTRY_MARK.match(statement.text) is not None


def _same(one: Statement, other: Statement) -> bool:
    """Whether two statements are the same words or one holds the other's place."""
    if one.note == other.note and one.first_line <= other.last_line and other.first_line <= one.last_line:
        return one.text in other.text or other.text in one.text
    return one.text == other.text
