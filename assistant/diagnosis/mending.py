"""The failed line itself, changed so that it may succeed. Pure; the policy judges what comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

_FREE = 1024
"""Ports from here on are anybody's."""
_HIGHEST = 65_535


def mended(line: str, how: Literal["", "port", "name", "case"], values: Mapping[str, str]) -> str | None:
    """The line with another port or name, or its image in small letters; None where nothing is to change."""
    changed = {"port": _other_port, "name": _other_name, "case": _small_letters}.get(how, _as_it_is)(
        line, values
    )
    return changed if changed != line else None


def _as_it_is(line: str, _values: Mapping[str, str]) -> str:
    return line


def _other_port(line: str, values: Mapping[str, str]) -> str:
    """The next port of the host for the one that is taken; 8080 for 80 and the like."""
    if "port" not in values:
        return line
    taken = int(values["port"])
    other = taken + 1 if taken >= _FREE else taken + 8000
    if other > _HIGHEST:
        return line
    return re.sub(rf"(?<![\d.]){taken}(?=:\d)", str(other), line, count=1)


def _other_name(line: str, values: Mapping[str, str]) -> str:
    """``--name web2`` for ``--name web``, ``--name web3`` for ``--name web2``."""
    name = values.get("name", "")
    stem = name.rstrip("0123456789")
    other = f"{stem}{int(name[len(stem) :] or 1) + 1}"
    return (
        re.sub(rf"(--name[= ]){re.escape(name)}(?![\w.-])", rf"\g<1>{other}", line, count=1) if name else line
    )


def _small_letters(line: str, _values: Mapping[str, str]) -> str:
    """The words of the line that could be a name of an image, in small letters."""
    words = line.split(" ")
    for at, word in enumerate(words[2:], 2):
        name = word.partition(":")[0]
        if re.fullmatch(r"[\w./-]*[A-Z][\w./-]*(?::[\w.-]+)?", word) and not word.startswith("-"):
            words[at] = word.replace(name, name.lower(), 1)
            break
    return " ".join(words)
