"""The things a question holds against each other."""

from __future__ import annotations

import re

from knowledge.terms import content_words

_FRAME = re.compile(
    r"\b(?:what(?:\W?s| is| are)?|the|differences?|different|differ|differs|between|how|do|does|is|are"
    r"|compared?|please|comparison|of|in|explain|tell me|when|should|would|could|can|i|you|we|use|using"
    r"|choose|pick|take|better|each other|both|versus each other|which|one)\b"
    r"|(?:之间)?(?:到底|究竟)?有?(?:什么|啥|哪些|何|多大)?(?:的)?(?:区别|不同|差别|差异|对比|不一样)"
    r"(?:在哪(?:里|儿)?|是(?:什么|啥))?"
    r"|差在(?:哪里?|哪儿)|相比|比较|请问|之间|(?:该|应该)?(?:用|选)哪(?:一?个|种)|哪个好"
    r"|分不清|搞不清(?:楚)?|怎么(?:选|区分)|到底|究竟|(?:的|呢|啊)$|[?？。!！:：]",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"\s*(?:,|，|、)\s*(?:and\s+|or\s+|和|与)?|\s+(?:and|or|vs\.?|versus|from|with|to|than|against)\s+"
    r"|\s*\bvs\.?(?=[\s\u3400-\u9fff])\s*|(?<=[\u3400-\u9fff])\s*(?:vs\.?|VS)\s*|\s*(?:和|与|跟|还是|同)\s*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|to|the)\s+", re.IGNORECASE)
_LONGEST = 40
_MOST = 4


def sides_of(question: str) -> tuple[str, ...] | None:
    """The names of the two to four things; None where the question does not name as many."""
    bare = " ".join(_FRAME.sub(" ", question).split()).strip(" ,，、")
    named = [part.strip(" ,，的、`\"'“”") for part in _PARTED.split(bare)]
    named = [_ARTICLE.sub("", part) for part in named if part]
    if not 2 <= len(named) <= _MOST:
        return None
    if not all(len(name) <= _LONGEST and content_words(name) for name in named):
        return None
    return tuple(dict.fromkeys(named)) if len(set(named)) > 1 else None
