"""The judged questions are well formed, and what they quote stands in the notes."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.evals.sets import FIELDS, KINDS, OTHER, OTHER_NOTES, PERSON, SHIPPED, Question, load, split

ROOT = Path(__file__).parents[3]
SHIPPED_NOTES = ROOT / "knowledge" / "notes"
PERSON_NOTES = ROOT / ".." / "shared" / "notes" / "docker-notes.md"
"""A person's notes, not part of the project; what needs them is skipped where they are missing."""


@pytest.fixture(params=[PERSON, SHIPPED, OTHER], ids=["person", "shipped", "other"])
def path(request: pytest.FixtureRequest) -> Path:
    chosen: Path = request.param
    return chosen


@pytest.fixture
def questions(path: Path) -> list[Question]:
    return load(path)


@pytest.fixture
def person_note() -> str:
    if not PERSON_NOTES.is_file():
        pytest.skip("the person's notes are not part of the project")
    return PERSON_NOTES.read_text(encoding="utf-8")


def shipped_texts(question: Question) -> list[str]:
    """The files in which a shipped question may be answered, in both languages."""
    name = Path(question.note).name
    return [(SHIPPED_NOTES / language / name).read_text(encoding="utf-8") for language in ("en", "zh")]


def test_fields_are_known_and_filled(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        assert set(entry) <= FIELDS, entry["id"]
        empty = {key for key, value in entry.items() if not value}
        assert empty <= ({"note", "quotes"} if entry["kind"] == "unanswerable" else set()), entry["id"]


def test_ids_and_questions_are_unique(questions: list[Question]) -> None:
    assert [i for i, n in Counter(q.id for q in questions).items() if n > 1] == []
    assert [t for t, n in Counter((q.before, q.text) for q in questions).items() if n > 1] == []


def test_ids_are_unique_over_all_sets() -> None:
    ids = [q.id for path in (PERSON, SHIPPED, OTHER) for q in load(path)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", [PERSON, SHIPPED], ids=["person", "shipped"])
def test_each_set_is_large_enough(path: Path) -> None:
    questions = load(path)
    kinds = Counter(q.kind for q in questions)
    assert len(questions) >= 170
    assert kinds["unanswerable"] >= 35
    assert [kind for kind in KINDS if kinds[kind] < 10] == []
    assert sum(bool(q.command or q.facts) for q in questions) >= 120
    assert sum(bool(q.forbidden or q.forbidden_commands) for q in questions if q.answerable) >= 60
    assert sum(bool(q.forbidden) for q in questions) >= 60


def test_each_answer_can_be_judged(questions: list[Question]) -> None:
    assert [q.id for q in questions if q.answerable and not (q.command or q.facts)] == []


def test_the_set_never_tuned_on_is_large_enough() -> None:
    questions = load(OTHER)
    assert len(questions) >= 100
    assert sum(q.command is not None for q in questions) >= 40
    assert sum(bool(q.facts) for q in questions) >= 30
    assert sum(not q.answerable for q in questions) >= 30
    assert sum(bool(q.forbidden or q.forbidden_commands) for q in questions) >= 40


def test_what_is_unanswerable_quotes_nothing(questions: list[Question]) -> None:
    for question in questions:
        if question.answerable:
            assert 1 <= len(question.quotes) <= 3, question.id
        else:
            assert (question.note, question.quotes, question.command, question.facts) == ("", (), None, ())


def test_quotes_are_of_one_line(questions: list[Question]) -> None:
    assert [q.id for q in questions for quote in q.quotes if quote != quote.strip() or "\n" in quote] == []


def test_followups_follow_something(questions: list[Question]) -> None:
    assert [q.id for q in questions if q.kind == "followup" and not q.before] == []


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('{"id": "x", "q": "?", "language": "zh", "kind": "odd", "note": "", "quotes": []}')
    with pytest.raises(ValueError, match="odd"):
        load(file)


def test_unknown_fields_and_empty_alternatives_are_refused(tmp_path: Path) -> None:
    for more, said in (('"facst": ["x"]', "facst"), ('"forbidden": ["a|"]', "a|"), ('"facts": "a"', "facts")):
        file = tmp_path / "set.jsonl"
        file.write_text(
            f'{{"id": "x", "q": "?", "language": "zh", "kind": "plain", "note": "", "quotes": [], {more}}}'
        )
        with pytest.raises(ValueError, match=re.escape(said)):
            load(file)


@pytest.mark.parametrize(
    "more",
    [
        '"facts": ["cuda:12"], "forbidden": ["CUDA:1"]',
        '"command": "docker rm -f  web", "forbidden_commands": ["sudo docker rm"]',
        '"command": "docker stop web", "also": ["docker rm web"], "forbidden": ["docker rm"]',
    ],
)
def test_what_is_required_cannot_be_forbidden(tmp_path: Path, more: str) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(
        f'{{"id": "x", "q": "?", "language": "zh", "kind": "plain", "note": "", "quotes": [], {more}}}'
    )
    with pytest.raises(ValueError, match="forbids"):
        load(file)


def test_forbidden_claims_and_commands_are_found() -> None:
    question = Question(
        "x",
        "?",
        "en",
        "plain",
        "n.md",
        ("q",),
        forbidden=("env_file wins|is lost",),
        forbidden_commands=("docker rm -f",),
    )
    assert question.claims_forbidden("here `env_file`\n **Wins**. [1]") == ("env_file wins|is lost",)
    assert question.claims_forbidden("`environment` wins over env_file") == ()
    assert question.offers_forbidden(["sudo docker  rm -f web", "docker rm -fv web", "docker rm web"]) == (
        "sudo docker  rm -f web",
    )


def test_quotes_and_facts_of_the_other_notes_stand_there() -> None:
    for question in filter(lambda q: q.answerable, load(OTHER)):
        text = (OTHER_NOTES / question.note).read_text(encoding="utf-8")
        assert [quote for quote in question.quotes if quote not in text] == [], question.id
        for fact in question.facts:
            assert any(words in text for words in fact.split("|")), (question.id, fact)


def sections_hit(question: Question, text: str) -> list[str]:
    """The sections of a note, each from its heading on, in which a question's quotes stand."""
    return [section for section in re.split(r"(?m)^(?=#{1,6} )", text) if question.hit_by(section)]


def test_what_answers_claims_nothing_forbidden(path: Path, questions: list[Question]) -> None:
    if path == PERSON and not PERSON_NOTES.is_file():
        pytest.skip("the person's notes are not part of the project")
    for question in filter(lambda q: q.answerable and q.forbidden, questions):
        files = {PERSON: [PERSON_NOTES], OTHER: [OTHER_NOTES / question.note]}.get(path)
        texts = [f.read_text(encoding="utf-8") for f in files] if files else shipped_texts(question)
        sections = [section for text in texts for section in sections_hit(question, text)]
        assert sections, question.id
        claimed = [claim for section in sections for claim in question.claims_forbidden(section)]
        assert claimed == [], question.id


def test_forbidden_claims_stand_nowhere_in_the_other_notes() -> None:
    notes = "\n".join(file.read_text(encoding="utf-8") for file in sorted(OTHER_NOTES.glob("*.md")))
    assert {q.id: claims for q in load(OTHER) if (claims := q.claims_forbidden(notes))} == {}


def test_shipped_quotes_stand_in_the_notes_of_both_languages() -> None:
    for question in filter(lambda q: q.answerable, load(SHIPPED)):
        others = "\n".join(file.read_text(encoding="utf-8") for file in SHIPPED_NOTES.glob("*/*.md"))
        assert [quote for quote in question.quotes if quote not in others] == [], question.id
        assert all(question.hit_by(text) for text in shipped_texts(question)), question.id


def test_shipped_facts_and_commands_can_be_answered_in_both_languages() -> None:
    for question in filter(lambda q: q.answerable, load(SHIPPED)):
        for text in shipped_texts(question):
            assert question.command is None or question.command in text, question.id
            for fact in question.facts:
                assert any(words in text for words in fact.split("|")), (question.id, fact)


def test_shipped_cross_questions_name_the_other_language() -> None:
    for question in load(SHIPPED):
        folder = {"en": "zh/", "zh": "en/"}[question.language] if question.kind == "cross" else ""
        assert question.note.rpartition("/")[0] == folder.rstrip("/"), question.id


def test_quotes_of_a_persons_notes_are_fragments() -> None:
    assert [quote for q in load(PERSON) for quote in q.quotes if not 3 <= len(quote) <= 30] == []


def test_quotes_of_a_persons_notes_stand_there(person_note: str) -> None:
    assert [quote for q in load(PERSON) for quote in q.quotes if quote not in person_note] == []


def test_facts_of_a_persons_notes_stand_there(person_note: str) -> None:
    for question in load(PERSON):
        for fact in question.facts:
            assert any(words in person_note for words in fact.split("|")), (question.id, fact)


def test_at_most_three_questions_are_about_one_line_of_a_persons_notes(person_note: str) -> None:
    lines = person_note.splitlines()
    first = Counter(
        next(number for number, line in enumerate(lines, 1) if question.quotes[0] in line)
        for question in load(PERSON)
        if question.answerable
    )
    assert {number: count for number, count in first.items() if count > 3} == {}


def test_split_is_a_third_of_each_kind_and_repeatable(questions: list[Question]) -> None:
    dev, test = split(questions)
    assert sorted(q.id for q in [*dev, *test]) == sorted(q.id for q in questions)
    assert split(list(reversed(questions)))[0] == list(reversed(dev))
    for kind in KINDS:
        total = sum(q.kind == kind for q in questions)
        assert sum(q.kind == kind for q in dev) == round(total / 3)
