"""An answer fitted to its conversation: names that are known filled in, the command pointed at first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.commands.filling import fill_line
from assistant.errors import CommandError
from assistant.followups import Understood
from assistant.referring import Named, objects_of
from assistant.values import (
    Answer,
    Inspect,
    Origin,
    OtherCommand,
    Plan,
    ReadLogs,
    RemoveContainers,
    RunContainer,
    StopContainers,
    SuggestedCommand,
    Verdict,
)
from knowledge.language import Text

_FILLED = Text(
    en="`{name}` is filled in from this conversation; the note writes `{written}`.",
    zh="`{name}` 取自这次对话；笔记里写的是 `{written}`。",
)
_NEW = frozenset({"volume create", "network create", "build", "tag", "cp", "rename", "commit"})
"""Commands whose names are new ones, or are parts of a longer word."""


def fitted(answer: Answer, asked: Understood, review: Callable[[str], Verdict]) -> Answer:
    """The answer with what is known of "it" filled into its commands, and the picked command first."""
    if asked.it is not None and asked.it.name and answer.commands:
        answer = _filled(answer, asked.it, review)
    if asked.picked is not None:
        answer = _led(answer, asked.picked)
    return answer


def filled_line(plan: Plan, it: Named) -> str | None:
    """A line with a known name in the place of its placeholder or of the notes' example; None if unfit."""
    fitting = [p for p in plan.placeholders if p.kind == it.kind]
    if fitting:
        try:
            return fill_line(plan.line, plan.placeholders, {fitting[0].text: it.name})
        except CommandError:
            return None
    objects = objects_of(plan)
    if not _is_of_one(plan) or not objects or objects[0].kind != it.kind:
        return None
    old = objects[0].name
    if not old or old == it.name:
        return None
    pattern = rf"(?<![^\s]){re.escape(old)}(?![^\s])"
    return re.sub(pattern, lambda _: it.name, plan.line) if re.search(pattern, plan.line) else None


def _is_of_one(plan: Plan) -> bool:
    """Whether a line does something to one thing that is there already."""
    match plan.action:
        case StopContainers() | RemoveContainers() | ReadLogs() | Inspect():
            return len(objects_of(plan)) == 1
        case OtherCommand(name=name):
            return name not in _NEW
        case RunContainer():
            return False
    return False


def _filled(answer: Answer, it: Named, review: Callable[[str], Verdict]) -> Answer:
    text, commands = answer.text, list[SuggestedCommand]()
    for suggested in answer.commands:
        plan = suggested.verdict.plan
        line = filled_line(plan, it) if plan is not None else None
        if line is None:
            commands.append(suggested)
            continue
        if any(line == one.command.text for one in commands):
            text = _without(text, suggested.command.text)  # two examples of one thing are now the same
            continue
        command = replace(suggested.command, text=line, origin=Origin.ADAPTED)
        text = _said(text, suggested, line, it, answer)
        commands.append(replace(suggested, command=command, verdict=review(line)))
    return replace(answer, text=text, commands=tuple(commands))


def _said(text: str, suggested: SuggestedCommand, line: str, it: Named, answer: Answer) -> str:
    """The answer's text with the line in its place, and beneath it what the note has."""
    written = " ".join(suggested.command.written.split())
    note = _FILLED.said_in(answer.language).format(name=it.name, written=written)
    lines = text.split("\n")
    old = suggested.command.text
    at = next((n for n, one in enumerate(lines) if one == old), None)
    if at is None:
        return text
    lines[at] = line
    end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("```")), at)
    while end + 1 < len(lines) and lines[end + 1].strip():
        end += 1
    return "\n".join([*lines[: end + 1], "", note, *lines[end + 1 :]])


def _without(text: str, line: str) -> str:
    """The answer's text without the block of code that holds nothing but this line, and its citation."""
    block = rf"\n*```\w*\n{re.escape(line)}\n```(?:\n\[\d+\](?=\n|$))?"
    return re.sub(block, "", text, count=1)


def _led(answer: Answer, picked: SuggestedCommand) -> Answer:
    """The answer with the picked command before its others; as it is where it does not have it."""
    mine = [one for one in answer.commands if one.command.text == picked.command.text]
    others = [one for one in answer.commands if one.command.text != picked.command.text]
    return replace(answer, commands=(*mine, *others))
