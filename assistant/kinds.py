"""What kind of answer a question asks for, told by its words in either language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["what", "difference", "how", "explain", "fail", "list", "where"]
"""What something is · what parts two things · how to do something, or which command does · what a command
or flag does · why something fails · which ones there are · where the notes speak of something."""

WITH_COMMANDS: frozenset[Kind] = frozenset({"how", "fail", "list"})
"""Kinds that are answered with commands."""

_MEANS = re.compile(
    r"what (?:does|do|is|are)\b.*\b(?:mean|do|for)\b\W*$|what\W?s\b.*\b(?:mean|for|do)\b\W*$"
    r"|\bexplain\b|meaning of"
    r"|(?:什么|啥)意思|(?:干|做)(?:什么|啥|嘛)|什么(?:作用|含义|用)|是什么|有(?:什么|啥)用|的(?:作用|含义|意思)"
    r"|解释|分别(?:代表|是)",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    # in the order in which they are tried
    (
        "where",
        r"\bwhere (?:did|do|have) (?:i|my notes)\b|"
        r"\bwhich (?:notes?|sections?|chapters?)\b.*\b(?:about|mention|say|write|on)"
        r"|(?:笔记|我).*(?:哪里|哪儿|哪一?(?:章|节|处|篇)|什么地方).*(?:写|记|提|讲)"
        r"|(?:写|记|提|讲)(?:过|到|了)?.*(?:在|是)?哪(?:里|儿|一?(?:章|节|处|篇))",
    ),
    (
        "difference",
        r"\bdifferences?\b|\bdifferent from\b|\bdiffer\b|\bvs\b(?!\s*code)|\bversus\b"
        r"|区别|不同|差别|差异|差在|对比|相比|有(?:什么|啥)不一样",
    ),
    (
        "fail",
        r"\berror\b|\bfail(?:s|ed|ure)?\b|\bdenied\b"
        r"|cannot |can['’]?t |unable to|no such|not found|\brefused\b"
        r"|already (?:in use|allocated)|unknown (?:shorthand )?flag|^exec:"
        r"|\bwhy\b.*(?:n['’]t|not|exit|die|hang|stop)"
        r"|报错|失败|无法|错误|提示|连不上|起不来|不了\b|为(?:什么|啥).*(?:不|没|退出|卡)",
    ),
    (
        "how",
        r"\bhow (?:do|can|to|would|should)\b|\b(?:which|what) command\b"
        r"|怎么(?!回事)|怎样|如何|(?:哪|什么)(?:个|条)?命令",
    ),
)
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_LINE = re.compile(r"(?:sudo\s+)?docker\s+[a-z]\S*(?:\s+[\x21-\x7e]+)*")
_AFTER = re.compile(r"(?:\s+(?:do|does|mean|means|exactly|for|stand))+\W*$", re.IGNORECASE)
_FLAG = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_WHAT = re.compile(
    r"^\W*(?:(?:what|waht|wat)(?:\W?s| is| are)(?: an?| the)? [\w./ -]{2,32}\?*$)"
    r"|(?:是(?:个|一个)?(?:什么|啥)(?:东西|玩意)?|是什么|什么是|是啥|是干(?:嘛|什么)的|干(?:嘛|什么)用?的)",
    re.IGNORECASE,
)
_STATE = re.compile(r"\b(?:running|using|taking|left|listening|wrong|stopped|my)\b", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:what|which)\b.*\b(?:are there|exist|kinds? of|types? of)\b"
    r"|有哪(?:些|几)|哪几(?:种|个|类)|都有(?:什么|哪)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|\b(?:what|how|which|why|where|can|does|do|is|are)\b"
    r"|怎|什么|啥|吗|哪|如何|意思",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|night)|how are you|bye|goodbye|ok(?:ay)?"
    r"|thanks?(?: you)?(?: (?:so|very) much| a lot)?"
    r"|你好|您好|嗨|哈喽|早上好|下午好|晚上好|在吗|谢谢|多谢|感谢|再见|拜拜|好的)"
    r"(?:\W*(?:there|all|everyone|you|啊|呀|吗|了|你|您|大家))?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question's kind, and the docker line or flags it is about, where it is about some."""

    kind: Kind
    line: str = ""
    flags: tuple[str, ...] = ()


_WHERE_FRAME = re.compile(
    r"^\W*(?:where (?:did|do|have) (?:i|my notes) "
    r"|which (?:notes?|sections?|chapters?) (?:is |are |do |did i )?)"
    r"(?:wrote|written|write|mentioned|mention|noted|note|said|say|talks?|speaks?|something|anything|down|in)*\s*"
    r"(?:about|on|of|mentions?)?"
    r"|我?(?:的?笔记)?(?:里|中)?(?:在|是)?哪(?:里|儿|一?(?:章|节|处|篇))(?:里|中)?(?:写|记|提|讲)(?:过|到|了|的)*"
    r"|(?:我的?)?(?:笔记)?(?:里|中)?(?:写|记|提|讲)(?:过|到|了|的)*|(?:是)?在哪(?:里|儿|一?(?:章|节|处|篇))",
    re.IGNORECASE,
)


def is_greeting(question: str) -> bool:
    """Whether it is said out of courtesy alone, and asks for nothing."""
    return _GREETING.fullmatch(question) is not None


def topic_of(question: str) -> str:
    """What a question is about: where it asks for a place in the notes, without the words that ask so."""
    if kind_of(question).kind != "where":
        return question
    return _WHERE_FRAME.sub(" ", question).strip() or question


def kind_of(question: str) -> Asking:
    """What kind of answer a question asks for; one that says nothing of it asks how something is done."""
    found = _LINE.search(question)
    line = _AFTER.sub("", found[0]).strip(" ?？。") if found else ""
    flags = tuple(dict.fromkeys(_FLAG.findall(question)))
    for kind, pattern in _RULES[:2]:
        if pattern.search(question):
            return Asking(kind, line, flags)
    if (flags or len(line.split()) > 1) and _MEANS.search(question):
        return Asking("explain", line, flags)
    for kind, pattern in _RULES[2:]:
        if pattern.search(question):
            return Asking(kind, line, flags)
    if _WHAT.search(question) and not _STATE.search(question):
        return Asking("what", line, flags)
    return Asking("list" if _EACH.search(question) else "how", line, flags)
