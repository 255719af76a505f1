"""Failed runs, errors and pasted texts to a diagnosis.

`diagnose_text` and `diagnose_run` are pure: no Engine, no notes. `completed` has the next lines judged
by the policy and finds the place of the notes that tells of the cause.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.diagnosis.matching import Match, match_outcome, match_text
from assistant.diagnosis.mending import mended
from assistant.diagnosis.notes import Notes, cited
from assistant.diagnosis.rules import RULES
from assistant.diagnosis.values import Diagnosis, NextLine, Speaker
from assistant.errors import AssistantError
from assistant.values import CommandKind, Decision, Run, Verdict
from knowledge.language import Language, Text

_FINE = frozenset({None, "succeeded", "detached", "cancelled"})
_PROGRAM: tuple[Speaker, ...] = ("program",)
_ENGINE_SAID = "The Engine said: "


def diagnose_text(text: str, language: Language) -> Diagnosis | None:
    """What a pasted error means, whoever said it; None where no known error stands in the text.

    Args:
        text: what the person pasted: an error, the end of an output, with or without a question around it.
        language: the language in which the notes are to be asked (``Diagnosis.query``); what is said comes
            in both.

    Any text may be given. Its ``following`` are not judged yet, and its ``citation`` is not looked up;
    `completed` does both.
    """
    match = match_text(text, RULES, ("engine", "client", "program"))
    return _told(match, language) if match is not None else None


def diagnose_error(error: Text, language: Language, *, command: str = "") -> Diagnosis | None:
    """What an error of the Engine or of docknotes means; None for an unknown one.

    Args:
        error: the message, as errors and runs carry it.
        language: the language in which the notes are to be asked.
        command: the line that failed, to be mended where that is known to help.
    """
    said = error.en.partition(_ENGINE_SAID)[2] or error.en
    match = match_text(said, RULES, ("engine", "client"))
    return _told(match, language, command) if match is not None else None


def diagnose_run(run: Run, language: Language) -> Diagnosis | None:
    """Why a run failed; None where it did not, where the person ended it, and where nothing is known.

    Looked at in this order: the outcome, the error, the end of the output together with the exit code.
    """
    if run.outcome in _FINE:
        return None
    match = match_outcome(run.outcome, RULES)
    if match is None and run.error is not None and run.exit_code is None:
        return diagnose_error(run.error, language, command=run.command)
    match = match or match_text(run.output, RULES, _PROGRAM, exit_code=run.exit_code)
    return _told(match, language, run.command) if match is not None else None


def completed(
    diagnosis: Diagnosis, review: Callable[[str], Verdict], notes: Notes | None, language: Language
) -> Diagnosis:
    """The diagnosis with its next lines judged, and with what the notes say.

    A line the policy refuses is left out; one that docknotes understands but does not carry out becomes a
    line to copy.

    Args:
        diagnosis: what was found.
        review: gives the verdict on a docker line.
        notes: the library to look in; None leaves the citation out.
        language: the language notes are preferred in.

    Raises:
        StoreError, EmbeddingError: the notes cannot be searched.
    """
    judged = tuple(line for one in diagnosis.following if (line := _judged(one, review)) is not None)
    citation = cited(diagnosis, notes, language) if notes is not None else None
    return replace(diagnosis, following=judged, citation=citation)


def _told(match: Match, language: Language, command: str = "") -> Diagnosis:
    rule = match.rule
    better = mended(command, rule.mend, match.values) if command else None
    lines = [better] if better else []
    lines += [filled for line in rule.following if (filled := _filled(line, match)) is not None]
    return Diagnosis(
        cause=rule.cause,
        what=rule.what,
        advice=rule.advice,
        following=tuple(NextLine(line, _kind(line)) for line in dict.fromkeys(lines)),
        query=rule.query.said_in(language),
        about=rule.about,
        evidence=match.evidence,
    )


def _filled(line: str, match: Match) -> str | None:
    """A next line with its values; None where one is not known."""
    for name in re.findall(r"\{(\w+)\}", line):
        if name not in match.values:
            return None
        line = line.replace(f"{{{name}}}", match.values[name])
    return line


def _kind(line: str) -> CommandKind:
    return "docker" if line.startswith("docker ") else "host"


def _judged(one: NextLine, review: Callable[[str], Verdict]) -> NextLine | None:
    if one.kind != "docker":
        return one
    try:
        verdict = review(one.line)
    except AssistantError:
        return None
    if verdict.decision is not Decision.REFUSE:
        return replace(one, decision=verdict.decision)
    only_unsupported = {reason.rule for reason in verdict.reasons} == {"unsupported"}
    return replace(one, kind="host") if only_unsupported else None
