"""``docknotes lint`` and ``docknotes commands``: what is wrong in the notes, and which commands they hold.

Neither needs the index or the embedding model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from assistant.commands.review import review
from assistant.execution.clean import clean
from assistant.execution.making import make_policy
from assistant.linting.check import RULES, Checked, check
from assistant.linting.fix import mend, write
from assistant.linting.lines import catalogue
from assistant.linting.values import Finding, Severity
from assistant.values import Command, Decision, Origin, Verdict
from knowledge.config import SHIPPED_NOTES
from knowledge.errors import NoteError
from knowledge.language import Language, Text
from knowledge.notes import find_notes, read_note
from knowledge.sections import split_note
from knowledge.values import Section
from ui.cli.contract import Json
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings
from ui.web.words import VERDICTS

_SEVERITIES: dict[Severity, Text] = {
    "error": Text("error", "错误"),
    "warning": Text("warning", "警告"),
    "hint": Text("hint", "提示"),
}
_INVALID = Text("not a docker line", "不是有效的 docker 命令")
_HOST = Text("for a shell of this machine", "需在本机 shell 中运行")


def _review(settings: Settings) -> Callable[[str], Verdict]:
    config = settings.assistant
    policy = make_policy(config)
    return lambda line: review(line, policy=policy, limits=config.limits, workspace=config.workspace)


def lint(
    settings: Settings,
    screen: Screen,
    *,
    only: list[str],
    as_json: bool,
    fix: bool,
    yes: bool,
    hints: bool = True,
) -> int:
    """Prints every finding, and mends what is certain where asked.

    Returns:
        0, 1 where there are errors in the notes, 2 where there is no such rule or no such note.
    """
    codes = {rule.code for rule in RULES}
    if unknown := [code for code in only if code not in codes]:
        known = ", ".join(rule.code for rule in RULES)
        return _misused(
            screen,
            Text(
                f"There is no rule {unknown[0]}. Rules: {known}.",
                f"没有规则 {unknown[0]}。可用的规则：{known}。",
            ),
        )
    try:
        found = check(settings.knowledge.sources, _review(settings), only=frozenset(only))
    except NoteError as error:
        return _misused(screen, error.text)
    if as_json:
        print_json(findings_json(found, screen.language))
    else:
        for text in found.skipped:
            screen.warn(text)
        _show(found, screen, hints=hints)
    if fix:
        _fix(found, screen, yes=yes, quiet=as_json)
        found = check(settings.knowledge.sources, _review(settings), only=frozenset(only))
    return int(any(f.rule.severity == "error" for f in found.findings))


def _misused(screen: Screen, text: Text) -> int:
    screen.warn(f"docknotes: {text.said_in(screen.language)}")
    return 2


def _show(found: Checked, screen: Screen, *, hints: bool) -> None:
    language = screen.language
    for f in found.findings:
        if f.rule.severity == "hint" and not hints:
            continue
        severity = _SEVERITIES[f.rule.severity].said_in(language)
        what, mended = clean(f.what.said_in(language)), clean(f.mend.said_in(language))
        gap = "" if language == "zh" else " "
        screen.say(f"{f.note}:{f.line}  {severity} {f.rule.code}  {what}{gap}{mended}")
    counts = {s: sum(f.rule.severity == s for f in found.findings) for s in _SEVERITIES}
    screen.say(
        Text(
            f"Notes: {found.notes}. Errors: {counts['error']}, warnings: {counts['warning']}, "
            f"hints: {counts['hint']}.",
            f"{found.notes} 篇笔记：{counts['error']} 个错误，{counts['warning']} 个警告，"
            f"{counts['hint']} 个提示。",
        )
    )
    if found.headings:
        share = round(100 * found.empty / found.headings)
        screen.say(
            Text(
                f"{found.empty} of {found.headings} lowest headings have nothing under them ({share}%).",
                f"{found.headings} 个最低一级标题中，有 {found.empty} 个没有内容（{share}%）。",
            )
        )


def findings_json(found: Checked, language: Language) -> Json:
    """All findings and their counts."""
    return {
        "findings": [_finding_json(f, language) for f in found.findings],
        "skipped": [text.said_in(language) for text in found.skipped],
        "summary": {
            "notes": found.notes,
            **{f"{s}s": sum(f.rule.severity == s for f in found.findings) for s in _SEVERITIES},
            "headings": found.headings,
            "empty_headings": found.empty,
        },
    }


def _finding_json(finding: Finding, language: Language) -> Json:
    edit = finding.edit
    return {
        "code": finding.rule.code,
        "severity": finding.rule.severity,
        "note": finding.note,
        "line": finding.line,
        "what": finding.what.said_in(language),
        "mend": finding.mend.said_in(language),
        "edit": {"line": edit.line, "old": edit.old, "new": edit.new} if edit else None,
    }


def _fix(found: Checked, screen: Screen, *, yes: bool, quiet: bool) -> None:
    say = screen.warn if quiet else screen.say  # standard output is the JSON's alone
    edits = [f for f in found.findings if f.edit]
    mended = 0
    for name, findings in groupby(sorted(edits, key=lambda f: f.note), key=lambda f: f.note):
        path = found.files[name]
        if path.resolve().is_relative_to(SHIPPED_NOTES):
            screen.warn(
                Text(f"{name} comes with docknotes and is left as it is.", f"{name} 是自带的笔记，保持原样。")
            )
            continue
        try:
            new = mend(path, name, [f.edit for f in findings if f.edit])
            if new is None:
                continue
            say(clean(new.diff))
            if not (yes or _agreed(say)):
                continue
            backup = write(new, name)
        except NoteError as error:
            screen.warn(error.text)
            continue
        mended += 1
        say(Text(f"{name} is mended; it was as in {backup}.", f"已修正 {name}；原内容保存在 {backup}。"))
    if not mended:
        say(Text("No file was changed.", "没有修改任何文件。"))


def _agreed(say: Callable[[Text | str], None]) -> bool:
    """Whether the person says yes to what they were shown."""
    say(Text("Write this? [y/N]", "写入这些修改吗？[y/N]"))
    return sys.stdin.readline().strip().lower() in {"y", "yes", "是", "好"}


# ---- the catalogue of commands ---------------------------------------------------------------


def commands(settings: Settings, screen: Screen, *, section: str | None, as_json: bool) -> None:
    """Prints every command of the notes with its place and verdict."""
    verdict_on = _review(settings)
    language = screen.language
    rows = list(commands_of_notes(settings.knowledge.sources, screen, section))
    if as_json:
        listed = [_command_json(command, path, verdict_on(command.text), language) for command, path in rows]
        print_json({"commands": listed})
        return
    for (note, path), group in groupby(rows, key=lambda row: (row[0].note, row[1])):
        screen.say(clean(f"\n{note}  {' > '.join(path)}"))
        for command, _ in group:
            verdict = verdict_on(command.text)
            said = f"{_said(verdict, language)}  {command.text}{_why(command, verdict, language)}"
            screen.say(clean(f"{command.first_line:5}  {said}"))
    if not rows:
        screen.say(Text("There are no commands in these notes.", "这些笔记里没有命令。"))


def commands_of_notes(
    sources: tuple[Path, ...], screen: Screen, section: str | None
) -> Iterator[tuple[Command, tuple[str, ...]]]:
    """The commands of all notes in order with their headings; ``section`` narrows by a heading's text."""
    for path, name in find_notes(sources):
        try:
            note = read_note(path, name)
        except NoteError as error:
            screen.warn(error.text)
            continue
        sections = split_note(note)
        for command in catalogue(note):
            headings = _headings(sections, command.first_line)
            if section is None or any(section.lower() in heading.lower() for heading in headings):
                yield command, headings


def _headings(sections: list[Section], line: int) -> tuple[str, ...]:
    above = [s for s in sections if s.first_line <= line]
    return max(above, key=lambda s: s.first_line).headings if above else ()


def _said(verdict: Verdict, language: Language) -> str:
    if verdict.kind == "host":
        return f"[{_HOST.said_in(language)}]"
    if verdict.kind == "invalid":
        return f"[{_INVALID.said_in(language)}]"
    return f"[{VERDICTS[verdict.decision].said_in(language)}]"


def _why(command: Command, verdict: Verdict, language: Language) -> str:
    """Behind a line: how the note has it where that differs, and why it is not run here."""
    notes: list[str] = []
    if command.origin is Origin.CORRECTED:
        written = " ".join(command.written.split())
        notes.append(Text(f"written: {written}", f"原文：{written}").said_in(language))
    if verdict.kind != "host" and verdict.decision is Decision.REFUSE:
        notes += [reason.text.said_in(language) for reason in verdict.reasons[:1]]
    if verdict.suggestion:
        notes.append(Text("meant: {0}", "是否想写：{0}").said_in(language).format(verdict.suggestion))
    return "".join(f"  ({note})" for note in notes)


def _command_json(command: Command, path: tuple[str, ...], verdict: Verdict, language: Language) -> Json:
    return {
        "text": command.text,
        "written": command.written,
        "origin": command.origin,
        "note": command.note,
        "headings": list(path),
        "lines": [command.first_line, command.last_line],
        "kind": verdict.kind,
        "verdict": verdict.decision,
        "reasons": [reason.text.said_in(language) for reason in verdict.reasons],
        "suggestion": verdict.suggestion,
        "placeholders": [placeholder.text for placeholder in verdict.placeholders],
    }
