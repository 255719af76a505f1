"""The forms values of a compose file may have: texts, switches, lists, maps, and lists that may be maps."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from assistant.compose.problems import WrongKeyError
from assistant.compose.yaml_text import scalar

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")


def text(value: Any) -> str:
    """A text; numbers and switches as they are written.

    Raises:
        WrongKeyError: it is a list or a map, or nothing.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float) and "\0" not in str(value):
        return str(value)
    raise WrongKeyError("one value is needed here.", "这里需要一个值。")


def name(value: Any) -> str:
    """A name as objects on the Engine have it."""
    found = text(value)
    if not _NAME.fullmatch(found):
        raise WrongKeyError(f"`{found}` is no name it can have.", f"不能使用名称 `{found}`。")
    return found


def switch(value: Any) -> bool:
    """A switch, also one that came out of a variable."""
    found = scalar(value) if isinstance(value, str) else value
    if isinstance(found, bool):
        return found
    raise WrongKeyError("it must be `true` or `false`.", "应为 `true` 或 `false`。")


def whole(value: Any) -> int:
    """A whole number, also one that came out of a variable."""
    found = scalar(value) if isinstance(value, str) else value
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise WrongKeyError("a whole number is needed.", "需要一个整数。")


def texts(value: Any) -> list[str]:
    """A list of texts; a single text counts as a list of one."""
    if isinstance(value, list):
        return [text(item) for item in value]
    return [text(value)]


def mapping(value: Any) -> dict[str, Any]:
    """A map; nothing counts as an empty one."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise WrongKeyError("names with values are needed here (`name: value`).", "这里需要映射（`名称: 值`）。")


def pairs(value: Any, separator: str = "=") -> dict[str, str | None]:
    """A map of texts, or a list of ``name=value``; None for a name without a value."""
    if isinstance(value, list):
        found: dict[str, str | None] = {}
        for item in value:
            name, sign, content = text(item).partition(separator)
            found[name] = content if sign else None
        return found
    return {name: None if item is None else text(item) for name, item in mapping(value).items()}


def known_keys(value: Mapping[str, Any], known: set[str], where: str) -> None:
    """Passes where all keys are known; those that begin with ``x-`` are the person's own.

    Raises:
        WrongKeyError: one is not.
    """
    for key in value:
        if key not in known and not key.startswith("x-"):
            raise WrongKeyError(f"`{where}{key}` is not carried out here.", f"这里不支持 `{where}{key}`。")


def words(value: Any) -> list[str] | None:
    """The words of a command: a list as it is, a text split as a shell splits it."""
    if value is None:
        return None
    if isinstance(value, list):
        return [text(item) for item in value]
    try:
        return shlex.split(text(value))
    except ValueError as error:
        raise WrongKeyError("a quote is open in it.", "其中有未闭合的引号。") from error
