"""What a flag and a subcommand's grammar are, and how they are read from a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FlagKind = Literal["bool", "string", "list", "int", "bytes", "decimal", "duration"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag; ``name`` is the long name that its aliases are read as."""

    name: str
    kind: FlagKind
    short: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What one subcommand takes: its flags by every long name, and how many arguments.

    ``options_first`` is True where everything after the first argument is no flag any more.
    """

    name: str
    flags: dict[str, Flag]
    least: int
    most: int | None
    options_first: bool = False

    def short(self, letter: str) -> Flag | None:
        """The flag of one letter."""
        return next((flag for flag in self.flags.values() if flag.short == letter), None)


def grammar_of(
    name: str,
    table: str,
    *,
    least: int,
    most: int | None,
    aliases: Mapping[str, str] | None = None,
    options_first: bool = False,
) -> Grammar:
    """A grammar from lines of ``kind long[,short] …``; ``aliases`` are further long names."""
    flags: dict[str, Flag] = {}
    for line in table.strip().splitlines():
        kind, *names = line.split()
        for item in names:
            long, _, short = item.partition(",")
            flags[long] = Flag(long, kind, short)  # type: ignore[arg-type]
    for alias, long in (aliases or {}).items():
        flags[alias] = Flag(long, flags[long].kind)
    flags["help"] = Flag("help", "bool")
    return Grammar(name, flags, least, most, options_first)
