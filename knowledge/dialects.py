"""Lines of a note, in whatever dialect, to the same number of lines of CommonMark.

Every line stays where it is, so that line numbers hold: a mark that is no content becomes a blank line,
code in a dialect's own wrapping becomes fenced code, and indented bodies are moved out. What a person
meant counts: ``##Title`` without its space is a heading. Sources: the manuals of MkDocs (admonitions,
content tabs), Docusaurus (admonitions, MDX), Docsify (callouts), Hugo and Jekyll (shortcodes, tags),
Obsidian and GitHub (callouts), kramdown (attribute lists).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.markup import without_wrappers
from knowledge.restructured import from_restructured

_FENCE = re.compile(
    r"^(?P<front>(?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$"
)
_OUR_FENCE = "~" * 8  # longer than any that stands in what it wraps
_ADMONITION_INFO = re.compile(
    r"^\s*\{(?:admonition|attention|caution|danger|error|hint|important|note|seealso|tip|warning)\}\s*(.*)$"
)
_HIGHLIGHT = re.compile(
    r"^\s*(?:\{\{[<%]\s*(?:highlight|code)\s+(?:lang=)?\"?([\w+-]*)|\{%-?\s*highlight\s+([\w+-]*))"
)
_HIGHLIGHT_END = re.compile(
    r"^\s*(?:\{\{[<%]\s*/\s*(?:highlight|code)\s*[>%]\}\}|\{%-?\s*endhighlight\s*-?%\})\s*$"
)
_SHORTCODE = re.compile(r"\{\{[<%].*?[>%]\}\}|\{%-?\s*\w.*?%\}")
_QUOTED = r"(?P<quote>\s*(?:>\s?)*)"
_CALLOUT = re.compile(r"^(?P<quote>\s*(?:>\s?)+)\[![A-Za-z][\w|-]*\][+-]?(?P<title>.*)$")
_DOCSIFY = re.compile(rf"^{_QUOTED}(?:\?>|!>)\s(?P<title>.*)$")
_CONTAINER = re.compile(
    rf"^{_QUOTED}:{{3,}}\s*(?:(?:\{{[^{{}}]*\}}|[A-Za-z][\w-]*)(?:\[(?P<name>.*)\])?(?:\{{[^{{}}]*\}})?)?"
    r"(?P<title>(?<=\S)\s.*|)$"
)
_ADMONITION = re.compile(
    r'^(?P<quote>\s*)(?:(?:!!!|\?\?\?\+?)\s+[\w -]+?|===[!+]?)\s*(?:"(?P<title>.*)")?\s*$'
)
_ATTRIBUTES = re.compile(r"^\s*\{:[^{}]*\}\s*$")
_IMPORT = re.compile(r"""^(?:import\s(?:.*\sfrom\s)?['"][^'"]+['"];?\s*$|export\s.*\sfrom\s['"])""")
_EXPORT = re.compile(r"^export\s+(?:const|let|var|function|default|class|async)\b")
_COMPONENT = re.compile(r"</?[A-Z][\w.]*(?:\s[^<>]*)?/?>")
_OPEN_COMPONENT = re.compile(r"^\s*<[A-Z][\w.]*(?:\s[^>]*)?$")
_HEADING = re.compile(r"^(?P<quote>(?: {0,3}>\s?)* {0,3})(?P<marks>[#＃]{1,6})(?P<title>[^#＃].*)$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_MENDED = 20  # forgotten ends of code; each has the rest of the note read again
_LONG = 20_000  # no mark of a dialect stands in a longer line
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


def as_commonmark(lines: Sequence[str], path: str) -> list[str]:
    """As many lines, in CommonMark; ``path`` tells the dialect where its suffix does."""
    if path.lower().endswith(".rst"):
        return from_restructured(lines)
    done: list[str] = []
    mended = 0
    while len(done) < len(lines):
        rest = lines[len(done) :]
        reader = _Reader(rest, mdx=path.lower().endswith(".mdx"))
        out = [reader.take(at, line) for at, line in enumerate(rest)]
        end = reader.forgotten_end(rest)
        mended += 1
        if end is None or mended > _MOST_MENDED:
            return done + out
        done += [*out[:end], reader.fence]
    return done


@dataclass(slots=True)
class _Reader:
    lines: Sequence[str]
    mdx: bool
    fence: str = ""  # the marks that opened the code we are in
    front: str = ""  # what stands before them: quote signs, a list mark
    opened_at: int = 0
    text_fence: str = ""  # the marks around text, not code
    ours: bool = False  # the code is wrapped in a dialect's own marks
    hidden: str = ""  # the mark that ends what is no content
    raw: str = ""  # the mark that ends HTML that is left as it is
    bases: list[int] = field(default_factory=list)  # columns of the admonitions we are in
    ends: dict[str, int] = field(default_factory=dict)

    def take(self, at: int, line: str) -> str:
        """One line as CommonMark."""
        if self.ours:
            return self._in_highlight(line)
        line = self._moved_out(line)
        if self.fence and not self._leaves_code(line):
            return line
        if self.hidden:
            return self._until_shown(at, line)
        if self.raw:
            self.raw = "" if self.raw in line.lower() else self.raw
            return line
        opening = _FENCE.match(line)
        if opening:
            return self._opened(at, line, opening)
        return self._text(at, line)

    def forgotten_end(self, lines: Sequence[str]) -> int | None:
        """Where code that never ends should have: the blank line before the next heading with ``##``."""
        if not self.fence or self.ours or self.front.strip() or self.bases:
            return None
        for at in range(self.opened_at + 1, len(lines) - 1):
            if not lines[at].strip() and re.match(r"#{2,6} \S", lines[at + 1]):
                return at
        return None

    # ---- code

    def _opened(self, at: int, line: str, opening: re.Match[str]) -> str:
        if self.text_fence and opening["fence"] == self.text_fence and not opening["info"].strip():
            self.text_fence = ""
            return opening["front"]
        self.fence, self.front, self.opened_at = opening["fence"], opening["front"], at
        admonition = _ADMONITION_INFO.match(opening["info"])
        if admonition:  # MyST: text in a fence
            self.fence, self.text_fence = "", opening["fence"]
            return opening["front"] + admonition[1]
        return line

    def _leaves_code(self, line: str) -> bool:
        """Whether a line is after the code we are in; the fence that ends it belongs to it."""
        text = line.lstrip(" \t>")
        if text.startswith(self.fence) and not text.strip(self.fence[0]).strip():
            self.fence = ""
            return False
        if ">" in self.front and not line.lstrip().startswith(">"):
            self.fence = ""
        elif self.front.strip(" \t>") and line.strip(" \t>"):
            indent, mark = (len(text) - len(text.lstrip(" \t>")) for text in (line, self.front))
            self.fence = "" if indent < mark + 2 else self.fence
        return not self.fence

    def _in_highlight(self, line: str) -> str:
        if _HIGHLIGHT_END.match(line):
            self.ours, self.fence = False, ""
            return self.front + _OUR_FENCE
        return line

    # ---- what is no content

    def _until_shown(self, at: int, line: str) -> str:
        end = line.lower().find(self.hidden)
        if self.hidden == "\n":  # up to a blank line
            self.hidden = "" if not line.strip() else "\n"
            return ""
        if end < 0:
            return ""
        rest = line[end + len(self.hidden) :]
        self.hidden = ""
        return self._text(at, rest) if rest.strip() else ""

    def _ends_later(self, mark: str, at: int) -> bool:
        if mark not in self.ends:
            found = (n for n in range(len(self.lines) - 1, -1, -1) if mark in self.lines[n].lower())
            self.ends[mark] = next(found, -1)
        return self.ends[mark] > at

    def _without_hidden(self, at: int, line: str) -> str:
        """A line without comments and scripts; where one goes on below, the lines to its end are hidden."""
        for begin, end in (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>"), ("{/*", "*/}")):
            start = line.lower().find(begin)
            while start >= 0 and line.count("`", 0, start) % 2 == 0:
                stop = line.lower().find(end, start)
                if stop >= 0:
                    line = line[:start] + line[stop + len(end) :]
                elif self._ends_later(end, at):
                    self.hidden, line = end, line[:start]
                else:
                    break
                start = line.lower().find(begin, start)
        return line

    # ---- text

    def _moved_out(self, line: str) -> str:
        """A line of an admonition's indented body, moved to the column of its mark."""
        if not self.bases or not line.strip():
            return line
        expanded = line.expandtabs(4) if line[0] in " \t" else line
        indent = len(expanded) - len(expanded.lstrip(" "))
        columns = 0
        kept = []
        for base in self.bases:
            if indent < columns + base + 4 and not self.fence:
                break
            kept.append(base)
            columns += 4
        self.bases = kept
        return expanded[min(columns, indent) :] if columns else line

    def _text(self, at: int, line: str) -> str:
        if not line.strip() or len(line) > _LONG:
            return line
        line = line.translate(_INVISIBLE)
        if "<" in line or "{" in line:
            marked = self._markup(at, line)
            if marked is not None:
                return marked
            line = self._without_hidden(at, line)
            if "{{" in line or "{%" in line:
                line = _SHORTCODE.sub("", line) if "`" not in line else line
            line = without_wrappers(line)
            if self.mdx or self._is_component(at, line):
                line = _COMPONENT.sub("", line)
        if _IMPORT.match(line) or _ATTRIBUTES.match(line):
            return ""
        if self.mdx and _EXPORT.match(line):
            self.hidden = "" if line.rstrip().endswith((";", "}")) else "\n"
            return ""
        return _titled(self._unmarked(line)) if line.strip() else ""

    def _markup(self, at: int, line: str) -> str | None:
        """A line that opens code or HTML, or a component over several lines; None for any other."""
        highlight = _HIGHLIGHT.match(line)
        if highlight and (highlight[1] is not None or highlight[2] is not None):
            self.ours, self.fence = True, _OUR_FENCE
            self.front, self.opened_at = line[: len(line) - len(line.lstrip())], at
            return f"{self.front}{_OUR_FENCE}{highlight[1] or highlight[2] or ''}"
        raw = re.match(r"\s*(?:>\s*)*<(pre|table)\b", line, re.IGNORECASE)
        if raw:
            end = f"</{raw[1].lower()}>"
            if end not in line.lower() and self._ends_later(end, at):
                self.raw = end
            return line
        if self.mdx and _OPEN_COMPONENT.match(line) and self._ends_later(">", at):
            self.hidden = ">"
            return ""
        return None

    def _is_component(self, at: int, line: str) -> bool:
        """Whether a line is nothing but tags of components, which Docusaurus takes in any note.

        One alone that is never closed is a placeholder.
        """
        if not _COMPONENT.match(line.strip()) or _COMPONENT.sub("", line).strip():
            return False
        name = re.split(r"[\s>/]", line.strip()[1:], maxsplit=1)[0].lower()
        return "</" in line or "/>" in line or self._ends_later(f"</{name}>", at)

    def _unmarked(self, line: str) -> str:
        """A line without the mark of a callout, container or admonition; a title of its own stays."""
        match = _CALLOUT.match(line) or _DOCSIFY.match(line)
        if match:
            return match["quote"] + match["title"].lstrip()
        match = _CONTAINER.match(line) if ":::" in line else None
        if match:
            return (match["quote"] + (match["name"] or match["title"] or "").strip()).rstrip()
        match = _ADMONITION.match(line)
        if match and (match["title"] or line.strip().strip("=")):
            self.bases.append(len(match["quote"].expandtabs(4)))
            return (match["quote"] + (match["title"] or "")).rstrip()
        return line


def _titled(line: str) -> str:
    """A heading that was meant as one: full-width signs, or no space after the signs.

    One sign alone directly before a word is a tag, a comment or a reference; before Han characters, and
    with no second sign on the line, it is a heading.
    """
    match = _HEADING.match(line) if "#" in line or "＃" in line else None
    if match is None:
        return line
    marks, title = match["marks"], match["title"]
    spaced = title[0] in " \t"
    alone = len(marks) == 1 and "＃" not in marks
    if not spaced and (
        re.match(r"[!:.]|\d+\s", title) or (alone and ("#" in title or not _HAN.match(title)))
    ):
        return line
    return line if spaced and "＃" not in marks else f"{match['quote']}{'#' * len(marks)} {title.lstrip()}"
