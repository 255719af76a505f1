"""More commands of the notes to stand beside what a chat model says.

A model words its answer freely, and a small one names no command, or one it changed: the person gets
the notes' own lines near the question with it, a few more than the notes' own answer recommends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import Citations
from assistant.command_signs import Wanted
from assistant.composing import Review
from assistant.kinds import WITH_COMMANDS, kind_of, topic_of
from assistant.recommending import HITS, candidates
from assistant.values import Answer, SuggestedCommand
from knowledge.library import Library
from knowledge.values import Hit

MOST = 5
"""Commands of the notes that come with a chat model's answer, those of the notes' own answer included."""

NEAR_BEST = 6.0
"""How near (log odds) to the best command a further one must come."""

_KINDS = WITH_COMMANDS | {"explain"}


def with_more_commands(
    own: Answer, question: str, hits: Sequence[Hit], library: Library, review: Review
) -> Answer:
    """The notes' own answer with more of their commands, each cited; its text stays.

    A question that asks for no command, as what something is, gets none on top.
    """
    if kind_of(question).kind not in _KINDS:
        return own
    asked = library.asked(topic_of(question))
    wanted = Wanted.of(asked, library.likely(asked.question))
    found = candidates(hits[:HITS], library, wanted, library.margin(asked, hits))
    citations = Citations()
    for c in own.citations:
        citations.cite(library.notes[c.note], c.headings, c.first_line, c.last_line, c.quote)
    commands = {one.command.text: one for one in own.commands}
    for one in found:
        if len(commands) >= MOST or one.score < found[0].score - NEAR_BEST:
            break
        command = one.placed.command
        if command.text not in commands:
            quote = one.note.quote(command.first_line, command.last_line).strip(" \t>")
            place = (one.placed.headings, command.first_line, command.last_line, quote)
            n = citations.cite(one.note, *place)
            commands[command.text] = SuggestedCommand(command, review(command.text), n)
    return replace(own, citations=citations.all(), commands=tuple(commands.values()))
