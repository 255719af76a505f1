"""How well follow-up questions are understood without a chat model, on judged conversations.

    python -m tests.evals.conversations [--part dev|test] [--person NOTES] [--failures]

Every conversation is held turn by turn, each question with the answers given so far. Printed over the
turns that follow another: how often the required command comes first and anywhere, how often the facts
are said, and whether what answers is among the first three hits: for the question made whole, and for
the question as it was typed. Report on the test part; the dev part is for tuning.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.answering import answer
from assistant.citations import holds
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.followups import understood
from assistant.values import Answer, AnswerDone, Turn, Verdict
from knowledge.language import Language
from knowledge.library import Library
from ui.build import build_library
from ui.settings import read_settings

CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")
"""Conversations over the notes in ``knowledge/notes``, and some over a person's."""

Kind = Literal["opening", "action", "detail", "swap", "ordinal", "language", "why", "new", "unanswerable"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn: what is typed, and what shows that it was understood.

    Attributes:
        kind: what the question leaves out: ``action`` the thing something is done to, ``detail`` all but a
            circumstance, ``swap`` all but the new thing; ``new`` begins another topic.
        commands: any of them should be recommended; a leading ``sudo`` before ``docker`` is left out.
        facts: each must be in the answer; ``|`` parts alternatives of one fact.
        quotes: alternatives, one of which a hit's text must contain.
        answers_in: the language asked for.
        nth: which command of the answer before should come first, from 1.
    """

    text: str
    kind: Kind
    commands: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    answers_in: Language | None = None
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order, over the shipped notes or a person's."""

    id: str
    notes: Literal["shipped", "person"]
    language: str
    turns: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One turn's answer, and what was right about it (None: not asked of it)."""

    conversation: str
    asked: Asked
    answer: Answer
    whole: str
    first: bool | None = None
    anywhere: bool | None = None
    facts: bool | None = None
    refused: bool | None = None
    language: bool | None = None
    found_whole: bool | None = None
    found_raw: bool | None = None
    cited: bool = True

    @property
    def right(self) -> bool:
        """Whether nothing that was asked of it is wrong; a command may come anywhere."""
        return False not in (self.anywhere, self.facts, self.refused, self.language)


def load(path: Path = CONVERSATIONS) -> list[Conversation]:
    """All conversations, in the file's order."""
    return [_conversation(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def split(conversations: Iterable[Conversation]) -> tuple[list[Conversation], list[Conversation]]:
    """A third for tuning and the rest for reporting, the same at each call."""
    held = list(conversations)
    by_hash = sorted(held, key=lambda one: hashlib.sha256(one.id.encode()).hexdigest())
    dev = {one.id for one in by_hash[: round(len(held) / 3)]}
    return [one for one in held if one.id in dev], [one for one in held if one.id not in dev]


def _conversation(entry: dict[str, Any]) -> Conversation:
    turns = tuple(
        Asked(
            turn["q"],
            turn["kind"],
            tuple(turn.get("commands", ())),
            tuple(turn.get("facts", ())),
            tuple(turn.get("quotes", ())),
            turn.get("answers_in"),
            turn.get("nth"),
        )
        for turn in entry["turns"]
    )
    if unknown := {turn.kind for turn in turns} - set(KINDS):
        raise ValueError(f"{entry['id']}: unknown kinds {unknown}")
    return Conversation(entry["id"], entry["notes"], entry["language"], turns)


def hold(conversation: Conversation, library: Library, workspace: Path) -> list[Judged]:
    """Holds one conversation and judges each of its answers."""

    def verdict(line: str) -> Verdict:
        return review(line, policy=Policy.standard(), limits=Limits(), workspace=workspace)

    transcript: list[Turn] = []
    judged: list[Judged] = []
    for asked in conversation.turns:
        whole = understood(asked.text, transcript).query
        *_, last = answer(asked.text, library, verdict, transcript=transcript)
        assert isinstance(last, AnswerDone)
        before = transcript[-1].answer if transcript else None
        judged.append(_judge(Judged(conversation.id, asked, last.answer, whole), before, library))
        transcript.append(Turn(asked.text, last.answer))
    return judged


def _judge(one: Judged, before: Answer | None, library: Library) -> Judged:
    asked, got = one.asked, one.answer
    offered = [_plain(suggested.command.text) for suggested in got.commands]
    wanted = {_plain(command) for command in asked.commands}
    if asked.nth and before is not None and len(before.commands) >= asked.nth:
        wanted = {_plain(before.commands[asked.nth - 1].command.text)}
    facts = [any(other in got.text for other in fact.split("|")) for fact in asked.facts]
    unanswerable = asked.kind == "unanswerable"
    return replace(
        one,
        first=(offered[:1] != [] and offered[0] in wanted) if wanted else None,
        anywhere=bool(wanted & set(offered)) if wanted else None,
        facts=all(facts) if facts else None,
        refused=not got.answered if unanswerable else None,
        language=got.language == asked.answers_in if asked.answers_in else None,
        found_whole=_found(library, one.whole, asked),
        found_raw=_found(library, asked.text, asked),
        cited=all(holds(c, library.notes[c.note]) for c in got.citations),
    )


def _found(library: Library, query: str, asked: Asked) -> bool | None:
    if not asked.quotes or asked.answers_in:
        return None
    hits = library.search(query, limit=3)
    return any(quote in hit.chunk.text for hit in hits for quote in asked.quotes)


def _plain(line: str) -> str:
    words = line.split()
    return " ".join(words[1:] if words[:2] == ["sudo", "docker"] else words)


def report(title: str, judged: list[Judged]) -> None:
    """Prints the figures of one set: openings by themselves, then what follows them."""
    follow = [one for one in judged if one.asked.kind != "opening"]
    for name, turns in (("openings", [j for j in judged if j.asked.kind == "opening"]), ("follow", follow)):
        print(f"\n{title}, {name}: {len(turns)} turns")
        for figure in ("right", "first", "anywhere", "facts", "refused", "language"):
            _print(figure, [getattr(one, figure) for one in turns])
        _print("R@3 made whole", [one.found_whole for one in turns])
        _print("R@3 as typed", [one.found_raw for one in turns])
    for kind in KINDS[1:]:
        _print(f"  right: {kind}", [one.right for one in follow if one.asked.kind == kind])
    offered = sum(len(one.answer.commands) for one in judged if one.asked.kind == "unanswerable")
    print(f"commands offered on unanswerable questions: {offered}")
    print(f"citations that hold: {sum(one.cited for one in judged)} of {len(judged)}")


def _print(name: str, values: list[bool | None]) -> None:
    known = [value for value in values if value is not None]
    if known:
        print(f"{name:24} {sum(known) / len(known):.2f}  ({sum(known)} of {len(known)})")


def name_failures(judged: list[Judged]) -> None:
    """Prints each turn that went wrong, with the question made whole and the commands it got."""
    for one in judged:
        if not one.right or one.found_whole is False:
            said = [suggested.command.text for suggested in one.answer.commands]
            found = f"answered={one.answer.answered} R@3={one.found_whole} right={one.right}"
            print(f"- {one.conversation} {one.asked.kind}: {one.asked.text} => {one.whole!r} {found} {said}")


def main() -> None:
    """Prints the figures and, where asked, each turn that went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["dev", "test"], default="test")
    parser.add_argument("--person", type=Path, help="the notes the person's conversations are about")
    parser.add_argument("--failures", action="store_true", help="name each turn that went wrong")
    arguments = parser.parse_args()
    config = read_settings({}).knowledge
    dev, test = split(load())
    part = dev if arguments.part == "dev" else test
    for notes, sources in (("shipped", config.sources), ("person", (arguments.person,))):
        if sources == (None,):
            continue
        with tempfile.TemporaryDirectory() as folder:
            library, _ = build_library(replace(config, sources=sources, index=Path(folder)))
            held = [c for c in part if c.notes == notes]
            judged = [turn for c in held for turn in hold(c, library, Path(folder))]
            report(f"{notes} notes", judged)
            if arguments.failures:
                name_failures(judged)


if __name__ == "__main__":
    main()
