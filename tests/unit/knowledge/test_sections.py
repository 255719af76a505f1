"""Notes to sections: uneven headings, code in lists in quotes, empty chapters."""

from __future__ import annotations

from knowledge.notes import note_from_text
from knowledge.sections import split_note
from knowledge.values import Section


def sections(text: str) -> list[Section]:
    return split_note(note_from_text(text, "note.md"))


def paths(text: str) -> list[str]:
    return [" / ".join(s.headings) for s in sections(text)]


def test_chapter_numbers_count_more_than_the_number_of_marks() -> None:
    text = (
        "# 1. Setup\n\n### Install\n\nx\n\n## 2. Start\n\nx\n\n"
        "## 3. More\n\n### 3.1 Images\n\n#### what\n\nx\n\n### 3.2 Data"
    )
    assert paths(text) == [
        "1. Setup",
        "1. Setup / Install",
        "2. Start",
        "3. More",
        "3. More / 3.1 Images",
        "3. More / 3.1 Images / what",
        "3. More / 3.2 Data",
    ]


def test_a_numbered_list_of_sections_under_a_title_stays_under_it() -> None:
    assert paths("# Docker\n\nx\n\n## 1. One\n\nx\n\n## 2. Two\n\nx") == [
        "Docker",
        "Docker / 1. One",
        "Docker / 2. Two",
    ]


def test_a_heading_in_a_quote_ends_with_the_quote() -> None:
    text = "## Build\n\n> ### FROM\n>\n> base\n\nafter the quote\n"
    found = sections(text)
    assert [" / ".join(s.headings) for s in found] == ["Build", "Build / FROM", "Build"]
    assert [b.text for b in found[-1].blocks] == ["after the quote"]
    assert (found[-1].first_line, found[-1].last_line) == (7, 7)


def test_code_in_a_list_in_a_quote_has_its_lines_and_its_text() -> None:
    text = "> - start it:\n>\n>   ```bash\n>   docker run hello-world\n>   ```\n"
    (section,) = sections(text)
    item, code = section.blocks
    assert (item.kind, item.text) == ("item", "start it:")
    assert (code.kind, code.text, code.info) == ("code", "docker run hello-world", "bash")
    assert (code.first_line, code.last_line, code.depth) == (3, 5, 2)


def test_text_before_the_first_heading_stands_under_the_title() -> None:
    (section,) = sections("---\ntitle: My notes\n---\njust text")
    assert section.headings == ("My notes",)
    assert (section.first_line, section.last_line) == (4, 4)


def test_empty_headings_are_marked_only_where_nothing_stands_below() -> None:
    text = "# A\n\n## B\n\n## C\n\ntext\n\n# D\n\n## E\n"
    marks = {s.headings[-1]: s.is_empty for s in sections(text)}
    assert marks == {"A": False, "B": True, "C": False, "D": True, "E": True}


def test_an_image_alone_is_content_but_no_text() -> None:
    (section,) = sections("# A\n\n![shot](./missing.png)\n")
    assert [b.kind for b in section.blocks] == ["image"]
    assert not section.is_empty


def test_a_table_is_one_block_with_all_its_lines() -> None:
    (section,) = sections("# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    (table,) = section.blocks
    assert (table.kind, table.first_line, table.last_line) == ("table", 3, 5)


def test_marks_and_code_signs_are_taken_out_of_headings() -> None:
    assert paths("# ==`docker run`== **now**\n\nx") == ["docker run now"]


def test_an_empty_note_has_no_sections() -> None:
    assert sections("") == []
