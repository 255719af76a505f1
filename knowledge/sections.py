"""Note to sections, by heading, with the blocks that stand in each.

Notes are uneven: a chapter may be a second-level heading after a first-level one, headings stand
inside quotes and list items, code inside lists inside quotes. CommonMark is left to markdown-it;
what is decided here is only which heading stands below which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.matter import front_matter
from knowledge.values import Block, BlockKind, Note, Section

_NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\.?[\s、．]")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_CONTAINERS = frozenset({"blockquote", "list_item"})


def split_note(note: Note) -> list[Section]:
    """The sections of a note in reading order, empty ones included.

    Text before the first heading stands in a section whose heading is the note's title. A heading
    inside a quote or list item opens a section below the one around it; where the quote or item
    ends, the outer section goes on as a further `Section` with the same headings.
    """
    _, skip = front_matter(note.lines)
    text = "\n".join([""] * skip + list(note.lines[skip:]))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    walk = _Walk(note, skip)
    for position, token in enumerate(tokens):
        walk.take(token, tokens[position + 1] if position + 1 < len(tokens) else None)
    return _mark_empty(walk.finish())


@dataclass(frozen=True, slots=True)
class _Heading:
    title: str
    level: int
    number: tuple[int, ...]
    depth: int  # quotes and list items around it


@dataclass(slots=True)
class _Walk:
    note: Note
    skip: int
    depth: int = 0
    items: list[bool] = field(default_factory=list)  # innermost container is a list item
    path: list[_Heading] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    opened_at: int = 0
    stale: bool = False  # a nested section ended; the next block opens the outer one again

    def take(self, token: Token, following: Token | None) -> None:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in _CONTAINERS and token.type.endswith("_open"):
            self.depth += 1
            self.items.append(name == "list_item")
        elif name in _CONTAINERS and token.type.endswith("_close"):
            self._leave_container()
        elif token.type == "heading_open" and token.map and following:
            self._open(_heading(token, following.content, self.depth), token.map[0] + 1)
        elif token.map:
            self._take_block(token, following)

    def _leave_container(self) -> None:
        self.depth -= 1
        self.items.pop()
        while self.path and self.path[-1].depth > self.depth:
            if not self.stale:
                self._close()
            self.stale = True
            self.path.pop()

    def _take_block(self, token: Token, following: Token | None) -> None:
        kind: BlockKind
        text = token.content
        match token.type:
            case "fence" | "code_block":
                kind = "code"
            case "html_block":
                kind = "html"
            case "table_open":
                kind = "table"
            case "paragraph_open":
                text = following.content if following else ""
                kind = "item" if self.items and self.items[-1] else "paragraph"
                if not _IMAGE.sub("", text).strip():
                    kind = "image"
            case _:
                return
        if not token.map:
            return
        first, last = token.map[0] + 1, token.map[1]
        while last > first and not self.note.lines[last - 1].strip(" >\t"):
            last -= 1
        if kind == "table":
            text = self.note.quote(first, last)
        if self.stale or not (self.path or self.sections or self.blocks):
            self.opened_at, self.stale = first, False
        self.blocks.append(Block(kind, text.rstrip("\n"), first, last, token.info.strip(), self.depth))

    def _open(self, heading: _Heading, line: int) -> None:
        if not self.stale:
            self._close()
        self.stale = False
        while self.path and not _stands_below(heading, self.path[-1]):
            self.path.pop()
        self.path.append(heading)
        self.opened_at = line

    def _close(self) -> None:
        if not self.path and not self.blocks:
            return
        headings = tuple(h.title for h in self.path) or (self.note.title,)
        last = max((b.last_line for b in self.blocks), default=self.opened_at)
        level = len(self.path) or 1
        self.sections.append(
            Section(self.note.path, headings, level, self.opened_at, last, tuple(self.blocks))
        )
        self.blocks = []

    def finish(self) -> list[Section]:
        if not self.stale:
            self._close()
        return self.sections


def _heading(token: Token, content: str, depth: int) -> _Heading:
    title = re.sub(r"[`*]|==", "", content).strip()
    number = _NUMBER.match(title)
    parts = tuple(int(part) for part in number[1].split(".")) if number else ()
    return _Heading(title, int(token.tag[1:]), parts, depth)


def _stands_below(heading: _Heading, above: _Heading) -> bool:
    """Whether a heading belongs under another that comes before it.

    Containment in a quote or list item comes first, then chapter numbers where both have them
    (``2.`` never stands below ``1.``, ``3.1`` does below ``3.``, whatever their marks), then the
    number of ``#``.
    """
    if heading.depth != above.depth:
        return heading.depth > above.depth
    if heading.number and above.number:
        return len(heading.number) > len(above.number) and heading.number[: len(above.number)] == above.number
    if heading.number and len(heading.number) == 1:
        return above.level < heading.level and above.level == 1 and not above.number
    return heading.level > above.level


def _mark_empty(sections: list[Section]) -> list[Section]:
    filled = {s.headings[:depth] for s in sections if s.blocks for depth in range(1, len(s.headings) + 1)}
    return [s if s.headings in filled else replace(s, is_empty=True) for s in sections]
