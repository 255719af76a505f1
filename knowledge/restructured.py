"""reStructuredText to the same number of lines of CommonMark.

Underlined titles become headings, ``code-block`` directives and literal blocks become fenced code,
other directives give their text, and what is only machinery (targets, substitutions, comments, images,
tables of contents) becomes blank. Source: the reStructuredText markup specification of docutils.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_RULE = re.compile(r"^([!-/:-@\[-`{-~])\1{2,}\s*$")
_DIRECTIVE = re.compile(
    r"^(?P<indent>\s*)\.\.\s+(?:\|[^|]+\|\s+)?(?P<name>[A-Za-z][\w:.+-]*?)::(?:\s+(?P<said>.*))?$"
)
_EXPLICIT = re.compile(r"^\s*\.\.(?:\s|$)")
_FOOTNOTE = re.compile(r"^(\s*)\.\.\s+\[[^\]]+\]\s+(.*)$")
_OPTION = re.compile(r"^\s*:[\w-]+:(?:\s|$)")
_ROLE = re.compile(r"(?::[\w:.+-]+:)`([^`<]+?)(?:\s*<[^`>]*>)?`|`([^`<]+?)\s*<[^`>]*>`__?")
_CODE = frozenset(
    {"code-block", "code", "sourcecode", "prompt", "parsed-literal", "highlight-block", "doctest"}
)
_NOTHING = frozenset(
    {
        "toctree",
        "image",
        "contents",
        "include",
        "literalinclude",
        "highlight",
        "index",
        "meta",
        "raw",
        "default-role",
    }
    | {
        "role",
        "replace",
        "unicode",
        "date",
        "sectnum",
        "currentmodule",
        "module",
        "automodule",
        "video",
        "youtube",
    }
)
_FENCE = "~" * 8


def from_restructured(lines: Sequence[str]) -> list[str]:
    """As many lines, in CommonMark."""
    return _Reader(list(lines)).read()


@dataclass(slots=True)
class _Reader:
    lines: list[str]
    out: list[str] = field(default_factory=list)
    levels: list[tuple[str, bool]] = field(default_factory=list)  # marks of titles, outermost first
    outer: int = 0  # columns the text is moved out by

    def read(self) -> list[str]:
        while len(self.out) < len(self.lines):
            at = len(self.out)
            if not (self._title(at) or self._directive(at)):
                self._text(at)
        return self.out[: len(self.lines)]

    def _title(self, at: int) -> bool:
        here, following = self.lines[at], self._line(at + 1)
        over = bool(_RULE.match(here)) and following.strip() and self._line(at + 2).rstrip() == here.rstrip()
        if over:
            self._add_title(here[0], True, following)
            self.out[-1:] = ["", self.out[-1], ""]
            return True
        rule = _RULE.match(following)
        if not rule or not here.strip() or here[0].isspace() or _RULE.match(here):
            return False
        if len(following.rstrip()) < min(len(here.rstrip()), 4):
            return False
        self._add_title(rule[1], False, here)
        self.out.append("")
        return True

    def _add_title(self, mark: str, over: bool, title: str) -> None:
        if (mark, over) not in self.levels:
            self.levels.append((mark, over))
        level = min(self.levels.index((mark, over)) + 1, 6)
        self.out.append(f"{'#' * level} {_plain(title.strip())}")

    def _directive(self, at: int) -> bool:
        line = self.lines[at]
        match = _DIRECTIVE.match(line)
        if match is None:
            if not _EXPLICIT.match(line):
                return False
            footnote = _FOOTNOTE.match(line)
            self.out.append(f"{footnote[1]}{_plain(footnote[2])}" if footnote else "")
            if not footnote:
                self._blank_body(_indent(line))
            return True
        name, said = match["name"].lower().rsplit(":", 1)[-1], match["said"] or ""
        if name in _CODE:
            self._code(_indent(line), said if name != "prompt" else said or "bash")
        elif name in _NOTHING or "|" in line.split("::")[0]:
            self.out.append("")
            self._blank_body(_indent(line))
        else:
            self.out.append(match["indent"] + _plain(said))
            while _OPTION.match(self._line(len(self.out))):
                self.out.append("")
        return True

    def _code(self, indent: int, language: str) -> None:
        """A directive of code: its options are blank, its body is fenced, up to where it is dedented."""
        self.out.append("")
        while _OPTION.match(self._line(len(self.out))):
            self.out.append("")
        while len(self.out) < len(self.lines) and not self.lines[len(self.out)].strip():
            self.out.append("")
        self._fenced(indent, language)

    def _fenced(self, indent: int, language: str) -> None:
        """Fences what is indented from here on: the fences stand in the blank lines around it."""
        start = len(self.out)
        if _indent(self._line(start)) <= indent or not self._line(start).strip():
            return
        end = start
        while end < len(self.lines) and (not self.lines[end].strip() or _indent(self.lines[end]) > indent):
            end += 1
        body = self.lines[start:end]
        while not body[-1].strip():
            body.pop()
        after = self._line(start + len(body))
        if after.strip():  # never ended by a blank line: no place for a fence
            return
        margin = min(_indent(line) for line in body if line.strip())
        front = " " * indent
        self.out[-1] = f"{front}{_FENCE}{language.strip().split(' ')[0]}"
        self.out += [front + line[margin:] for line in body]
        if len(self.out) < len(self.lines):
            self.out.append(front + _FENCE)

    def _text(self, at: int) -> None:
        line = self.lines[at]
        if not line.rstrip().endswith("::"):
            self.out.append(_plain(line) if not _RULE.match(line) else "")
            return
        text = line.rstrip()[:-1]
        self.out.append("" if text.strip() == ":" else _plain(text))
        indent = _indent(line)
        if self._line(len(self.out)).strip():
            return
        while len(self.out) < len(self.lines) and not self.lines[len(self.out)].strip():
            self.out.append("")
        self._fenced(indent, "")

    def _blank_body(self, indent: int) -> None:
        while len(self.out) < len(self.lines):
            line = self.lines[len(self.out)]
            if line.strip() and _indent(line) <= indent:
                return
            self.out.append("")

    def _line(self, at: int) -> str:
        return self.lines[at] if at < len(self.lines) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _plain(text: str) -> str:
    """A line with roles and links as the text they show."""
    if "`" not in text:
        return text
    return _ROLE.sub(lambda match: f"`{match[1] or match[2]}`", text)
