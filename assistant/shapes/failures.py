"""Why something fails: the section of the error first, with its sentence whole, then cause and command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.composing import Draft, within
from assistant.diagnosis.diagnose import diagnose_text
from assistant.recommending import Candidate
from assistant.shapes.found import NEAR, Found, Place, introduces, places_near
from assistant.statements import Statement
from knowledge.language import Text

_WORD = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]")
_LEAST = 3  # words of an error that have to stand in a row
_LEAST_HAN = 4
_PART = 0.3  # and the part of what was pasted, up to a number of words, that they have to be
_LONG = 12
_SAID = 3  # sentences of the error's section
_WORDS = 75
_QUOTES = 0.5  # what it counts that a sentence has the error
_HEADS = 0.75  # or the heading

_CAUSE = Text(
    en="What docknotes knows of this error, not from your notes: {what} {advice}",
    zh="docknotes 对这个报错的了解（不是来自你的笔记）：{what}{advice}",
)


@dataclass(frozen=True, slots=True)
class _Error:
    """The section of an error, and which sentence in it has its words; -1 where only the heading has."""

    place: Place
    said: Sequence[Statement]
    at: int
    is_headed: bool


def write_failure(draft: Draft, found: Found) -> bool:
    """Writes why something fails; always true, since there is always something to say."""
    error = _error(found)
    said = _said(error) if error is not None else []
    diagnosis = diagnose_text(found.question, found.language)
    draft.says(said or ([] if error is not None and diagnosis is not None else found.chosen))
    if diagnosis is not None:
        what, advice = diagnosis.what.said_in(found.language), diagnosis.advice.said_in(found.language)
        draft.note(_CAUSE.said_in(found.language).format(what=what, advice=advice))
    draft.commands(_of_place_first(found.recommended, error))
    return True


def _error(found: Found) -> _Error | None:
    """The section that has most of the error's words in a row; None where none has enough."""
    pasted = _words(found.question)
    best: tuple[float, _Error | None] = (0.0, None)
    for rank, place in enumerate(places_near(found.hits, found.library, most=NEAR)):
        said = place.says(found.asked)
        runs = [(_run(pasted, s.text) + _QUOTES, at) for at, s in enumerate(said) if s.kind != "table"]
        headed = _run(pasted, place.heading)
        run, at = max([*runs, (headed + _HEADS if headed else 0, -1)])
        is_other = place.note.language != found.language
        worth = run - 0.01 * rank - (0.4 if is_other else 0.0)
        if run >= 1 and worth > best[0]:
            best = (worth, _Error(place, said, at, headed > 0))
    return best[1]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _run(pasted: Sequence[str], text: str) -> int:
    """How many of the pasted words stand in a row in a text; 0 where they are too few to tell."""
    other = _words(text)
    before = [0] * (len(other) + 1)
    longest, end = 0, 0
    for at, word in enumerate(pasted):
        row = [0] * (len(other) + 1)
        for i, one in enumerate(other):
            if one == word:
                row[i + 1] = before[i] + 1
                if row[i + 1] > longest:
                    longest, end = row[i + 1], at + 1
        before = row
    run = pasted[end - longest : end]
    has_number = any(word.isdecimal() for word in run) and any(not word.isdecimal() for word in run)
    is_han = sum("\u3400" <= word <= "\u9fff" for word in run) * 2 > len(run)
    least = _LEAST_HAN if is_han else 2 if has_number else _LEAST
    return longest if longest >= least and longest >= _PART * min(len(pasted), _LONG) else 0


def _said(error: _Error) -> list[Statement]:
    """The sentence that has the error's words, and what goes on from it.

    Where the heading is about the error, so is its section: what stands there before the first command
    comes first. Otherwise only the sentence's own paragraph is about it.
    """
    blocks = error.place.section.blocks
    ends = {n: block.last_line for block in blocks for n in range(block.first_line, block.last_line + 1)}
    code = next((block.first_line for block in blocks if block.kind == "code"), 0)
    prose = [s for s in error.said if s.kind in {"paragraph", "item"} and not introduces(s.text)]
    first = (
        [error.said[error.at]] if error.at >= 0 else [s for s in prose if not code or s.first_line < code][:1]
    )
    if not first:
        return []
    after = prose[prose.index(first[0]) + 1 :] if first[0] in prose else []
    if first[0].kind == "item":
        return first  # the others tell of other cases
    if not error.is_headed:
        end = ends.get(first[0].first_line, 0)
        after = [s for s in after if s.first_line <= end]
    return within([*first, *after], most=_WORDS)[:_SAID]


def _of_place_first(recommended: Sequence[Candidate], error: _Error | None) -> list[Candidate]:
    """The recommended commands, those of the error's own section before others."""
    if error is None:
        return list(recommended)
    note, headings = error.place.note.path, error.place.section.headings
    return sorted(recommended, key=lambda one: (one.note.path, one.placed.headings) != (note, headings))
