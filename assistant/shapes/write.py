"""An answer in the shape of its kind; where that has nothing to show, in the usual one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.composing import Draft
from assistant.kinds import Kind
from assistant.shapes.differences import write_difference
from assistant.shapes.explaining import write_explanation
from assistant.shapes.failures import write_failure
from assistant.shapes.found import Found
from assistant.shapes.lists import write_list
from assistant.shapes.places import write_places
from assistant.shapes.what import write_what
from assistant.statement_signs import WARNS
from assistant.statements import Statement

_WARNINGS = 2
_WARNED_OF = 0.25  # the part of the question a warning must hold

_SHAPES: Mapping[Kind, Callable[[Draft, Found], bool]] = {
    "difference": write_difference,
    "what": write_what,
    "explain": write_explanation,
    "where": write_places,
    "fail": write_failure,
    "list": write_list,
}


def write(draft: Draft, found: Found) -> None:
    """The answer in the shape of its kind; where that has nothing to show, in the usual one."""
    kind = found.asking.kind
    shape = _SHAPES.get(kind)
    if shape is not None and shape(draft, found):
        if kind == "fail":
            draft.watch(_warnings(found))
        if kind != "where":  # that names places already
            draft.more()
        return
    draft.says(found.chosen)
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
