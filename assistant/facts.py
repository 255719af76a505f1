"""What answers a yes-or-no question: what the notes say holds, without the commands they say it at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.acts import asked_for, done_by
from assistant.recommending import Candidate
from assistant.told import Told

_SAYS_MORE = re.compile(
    r"[;；。]|\S\. \S|，(?!(?:然后|再|先|并|逐|每|以及|包括|例如|比如))"
    r"\S*(?:会|无法|不|仍|随|被|留|只|才|都|就)"
    r"|\b(?:because|unless|even if|so that|which|that|stays?|remains?|is|are|goes|cannot|not|only)\b",
    re.IGNORECASE,
)
"""What introduces a command says something besides what that command is for."""
_COLON = " \t:："

_NEED = re.compile(
    r"\b(?:need|have|has|had|necessary|required|must|should|got)(?:n['’]?t)?\s+(?:\w+\s+){0,3}?(?:to\s+)?(?P<en>.+)"
    r"|(?:需不需要|要不要|用不用|需要|必须|应该|该不该|是不是得|要|得)(?:再|先|重新)?(?P<zh>[^吗么？?]+)",
    re.IGNORECASE,
)
_RISKY = frozenset({"remove", "clean", "stop", "force"})


def as_facts(told: Sequence[Told]) -> list[Told]:
    """What the notes tell, each without the commands it introduces.

    A sentence that tells what a command is for and nothing else ("List all images:") is left out, unless
    there is nothing but such.
    """
    kept = [one for one in told if not one.commands or _SAYS_MORE.search(one.statement.text.rstrip(_COLON))]
    return [_without_commands(one) if one.commands else one for one in kept or told]


def _without_commands(one: Told) -> Told:
    statement = replace(one.statement, text=one.statement.text.rstrip(_COLON))
    return replace(one, statement=statement, brings=(), commands=frozenset(), is_open=False)


def needed_deed(question: str, recommended: Sequence[Candidate]) -> list[Candidate]:
    """The best command where it does what a question asks the need of ("do I have to restart docker?").

    None where nothing is to be done, or where it would remove or stop something.
    """
    need = _NEED.search(question)
    deed = asked_for("act", need["en"] or need["zh"]) if need else frozenset()
    acts = [done_by("act", one.placed.command.text) for one in recommended[:1]]
    return [one for one, does in zip(recommended, acts, strict=False) if does & deed and not does & _RISKY]
