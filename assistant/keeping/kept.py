"""Answers kept while they are given, and conversations deleted with what can be of their runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from assistant.errors import KeepingError
from assistant.execution.ledger import Ledger
from assistant.keeping.talks import Talks
from assistant.values import AnswerDone, AnswerPart, AnswerText

_EVERY_SECONDS = 1.0  # how often an answer that is still coming is written


def kept(talks: Talks, talk: str, question: str, parts: Iterator[AnswerPart]) -> Iterator[AnswerPart]:
    """The parts as they come, each question and answer kept in the conversation.

    Where they cannot be kept the answer comes all the same, with a notice of why.
    """
    try:
        n = talks.asked(talk, question)
    except KeepingError as error:
        yield from _noticed(parts, error)
        return
    text, written, done = "", time.monotonic(), False
    try:
        for part in parts:
            if isinstance(part, AnswerDone):
                done = True
                yield _answered(talks, talk, n, part)
                continue
            if isinstance(part, AnswerText):
                text += part.text
                if time.monotonic() - written > _EVERY_SECONDS:
                    talks.wrote(talk, n, text)
                    written = time.monotonic()
            yield part
    finally:
        if not done and text:
            talks.wrote(talk, n, text)


def _answered(talks: Talks, talk: str, n: int, part: AnswerDone) -> AnswerDone:
    try:
        talks.answered(talk, n, part.answer)
    except KeepingError as error:
        return _with_notice(part, error)
    return part


def _noticed(parts: Iterator[AnswerPart], error: KeepingError) -> Iterator[AnswerPart]:
    for part in parts:
        yield _with_notice(part, error) if isinstance(part, AnswerDone) else part


def _with_notice(part: AnswerDone, error: KeepingError) -> AnswerDone:
    return AnswerDone(replace(part.answer, notice=part.answer.notice or error.text))


def delete(talks: Talks, ledger: Ledger, talk: str) -> int:
    """Deletes a conversation for good, and gives how many of its runs stay in the ledger.

    A run stays with its command and outcome, and what was asked is taken out of its row. The chained log
    of the ledger keeps what it was given first: taking that out would break the chain.
    """
    runs = ledger.of_conversation(talk)
    for run in runs:
        if run.question and run.outcome is not None:
            ledger.record(replace(run, question=""))
    talks.delete(talk)
    return len(runs)
