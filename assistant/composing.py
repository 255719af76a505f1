"""An answer as it is put together: statements, commands with their flags, warnings, where there is more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from textwrap import dedent

from assistant.citations import Citations
from assistant.commands.remarks import parted
from assistant.commands.shell_syntax import before_filter
from assistant.flag_meanings import Meaning, Part, meaning_of, parts_of
from assistant.gist import gist_of
from assistant.recommending import Candidate
from assistant.shapes.frames import FRAMES
from assistant.statements import LEAD, Statement
from assistant.values import Answer, Command, Origin, SuggestedCommand, Verdict
from knowledge.language import Language, Text
from knowledge.library import Library
from knowledge.values import Hit, Note, Section

Review = Callable[[str], Verdict]
"""Gives a line's verdict."""

MOST_WORDS = 110
"""Words said before the first command, about; a Chinese character counts as half a word."""

_SAYS = Text(en="Your notes say:", zh="你的笔记里写道：")
_COMMAND = Text(en="The command in your notes:", zh="笔记中对应的命令：")
_COMMANDS = Text(en="The commands in your notes:", zh="笔记中对应的命令：")
_MENDED = Text(
    en="The note writes `{written}`, which docker does not take; docker expects `{text}`.",
    zh="笔记里写的是 `{written}`，Docker 不接受这种写法；Docker 要的是 `{text}`。",
)
_PIPED = Text(
    en="The note sends its output on: `{written}`. Here the docker command runs alone.",
    zh="笔记里还把输出交给了别的命令：`{written}`；这里只运行 docker 命令本身。",
)
_WATCH = Text(en="What to watch for:", zh="需要注意：")
_MORE = Text(en="More in: {places}.", zh="更多内容见：{places}。")

_FRAME = [
    re.compile(re.sub(r"\\\{\w+\\\}", ".*", re.escape(said)))
    for text in (_SAYS, _COMMAND, _COMMANDS, _MENDED, _PIPED, _WATCH, _MORE, *FRAMES)
    for said in (text.en, text.zh)
]

_QUOTE = re.compile(r"^[ \t]*>[ \t]?")
_WRAPPED = re.compile(r"\n[ \t>]*")  # where a note's author wrapped a line
_HAN_GAP = re.compile(
    r"(?<=[\u3400-\u9fff，。；：、]) (?=[\u3400-\u9fff])"
)  # Chinese is wrapped without a space
_COUNTED = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_PLACES = 3
_LINE = 120  # characters of a line shown with a place
_BARE = 4  # characters from which a line says something besides its code
LONG_INTRODUCTION = 45
"""Words up to which what introduces a command is said with it."""


class Draft:
    """One answer being written; every sentence of the notes in it has a number that names its place."""

    def __init__(self, library: Library, review: Review, language: Language, hits: Sequence[Hit]) -> None:
        self._library = library
        self._review = review
        self._language = language
        self._hits = hits
        self._citations = Citations()
        self._lines: list[str] = []
        self._commands: list[SuggestedCommand] = []
        self._explained: set[tuple[str, int, str]] = set()
        self._said: dict[tuple[str, int], list[str]] = {}

    def says(self, statements: Sequence[Statement], heading: Text = _SAYS) -> None:
        """Statements under a heading; nothing where there are none."""
        if statements:
            self._paragraph(heading.said_in(self._language))
            self._lines.append("")
        for statement in statements:
            self._statement(statement)

    def head(self, heading: Text = _SAYS) -> None:
        """The line that what follows is what the notes say."""
        self._paragraph(heading.said_in(self._language))
        self._lines.append("")

    def told(self, told: Sequence[tuple[Statement, Sequence[str]]]) -> None:
        """Statements without a heading of their own; a table's row comes with its header's two lines."""
        if told:
            self._begin_list()
        for statement, header in told:
            if header:
                self.table(statement, header, (statement,))
            else:
                self._statement(statement)

    def table(self, table: Statement, header: Sequence[str], rows: Sequence[Statement]) -> None:
        """A table: whole, or some of its rows under its header's two lines."""
        if not rows:
            self._statement(table)
            return
        note = self._library.notes[table.note]
        numbers = [self._citations.cite(note, r.headings, r.first_line, r.last_line, r.text) for r in rows]
        for row in rows:
            self._has_said(row.note, row.first_line, row.text)
        cited = " ".join(f"[{n}]" for n in numbers)
        self._lines.extend(["", *header, *(row.text for row in rows), "", cited, ""])

    def glossed(
        self, note: Note, headings: tuple[str, ...], line: int, text: str, command: Command | None = None
    ) -> None:
        """A line that introduces a command, as a list item; the command before it where it is given.

        Both are cited, since the command stands elsewhere than what introduces it.
        """
        before = ""
        if command is not None and command.written not in text:
            quote = note.quote(command.first_line, command.last_line).strip(" \t>")
            m = self._citations.cite(note, headings, command.first_line, command.last_line, quote)
            before = f"`{command.text}` [{m}] — "
        n = self._citations.cite(note, headings, line, line, text)
        self._has_said(note.path, line, text)
        gist = gist_of(text, self._language)
        self._begin_list()
        self._lines.append(f"- {before}{inline(text)} [{n}]{f' {gist}' if gist else ''}")

    def watch(self, warnings: Sequence[Statement]) -> None:
        """The notes' warnings that were not said yet."""
        self.says([w for w in warnings if (w.note, w.first_line) not in self._said], _WATCH)

    def commands(self, recommended: Sequence[Candidate]) -> None:
        """Commands, each with what its flags mean as far as the notes say."""
        if recommended:
            heading = _COMMAND if len(recommended) == 1 else _COMMANDS
            self._paragraph(heading.said_in(self._language))
        for one in recommended:
            self._command(one)

    def meaning(self, meaning: Meaning) -> None:
        """What a note says of a flag, unless that was said already."""
        if self._is_new(meaning):
            self._begin_list()
            self._lines.append(self._part(meaning))

    def _has_said(self, note: str, line: int, text: str) -> None:
        self._said.setdefault((note, line), []).append(text)

    def _begin_list(self) -> None:
        """A list begins after a blank line."""
        if self._lines and self._lines[-1] and not self._lines[-1].lstrip().startswith("- "):
            self._lines.append("")

    def note(self, text: str) -> None:
        """A paragraph of the frame."""
        self._paragraph(text)

    def place(self, note: Note, section: Section, line: Statement | None) -> None:
        """A place of the notes, and the line there that speaks of what was asked for, where one does."""
        self._begin_list()
        first, last = (line.first_line, line.last_line) if line else (section.first_line, section.first_line)
        quote = line.text if line else note.lines[first - 1].strip()
        n = self._citations.cite(note, section.headings, first, last, quote)
        said = f" — {_short(inline(line.text))}" if line and line.kind != "table" else ""
        self._lines.append(f"- {note.path}: {' > '.join(section.headings)} [{n}]{said}")

    def more(self) -> None:
        """Names the sections of the best hits that nothing was taken from."""
        used = {(c.note, c.headings) for c in self._citations.all()}
        languages = {self._library.notes[note].language for note, _ in used}
        others = dict.fromkeys(
            hit.chunk.headings
            for hit in self._hits[: 4 * _PLACES]
            if (hit.chunk.note, hit.chunk.headings) not in used
            and self._library.notes[hit.chunk.note].language in languages
        )
        if others:
            named = "; ".join(" > ".join(path[-2:]) for path in list(others)[:_PLACES])
            self._paragraph(_MORE.said_in(self._language).format(places=named))

    def answer(self, question: str) -> Answer:
        """The whole answer."""
        text = "\n".join(self._lines).strip()
        citations = self._citations.all()
        return Answer(question, self._language, True, text, citations, tuple(self._commands))

    def _paragraph(self, text: str) -> None:
        self._lines.extend(["", text] if self._lines else [text])

    def _statement(self, s: Statement) -> None:
        note = self._library.notes[s.note]
        n = self._citations.cite(note, s.headings, s.first_line, s.last_line, s.text)
        self._has_said(s.note, s.first_line, s.text)
        gist = gist_of(s.text, self._language)
        self._lines.extend(_statement_lines(s, n, f" {gist}" if gist else ""))

    def _command(self, one: Candidate) -> None:
        command = one.placed.command
        quote = one.note.quote(command.first_line, command.last_line).strip(" \t>")
        place = (one.placed.headings, command.first_line, command.last_line, quote)
        n = self._citations.cite(one.note, *place)
        self._commands.append(SuggestedCommand(command, self._review(command.text), n))
        self._introduce(one)
        self._lines.extend(["", "```bash", command.text, "```", f"[{n}]"])
        if command.origin is Origin.CORRECTED:
            written = " ".join(parted(command.written)[0].split())
            text = _PIPED if before_filter(written, "|") == command.text else _MENDED
            self._paragraph(text.said_in(self._language).format(written=written, text=command.text))
        subcommand, parts = parts_of(command.text)
        meanings = [self._meaning(part, subcommand) for part in parts]
        new = [m for m in meanings if m and self._is_new(m)]
        if new:
            self._lines.extend(["", *(self._part(meaning) for meaning in new)])

    def _introduce(self, one: Candidate) -> None:
        """What the note says the command is for, unless that was said already."""
        placed = one.placed
        line = placed.remark_at or placed.introduced_at or placed.command.first_line
        text = placed.remark or LEAD.sub("", one.note.lines[line - 1]).strip(" \t>")
        if not placed.remark and not placed.introduced_at and placed.said in text:
            text = placed.said
        for said in self._said.get((one.note.path, line), []):
            text = text[text.find(said) + len(said) :].strip() if said in text else ""
        bare = text.replace(placed.command.written.split("\n", 1)[0], "").strip(" `*:：.。")
        if len(bare) < (1 if placed.remark else _BARE) or words_in(text) > LONG_INTRODUCTION:
            return
        self._has_said(one.note.path, line, text)
        n = self._citations.cite(one.note, placed.headings, line, line, text)
        gist = gist_of(text, self._language)
        self._paragraph(f"{inline(text)} [{n}]{f' {gist}' if gist else ''}")

    def _is_new(self, meaning: Meaning) -> bool:
        key = (meaning.note.path, meaning.line, meaning.text)
        is_new = key not in self._explained and (meaning.note.path, meaning.line) not in self._said
        self._explained.add(key)
        return is_new

    def _meaning(self, part: Part, subcommand: str) -> Meaning | None:
        return meaning_of(part, subcommand, self._hits, self._library, self._language)

    def _part(self, meaning: Meaning) -> str:
        n = self._citations.cite(meaning.note, meaning.headings, meaning.line, meaning.line, meaning.text)
        text = _cells(meaning.text) if meaning.text.startswith("|") else meaning.text
        gist = gist_of(meaning.text, self._language)
        return f"- {inline(text)} [{n}]{f' {gist}' if gist else ''}"


def is_frame(paragraph: str) -> bool:
    """Whether a paragraph of an answer is no sentence of the notes, but what stands around them."""
    return any(pattern.fullmatch(paragraph.strip()) for pattern in _FRAME)


def within(statements: Sequence[Statement], *, most: int = MOST_WORDS) -> list[Statement]:
    """The first statements that together stay within so many words; at least one."""
    kept: list[Statement] = []
    total = 0.0
    for statement in statements:
        total += words_in(statement.text)
        if kept and total > most:
            break
        kept.append(statement)
    return kept


def _cells(row: str) -> str:
    """A table's row as one reads it alone."""
    return " — ".join(cell.strip() for cell in row.strip().strip("|").split("|") if cell.strip())


def _short(text: str) -> str:
    """A text's beginning, about a line of it."""
    return text if len(text) <= _LINE else f"{text[:_LINE].rsplit(' ', 1)[0]}…"


def words_in(text: str) -> float:
    """How many words a text has, about; a Chinese character counts as half of one."""
    return sum(0.5 if "\u3400" <= word <= "\u9fff" else 1.0 for word in _COUNTED.findall(text))


def _statement_lines(statement: Statement, n: int, gist: str) -> Iterator[str]:
    """One statement as Markdown: a table or code as it stands, anything else as a list item."""
    if statement.kind in {"table", "code"}:
        yield from ("", *statement.header)  # it begins after a blank line
        first, *others = (_QUOTE.sub("", line) for line in statement.text.split("\n"))
        # The first line was cut free of its list mark; the others keep their places to each other.
        yield from (first, *dedent("\n".join(others)).split("\n"))
        yield f"\n[{n}]"
    else:
        yield f"{'  ' * statement.depth}- {inline(statement.text)} [{n}]{gist}"


def inline(text: str) -> str:
    """A statement on one line, without ``==`` marks and without an emphasis that is open on one side."""
    line = " ".join(_WRAPPED.sub(" ", text).replace("==", "").split())
    line = _HAN_GAP.sub("", line) if "\n" in text else line
    return line if line.count("**") % 2 == 0 else line.replace("**", "")
