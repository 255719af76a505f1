"""An answer, a run or a correction as the body of a section for a person's notes. Pure."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from difflib import SequenceMatcher

from assistant.composing import is_frame
from assistant.gist import without_gists
from assistant.keeping.export import BY_MODEL, OUTCOMES, fenced, inline
from assistant.values import Answer, Command, Run
from knowledge.language import Language, Text

_SOURCES = Text("Sources", "出处")
_NOT = Text("Not {old} but {new}.", "不是 {old}，而是 {new}。")
_LACKING = Text("It lacked {new}.", "原来缺少 {new}。")
_TOO_MUCH = Text("{old} does not belong there.", "{old} 是多余的。")
_STANDS = Text("Written otherwise in {place}.", "{place} 里的写法有误。")
_EXIT = Text(", exit {code}", "，退出码 {code}")
_CUT = Text("The beginning of its output is left out.", "输出的开头部分已略去。")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_MARK = re.compile(r"[ \t]*\[\d+\](?!\()")
_MOST_OUTPUT = 8000  # characters of a run's output that are saved


def answer_section(answer: Answer, language: Language) -> str:
    """An answer: what it says, where that stands as a comment, and who wrote it.

    What would be read as the notes' own the next time is left out: marks, the sentences around what the
    notes say, the slip beside its mend.
    """
    said = _sentences(answer.text) if answer.model is None else answer.text
    lines = [_MARK.sub("", line).rstrip() for line in said.split("\n")]
    parts = [re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()]
    if answer.model:
        parts.append(BY_MODEL.said_in(language).format(model=answer.model))
    places = ", ".join(dict.fromkeys(f"{c.note}:{c.first_line}" for c in answer.citations))
    if places:
        parts.append(f"<!-- {_SOURCES.said_in(language)}: {places.replace('-->', '')} -->")
    return "\n\n".join(parts)


def _sentences(text: str) -> str:
    """What an answer quotes, without what stands around it; code stays as it is."""
    kept, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence or mark or not is_frame(line):
            kept.append(line if fence else without_gists(line))
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return "\n".join(kept)


def run_section(run: Run, language: Language) -> str:
    """A run: its command, how and when it ended, and what it wrote."""
    code = "" if run.exit_code is None else _EXIT.said_in(language).format(code=run.exit_code)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.started_at))
    parts = [fenced(run.command, "bash"), f"{OUTCOMES[run.outcome].said_in(language)}{code} ({when})"]
    output = run.output.rstrip()
    if len(output) > _MOST_OUTPUT:
        parts.append(_CUT.said_in(language))
    if output.strip():
        parts.append(fenced(output[-_MOST_OUTPUT:]))
    return "\n\n".join(parts)


def correction_section(command: Command, language: Language) -> str:
    """A command of the notes as docker takes it, and what of it the notes write otherwise.

    The line with the slip is not repeated whole: it would be found as a command once more.
    """
    said = [text.said_in(language) for text in _differences(command)]
    place = f"{command.note}:{command.first_line}"
    said.append(_STANDS.said_in(language).format(place=place))
    return "\n\n".join([fenced(command.text, "bash"), ("" if language == "zh" else " ").join(said)])


def _differences(command: Command) -> Iterator[Text]:
    """What was mended, a sentence for each place."""
    old, new = command.written.split(), command.text.split()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        text = {"replace": _NOT, "delete": _TOO_MUCH, "insert": _LACKING}.get(kind)
        if text is not None:
            said = {"old": inline(" ".join(old[a:b])), "new": inline(" ".join(new[c:d]))}
            yield Text(text.en.format(**said), text.zh.format(**said))
