"""An answer in the shape of its kind; where that has nothing to show, in the usual one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.composing import Draft
from assistant.diagnosis.diagnose import diagnose_text
from assistant.kinds import Kind
from assistant.shapes.differences import write_difference
from assistant.shapes.explaining import write_explanation
from assistant.shapes.found import Found
from assistant.shapes.frames import WHERE
from assistant.shapes.what import write_what
from assistant.statement_signs import WARNS
from assistant.statements import Statement
from knowledge.language import Text
from knowledge.values import Hit

_PLACES = 6  # places named where it is asked where something stands
_WARNINGS = 2
_WARNED_OF = 0.25  # the part of the question a warning must hold

_CAUSE = Text(
    en="What docknotes knows of this error, not from your notes: {what} {advice}",
    zh="docknotes 对这个报错的了解（不是来自你的笔记）：{what}{advice}",
)


_SHAPES: Mapping[Kind, Callable[[Draft, Found], bool]] = {
    "difference": write_difference,
    "what": write_what,
    "explain": write_explanation,
}


def write(draft: Draft, found: Found) -> None:
    """The answer in the shape of its kind; where that has nothing to show, in the usual one."""
    kind, language = found.asking.kind, found.language
    if kind == "where":
        draft.note(WHERE.said_in(language))
        draft.places(_places(found))
        return
    shape = _SHAPES.get(kind)
    if shape is not None and shape(draft, found):
        draft.more()
        return
    diagnosis = diagnose_text(found.question, language) if kind == "fail" else None
    draft.says(found.chosen)
    if diagnosis is not None:
        what, advice = diagnosis.what.said_in(language), diagnosis.advice.said_in(language)
        draft.note(_CAUSE.said_in(language).format(what=what, advice=advice))
    draft.commands(found.recommended)
    draft.watch(_warnings(found))
    draft.more()


def _warnings(found: Found) -> list[Statement]:
    """What the notes warn of near the answer."""
    chosen = {(s.note, s.first_line) for s in found.chosen}
    places = {(s.note, s.headings) for s in found.chosen}
    places |= {(one.note.path, one.placed.headings) for one in found.recommended[:1]}
    warned = [
        s
        for s in found.statements
        if s.kind in {"paragraph", "item"}
        and WARNS.search(s.text)
        and s.share >= _WARNED_OF
        and (s.note, s.headings) in places
        and (s.note, s.first_line) not in chosen
    ]
    return sorted(warned, key=lambda s: -s.score)[:_WARNINGS]


def _places(found: Found) -> list[Hit]:
    """The best hit of each section that speaks of what is asked for."""
    best: dict[tuple[str, tuple[str, ...]], Hit] = {}
    for hit in found.hits:
        best.setdefault((hit.chunk.note, hit.chunk.headings), hit)
    return list(best.values())[:_PLACES]
