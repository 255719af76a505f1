"""The two things a question holds against each other, and what the notes say of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.statements import Statement
from knowledge.library import Library
from knowledge.terms import content_words

_FRAME = re.compile(
    r"\b(?:what(?:\W?s| is| are)?|the|differences?|different|differ|between|how|do|does|is|compared?|please"
    r"|of|in|explain|tell me)\b"
    r"|有?(?:什么|啥|哪些)?(?:区别|不同|差别|差异|对比|不一样)|差在(?:哪里?|哪儿)|相比|有何|请问|之间|的$|[?？。]",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s+(?:and|or|vs\.?|versus|from|with|to)\s+|\s*(?:和|与|跟|还是|、)\s*", re.IGNORECASE)
_MOST = 2  # statements of each side
_LONGEST = 40
_TERM = re.compile(
    r"^\W*(?:an?\s+|the\s+)?([^:：（(]{1,24})(?:\s*[（(][^）)]{1,24}[）)])?`?\s*[:：]\s*\S", re.IGNORECASE
)
_COMMAND = re.compile(r"docker\s+([a-z][a-z -]*)", re.IGNORECASE)
_DEFINED = 2.0  # what it counts that a statement is the entry of a side, or of something else


def sides_of(question: str) -> tuple[str, str] | None:
    """The names of the two things; None where the question does not name two."""
    bare = " ".join(_FRAME.sub(" ", question).split()).strip(" ,，")
    named = [part.strip(" ,，的") for part in _PARTED.split(bare)]
    if len(named) != 2 or not all(0 < len(name) <= _LONGEST and content_words(name) for name in named):
        return None
    return named[0], named[1]


def said_of(
    sides: tuple[str, str], statements: Sequence[Statement], library: Library
) -> tuple[list[Statement], list[Statement]] | None:
    """The best statements on each side, none on both; None where one side has nothing of its own."""
    words = [library.asked(side) for side in sides]
    found: tuple[list[Statement], list[Statement]] = ([], [])
    rated = []
    for s in statements:
        shares = [asked.share(asked.words_in(s.text)) for asked in words]
        lead = [asked.share(asked.words_in(s.text[:_LONGEST])) for asked in words]
        both = zip(shares, lead, reversed(shares), _defined(s.text, sides), strict=True)
        rated.append((s, [own + first - other + entry for own, first, other, entry in both]))
    for at in (0, 1):
        best = sorted(rated, key=lambda one: -one[1][at] - one[0].score / 2)
        for s, by in best[:_MOST]:
            if by[at] > 0.3 and by[at] > by[1 - at] and s not in found[1 - at] and _names(s.text, sides[at]):
                found[at].append(s)
    return found if all(found) else None


def _names(text: str, side: str) -> bool:
    """Whether a text names a side that is a command; what words like "start" mean is told of others too."""
    command = _COMMAND.fullmatch(side)
    return command is None or re.search(rf"(?:docker |`){re.escape(command[1])}\b", text, re.I) is not None


def _defined(text: str, sides: tuple[str, str]) -> list[float]:
    """What it counts for each side that a text is the entry of a term ("Image: a template …")."""
    found = _TERM.match(text)
    words = set(content_words(found[1].casefold())) if found else set()
    named = [set(content_words(side.casefold())) for side in sides]
    if not words or len(words) > max(map(len, named)):
        return [0.0, 0.0]
    return [_DEFINED if words == own else -_DEFINED for own in named]
