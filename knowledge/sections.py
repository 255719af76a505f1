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

from knowledge.dialects import as_commonmark
from knowledge.markup import is_image_only, is_picture, is_preformatted, language_of_code, text_of, title_of
from knowledge.matter import front_matter
from knowledge.values import Block, BlockKind, Note, Section

_NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\.?[\s、．]")
_DEEPEST = 100  # quotes and lists within each other; CommonMark asks for no bound, Python's stack does
_CONTAINERS = frozenset({"blockquote", "list_item"})


def split_note(note: Note) -> list[Section]:
    """The sections of a note in reading order, empty ones included.

    Text before the first heading stands in a section whose heading is the note's title. A heading
    inside a quote or list item opens a section below the one around it; where the quote or item
    ends, the outer section goes on as a further `Section` with the same headings.
    """
    _, skip = front_matter(note.lines)
    text = "\n".join([""] * skip + as_commonmark(note.lines[skip:], note.path))
    tokens = _parser(note.path).parse(text)
    walk = _Walk(note, skip)
    if note.front_matter.get("title") and not any(t.tag == "h1" for t in tokens):
        walk.path.append(_Heading(note.title, 0, (), 0))
    for position, token in enumerate(tokens):
        walk.take(token, tokens[position + 1] if position + 1 < len(tokens) else None)
    return _mark_empty(walk.finish())


def _parser(path: str) -> MarkdownIt:
    """Blocks only: what stands within a line is not needed, and costs most."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    # There code is always marked, and indentation means other things.
    return parser.disable("code") if path.lower().endswith((".mdx", ".rst")) else parser


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
        found = self._kind(token, following.content if following else "")
        if found is None:
            return
        kind, text, info = found
        if not token.map:
            return
        first, last = token.map[0] + 1, token.map[1]
        while last > first and not self.note.lines[last - 1].strip(" >\t"):
            last -= 1
        if kind == "table":
            text = self.note.quote(first, last)
        if self.stale or not self.opened_at:
            self.opened_at, self.stale = first, False
        self.blocks.append(Block(kind, text.rstrip("\n"), first, last, info, self.depth))

    def _kind(self, token: Token, inline: str) -> tuple[BlockKind, str, str] | None:
        """What a block is, its text, and the language of code; None for what is no content."""
        text = token.content
        match token.type:
            case "fence" | "code_block" if token.type == "fence" or text_of(text) == text:
                return "code", text, token.info.strip().strip("{}.").split(" ")[0]
            case "html_block" | "code_block":
                return _markup(text)
            case "table_open":
                return "table", "", ""
            case "paragraph_open" if not is_image_only(inline):
                return "item" if self.items and self.items[-1] else "paragraph", text_of(inline), ""
            case "paragraph_open" if "![" in inline or is_picture(inline):
                return "image", inline, ""
        return None

    def _open(self, heading: _Heading, line: int) -> None:
        if not self.stale:
            self._close()
        self.stale = False
        while self.path and not _stands_below(heading, self.path[-1]):
            self.path.pop()
        self.path.append(heading)
        self.opened_at = line

    def _close(self) -> None:
        if not self.blocks and (not self.path or self.path[-1].level == 0):
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


def _markup(markup: str) -> tuple[BlockKind, str, str] | None:
    """An HTML block: a listing is code, a picture an image, mere tags and comments are nothing."""
    said = text_of(markup)
    if is_preformatted(markup):
        return "code", said, language_of_code(markup)
    if said.strip():
        return "html", said.strip(), ""
    return ("image", markup, "") if is_picture(markup) else None


def _heading(token: Token, content: str, depth: int) -> _Heading:
    title = title_of(content)
    number = _NUMBER.match(title)
    parts = tuple(int(part) for part in number[1].split(".")) if number else ()
    return _Heading(title, int(token.tag[1:]), parts, depth)


def _stands_below(heading: _Heading, above: _Heading) -> bool:
    """Whether a heading belongs under another that comes before it.

    Containment in a quote or list item comes first, then chapter numbers where both have them
    (``2.`` never stands below ``1.``, ``3.1`` does below ``3.``, whatever their marks), then the
    number of ``#``.
    """
    if above.level == 0:  # the title in the front matter
        return True
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
