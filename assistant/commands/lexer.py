"""A line as people write it to words, without a shell.

Quotes and backslashes work as in POSIX sh. Prompt signs, ``sudo``, comments and continuations are
understood; typographic characters and broken continuations are mended, and each mend is said. What
only a shell could do (pipes, redirections, substitutions) is refused with the reason.

Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.commands import characters
from assistant.commands.shell_syntax import (
    BRACES,
    LINE_END,
    PLACEHOLDER,
    PROMPT,
    WORKSPACE,
    asked_variable,
    own_id,
    refuse_braces,
    refuse_operator,
    refuse_substitution,
    unclosed,
)
from assistant.errors import CommandSyntaxError
from knowledge.language import Text


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``text`` as docker gets it, ``raw`` as it is written (quotes kept)."""

    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Lexed:
    """The words of one line, what was mended on the way, and the variables that are asked for.

    A variable ``$USER`` stands in the words' text as ``<USER>``, a part to fill in.
    """

    words: tuple[Word, ...]
    mends: tuple[Text, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The line as understood: one line, single blanks, quotes as written."""
        return " ".join(word.raw for word in self.words)


_MENDED_CHARACTERS = Text(
    en="Full-width or typographic characters (quotes, dashes, punctuation) were read as the ASCII ones.",
    zh="全角或排版用的字符（引号、破折号、标点）已按对应的 ASCII 字符理解。",
)
_MENDED_CONTINUATION = Text(
    en="A backslash stood before blanks instead of at the end of its line; it was read as a continuation.",
    zh="反斜杠后面跟着空格，而不是位于行末；已把它当作续行符处理。",
)
_OTHER_CONTINUATION = Text(
    en="A backtick (PowerShell) or caret (cmd) at the end of a line was read as a continuation.",
    zh="行末的反引号（PowerShell）或脱字符（cmd）已作为续行符处理。",
)
_DOUBLE_ESCAPES = '$`"\\'


def lex(text: str, *, workspace: Path) -> Lexed:
    """The words of one line; ``$(pwd)``, ``$PWD`` and ``~`` become the workspace.

    Raises:
        CommandSyntaxError: the line holds what only a shell could do, several lines, an open
            quote, or characters that cannot be seen.
    """
    return _Lexer(text, str(workspace)).lex()


class _Lexer:
    """One pass over one text; the state is where it stands and the word under way."""

    def __init__(self, text: str, workspace: str) -> None:
        text = text.replace("\r\n", "\n")
        characters.check_characters(text)
        self.text = PROMPT.sub("", text.strip(" \t\n"), count=1)
        self.prompted = self.text != text.strip(" \t\n")
        self.at = 0
        self.workspace = workspace
        self.words: list[Word] = []
        self.mends: list[Text] = []
        self.variables: list[str] = []
        self.value: list[str] = []
        self.raw: list[str] = []
        self.bare: list[str] = []  # the raw word with everything quoted blanked out

    def lex(self) -> Lexed:
        while self.at < len(self.text):
            if not self._space() and not self._special():
                self._plain()
        self._end_word()
        return Lexed(tuple(self.words), tuple(dict.fromkeys(self.mends)), tuple(self.variables))

    # ---- the word under way

    def _add(self, value: str, raw: str, *, bare: bool = False) -> None:
        self.value.append(value)
        self.raw.append(raw)
        self.bare.append(raw if bare else "_" * len(raw))

    def _end_word(self) -> None:
        if self.raw:
            raw = "".join(self.raw)
            if BRACES.search("".join(self.bare)):
                raise refuse_braces(raw)
            self.words.append(Word("".join(self.value), raw))
            self.value, self.raw, self.bare = [], [], []

    # ---- between words

    def _char(self) -> str:
        """The character here, as ASCII where it has such a form outside quotes."""
        char = self.text[self.at]
        return char if char.isascii() else (characters.ascii_of(char) or char)

    def _space(self) -> bool:
        char = self._char()
        if char == "\n":
            self._end_word()
            self._new_line()
            return True
        if char in {" ", "\t"}:
            if not self.text[self.at].isascii():
                self.mends.append(_MENDED_CHARACTERS)
            self._end_word()
            self.at += 1
            return True
        if char == "#" and not self.raw:
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
            return True
        return False

    def _new_line(self) -> None:
        """Goes over a line end; after a command only blank and comment lines may follow."""
        rest = self.text[self.at :]
        lines = [line.strip() for line in rest.splitlines() if line.strip()]
        if self.words and any(not line.startswith("#") for line in lines):
            raise refuse_operator("\n")
        self.at += 1

    # ---- characters with a meaning

    def _special(self) -> bool:
        char = self._char()
        if char == "\\":
            self._backslash()
        elif char == "'":
            self._single_quoted()
        elif char == '"':
            self._double_quoted()
        elif char in "`^" and LINE_END.match(self.text, self.at + 1):
            self._end_word()
            self.mends.append(_OTHER_CONTINUATION)
            self.at = self.text.index("\n", self.at) + 1
        elif char in "$`%" and self._known(self.text[self.at]):
            pass
        elif char in "$`":
            self._substitution()
        elif char == "~" and not self.raw:
            self._tilde()
        elif char == "<" and (match := PLACEHOLDER.match(self.text, self.at)):
            self._add(match.group(), match.group())
            self.at = match.end()
        elif char in "|&;<>()" or (char == "!" and not self.raw and not self.words):
            raise refuse_operator(self.text[self.at : self.at + 2] if char != ";" else ";")
        else:
            return False
        return True

    def _backslash(self) -> None:
        rest = self.text[self.at + 1 :]
        blanks = len(rest) - len(rest.lstrip(" \t"))
        after = rest[blanks:]
        if after.startswith("\n") or not after:
            if blanks and after:
                self.mends.append(_MENDED_CONTINUATION)
            self._continue(blanks)
        elif blanks > 1 or (blanks and not self.raw):
            self.mends.append(_MENDED_CONTINUATION)
            self._end_word()
            self.at += 1
        else:
            self._add(rest[0], self.text[self.at : self.at + 2])
            self.at += 2

    def _continue(self, blanks: int) -> None:
        """Goes over a continuation; people paste the shell's ``> `` of the next line along."""
        self.at += 1 + blanks + 1
        rest = self.text[self.at :]
        if self.prompted and rest.lstrip(" ").startswith("> "):
            self.at += len(rest) - len(rest.lstrip(" ")) + 2
        if not rest.strip():
            self.at = len(self.text)

    def _single_quoted(self) -> None:
        closers = self._closers("'", characters.SINGLE_QUOTES)
        end = next((i for i in range(self.at + 1, len(self.text)) if self.text[i] in closers), -1)
        if end < 0:
            raise unclosed("'")
        content = self.text[self.at + 1 : end]
        if "\n" in content:
            raise refuse_operator("\n")
        self._add(content, f"'{content}'")
        self.at = end + 1

    def _closers(self, quote: str, typographic: frozenset[str]) -> frozenset[str]:
        """What ends a quote: the same ASCII sign, or any typographic one where it began with such."""
        if self.text[self.at] == quote:
            return frozenset(quote)
        self.mends.append(_MENDED_CHARACTERS)
        return typographic | {quote}

    def _double_quoted(self) -> None:
        closers = self._closers('"', characters.DOUBLE_QUOTES)
        self._add("", '"')
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] not in closers:
            char = self.text[self.at]
            if char == "\n":
                raise refuse_operator("\n")
            following = self.text[self.at + 1 : self.at + 2]
            if char == "\\" and following and following in _DOUBLE_ESCAPES:
                self._add(following, char + following)
                self.at += 2
            elif char == "\\" and following == "\n":
                self.at += 2
            elif char in "$`%" and self._known(char):
                pass
            elif char in "$`":
                self._substitution(quoted=True)
            else:
                self._add(char, char)
                self.at += 1
        if self.at >= len(self.text):
            raise unclosed('"')
        self._add("", '"')
        self.at += 1

    def _known(self, char: str) -> bool:
        """Takes what means the workspace, or a variable that is asked for; False where none is."""
        if match := WORKSPACE.match(self.text, self.at):
            self._add(self.workspace, match.group())
            self.at = match.end()
            return True
        if (own := own_id(self.text, self.at)) is not None:
            self._add(*own)
            self.at += len(own[1])
            return True
        if not char.isascii() or (found := asked_variable(self.text, self.at)) is None:
            return False
        written, name = found
        self.variables.append(f"<{name}>")
        self._add(f"<{name}>", written)
        self.at += len(written)
        return True

    def _substitution(self, *, quoted: bool = False) -> None:
        refuse_substitution(self.text[self.at :], quoted=quoted)
        self._add("$", "$")
        self.at += 1

    def _tilde(self) -> None:
        rest = self.text[self.at + 1 : self.at + 2]
        if rest and rest not in "/: \t\n":
            raise CommandSyntaxError(
                Text(
                    en="`~name` stands for another person's home folder; only the workspace can be used.",
                    zh="`~用户名` 指向其他用户的主目录；这里只能使用工作区目录。",
                ),
                word="~",
            )
        self._add(self.workspace, "~")
        self.at += 1

    def _plain(self) -> None:
        char = self._char()
        if char != self.text[self.at]:
            self.mends.append(_MENDED_CHARACTERS)
        self._add(char, char, bare=True)
        self.at += 1
