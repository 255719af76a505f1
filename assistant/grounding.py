"""What a chat model wrote, held against the notes it was given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import Citations
from assistant.commands.find import find_commands
from assistant.extractive import Review
from assistant.values import Answer, Command, Origin, SuggestedCommand
from knowledge.language import language_of
from knowledge.library import Library
from knowledge.notes import note_from_text
from knowledge.values import Hit

_MARK = re.compile(r"\[(\d{1,3})\]")


def ground(question: str, text: str, hits: Sequence[Hit], library: Library, review: Review) -> Answer:
    """The model's text as an answer: its marks made citations, its commands given their origin.

    Mark n must name one of the hits that were given; any other is taken out. A command that stands in
    none of the notes' lines given is of origin ``model``, and says so wherever it is shown.
    """
    citations = Citations()
    numbers: dict[int, int] = {}

    def numbered(mark: re.Match[str]) -> str:
        n = int(mark[1])
        if not 1 <= n <= len(hits):
            return ""
        if n not in numbers:
            chunk = hits[n - 1].chunk
            note = library.notes[chunk.note]
            quote = chunk.text.strip()
            numbers[n] = citations.cite(note, chunk.headings, chunk.first_line, chunk.last_line, quote)
        return f"[{numbers[n]}]"

    checked = _MARK.sub(numbered, text).strip()
    commands = _commands(checked, hits, library, review)
    answered = bool(citations.all())
    return Answer(
        question,
        language_of(question),
        answered,
        checked,
        citations.all(),
        commands if answered else (),
    )


def _commands(
    text: str, hits: Sequence[Hit], library: Library, review: Review
) -> tuple[SuggestedCommand, ...]:
    known: dict[str, Command] = {}
    for hit in hits:
        note = library.notes[hit.chunk.note]
        for command in find_commands(note, hit.chunk.first_line, hit.chunk.last_line):
            known.setdefault(command.text, command)
            known.setdefault(command.written, command)
    answer = note_from_text(text, "answer")
    found: dict[str, SuggestedCommand] = {}
    for said in find_commands(answer, 1, len(answer.lines)):
        command = (
            known.get(said.text)
            or known.get(said.written)
            or replace(said, origin=Origin.MODEL, note=None, first_line=0, last_line=0)
        )
        found.setdefault(command.text, SuggestedCommand(command, review(command.text)))
    return tuple(found.values())
