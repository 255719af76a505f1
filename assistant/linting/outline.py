"""Rules about headings: nothing under them, the same text twice, levels left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt

from assistant.linting.values import Finding, Rule
from knowledge.dialects import as_commonmark
from knowledge.language import Text
from knowledge.matter import front_matter
from knowledge.values import Note, Section

EMPTY_HEADING = Rule(
    "empty-heading", "warning", Text("A heading with nothing under it.", "标题下没有任何内容。")
)
EMPTY_CHAPTER = Rule(
    "empty-chapter",
    "warning",
    Text("A chapter whose headings all have nothing under them.", "整章的标题下都没有内容。"),
)
DUPLICATE = Rule(
    "duplicate-section", "warning", Text("The same text stands in two sections.", "两个章节的内容相同。")
)
LEVEL = Rule("level-jump", "hint", Text("A heading that leaves out a level.", "标题跳过了一级。"))

_SAME_FROM = 80  # characters from which equal text is no coincidence


def outline_findings(note: Note, sections: Sequence[Section]) -> Iterator[Finding]:
    """Headings without content, and jumps of level, of one note."""
    for section in sections:
        if not section.is_empty or not section.headings:
            continue
        title = section.headings[-1]
        below = [s for s in sections if s.headings[: len(section.headings)] == section.headings]
        if len(below) > 1:
            yield Finding(
                EMPTY_CHAPTER,
                note.path,
                section.first_line,
                Text(
                    f"Nothing stands under “{title}”, nor under any heading below it ({len(below) - 1}).",
                    f"“{title}”及其下 {len(below) - 1} 个标题都没有内容。",
                ),
                Text("Write it, or remove the chapter.", "补上内容，或者删除这一章。"),
            )
        else:
            yield Finding(
                EMPTY_HEADING,
                note.path,
                section.first_line,
                Text(f"Nothing stands under “{title}”.", f"“{title}”下没有内容。"),
                Text("Write it, or remove the heading.", "补上内容，或者删除这个标题。"),
            )
    yield from _jumps(note)


def _jumps(note: Note) -> Iterator[Finding]:
    """Jumps among the headings of the note itself; those in quotes and lists have levels of their own."""
    _, skip = front_matter(note.lines)
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    before = 0
    for token in parser.parse("\n".join([""] * skip + as_commonmark(note.lines[skip:], note.path))):
        if token.type != "heading_open" or token.level or not token.map:
            continue
        level = int(token.tag[1:])
        if before and level > before + 1:
            yield Finding(
                LEVEL,
                note.path,
                token.map[0] + 1,
                Text(
                    f"A heading of level {level} follows one of level {before}.",
                    f"{before} 级标题之后直接是 {level} 级标题。",
                ),
                Text(f"Write it with {before + 1} “#”.", f"改用 {before + 1} 个“#”。"),
            )
        before = level


def duplicates(notes: Sequence[tuple[Note, Sequence[Section]]]) -> Iterator[Finding]:
    """Sections whose text stands in an earlier section as well, over all notes of one language."""
    seen: dict[tuple[str, str], tuple[str, int, str]] = {}
    for note, sections in notes:
        for section in sections:
            text = " ".join(" ".join(block.text.split()) for block in section.blocks)
            if len(text) < _SAME_FROM:
                continue
            first = seen.setdefault(
                (note.language, text), (note.path, section.first_line, section.headings[-1])
            )
            if first[:2] == (note.path, section.first_line):
                continue
            place = f"{first[0]}:{first[1]}"
            yield Finding(
                DUPLICATE,
                note.path,
                section.first_line,
                Text(
                    f"“{section.headings[-1]}” says the same as “{first[2]}” at {place}.",
                    f"“{section.headings[-1]}”与 {place} 的“{first[2]}”内容相同。",
                ),
                Text("Keep one of them.", "保留其中一处即可。"),
            )
