"""What a chat model wrote, held against the notes it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.citations import Citations
from assistant.claims import defused, pieces_of, renumbered
from assistant.composing import Review
from assistant.origins import Origins
from assistant.supports import Supports
from assistant.values import Answer, Flag, Origin, SuggestedCommand
from knowledge.language import Language, Text, language_of
from knowledge.library import Library
from knowledge.values import Hit

_UNSUPPORTED = Text(en="*(not in your notes)*", zh="*（笔记中没有依据）*")
_SEEN = Text(en="*(seen on your machine)*", zh="*（在你的机器上看到）*")
_NO_SUPPORT = Text(
    en="Nothing of what was found in your notes says so.",
    zh="在笔记中找到的内容里没有这样的说法。",
)


def ground(
    question: str,
    text: str,
    hits: Sequence[Hit],
    library: Library,
    review: Review,
    *,
    own: Answer | None = None,
    seen: Sequence[str] = (),
    own_words: bool = False,
    further: Sequence[Hit] = (),
) -> Answer:
    """The model's text as an answer: its marks made citations, its commands given their origin.

    Mark n must name one of the hits that were given, and one that says what the sentence says: another
    mark goes, and a sentence the notes do not bear out is marked as such. A command that stands in none
    of the hits is of origin ``model``, and says so wherever it is shown. ``answered`` is False where
    less than half of its sentences rest on the notes, and no command of it is theirs.

    Args:
        question: as the person asked it.
        text: what the model wrote.
        hits: what it was given, in the order of their numbers.
        library: the notes.
        review: gives a line's verdict.
        own: the answer from the notes' own words; its commands come along.
        own_words: whether the text of ``own`` follows the model's, as for a small model.
        seen: what tools saw on the machine; a sentence that rests on it is marked so, and cites nothing.
        further: hits the model was not given, for what none of the given ones says.
    """
    language = own.language if own is not None else language_of(question)
    supports = Supports(question, hits, library, seen, further)
    checked = _Checked(language, [*hits, *further], len(hits), library, supports)
    said = checked.read(defused(text))
    commands = _commands(text, Origins.of(question, hits, library), review, checked)
    is_noted = any(c.command.origin is not Origin.MODEL for c in commands)
    rests = is_noted or checked.supported >= max(checked.unsupported, 1)
    if own is not None and rests:
        numbers = _cited_again(own, library, checked.citations)
        commands = _with_own(commands, own, numbers)
        said = f"{said}\n\n{renumbered(own.text, numbers)}" if own_words else said
    return Answer(
        question,
        checked.language,
        bool(rests and checked.citations.all()),
        said,
        checked.citations.all(),
        tuple(commands) if rests else (),
        flags=tuple(checked.flags),
    )


@dataclass(slots=True)
class _Checked:
    language: Language
    hits: Sequence[Hit]
    given: int
    library: Library
    supports: Supports
    citations: Citations = field(default_factory=Citations)
    flags: list[Flag] = field(default_factory=list)
    supported: int = 0
    unsupported: int = 0

    def read(self, text: str) -> str:
        """The text with its marks renumbered, and what the notes do not bear out marked."""
        said: list[str] = []
        for piece in pieces_of(text):
            said.append(piece.lead)
            if piece.sentence and "".join(said[-2:]).endswith(("]", "*")):
                said.append(" ")  # Chinese sentences follow each other without one; a mark needs it
            if piece.sentence or piece.marks:
                said.append(self._sentence(piece.sentence, piece.marks))
        return "".join(said).strip()

    def _sentence(self, sentence: str, marks: Sequence[int]) -> str:
        given = [n for n in marks if 1 <= n <= self.given]
        found = self.supports.of(sentence, given)
        if found is None:  # it claims nothing: a mark by itself, "for example:"
            return sentence + "".join(self._whole(n) for n in dict.fromkeys(given))
        if found.seen:
            return f"{sentence} {_SEEN.said_in(self.language)}"
        if not found.hits:
            self.unsupported += 1
            self.flags.append(Flag("unsupported", sentence, _NO_SUPPORT))
            return f"{sentence} {_UNSUPPORTED.said_in(self.language)}"
        self.supported += 1
        self.flags += [Flag("differs", sentence, why) for why in found.differs]
        numbers = dict.fromkeys(self._narrow(n, sentence) for n in found.hits)
        return sentence + " " + "".join(f"[{n}]" for n in numbers)

    def _whole(self, n: int) -> str:
        chunk = self.hits[n - 1].chunk
        place = (chunk.headings, chunk.first_line, chunk.last_line, chunk.text.strip())
        return f" [{self.citations.cite(self.library.notes[chunk.note], *place)}]"

    def _narrow(self, n: int, sentence: str) -> int:
        chunk = self.hits[n - 1].chunk
        note = self.library.notes[chunk.note]
        first, last, quote = self.supports.place_in(n, sentence)
        return self.citations.cite(note, chunk.headings, first, last, quote)


def _commands(text: str, origins: Origins, review: Review, checked: _Checked) -> list[SuggestedCommand]:
    commands: list[SuggestedCommand] = []
    for known in origins.commands_in(text):
        command, n = known.command, None
        if command.note is not None:
            note = checked.library.notes[command.note]
            quote = note.quote(command.first_line, command.last_line).strip(" \t>")
            place = (command.first_line, command.last_line, quote)
            n = checked.citations.cite(note, known.headings, *place)
        commands.append(SuggestedCommand(command, review(command.text), n))
    return commands


def _cited_again(own: Answer, library: Library, citations: Citations) -> dict[int, int]:
    """The numbers that the citations of the notes' own answer have in this one."""
    return {
        c.n: citations.cite(library.notes[c.note], c.headings, c.first_line, c.last_line, c.quote)
        for c in own.citations
    }


def _with_own(
    commands: list[SuggestedCommand], own: Answer, numbers: Mapping[int, int]
) -> list[SuggestedCommand]:
    """The notes' commands first, whoever named them; what stands in no note last."""
    noted = {
        suggested.command.text: replace(suggested, citation=numbers.get(suggested.citation or 0))
        for suggested in own.commands
    }
    for suggested in commands:
        if suggested.command.origin is not Origin.MODEL:
            noted.setdefault(suggested.command.text, suggested)
    invented = [c for c in commands if c.command.origin is Origin.MODEL and c.command.text not in noted]
    return [*noted.values(), *invented]
