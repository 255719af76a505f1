"""What a person wrote behind a command on its own line, to say what it is for."""

from __future__ import annotations

import re

_REMARK = re.compile(
    r"[ \t]+(?:#+(?!\{)|←|<-{1,2}(?=\s)|//(?=\s)|[—–]{1,2}(?=\s))[ \t]*(?P<marked>\S.*)$"
    r"|(?:[ \t]{2,}|\t+)(?=[（(]?[\u3400-\u9fff])(?P<apart>\S.*)$"
)
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.")


def parted(line: str) -> tuple[str, str]:
    """A line without the remark behind it, and the remark; empty where there is none.

    A remark follows ``#`` or an arrow, as in a shell or a listing; Chinese set apart by two blanks or a
    tab is one too, since what docker takes is parted by one.
    """
    blanked = _QUOTED.sub(lambda quoted: "_" * len(quoted.group()), line)
    last = blanked.rfind("\n") + 1
    match = _REMARK.search(blanked, last)
    if match is None or not blanked[last : match.start()].strip():
        return line, ""
    at = match.start("marked") if match["marked"] else match.start("apart")
    return line[: match.start()], line[at:].strip()
