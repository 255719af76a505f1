"""Docker lines that stand in a note without any mark of code, told from prose about docker.

People paste lines as they are, indented or not. A sentence may begin with ``docker run`` as well, so a
line counts only where something besides its first words speaks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.commands.flags import COMMANDS, NEVER, OTHER
from assistant.commands.remarks import parted
from assistant.commands.shell_syntax import PROMPT

_LINE = re.compile(r"^(?P<front>[ \t>]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?)(?P<text>\S.*?)[ \t]*$")
_DOCKER = re.compile(r"(?:sudo[ \t]+)?docker(?P<hyphen>-compose)?[ \t]+(?P<name>[a-z]+)\b(?P<rest>.*)$")
_NAMES = frozenset({name[0] for name in COMMANDS} | set(OTHER) | NEVER | {"compose"})
_PROSE = frozenset(
    """a an the is are was be to and or with from of in on for it its this that these those when if you your
    we they as not no does do can will may should must instead command commands option options flag flags
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_ENDS = re.compile(r"[,;:!?。，；：！？、]$|\w\.$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OF_A_LINE = re.compile(r"(?:^|\s)(?:--?[A-Za-z]|[^\s-]*[\w.)}][:/=]\S|\.(?:\s|$)|[/~]\S)|[\w.]/\w|\$\(")
_INTRODUCES = re.compile(r"[:：]\s*[*_]*$")
_INDENTED = re.compile(r"^(?: {4}|\t)")


def bare_line(lines: Sequence[str], at: int) -> str | None:
    """The docker line that a line of a note outside of code is as a whole; None where it is prose."""
    found = _docker_line(lines[at])
    if found is None:
        return None
    text, rest, prompted = found
    above = next((line for line in reversed(lines[max(at - 2, 0) : at]) if line.strip()), "")
    neighbours = (lines[i] for i in (at - 1, at + 1) if 0 <= i < len(lines))
    speaks = (
        prompted
        or not rest.strip()
        or _OF_A_LINE.search(rest) is not None
        or _INDENTED.match(lines[at]) is not None
        or _INTRODUCES.search(above) is not None
        or any(_docker_line(line) is not None for line in neighbours)
    )
    return text if speaks else None


def _docker_line(line: str) -> tuple[str, str, bool] | None:
    """A line's text, what follows its subcommand, and whether a prompt stands before it."""
    match = _LINE.match(line)
    if match is None or "`" in line:
        return None
    text = PROMPT.sub("", match["text"], count=1)
    plain, _ = parted(text)
    docker = _DOCKER.match(plain)
    if docker is None or (not docker["hyphen"] and docker["name"] not in _NAMES):
        return None
    words = plain.lower().split()
    is_prose = _HAN.search(plain) or _ENDS.search(plain) or not _PROSE.isdisjoint(words)
    return None if is_prose else (text, docker["rest"], text != match["text"])
