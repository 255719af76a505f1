"""What the builders of plans share: their result, names of objects, filters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from assistant.commands import placeholders
from assistant.commands.grammar import Parsed
from assistant.errors import CommandSyntaxError
from assistant.values import Action, Operation, OtherCommand, Placeholder, PlaceholderKind
from knowledge.language import Text


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a plan that depend on its subcommand."""

    action: Action
    operations: tuple[Operation, ...]
    placeholders: tuple[Placeholder, ...] = ()
    client_notes: tuple[Text, ...] = ()


Draft: TypeAlias = Callable[[Parsed, Path, float], Parts]
"""A builder: the parsed line, the workspace, and the present (seconds since the epoch)."""


def other(
    parsed: Parsed,
    operations: Sequence[Operation],
    found: tuple[Placeholder, ...] = (),
    notes: tuple[Text, ...] = (),
) -> Parts:
    """The parts of a plan of any other command."""
    flags = {name: tuple(values) for name, values in parsed.flags.items()}
    return Parts(OtherCommand(parsed.grammar.name, parsed.args, flags), tuple(operations), found, notes)


FORMAT_NOTE = Text(
    en="`--format` is the docker client's own formatting; here the whole answer is shown as a table.",
    zh="`--format` 由 docker 客户端自行排版；这里以表格显示完整结果。",
)
_NAME = re.compile(r"/?[A-Za-z0-9][A-Za-z0-9_.-]*")


def format_notes(parsed: Parsed) -> tuple[Text, ...]:
    """What is said about ``--format``."""
    return (FORMAT_NOTE,) if parsed.last("format") else ()


def named_objects(names: Sequence[str], kind: PlaceholderKind) -> tuple[Placeholder, ...]:
    """The placeholders among names of containers, volumes or networks.

    Raises:
        CommandSyntaxError: a name that no object can have.
    """
    found: list[Placeholder] = []
    for name in names:
        here = placeholders.find_in(name, kind)
        if not here and not _NAME.fullmatch(name):
            raise CommandSyntaxError(
                Text(
                    en=f"No container, volume or network can be called `{name}`: names hold "
                    "letters, digits and `_.-`.",
                    zh=f"容器、数据卷或网络不能叫 `{name}`：名称只能包含字母、数字和 `_.-`。",
                ),
                word=name,
            )
        found += here
    return tuple(found)


def read_filters(values: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """``--filter`` values by name.

    Raises:
        CommandSyntaxError: a filter without ``=``.
    """
    filters: dict[str, tuple[str, ...]] = {}
    for value in values:
        name, equals, content = value.partition("=")
        if not equals:
            raise CommandSyntaxError(
                Text(
                    en=f"`{value}` is no filter; `name=value` is needed.",
                    zh=f"`{value}` 不是过滤条件；应为 `名称=值`。",
                ),
                word=value,
            )
        key = name.strip().lower()
        filters[key] = tuple(dict.fromkeys((*filters.get(key, ()), content.strip())))
    return filters


def filters_query(filters: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The query parameter of filters, as the CLI encodes it."""
    if not filters:
        return {}
    encoded = {name: dict.fromkeys(sorted(values), True) for name, values in sorted(filters.items())}
    return {"filters": json.dumps(encoded, separators=(",", ":"))}
