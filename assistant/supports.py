"""Does an excerpt of the notes say what a sentence says, and where?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.asked import Asked
from knowledge.language import Text, language_of
from knowledge.library import Library
from knowledge.values import Hit

ENOUGH = 0.5
"""The part of a sentence's meaning an excerpt must hold to bear it out."""

ENOUGH_ACROSS = 0.35
"""The same where the excerpt is in the other language: only words of the field are known in both."""

UNKNOWN = 0.4
"""What a word counts that stands nowhere in the notes: a model says things in words of its own."""

AS_GOOD = 0.8
"""How near to the best excerpt's part the cited one must come to keep its mark."""

_VALUE = re.compile(r"(?<![\w.-])(--?[A-Za-z][\w-]*|v?\d+(?:[.:]\d+)*[A-Za-z%]*)(?![\w-])")
_NUMBER = re.compile(r"(?<![\w.-])v?\d+(?:[.:]\d+)*(?![\w-])")
_COMMAND = re.compile(r"`+\s*(?:sudo\s+)?docker\s+\S[^`]*`+")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The hits (numbers from 1) that bear a sentence out, and what in it is not as it stands there.

    ``seen`` is True where no hit does, but what a tool saw on the machine.
    """

    hits: tuple[int, ...]
    differs: tuple[Text, ...] = ()
    seen: bool = False


class Supports:
    """Holds sentences against the hits a model was given for one question."""

    def __init__(
        self, question: str, hits: Sequence[Hit], library: Library, seen: Sequence[str] = ()
    ) -> None:
        self._question = question
        self._hits = hits
        self._seen = seen
        self._said: dict[str, Asked] = {}
        self._library = library
        self._texts = ["\n".join((*hit.chunk.headings, hit.chunk.text)) for hit in hits]

    def of(self, sentence: str, marks: Sequence[int]) -> Found | None:
        """What bears a sentence out; None where it claims nothing."""
        asked = self._asked(sentence)
        if not asked.things or (sentence.endswith((":", "：")) and not _values(sentence)):
            return None  # it leads on to what comes next
        shares = [_share(asked, text) for text in self._texts]
        enough = [
            n
            for n, share in enumerate(shares, start=1)
            if share >= (ENOUGH if self._speaks(n, sentence) else ENOUGH_ACROSS)
        ]
        if not enough:
            return Found((), seen=any(_share(asked, text) >= ENOUGH for text in self._seen))
        best = max(shares[n - 1] for n in enough)
        kept = [n for n in dict.fromkeys(marks) if n in enough and shares[n - 1] >= AS_GOOD * best]
        hits = kept or [max(enough, key=lambda n: shares[n - 1])]
        return Found(tuple(hits), tuple(self._differing(sentence, hits, enough)))

    def place_in(self, n: int, sentence: str) -> tuple[int, int, str]:
        """First and last line and quote of what in a hit says it: one block of it, else all."""
        chunk = self._hits[n - 1].chunk
        note = self._library.notes[chunk.note]
        asked = self._asked(sentence)
        whole = _share(asked, chunk.text)
        best = max(
            self._library.blocks(chunk),
            key=lambda block: _share(asked, block.text),
            default=None,
        )
        if best is None or _share(asked, best.text) < AS_GOOD * whole:
            return chunk.first_line, chunk.last_line, chunk.text.strip()
        quote = note.quote(best.first_line, best.last_line).strip()
        return best.first_line, best.last_line, quote if len(quote) < len(chunk.text) else chunk.text.strip()

    def _asked(self, sentence: str) -> Asked:
        """What a sentence says, looked up once."""
        if sentence not in self._said:
            self._said[sentence] = self._library.asked(_meaning(sentence))
        return self._said[sentence]

    def _speaks(self, n: int, sentence: str) -> bool:
        return self._hits[n - 1].chunk.language == language_of(sentence)

    def _differing(self, sentence: str, hits: Sequence[int], fitting: Sequence[int]) -> Iterator[Text]:
        """Numbers, versions and flags that stand neither where they could come from nor in the question."""
        there = "\n".join(self._texts[n - 1] for n in hits)
        stands = {*_values("\n".join(self._texts[n - 1] for n in fitting)), *_values(self._question)}
        for value in dict.fromkeys(_values(sentence)):
            if value in stands:
                continue
            others = [o for o in dict.fromkeys(_values(there)) if _alike(o, value)]
            named = ", ".join(f"`{other}`" for other in others[:_MOST_NAMED])
            yield (
                Text(
                    en=f"It says `{value}`; the place it cites says {named}.",
                    zh=f"回答写的是 `{value}`，而所引的笔记写的是 {named.replace(', ', '、')}。",
                )
                if named
                else Text(
                    en=f"It says `{value}`, which does not stand at the place it cites.",
                    zh=f"回答里的 `{value}` 在所引的笔记中没有出现。",
                )
            )


def _share(asked: Asked, text: str) -> float:
    """The part (0..1) of a sentence's meaning a text holds; a word no note has may be mere wording."""
    weights = {w: thing.weight * (1 if thing.known else UNKNOWN) for w, thing in asked.things.items()}
    total = sum(weights.values())
    return sum(weights[word] for word in asked.words_in(text)) / total if total else 0.0


def _meaning(sentence: str) -> str:
    """A sentence without what is checked by itself: commands have an origin, numbers are compared."""
    return _NUMBER.sub(" ", _COMMAND.sub(" ", sentence))


def _values(text: str) -> list[str]:
    """Flags, and numbers that say something by themselves (a single digit counts or numbers a list)."""
    return [value for value in _VALUE.findall(text) if not re.fullmatch(r"\d", value)]


def _alike(one: str, other: str) -> bool:
    """Whether two values are of one kind: two flags, two versions, two ports, two amounts of a unit."""
    return _shape(one) == _shape(other)


def _shape(value: str) -> str:
    if value.startswith("-"):
        return value[: len(value) - len(value.lstrip("-"))]
    return re.sub(r"\d+", "9", value)
