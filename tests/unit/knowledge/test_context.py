"""Hits with what stands around them: within the chapter, below the bound, nothing twice."""

from __future__ import annotations

from knowledge.chunks import chunk_note
from knowledge.context import widen
from knowledge.notes import note_from_text
from knowledge.sections import split_note
from knowledge.values import Hit

TEXT = "# A\n\n" + "\n\n".join(f"word{n} " * 6 for n in range(6)) + "\n\n# B\n\nother section\n"
NOTE = note_from_text(TEXT, "note.md")
CHUNKS = chunk_note(NOTE, split_note(NOTE), max_characters=20)


def widened(*positions: int, limit: int = 10, most: int = 1_400) -> list[Hit]:
    hits = [Hit(CHUNKS[i], 1.0 - rank / 10) for rank, i in enumerate(positions)]
    return widen(hits, CHUNKS, {"note.md": NOTE}, limit=limit, max_characters=most)


def test_a_hit_grows_over_its_chapter_and_not_beyond() -> None:
    (hit,) = widened(2)
    assert (hit.chunk.first_line, hit.chunk.last_line) == (3, 13)
    assert "other section" not in hit.chunk.text
    assert hit.chunk.text == NOTE.quote(3, 13)
    assert hit.chunk.id == CHUNKS[2].id


def test_the_bound_is_kept_and_the_middle_stays_in() -> None:
    (hit,) = widened(2, most=130)
    assert len(hit.chunk.text) <= 130
    assert CHUNKS[2].text in hit.chunk.text
    assert hit.chunk.text != CHUNKS[2].text


def test_hits_that_meet_become_one_and_keep_the_better_score() -> None:
    first, second = widened(3, 1, 6)
    assert first.score == 1.0
    assert second.chunk.headings == ("B",)


def test_two_hits_never_share_a_line() -> None:
    hits = widened(1, 4, most=130)
    lines = [set(range(h.chunk.first_line, h.chunk.last_line + 1)) for h in hits]
    assert len(hits) == 2
    assert lines[0].isdisjoint(lines[1])


def test_a_chunk_above_the_bound_stays_as_it_is() -> None:
    (hit,) = widened(0, most=1)
    assert hit.chunk.text == CHUNKS[0].text


def test_the_limit_is_kept() -> None:
    assert len(widened(0, 6, limit=1)) == 1
    assert widened() == []


CHAPTER = note_from_text(
    "# A\n\n## one\n\nfirst text\n\n## two\n\nsecond\n\nthird\n\n## three\n\nfourth\n", "c.md"
)
PARTS = chunk_note(CHAPTER, split_note(CHAPTER), max_characters=5)


def test_a_hit_takes_its_own_section_first_then_what_matched_better() -> None:
    def lines(scores: dict[int, float], most: int) -> tuple[int, int]:
        hits = [Hit(PARTS[i], score) for i, score in scores.items()]
        chunk = widen(hits, PARTS, {"c.md": CHAPTER}, limit=1, max_characters=most)[0].chunk
        return chunk.first_line, chunk.last_line

    assert [c.first_line for c in PARTS] == [5, 9, 11, 15]
    assert lines({1: 1.0, 0: 0.9, 3: 0.1}, 20) == (9, 11)
    assert lines({1: 1.0, 0: 0.9, 3: 0.1}, 40) == (5, 11)
    assert lines({1: 1.0, 0: 0.1, 3: 0.9}, 40) == (9, 15)
