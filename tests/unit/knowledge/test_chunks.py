"""Sections to chunks: exact lines, whole code, ids that follow the content."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunks import chunk_note, embedded_text
from knowledge.notes import note_from_text
from knowledge.sections import split_note
from knowledge.values import Chunk


def chunks(text: str, limit: int = 240) -> list[Chunk]:
    note = note_from_text(text, "note.md")
    return chunk_note(note, split_note(note), max_characters=limit)


def test_code_stays_with_the_sentence_that_introduces_it() -> None:
    (chunk,) = chunks("# A\n\nStart it:\n\n```bash\ndocker start web\n```\n")
    assert (chunk.first_line, chunk.last_line) == (3, 7)
    assert chunk.text.startswith("Start it:")
    assert "docker start web" in chunk.text


def test_code_longer_than_the_limit_is_not_cut() -> None:
    code = "\n".join(f"RUN step {n}" for n in range(200))
    (chunk,) = chunks(f"# A\n\n```dockerfile\n{code}\n```\n", limit=100)
    assert chunk.text.count("RUN step") == 200


def test_blocks_part_at_the_limit() -> None:
    text = "# A\n\n" + "\n\n".join("word " * 20 for _ in range(4))
    assert [c.first_line for c in chunks(text, limit=150)] == [3, 5, 7, 9]


def test_an_unchanged_chunk_keeps_its_id_when_lines_are_put_before_it() -> None:
    before = chunks("# A\n\nfirst\n\n# B\n\nsecond\n")
    after = chunks("# A\n\nfirst\n\nnew words\n\n# B\n\nsecond\n")
    assert before[-1].id == after[-1].id
    assert before[-1].first_line != after[-1].first_line
    assert before[0].id != after[0].id


def test_the_same_text_twice_has_two_ids() -> None:
    one, two = chunks("# A\n\nsame\n\n# A\n\nsame\n")
    assert one.text == two.text
    assert one.id != two.id


def test_images_alone_are_no_chunk() -> None:
    assert chunks("# A\n\n![shot](x.png)\n") == []


def test_what_is_embedded_has_the_headings_and_no_markdown_marks() -> None:
    (chunk,) = chunks("# A\n\n## B\n\n> ==**bold**== `code`\n")
    assert embedded_text(chunk) == "A > B\nbold code"


@given(
    st.lists(
        st.sampled_from(["# H", "## 2. H", "text", "- item", "> quote", "```", "| a |", "", "  x"]),
        max_size=30,
    )
)
def test_any_note_gives_chunks_that_are_exactly_its_lines(lines: list[str]) -> None:
    note = note_from_text("\n".join(lines), "note.md")
    found = chunk_note(note, split_note(note))
    assert len({c.id for c in found}) == len(found)
    for chunk in found:
        assert 1 <= chunk.first_line <= chunk.last_line <= len(note.lines)
        assert chunk.text == note.quote(chunk.first_line, chunk.last_line)
