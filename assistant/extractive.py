"""An answer from the notes' own words, without a chat model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import dedent

from assistant.citations import Citations
from assistant.command_signs import Wanted
from assistant.recommending import HITS as COMMAND_HITS
from assistant.recommending import Candidate, candidates, recommend
from assistant.statements import Statement, only_points, statements_of
from assistant.values import Answer, Origin, SuggestedCommand, Verdict
from knowledge.asked import Asked
from knowledge.language import Language, Text, language_of
from knowledge.library import Library
from knowledge.values import Hit, Section

_HEADED = 0.5  # the part of a question an empty heading must hold to be named for it
_NEAREST_HITS = 5  # best hits whose headings may be named
_HITS = 6  # best hits an answer is put together from
_STATEMENTS = 3
_NEAR_BEST = 0.6  # how near to the best statement's score a further one must come
_AS_GOOD = 0.85  # from here a further one need not add a word of the question
_NEAREST = 3  # headings named where the notes hold nothing

_SAYS = Text(en="Your notes say:", zh="你的笔记里写道：")
_COMMAND = Text(en="The command in your notes:", zh="笔记中对应的命令：")
_COMMANDS = Text(en="The commands in your notes:", zh="笔记中对应的命令：")
_NOTHING = Text(en="Your notes hold nothing on this.", zh="你的笔记里没有关于这个问题的内容。")
_ASK = Text(
    en="Ask something about Docker: a task, a command, a flag, an error message.",
    zh="请问一个关于 Docker 的问题：想做的事、一条命令、一个选项，或者一段报错。",
)
_MISSING = Text(en="None of them mentions {words}.", zh="笔记中没有提到{words}。")
_EMPTY = Text(
    en="There is a heading for it, but nothing is written under it yet: {headings}.",
    zh="笔记里有相关的标题，但下面还没有内容：{headings}。",
)
_NEAR = Text(en="The nearest headings: {headings}.", zh="最接近的章节：{headings}。")
_MENDED = Text(
    en="The note writes `{written}`, which docker does not take; this is the line mended.",
    zh="笔记里写的是 `{written}`，Docker 不接受这种写法；上面是改正后的命令。",
)

_SHELL = re.compile(r"(?:```|~~~)\s*(?:bash|sh|shell|console|zsh|text)?\s*$", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*>[ \t]?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WRAPPED = re.compile(r"\n[ \t>]*")  # where a note's author wrapped a line
_HAN_GAP = re.compile(
    r"(?<=[\u3400-\u9fff，。；：、]) (?=[\u3400-\u9fff])"
)  # Chinese is wrapped without a space

Review = Callable[[str], Verdict]
"""Gives a line's verdict."""


def answer_from_notes(
    question: str,
    hits: Sequence[Hit],
    library: Library,
    review: Review,
    *,
    language: Language | None = None,
    latest: str = "",
) -> Answer:
    """The notes' own sentences and commands that answer a question, each cited.

    Where the notes hold nothing on it the answer says so, names the nearest headings, and offers no
    command.

    Args:
        question: made whole.
        hits: the best first, as `Library.matches` gives them.
        library: the notes.
        review: gives a line's verdict.
        language: the one the person asked for; without it the question's.
        latest: what the person said last, where that goes on from a question before.
    """
    asked = library.asked(question)
    language = language or language_of(question)
    if not library.answers(asked, hits):
        return nothing_found(question, asked, hits, library, language=language)
    parts = [(hit, library.notes[hit.chunk.note], library.blocks(hit.chunk)) for hit in hits[:_HITS]]
    statements = [s for hit, note, blocks in parts for s in statements_of(hit, note, blocks, asked)]
    chosen = _choose(statements, {name: note.language for name, note in library.notes.items()})
    wanted = Wanted.of(asked, library.asked(latest) if latest else None)
    recommended = recommend(candidates(hits[:COMMAND_HITS], library, wanted))
    return _compose(question, chosen, recommended, library, review, language=language)


def _choose(statements: Sequence[Statement], languages: Mapping[str, Language]) -> list[Statement]:
    """The best statements: each further one must be as good, or good and add a word of the question."""
    said = [s for s in statements if s.kind != "code" or not _SHELL.match(s.text)]  # shell: see commands
    said = [s for s in said if not only_points(s.text)] or said  # unless the notes say nothing more
    prose = sorted(said, key=lambda s: -s.score)
    chosen: list[Statement] = []
    for statement in prose:
        if chosen and languages[statement.note] != languages[chosen[0].note]:
            continue  # notes that exist in both languages would say everything twice
        if len(chosen) == _STATEMENTS or statement.score < _NEAR_BEST * prose[0].score:
            break
        as_good = statement.score >= _AS_GOOD * prose[0].score
        if as_good or not any(statement.words <= other.words for other in chosen):
            chosen.append(statement)
    return chosen


def _compose(
    question: str,
    chosen: Sequence[Statement],
    recommended: Sequence[Candidate],
    library: Library,
    review: Review,
    *,
    language: Language,
) -> Answer:
    citations = Citations()
    lines: list[str] = [_SAYS.said_in(language), ""] if chosen else []
    for s in chosen:
        n = citations.cite(library.notes[s.note], s.headings, s.first_line, s.last_line, s.text)
        lines.extend(_statement_lines(s, n))
    commands: list[SuggestedCommand] = []
    if recommended:
        heading = _COMMAND if len(recommended) == 1 else _COMMANDS
        lines.extend(["", heading.said_in(language)])
    for r in recommended:
        command = r.placed.command
        quote = r.note.quote(command.first_line, command.last_line).strip(" \t>")
        n = citations.cite(r.note, r.placed.headings, command.first_line, command.last_line, quote)
        commands.append(SuggestedCommand(command, review(command.text), n))
        lines.extend(["", "```bash", command.text, "```", f"[{n}]"])
        if command.origin is Origin.CORRECTED:
            written = " ".join(command.written.split())
            lines.extend(["", _MENDED.said_in(language).format(written=written)])
    text = "\n".join(lines).strip()
    return Answer(question, language, True, text, citations.all(), tuple(commands))


def _statement_lines(statement: Statement, n: int) -> Iterator[str]:
    """One statement as Markdown: a table or code as it stands, anything else as a list item."""
    if statement.kind in {"table", "code"}:
        yield ""  # it begins after a blank line
        first, *others = (_QUOTE.sub("", line) for line in statement.text.split("\n"))
        # The first line was cut free of its list mark; the others keep their places to each other.
        yield from (first, *dedent("\n".join(others)).split("\n"))
        yield f"\n[{n}]"
    else:
        yield f"- {_inline(statement.text)} [{n}]"


def _inline(text: str) -> str:
    """A statement on one line, without ``==`` marks and without an emphasis that is open on one side."""
    line = " ".join(_WRAPPED.sub(" ", text).replace("==", "").split())
    line = _HAN_GAP.sub("", line) if "\n" in text else line
    return line if line.count("**") % 2 == 0 else line.replace("**", "")


def nothing_found(
    question: str, asked: Asked, hits: Sequence[Hit], library: Library, *, language: Language | None = None
) -> Answer:
    """The answer that says the notes hold nothing on a question, and what comes nearest."""
    language = language or language_of(question)
    if not asked.things:
        return Answer(question, language, False, _ASK.said_in(language))
    lines = [_NOTHING.said_in(language)]
    nowhere = [w for w in asked.unknown if _is_word(w) and not library.mentions(w)]
    if nowhere:
        quoted = "、".join(f"“{w}”" for w in nowhere)
        words = quoted if language == "zh" else quoted.replace("、", ", ")
        lines.append(_MISSING.said_in(language).format(words=words))
    empty = _empty_headings(asked, library.outline())
    if empty:
        lines.append(_EMPTY.said_in(language).format(headings=_named(empty)))
    elif asked.words_in("\n".join(" ".join(h.chunk.headings) for h in hits)):
        near = dict.fromkeys((h.chunk.note, h.chunk.headings) for h in hits[:_NEAREST_HITS])
        lines.append(_NEAR.said_in(language).format(headings=_named([h for _, h in near])))
    return Answer(question, language, False, "\n\n".join(lines))


def _is_word(word: str) -> bool:
    """Whether a word can be shown as one: not a rest of a sentence that was cut, nor a bare number."""
    return 1 < len(word) < 5 if _HAN.match(word) else len(word) > 2 and not word.isdecimal()


def _empty_headings(asked: Asked, outline: Sequence[Section]) -> list[tuple[str, ...]]:
    """Headings that hold what is asked for, with nothing under them; the best first."""
    found = [
        (asked.share(asked.words_in(section.headings[-1])), section.headings)
        for section in outline
        if section.is_empty
    ]
    return [headings for share, headings in sorted(found, key=lambda f: -f[0]) if share >= _HEADED]


def _named(headings: Sequence[tuple[str, ...]]) -> str:
    return "; ".join(" > ".join(path) for path in headings[:_NEAREST])
