"""Rules about links and images: files and anchors that are not there. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.linting.values import Finding, Rule
from knowledge.errors import NoteError
from knowledge.language import Text
from knowledge.matter import front_matter
from knowledge.notes import read_note
from knowledge.values import Note

MISSING_IMAGE = Rule("missing-image", "error", Text("An image file that is not there.", "图片文件不存在。"))
BROKEN_LINK = Rule(
    "broken-link",
    "error",
    Text("A link to a file or heading that is not there.", "链接的文件或标题不存在。"),
)

_HTML = re.compile(r"<(img|a)\b[^>]*?\b(?:src|href)\s*=\s*([\"'])(.*?)\2", re.IGNORECASE | re.DOTALL)
_ID = re.compile(r"\b(?:id|name)\s*=\s*[\"']([^\"']+)[\"']|\{#([\w-]+)\}")


def link_findings(note: Note, file: Path) -> Iterator[Finding]:
    """Links and images of one note that lead nowhere on this machine.

    Args:
        note: the note.
        file: where it lies; links are read from there.
    """
    _, skip = front_matter(note.lines)
    text = "\n".join([""] * skip + list(note.lines[skip:]))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    places = _Places(file, {file: _anchors(note, tokens)})
    for line, is_image, target in _targets(note, tokens):
        problem = _problem(target, places, is_image=is_image)
        if problem:
            rule = MISSING_IMAGE if is_image else BROKEN_LINK
            mend = (
                Text("Put the file there, or remove the image.", "把文件放到该位置，或删除这张图片。")
                if is_image
                else Text("Correct the link, or remove it.", "更正或删除这个链接。")
            )
            yield Finding(rule, note.path, line, problem, mend)


def _targets(note: Note, tokens: Sequence[Token]) -> Iterator[tuple[int, bool, str]]:
    """Line, whether it is an image, and target of every link."""
    for token in tokens:
        first, last = (token.map[0], token.map[1]) if token.map else (0, 0)
        for child in token.children or []:
            for attribute, is_image in (("src", True), ("href", False)):
                target = child.attrGet(attribute)
                if isinstance(target, str) and target:
                    yield _line_of(note, target, first, last), is_image, target
            if child.type == "html_inline":
                yield from _html_targets(note, child.content, first, last)
        if token.type == "html_block":
            yield from _html_targets(note, token.content, first, last)


def _html_targets(note: Note, html: str, first: int, last: int) -> Iterator[tuple[int, bool, str]]:
    for tag, _, target in _HTML.findall(html):
        if target:
            yield _line_of(note, target, first, last), tag.lower() == "img", target


def _line_of(note: Note, target: str, first: int, last: int) -> int:
    shown = {target, unquote(target)}
    for number in range(first, min(last, len(note.lines))):
        if any(form in note.lines[number] for form in shown):
            return number + 1
    return first + 1


@dataclass(frozen=True, slots=True)
class _Places:
    """A note's file, and the anchors of the files looked into so far."""

    file: Path
    anchors: dict[Path, frozenset[str] | None]

    def has(self, path: str, anchor: str) -> bool:
        """Whether a file has an anchor; yes where that cannot be told."""
        file = self.file.parent / path if path else self.file
        if file not in self.anchors:
            self.anchors[file] = _anchors_in(file)
        found = self.anchors[file]
        return found is None or anchor.lower() == "top" or _loose(anchor) in found


def _anchors_in(file: Path) -> frozenset[str] | None:
    """The anchors of another note; None where it is no Markdown or cannot be read."""
    if file.suffix.lower() not in {".md", ".markdown"}:
        return None
    try:
        note = read_note(file, file.name)
    except (NoteError, OSError, ValueError):
        return None
    _, skip = front_matter(note.lines)
    return _anchors(note, MarkdownIt("commonmark").parse("\n".join(note.lines[skip:])))


def _problem(target: str, places: _Places, *, is_image: bool) -> Text | None:
    parts = urlsplit(target)
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    # Another machine's is not fetched; what begins at a site's root is not known here.
    if parts.scheme or parts.netloc or path.startswith("/"):
        return None
    there = not path or _is_there(places.file.parent / path, is_image)
    if not there and is_image:
        return Text(f"The image {path} is not there.", f"图片 {path} 不存在。")
    if not there:
        return Text(f"The file {path} is not there.", f"文件 {path} 不存在。")
    if not anchor or is_image or places.has(path, anchor):
        return None
    if path:
        return Text(
            f"No heading of {path} makes the anchor #{anchor}.",
            f"{path} 中没有与锚点 #{anchor} 对应的标题。",
        )
    return Text(
        f"No heading of this note makes the anchor #{anchor}.", f"本笔记没有与锚点 #{anchor} 对应的标题。"
    )


def _is_there(path: Path, is_image: bool) -> bool:
    try:
        return path.exists() or (not is_image and not path.suffix and path.with_suffix(".md").exists())
    except (OSError, ValueError):
        return False


def _anchors(note: Note, tokens: Sequence[Token]) -> frozenset[str]:
    """The anchors a note's headings make, as GitHub and most site generators make them, and its own ids."""
    found: set[str] = set()
    counts: dict[str, int] = {}
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following:
            slug = _slug(_said(following))
            number = counts.get(slug, 0)
            counts[slug] = number + 1
            found.add(_loose(f"{slug}-{number}" if number else slug))
    for line in note.lines:
        found.update(_loose(first or second) for first, second in _ID.findall(line))
    return frozenset(found)


def _said(heading: Token) -> str:
    """A heading as it is read: of links the text, of images nothing."""
    return "".join(child.content for child in heading.children or [] if child.type in {"text", "code_inline"})


def _loose(anchor: str) -> str:
    """An anchor without what generators write differently: case, and runs of hyphens and the like."""
    return re.sub(r"[\W_]+", "-", anchor.lower()).strip("-")


def _slug(title: str) -> str:
    """Source: GitHub's rule: lower case, no punctuation but hyphens, spaces to hyphens."""
    plain = re.sub(r"[`*]|\{#[^}]*\}", "", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def files_of(found: Sequence[tuple[Path, str]]) -> Mapping[str, Path]:
    """Where each note lies, by its name."""
    return {name: path for path, name in found}
