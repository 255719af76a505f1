"""Follow-up questions made whole: what a question leaves out is taken from the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.values import Turn
from knowledge.terms import content_words

_POINTS_BACK = re.compile(
    r"\b(it|its|that|this|those|these|them|they|the same|the (first|second|third|last) one)\b"
    r"|^\s*(and|or|what about|how about|but|then)\b"
    r"|它|这个|那个|这样|那样|上面|刚才|那怎么|那如果|呢[？?]?\s*$|^(那|还有|然后)",
    re.IGNORECASE,
)
_FEW = 2  # a question with no more words of meaning than this leaves something out if it points back
_MANY = 6  # one with more says what it is about, whatever else it points to


def standalone(question: str, transcript: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation.

    A question that points back (a pronoun, "and …", 那…呢) gets the question before it as context;
    any other stays as it is, so that a new topic is not mixed with the last.
    """
    if not transcript:
        return question
    meaning = content_words(question)
    points_back = bool(_POINTS_BACK.search(question))
    if len(meaning) > _MANY or not (points_back or (len(meaning) <= _FEW and len(question) < 12)):
        return question
    return f"{transcript[-1].question} {question}"
