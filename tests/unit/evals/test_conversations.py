"""The judged conversations are well formed, and what they quote stands in the notes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.evals.conversations import KINDS, Conversation, load, split

ROOT = Path(__file__).parents[3]
SHIPPED_NOTES = ROOT / "knowledge" / "notes"
PERSON_NOTES = ROOT / ".." / "shared" / "notes" / "docker-notes.md"
"""A person's notes, not part of the project; what needs them is skipped where they are missing."""


@pytest.fixture(scope="module")
def conversations() -> list[Conversation]:
    return load()


def test_there_are_enough_of_two_and_three_turns(conversations: list[Conversation]) -> None:
    assert len({one.id for one in conversations}) == len(conversations) >= 30
    assert {len(one.turns) for one in conversations} == {2, 3}
    assert {one.language for one in conversations} == {"zh", "en", "mixed"}
    kinds = Counter(turn.kind for one in conversations for turn in one.turns)
    assert kinds.keys() == set(KINDS)
    assert all(one.turns[0].kind == "opening" for one in conversations)


def test_each_turn_says_what_shows_that_it_was_understood(conversations: list[Conversation]) -> None:
    for one in conversations:
        for turn in one.turns:
            shown = turn.commands or turn.facts or turn.quotes or turn.answers_in or turn.nth
            assert bool(shown) == (turn.kind != "unanswerable"), f"{one.id}: {turn.text}"


def test_a_third_is_for_tuning_and_it_stays_the_same(conversations: list[Conversation]) -> None:
    dev, test = split(conversations)
    assert len(dev) == round(len(conversations) / 3)
    assert sorted(c.id for c in (*dev, *test)) == sorted(c.id for c in conversations)
    assert split(list(reversed(conversations)))[0][::-1] == dev


def test_the_quotes_stand_in_the_notes(conversations: list[Conversation]) -> None:
    shipped = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SHIPPED_NOTES.rglob("*.md")))
    person = PERSON_NOTES.read_text(encoding="utf-8") if PERSON_NOTES.is_file() else ""
    for one in conversations:
        text = shipped if one.notes == "shipped" else person
        for turn in one.turns if text else ():
            missing = [quote for quote in turn.quotes if quote not in text]
            assert len(missing) < max(len(turn.quotes), 1), f"{one.id}: {turn.text}: {missing}"


def test_a_persons_notes_are_quoted_in_fragments(conversations: list[Conversation]) -> None:
    quotes = [q for one in conversations if one.notes == "person" for t in one.turns for q in t.quotes]
    assert quotes
    assert max(map(len, quotes)) <= 30
