"""Stamps for what is shown: a command, or the commands that stand in a hit."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.commands.find import find_commands
from assistant.errors import LedgerError
from assistant.values import Command
from assistant.verifying.stamps import Stamps
from assistant.verifying.values import Stamp
from knowledge.values import Hit, Note


def stamp_of(command: Command, stamps: Stamps) -> Stamp | None:
    """How a command of the notes went when it was last tried here; None where that is not known."""
    try:
        return stamps.of(command.note, command.text)
    except LedgerError:  # an answer does not fail for want of it
        return None


def stamps_in(hit: Hit, notes: Mapping[str, Note], stamps: Stamps) -> list[Stamp]:
    """The stamps of the commands that stand in a hit, in order."""
    note = notes.get(hit.chunk.note)
    if note is None or not stamps.are_there:
        return []
    found = find_commands(note, hit.chunk.first_line, hit.chunk.last_line)
    return [stamp for command in found if (stamp := stamp_of(command, stamps)) is not None]
