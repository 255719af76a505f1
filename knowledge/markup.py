"""HTML in notes: which tags are mere marks, and the text that is left without them."""

from __future__ import annotations

import html
import re

# Tags are told from placeholders (`docker rm <container>`) by name. Names that are also words of a
# command's usage (source, data, label, time, title, command) are not listed. Source: the HTML standard's
# index of elements.
_BLOCKS = (
    "address article aside blockquote br caption center dd details div dl dt figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
_INLINE = (
    "a abbr b big cite code del em font i iframe img ins kbd mark picture q s samp small span strike strong "
    "sub sup svg tt u video wbr"
)
_WRAPPERS = (
    "a article aside center details div figcaption figure font footer header main nav p section span summary"
)


def _tags(names: str) -> str:
    return rf"</?(?:{'|'.join(names.split())})(?:\s[^<>]*)?/?>"


_BLOCK_TAG = re.compile(_tags(_BLOCKS), re.IGNORECASE)
_INLINE_TAG = re.compile(_tags(_INLINE), re.IGNORECASE)
_WRAPPER_TAG = re.compile(_tags(_WRAPPERS), re.IGNORECASE)
_WRAPPED = re.compile(rf"^(?P<front>(?:\s|>)*){_tags(_WRAPPERS)}", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ANCHOR = re.compile(r"\s*\{(?:#|:)[^{}]*\}\s*$")
_LONG = 20_000  # more is no heading and no lone picture; keeps the search for links short
_PICTURE = re.compile(r"<(?:img|video|iframe|svg|picture|object|embed)\b", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"""(?:class|lang)=["']?[^"'>]*?(?:language-|lang-|highlight-source-|brush:\s*)([\w+-]+)"""
)


def text_of(markup: str) -> str:
    """The text of HTML or Markdown with HTML in it: no comments and no known tags, entities resolved."""
    if "<" in markup:
        markup = _without_comments(markup)
        markup = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", markup))
    if "&" in markup:
        markup = _ENTITY.sub(lambda match: html.unescape(match[0]), markup)
    return markup


def _without_comments(markup: str) -> str:
    """Without ``<!-- … -->``; found by hand, since a pattern looks to the end for each that never ends."""
    kept: list[str] = []
    at = 0
    while (begin := markup.find("<!--", at)) >= 0 and (end := markup.find("-->", begin)) >= 0:
        kept.append(markup[at:begin])
        at = end + 3
    return "".join((*kept, markup[at:]))


def without_wrappers(line: str) -> str:
    """A line without the tags that only wrap what stands in them, where it begins with one."""
    match = _WRAPPED.match(line)
    if match is None:
        return line
    front = match["front"]
    rest = _WRAPPER_TAG.sub("", line[len(front) :]).strip()
    if not front.strip():
        front = front.expandtabs(4)[:3]  # further in it would be code
    return f"{front}{rest}" if rest or front.strip() else ""


def is_preformatted(markup: str) -> bool:
    """Whether HTML is a listing."""
    return bool(re.match(r"\s*<pre\b", markup, re.IGNORECASE))


def is_picture(markup: str) -> bool:
    """Whether HTML shows a picture or a film."""
    return bool(_PICTURE.search(markup))


def language_of_code(markup: str) -> str:
    """The language a listing names in its class, as `highlight.js` and GitHub write it."""
    match = _LANGUAGE.search(markup)
    return match[1] if match else ""


def title_of(heading: str) -> str:
    """A heading as one reads it: no emphasis, code signs, links, tags or anchors."""
    title = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _ANCHOR.sub("", heading[:_LONG])))
    title = re.sub(r"[`*]|==", "", _ESCAPED.sub(r"\1", title))
    return " ".join(text_of(title).split())


def is_image_only(markdown: str) -> bool:
    """Whether Markdown shows pictures (or badges with links) and says nothing."""
    if len(markdown) > _LONG:
        return bool(_IMAGE.fullmatch(markdown.strip()))
    return not re.sub(r"\[\s*\]\([^)]*\)", "", _IMAGE.sub("", text_of(markdown))).strip()
