"""Markdown to safe markup: no raw HTML, no images, no links but plain web addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from knowledge.language import Language
from ui.web import words
from ui.web.html import Html, el, join

_MARKS = re.compile(r"\[(?P<cite>\d{1,3})\]|==(?P<mark>[^=\n]+)==")
_LONE = re.compile(r"(?:\[\d{1,3}\]\s*)+")
_LEAVES = frozenset({"paragraph_open", "heading_open", "tr_open"})
_LINKABLE = ("http://", "https://")


def render(
    text: str,
    *,
    language: Language,
    cite: str = "",
    numbers: frozenset[int] = frozenset(),
    highlight: tuple[int, int] | None = None,
    mark: re.Pattern[str] | None = None,
    links: bool = True,
) -> Html:
    """A page's markup for Markdown.

    Args:
        text: the Markdown, trusted in nothing.
        language: for the words put in place of images.
        cite: key of the turn whose citation marks become buttons.
        numbers: the citation numbers there are; other ``[n]`` stay text.
        highlight: lines (from 1, inclusive) whose blocks are marked.
        mark: what is marked in the text and in code.
        links: whether links to web addresses can be followed; never in what a chat model writes, whose
            addresses may carry away what it read.
    """
    env: dict[str, Any] = {
        "language": language,
        "cite": cite,
        "numbers": numbers,
        "highlight": highlight,
        "mark": mark,
        "links": links,
    }
    return Html(_parser().render(text, env))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_SafeRenderer)
    return parser.enable(["table", "strikethrough"])


def _is_highlighted(token: Token, env: EnvType) -> bool:
    lines = env.get("highlight")
    if lines is None or token.map is None:
        return False
    return bool(token.map[0] + 1 <= lines[1] and token.map[1] >= lines[0])


class _SafeRenderer(RendererHTML):
    """Renders every token that could carry something active as text."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Text, with citation marks as buttons and ``==marks==`` as marks."""
        content = tokens[idx].content
        parts: list[str] = []
        end = 0
        for found in _MARKS.finditer(content):
            parts.append(_marked(content[end : found.start()], env))
            parts.append(_active(found, env))
            end = found.end()
        return join([*parts, _marked(content[end:], env)])

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code within a line."""
        return el("code", _marked(tokens[idx].content, env))

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A mark in words: images of notes are never fetched."""
        alt = tokens[idx].content.strip()
        label = (words.IMAGE_OF if alt else words.IMAGE).said_in(env["language"]).format(alt=alt)
        return el("span", label, cls="dn-image")

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A link to a web address opens by itself in a new tab; any other stays text."""
        address = str(tokens[idx].attrGet("href") or "")
        if not env["links"] or not address.lower().startswith(_LINKABLE):
            return "<span>"
        opening = el("a", href=address, target="_blank", rel="noopener noreferrer")
        return opening.removesuffix("</a>")

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """The end of what link_open began."""
        depth = 0
        for token in reversed(tokens[:idx]):
            depth += {"link_open": -1, "link_close": 1}.get(token.type, 0)
            if depth < 0:
                address = str(token.attrGet("href") or "")
                followed = env["links"] and address.lower().startswith(_LINKABLE)
                return "</a>" if followed else "</span>"
        return "</span>"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code, as it stands."""
        token = tokens[idx]
        return el(
            "pre",
            el("code", _marked(token.content, env)),
            cls="dn-hit" if _is_highlighted(token, env) else None,
        )

    code_block = fence

    def renderToken(  # noqa: N802 (markdown-it's name)
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Every other token, with the cited lines marked."""
        token = tokens[idx]
        if token.type == "paragraph_open" and _LONE.fullmatch(tokens[idx + 1].content.strip()):
            token.attrJoin("class", "dn-lone")
        # In a list without blank lines the paragraph has no tags of its own; its item stands for it.
        is_item = token.type == "list_item_open" and tokens[idx + 1].hidden
        shown_by = tokens[idx + 1] if is_item else token
        if (is_item or token.type in _LEAVES) and _is_highlighted(shown_by, env):
            token.attrJoin("class", "dn-hit")
        rendered: Any = super().renderToken(tokens, idx, options, env)
        return str(rendered)


def _marked(text: str, env: EnvType) -> Html:
    """Text with what is searched for marked."""
    pattern = env.get("mark")
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(text) if pattern is not None else ():
        parts += [text[end : found.start()], el("mark", found[0])]
        end = found.end()
    return join([*parts, text[end:]])


def _active(found: re.Match[str], env: EnvType) -> str:
    if found["mark"]:
        return el("mark", found["mark"])
    number = int(found["cite"])
    if not env["cite"] or number not in env["numbers"]:
        return found[0]
    label = words.OPEN_SOURCE.said_in(env["language"]).format(n=number)
    return el(
        "button", str(number), cls="dn-cite", type="button", title=label, aria_label=label,
        data_do="cite", data_turn=env["cite"], data_n=number,
    )  # fmt: skip
