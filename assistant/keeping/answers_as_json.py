"""An answer as it is kept, and back. Pure.

Verdicts are not kept: what may run is judged anew by whoever opens a conversation.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from assistant.values import Answer, Citation, Command, Flag, Origin, SuggestedCommand, Verdict
from knowledge.language import Text


def to_text(answer: Answer) -> str:
    """The answer as JSON."""
    notice = {"en": answer.notice.en, "zh": answer.notice.zh} if answer.notice else None
    kept = {
        "language": answer.language,
        "answered": answer.answered,
        "text": answer.text,
        "model": answer.model,
        "notice": notice,
        "citations": [
            [c.n, c.note, list(c.headings), c.first_line, c.last_line, c.quote] for c in answer.citations
        ],
        "flags": [[flag.kind, flag.sentence, flag.why.en, flag.why.zh] for flag in answer.flags],
        "commands": [_command(suggested) for suggested in answer.commands],
    }
    return json.dumps(kept, ensure_ascii=False)


def from_text(question: str, kept: str, review: Callable[[str], Verdict]) -> Answer:
    """The answer of a row, its commands judged now.

    Raises:
        ValueError, TypeError, KeyError: somebody else has written into the row.
    """
    read = json.loads(kept)
    return Answer(
        question=question,
        language="zh" if read["language"] == "zh" else "en",
        answered=bool(read["answered"]),
        text=read["text"],
        citations=tuple(
            Citation(n, note, tuple(headings), first, last, quote)
            for n, note, headings, first, last, quote in read["citations"]
        ),
        commands=tuple(
            SuggestedCommand(
                Command(text, Origin(origin), written, note, first, last), review(text), citation
            )
            for text, origin, written, note, first, last, citation in read["commands"]
        ),
        model=read["model"],
        notice=Text(**read["notice"]) if read["notice"] else None,
        flags=tuple(Flag(kind, sentence, Text(en, zh)) for kind, sentence, en, zh in read["flags"]),
    )


def _command(suggested: SuggestedCommand) -> list[object]:
    command = suggested.command
    place = [command.note, command.first_line, command.last_line]
    return [command.text, command.origin.value, command.written, *place, suggested.citation]
