"""Several lines to one value: split where a shell would begin another command, each judged by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.commands import characters
from assistant.commands.shell_syntax import LINE_END, PROMPT
from assistant.errors import CommandError
from assistant.values import Steps, Verdict

MOST_STEPS = 50
"""A text of more commands is no block of a note; it is judged as one line, and refused."""

_SIGNED = re.compile(r"\s*(?:[\w.-]+@[\w.-]+(?::[^\s$#]*)?[ ]?[$#]|[$%❯➜]|PS [^>\n]*>)[ \t]+\S")
_ROOT = re.compile(r"\s*#[ \t]+(?:sudo[ \t]+)?docker\b")


def split_steps(text: str) -> tuple[str, ...]:
    """The commands in a text, in order: at line ends, ``;`` and ``&&`` outside quotes.

    Comments and blank lines go. Where lines bear a prompt sign, the others are output and go too. A text
    with hidden characters or an open quote is left whole, to be refused as it stands.
    """
    try:
        characters.check_characters(text)
    except CommandError:
        return (text,)
    splitter = _Splitter(text.replace("\r\n", "\n"))
    pieces = splitter.split()
    if not pieces or len(pieces) > MOST_STEPS:
        return (text,)
    return tuple(pieces)


def review_steps(text: str, review: Callable[[str], Verdict]) -> Steps:
    """The verdict on each command in a text; ``review`` gives the verdict on one line."""
    return Steps(text, tuple(review(line) for line in split_steps(text)))


class _Splitter:
    """One pass over a text; each piece found is lexed and judged anew, so a wrong cut is refused, not run."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.split("\n") if line.strip()]
        self.signed = any(_SIGNED.match(line) for line in lines)
        self.root = all(_ROOT.match(line) for line in lines)
        self.text = text
        self.at = 0
        self.piece: list[str] = []
        self.pieces: list[str] = []
        self.line_starts = True

    def split(self) -> list[str] | None:
        """The pieces; None where a quote is open."""
        while self.at < len(self.text):
            if self.line_starts:
                self.line_starts = self._skip_line()
                continue
            char = self.text[self.at]
            plain = char if char.isascii() else (characters.ascii_of(char) or char)
            if plain in "\"'":
                if not self._quoted(char, plain):
                    return None
            elif plain == "\\" or (plain in "`^" and LINE_END.match(self.text, self.at + 1)):
                self._continued(plain)
            elif plain == "#" and self._between_words():
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif plain in ";\n" or self.text.startswith("&&", self.at):
                self._end(2 if plain == "&" else 1)
                self.line_starts = plain == "\n"
            else:
                self._take(1)
        self._end(0)
        return self.pieces

    def _take(self, count: int) -> None:
        self.piece.append(self.text[self.at : self.at + count])
        self.at += count

    def _end(self, skip: int) -> None:
        piece = "".join(self.piece).strip()
        if piece:
            self.pieces.append(piece)
        self.piece = []
        self.at += skip

    def _between_words(self) -> bool:
        return not self.piece or self.piece[-1][-1:] in " \t"

    def _skip_line(self) -> bool:
        """Goes over a line that is blank, a comment, or output between lines with a prompt sign."""
        end = self.text.find("\n", self.at)
        line = self.text[self.at : len(self.text) if end < 0 else end]
        comment = line.lstrip().startswith("#") and not self.root
        output = self.signed and not _SIGNED.match(line)
        if line.strip() and not comment and not output:
            if self.root or (self.signed and PROMPT.match(line.lstrip())):
                match = PROMPT.match(line.lstrip())
                self.at += len(line) - len(line.lstrip()) + (match.end() if match else 0)
            return False
        self.at += len(line) + (0 if end < 0 else 1)
        return True

    def _quoted(self, char: str, plain: str) -> bool:
        marks = characters.DOUBLE_QUOTES if plain == '"' else characters.SINGLE_QUOTES
        closers = frozenset(plain) if char == plain else marks | {plain}
        end = self.at + 1
        while end < len(self.text) and self.text[end] not in closers:
            end += 2 if plain == '"' and self.text[end] == "\\" else 1
        if end >= len(self.text):
            return False
        self._take(end + 1 - self.at)
        return True

    def _continued(self, plain: str) -> None:
        """Takes a continuation with its line end, or an escaped character."""
        match = LINE_END.match(self.text, self.at + 1)
        self._take(2 if match is None else match.end() - self.at)
        if match and self.signed and (more := re.compile(r"[ \t]*> ").match(self.text, self.at)):
            self.at = more.end()
