"""Values to the JSON that scripts rely on, and the line-by-line batches of ``-``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from assistant.errors import AssistantError
from assistant.hosting.values import Effects, worst
from assistant.values import (
    Answer,
    Command,
    GpuReport,
    Placeholder,
    Reason,
    Run,
    Steps,
    SuggestedCommand,
    Verdict,
)
from assistant.verifying.texts import day_of, stamp_text
from assistant.verifying.values import Stamp
from knowledge.errors import KnowledgeError
from knowledge.language import Language, Text
from knowledge.values import Hit, IndexReport

Json = dict[str, Any]


def hits_json(
    hits: list[Hit], language: Language = "en", stamps_in: Callable[[Hit], list[Stamp]] = lambda _: []
) -> Json:
    """``search``: the hits, best first, with the stamps of commands that stand in them."""
    return {
        "hits": [
            {
                "note": hit.chunk.note,
                "headings": list(hit.chunk.headings),
                "lines": [hit.chunk.first_line, hit.chunk.last_line],
                "text": hit.chunk.text,
                "score": round(hit.score, 6),
                "stamps": [
                    {"command": stamp.command, **stamp_json(stamp, language)} for stamp in stamps_in(hit)
                ],
            }
            for hit in hits
        ]
    }


def stamp_json(stamp: Stamp, language: Language) -> Json:
    """How a command went when it was last tried here; ``at`` is in seconds since the epoch."""
    return {
        "worked": stamp.worked,
        "date": day_of(stamp),
        "at": stamp.at,
        "engine": stamp.engine,
        "outcome": stamp.outcome,
        "exit_code": stamp.exit_code,
        "text": stamp_text(stamp).said_in(language),
    }


StampOf = Callable[[Command], Stamp | None]


def answer_json(answer: Answer, stamp_of: StampOf = lambda _: None) -> Json:
    """``ask``: the answer with citations and commands; reasons in the question's language."""
    return {
        "answered": answer.answered,
        "answer": answer.text,
        "citations": [
            {
                "n": c.n,
                "note": c.note,
                "headings": list(c.headings),
                "lines": [c.first_line, c.last_line],
                "quote": c.quote,
            }
            for c in answer.citations
        ],
        "commands": [_command_json(c, answer.language, stamp_of(c.command)) for c in answer.commands],
        **(_model_json(answer) if answer.model or answer.notice else {}),
    }


def _model_json(answer: Answer) -> Json:
    """What there is to say where a chat model was asked: which wrote it, why not, what is not borne out."""
    flags = [
        {"kind": f.kind, "sentence": f.sentence, "why": f.why.said_in(answer.language)} for f in answer.flags
    ]
    notice = answer.notice.said_in(answer.language) if answer.notice else None
    return {"model": answer.model, "notice": notice, "flags": flags}


def _command_json(suggested: SuggestedCommand, language: Language, stamp: Stamp | None) -> Json:
    command = suggested.command
    return {
        "text": command.text,
        "origin": str(command.origin),
        "written": command.written,
        "note": command.note,
        "lines": [command.first_line, command.last_line] if command.note else None,
        "verdict": str(suggested.verdict.decision),
        "reasons": _reasons(suggested.verdict.reasons, language),
        "placeholders": _placeholders(suggested.verdict.placeholders),
        "stamp": stamp_json(stamp, language) if stamp else None,
    }


Look = Callable[[Verdict], Effects | None]
"""Looks whether what a line for a shell wants is so already."""


def effects_json(effects: Effects | None, language: Language) -> Json | None:
    """What a line for a shell wants, and whether it is so already; None for any other line."""
    if effects is None:
        return None
    each = [
        {
            "state": effect.state,
            "what": effect.what.said_in(language),
            "evidence": effect.evidence.said_in(language),
        }
        for effect in effects.each
    ]
    return {"state": effects.state, "each": each}


def verdict_json(verdict: Verdict, language: Language, look: Look = lambda _: None) -> Json:
    """``plan``: the verdict on a line, with every request as written and as run."""
    operations = verdict.plan.operations if verdict.plan else ()
    return {
        "kind": verdict.kind,
        "verdict": str(verdict.decision),
        "reasons": _reasons(verdict.reasons, language),
        "suggestion": verdict.suggestion,
        "placeholders": _placeholders(verdict.placeholders),
        "operations": [
            {
                "method": o.method,
                "path": o.path,
                "query": dict(o.query),
                "as_written": o.as_written,
                "as_run": o.as_run,
                "sent": o.sent,
            }
            for o in operations
        ],
        "effect": effects_json(look(verdict), language),
    }


def steps_json(steps: Steps, language: Language, look: Look = lambda _: None) -> Json:
    """``plan`` of several commands: the fields of one, over all of them, and ``steps`` with each."""
    each = [verdict_json(verdict, language, look) for verdict in steps.steps]
    if len(each) == 1:
        return each[0]
    lines = [verdict.line for verdict in steps.steps]
    return {
        "kind": steps.kind,
        "verdict": str(steps.decision),
        "reasons": list(dict.fromkeys(reason for one in each for reason in one["reasons"])),
        "suggestion": steps.suggestion,
        "placeholders": [part for one in each for part in one["placeholders"]],
        "operations": [operation for one in each for operation in one["operations"]],
        "effect": _effect_of_all([one["effect"] for one in each if one["effect"]]),
        "steps": [{"line": line, **one} for line, one in zip(lines, each, strict=True)],
    }


def _effect_of_all(effects: list[Json]) -> Json | None:
    if not effects:
        return None
    each = [item for effect in effects for item in effect["each"]]
    return {"state": worst([effect["state"] for effect in effects]), "each": each}


def runs_json(runs: list[Run], language: Language) -> Json:
    """``run`` of several commands: the fields of the last one that ran, and ``steps`` with each."""
    each = [run_json(run, language) for run in runs]
    output = "".join(one["output"] for one in each)
    return {
        **each[-1],
        "output": output,
        "created": [made for one in each for made in one["created"]],
        "steps": [{"command": run.command, **one} for run, one in zip(runs, each, strict=True)],
    }


def run_json(run: Run, language: Language) -> Json:
    """``run``: how it ended, what it wrote, what it made."""
    return {
        "run": run.id,
        "outcome": run.outcome,
        "exit_code": run.exit_code,
        "output": run.output,
        "error": run.error.said_in(language) if run.error else None,
        "created": [{"kind": c.kind, "id": c.id, "name": c.name} for c in run.created],
    }


def gpu_json(report: GpuReport, language: Language) -> Json:
    """``gpu``: the ladder."""
    return {
        "works": report.works,
        "driver": report.driver,
        "cuda": report.cuda,
        "devices": [{"index": d.index, "name": d.name, "memory_mib": d.memory_mib} for d in report.devices],
        "computed_on": report.computed_on,
        "rungs": [
            {
                "number": rung.number,
                "name": rung.name.said_in(language),
                "state": rung.state,
                "evidence": rung.evidence,
                "cause": _said(rung.cause, language),
                "advice": _said(rung.advice, language),
                "run": rung.run,
            }
            for rung in report.rungs
        ],
    }


def index_json(report: IndexReport, folder: str) -> Json:
    """``index``: what was done, and where the index lies."""
    return {
        "notes": report.notes,
        "chunks": report.chunks,
        "embedded": report.embedded,
        "removed": report.removed,
        "skipped": list(report.skipped),
        "seconds": round(report.seconds, 3),
        "index": folder,
    }


def batch(lines: TextIO, key: str, respond: Callable[[str], Json], language: Language) -> Iterator[Json]:
    """One response for each JSON line, in order, its id kept; a fault becomes ``{"id", "error"}``."""
    for number, line in enumerate(lines):
        written = line.removeprefix("\ufeff") if number == 0 else line
        if not written.strip():
            continue
        identity: Any = None
        try:
            request = json.loads(written, parse_constant=_no_number)
            if not isinstance(request, dict):
                raise ValueError("not an object")
            json.dumps(request, ensure_ascii=False).encode()  # half a character cannot be written back
            identity = request.get("id")
            if not isinstance(request.get(key), str):
                raise ValueError(f'"{key}" is missing or no text')
            yield {"id": identity, **respond(request[key])}
        except (ValueError, RecursionError) as error:
            yield {"id": identity, "error": _bad_line(error, key).said_in(language)}
        except (KnowledgeError, AssistantError) as error:
            yield {"id": identity, "error": error.text.said_in(language)}


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _bad_line(error: Exception, key: str) -> Text:
    return Text(
        en=f'This line is no request ({error}); expected {{"id": …, "{key}": "…"}}.',
        zh=f'这一行不是有效的请求（{error}）；应为 {{"id": …, "{key}": "…"}}。',
    )


def _reasons(reasons: tuple[Reason, ...], language: Language) -> list[str]:
    return [reason.text.said_in(language) for reason in reasons]


def _placeholders(placeholders: tuple[Placeholder, ...]) -> list[Json]:
    return [{"text": p.text, "kind": p.kind} for p in placeholders]


def _said(text: Text | None, language: Language) -> str | None:
    return text.said_in(language) if text else None
