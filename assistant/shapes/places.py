"""Where the notes speak of something: the places that tell most of it first."""

from __future__ import annotations

from assistant.composing import Draft
from assistant.shapes.found import Found, Place, introduces, places_near
from assistant.shapes.frames import WHERE
from assistant.statements import Statement
from knowledge.asked import Asked

_MOST = 6
_LOOKED_AT = 40  # hits
_SPEAKS = 0.5  # the part of what is asked for that a place has to hold
_HEADED = 2.0  # what it counts that a heading holds it
_TIMES = 0.25  # what each further statement on it counts,
_MOST_TIMES = 4  # up to so many
_NEAR_BEST = 0.3  # how near to the best place a further one must come
_EARLY = 40  # characters in which a statement names what it is about
_BEGINS = 0.5


def write_places(draft: Draft, found: Found) -> bool:
    """Names the places, each with the line that speaks of it; whether there are some."""
    rated = []
    for rank, place in enumerate(places_near(found.hits, found.library, most=_LOOKED_AT)):
        worth, line = _worth(place, found.asked)
        if worth:
            own = 0.0 if place.note.language == found.language else _MOST_TIMES
            rated.append((own, -worth + 0.02 * rank, place, line))
    if not rated:
        return False
    draft.note(WHERE.said_in(found.language))
    least = _NEAR_BEST * max(-worth for _, worth, _, _ in rated)
    kept = [one for one in sorted(rated, key=lambda one: one[:2]) if -one[1] >= least]
    for _, _, place, line in kept[:_MOST]:
        draft.place(place.note, place.section, line)
    return True


def _worth(place: Place, asked: Asked) -> tuple[float, Statement | None]:
    """How much a place tells of what is asked for, 0 where it does not; and the statement that does most."""
    headed = asked.share(asked.words_in(place.heading))
    above = asked.words_in(" ".join(place.section.headings))
    best: tuple[float, Statement | None] = (0.0, None)
    times = 0
    for block in place.section.blocks:
        times += asked.share(asked.words_in(block.text), above) >= _SPEAKS
    for statement in place.says(asked):
        own = asked.share(asked.words_in(statement.text))
        early = asked.share(asked.words_in(statement.text[:_EARLY]))
        worth = own + _BEGINS * early - (0.1 if introduces(statement.text) else 0.0)
        if own >= _SPEAKS and worth > best[0]:
            best = (worth, statement)
    if headed < _SPEAKS and best[1] is None and not times:
        return 0.0, None
    return _HEADED * headed + best[0] + _TIMES * min(times, _MOST_TIMES), best[1]
