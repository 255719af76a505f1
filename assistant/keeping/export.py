"""A conversation as Markdown: questions, answers, where they stand, commands, and how runs ended. Pure."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from assistant.keeping.talks import KeptTurn, Talk
from assistant.values import Citation, OutcomeKind, Run, SuggestedCommand
from knowledge.language import Language, Text

_SOURCES = Text("Where it stands", "出处")
_COMMANDS = Text("Commands", "命令")
_RUNS = Text("Runs", "运行记录")
_UNFINISHED = Text("(This answer was not finished.)", "（这个回答没有完成。）")
BY_MODEL = Text("Written by {model}, held against the notes.", "由 {model} 撰写，并与笔记核对过。")
OUTCOMES: Mapping[OutcomeKind | None, Text] = {
    "succeeded": Text("done", "完成"),
    "failed": Text("failed", "失败"),
    "timed_out": Text("stopped: took too long", "已停止：超时"),
    "out_of_memory": Text("stopped: out of memory", "已停止：内存用尽"),
    "output_limit": Text("stopped: wrote too much", "已停止：输出过多"),
    "disk_limit": Text("stopped: filled the disk it may use", "已停止：占用的磁盘超过上限"),
    "cancelled": Text("cancelled", "已取消"),
    "detached": Text("started, left running", "已启动，在后台运行"),
    "lost": Text("lost: how it ended is not known", "失去联系，结果未知"),
    None: Text("not ended", "尚未结束"),
}
_ORIGINS = {
    "verbatim": Text("stands in the notes", "笔记原文"),
    "corrected": Text("the notes' line, a slip mended", "笔记原文，已改正笔误"),
    "adapted": Text("the notes' line, values filled in", "取自笔记，已填入具体值"),
    "model": Text("not in the notes", "不在笔记里"),
    "person": Text("typed", "由你输入"),
}
_MOST_OUTPUT = 4000  # characters of a run's output that are exported


def as_markdown(talk: Talk, turns: Sequence[KeptTurn], runs: Sequence[Run], language: Language) -> str:
    """The conversation with everything that was said and run; ``runs`` are its runs, newest first."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(talk.created_at))
    parts = [f"# {_plain(talk.title)}", when]
    rest = list(reversed(runs))
    for turn in turns:
        mine = [run for run in rest if run.question == turn.question]
        rest = [run for run in rest if run not in mine]
        parts += [f"## {_plain(turn.question)}", *_answer(turn, language), *_runs(mine, language)]
    parts += [f"## {_RUNS.said_in(language)}", *_runs(rest, language, headed=False)] if rest else []
    return "\n\n".join(parts) + "\n"


def file_name(talk: Talk) -> str:
    """A name for the exported file that any file system takes."""
    kept = "".join(char if char.isalnum() or char in "-_" else "-" for char in talk.title)
    return f"{'-'.join(filter(None, kept.split('-')))[:60] or 'conversation'}.md"


def _answer(turn: KeptTurn, language: Language) -> list[str]:
    if turn.answer is None:
        return [part for part in (turn.text.strip(), _UNFINISHED.said_in(language)) if part]
    answer = turn.answer
    parts = [answer.notice.said_in(language)] if answer.notice else []
    parts.append(answer.text.strip())
    if answer.model:
        parts.append(BY_MODEL.said_in(language).format(model=answer.model))
    if answer.citations:
        parts.append(f"**{_SOURCES.said_in(language)}**")
        parts.append("\n".join(_cited(citation) for citation in answer.citations))
    if answer.commands:
        parts.append(f"**{_COMMANDS.said_in(language)}**")
        parts.append("\n".join(_command(suggested, language) for suggested in answer.commands))
    return parts


def _cited(citation: Citation) -> str:
    headings = " > ".join(citation.headings)
    place = f"{citation.note}:{citation.first_line}-{citation.last_line}"
    return f"- [{citation.n}] {_plain(headings)} ({_plain(place)}): {inline(citation.quote)}"


def _command(suggested: SuggestedCommand, language: Language) -> str:
    origin = _ORIGINS[str(suggested.command.origin)].said_in(language)
    cited = f" [{suggested.citation}]" if suggested.citation else ""
    return f"- {inline(suggested.command.text)} ({origin}){cited}"


def _runs(runs: Sequence[Run], language: Language, *, headed: bool = True) -> list[str]:
    parts = [f"**{_RUNS.said_in(language)}**"] if runs and headed else []
    for run in runs:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started_at))
        code = "" if run.exit_code is None else f", exit {run.exit_code}"
        outcome = OUTCOMES[run.outcome].said_in(language)
        parts.append(f"{inline(run.command)}: {outcome}{code} ({when}, {run.id})")
        if run.output.strip():
            parts.append(fenced(run.output[-_MOST_OUTPUT:].rstrip()))
    return parts


def fenced(text: str, info: str = "output") -> str:
    """A text as a code block, whatever backquotes it holds.

    What a container wrote is marked as output: in notes it is then never taken for commands of theirs.
    """
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{info}\n{text}\n{fence}"


def inline(text: str) -> str:
    """A text as code within a line, whatever backquotes it holds."""
    line = " ".join(text.split())
    mark = "`"
    while mark in line:
        mark += "`"
    return f"{mark} {line} {mark}" if "`" in line else f"`{line}`"


def _plain(text: str) -> str:
    """A title on one line: nothing in it begins anything in Markdown."""
    return " ".join(text.split())
