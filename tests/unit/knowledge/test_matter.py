"""Front matter in its three forms, whole and with slips; the text is never lost."""

from __future__ import annotations

import pytest

from knowledge.matter import front_matter
from knowledge.notes import note_from_text
from knowledge.sections import split_note


@pytest.mark.parametrize(
    "matter",
    [
        "---\ntitle: Volumes\nlanguage: zh\ntags: [docker, data]\n---",
        '+++\ntitle = "Volumes"\nlanguage = "zh"\ntags = ["docker", "data"]\n[menu]\nmain = 1\n+++',
        '{\n  "title": "Volumes",\n  "language": "zh",\n  "tags": ["docker", "data"]\n}',
    ],
    ids=["yaml", "toml", "json"],
)
def test_title_language_and_tags_are_read_in_all_three_forms(matter: str) -> None:
    note = note_from_text(f"{matter}\n\ntext\n", "v.md")
    assert (note.title, note.language) == ("Volumes", "zh")
    assert note.front_matter["tags"] == "docker, data"
    (section,) = split_note(note)
    assert [b.text for b in section.blocks] == ["text"]
    assert note.lines[section.first_line - 1] == "text"


@pytest.mark.parametrize(
    "matter",
    [
        "---\ntitle: Data: volumes\ntags: [a\n---",  # a colon and a list without its end
        "---\ntitle: Data: volumes\ndate: 2024-13-45\n---",
        "+++\ntitle = Data: volumes\n+++",
    ],
)
def test_settings_with_a_slip_still_give_the_title(matter: str) -> None:
    note = note_from_text(f"{matter}\ntext\n", "v.md")
    assert note.title == "Data: volumes"
    assert [b.text for s in split_note(note) for b in s.blocks] == ["text"]


@pytest.mark.parametrize(
    "text",
    [
        "---\nA sentence between two rules\nand another one.\n---\nmore",
        "---\nnever closed\n\nmore",
        "+++\nnever closed\n\nmore",
        '{\n "title": "x",\n}\nmore',
        "{\nnever closed\n\nmore",
    ],
)
def test_what_is_no_settings_stays_text(text: str) -> None:
    note = note_from_text(text, "v.md")
    assert front_matter(note.lines) == ({}, 0)
    held = "\n".join(note.quote(s.first_line, s.last_line) for s in split_note(note))
    assert "more" in held
    assert ("never closed" in held) == ("never closed" in text)
    assert ("A sentence" in held) == ("A sentence" in text)


def test_a_comment_in_code_is_not_the_title() -> None:
    assert note_from_text("```bash\n# install it\n```\n\n# Real title\n", "n.md").title == "Real title"
