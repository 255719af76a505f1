"""Sections to chunks: exact lines, whole code, ids that follow the content."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunks import blocks_of, chunk_note, plain_text
from knowledge.context import MAX_CHARACTERS, widen
from knowledge.notes import note_from_text
from knowledge.pieces import MOST
from knowledge.sections import split_note
from knowledge.values import Chunk, Hit


def chunks(text: str, limit: int = 240) -> list[Chunk]:
    note = note_from_text(text, "note.md")
    return chunk_note(note, split_note(note), max_characters=limit)


def test_code_stays_with_the_sentence_that_introduces_it() -> None:
    (chunk,) = chunks("# A\n\nStart it:\n\n```bash\ndocker start web\n```\n")
    assert (chunk.first_line, chunk.last_line) == (3, 7)
    assert chunk.text.startswith("Start it:")
    assert "docker start web" in chunk.text


def test_code_longer_than_the_limit_is_not_cut_while_it_can_be_read_at_once() -> None:
    code = "\n".join(f"RUN step {n}" for n in range(60))
    (chunk,) = chunks(f"# A\n\n```dockerfile\n{code}\n```\n", limit=100)
    assert chunk.text.count("RUN step") == 60


def test_a_giant_listing_is_cut_between_lines_and_each_piece_knows_what_introduced_it() -> None:
    code = "\n".join(f"RUN step {n} of the build" for n in range(500))
    found = chunks(f"# A\n\nBuild the web image:\n\n```dockerfile\n{code}\n```\n")
    assert sum(chunk.text.count("RUN step") for chunk in found) == 500
    assert all(len(chunk.text) <= MOST for chunk in found)
    assert found[0].text.startswith("Build the web image:")
    assert {chunk.about for chunk in found[1:]} == {"Build the web image:"}
    assert "Build the web image:" in plain_text(found[-1])
    assert all(part.first_line == one.last_line + 1 for one, part in pairwise(found))


def test_the_rows_of_a_giant_table_know_its_header() -> None:
    rows = "\n".join(f"| --flag-{n} | what flag {n} does |" for n in range(300))
    found = chunks(f"# A\n\n| Flag | Meaning |\n|---|---|\n{rows}\n")
    assert len(found) > 5
    assert found[0].about == ""
    assert {chunk.about for chunk in found[1:]} == {"| Flag | Meaning |"}
    assert all(line.startswith("|") for chunk in found for line in chunk.text.split("\n"))


def test_a_giant_line_is_cut_at_the_ends_of_sentences_and_ids_differ() -> None:
    line = "".join(f"第{n}个容器可以停止。" for n in range(900))
    found = chunks(f"# A\n\n{line}\n")
    assert {(chunk.first_line, chunk.last_line) for chunk in found} == {(3, 3)}
    assert all(chunk.text.endswith("。") and chunk.text in line for chunk in found)
    assert "".join(chunk.text for chunk in found) == line
    assert len({chunk.id for chunk in found}) == len(found)


def test_an_embedded_picture_is_no_chunk() -> None:
    picture = "![shot](data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAA" * 400 + ")"
    (chunk,) = chunks(f"# A\n\nBefore {picture}\n\n")
    assert chunk.text.startswith("Before")
    assert len(chunk.text) <= MOST


def test_the_blocks_of_a_piece_are_the_parts_in_it() -> None:
    code = "\n".join(f"docker run web{n}" for n in range(300))
    note = note_from_text(f"# A\n\n```bash\n{code}\n```\n\n" + "word. " * 1000, "note.md")
    sections = split_note(note)
    for chunk in chunk_note(note, sections):
        (block,) = blocks_of(chunk, sections)
        assert (block.first_line, block.last_line) == (chunk.first_line, chunk.last_line)
        assert block.text == "\n".join(line for line in chunk.text.split("\n") if "`" not in line)


def test_tags_are_searched_with_every_chunk_and_ids_without_tags_stay() -> None:
    (plain,) = chunks("---\ntitle: T\n---\ntext\n")
    (tagged,) = chunks("---\ntitle: T\ntags: [gpu, cuda]\n---\ntext\n")
    assert plain.about == ""
    assert tagged.about == "gpu, cuda"
    assert "gpu" in plain_text(tagged)
    assert tagged.id != plain.id
    assert plain.id == hashlib.sha256(b"note.md\0T\0text\0" + b"1").hexdigest()[:32]


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
    assert plain_text(chunk) == "bold code"


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


_LINES = st.one_of(
    st.sampled_from(["# H", "text", "- item", "> quote", "```", "| a |", "|---|", "", "  x", "![](x.png)"]),
    st.integers(1, 4000).map(lambda n: "word. " * (n // 6 + 1)),
    st.integers(1, 4000).map(lambda n: "容器。" * (n // 3 + 1)),
    st.integers(1, 4000).map(lambda n: "x" * n),
)


@given(st.lists(_LINES, max_size=40))
def test_no_chunk_is_too_long_and_every_chunk_is_exact(lines: list[str]) -> None:
    note = note_from_text("\n".join(lines), "note.md")
    sections = split_note(note)
    found = chunk_note(note, sections)
    assert len({c.id for c in found}) == len(found)
    for chunk in found:
        assert 0 < len(chunk.text) <= MOST
        assert chunk.text in note.quote(chunk.first_line, chunk.last_line)
        if chunk.first_line < chunk.last_line:
            assert chunk.text == note.quote(chunk.first_line, chunk.last_line)
        assert blocks_of(chunk, sections)
    notes = {note.path: note}
    for hit in widen([Hit(chunk, 1.0) for chunk in found], found, notes, limit=len(found)):
        assert len(hit.chunk.text) <= MAX_CHARACTERS
        assert hit.chunk.text in note.quote(hit.chunk.first_line, hit.chunk.last_line)
