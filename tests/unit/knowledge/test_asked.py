"""What a question asks for, and whether a text holds it."""

from __future__ import annotations

from knowledge.asked import Asked
from knowledge.chunks import chunk_note
from knowledge.keywords import KeywordIndex
from knowledge.notes import note_from_text
from knowledge.sections import split_note

TEXT = (
    "# 容器\n\n`docker ps -a`显示所有容器。\n\n# Images\n\nAn image is a template.\n\n# GPU\n\n安装驱动。\n"
)


def keywords() -> KeywordIndex:
    note = note_from_text(TEXT, "note.md")
    return KeywordIndex(chunk_note(note, split_note(note)))


def test_an_english_question_is_held_by_chinese_text() -> None:
    asked = Asked("how do I list all containers?", keywords())
    assert asked.share(asked.words_in("`docker ps -a`显示所有容器。")) == 1.0


def test_what_stands_nowhere_is_unknown_and_weighs_most() -> None:
    asked = Asked("sourdough containers", keywords())
    assert asked.unknown == ("sourdough",)
    assert asked.share(asked.words_in("所有容器")) < 0.5


def test_a_misspelt_word_is_mended_by_the_notes_own_spelling() -> None:
    asked = Asked("templete", keywords())
    assert asked.share(asked.words_in("An image is a template.")) == 1.0


def test_headings_count_for_less_than_the_text_itself() -> None:
    asked = Asked("驱动 GPU", keywords())
    own, above = asked.words_in("安装驱动。"), asked.words_in("GPU")
    assert 0 < asked.share(own) < asked.share(own, above) < 1.0


def test_a_question_that_names_nothing_is_held_by_nothing() -> None:
    asked = Asked("how do I do this?", keywords())
    assert asked.share(asked.words_in(TEXT)) == 0.0
