"""The words by which a question leans on the one before it, in both languages."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.terms import concepts_of

PRONOUN = re.compile(
    r"(?<![-\w])(?:its?|this(?: one)?|that(?: one)?|these|those|them|they|their|the same(?: one)?)(?![-\w])"
    r"|(?:它|他|她)们?的?|(?:这|那)(?:个|一个|些|条|台)(?!时候|问题)",
    re.IGNORECASE,
)
"""Stands for what was spoken of."""

ANAPHOR = re.compile(
    r"(?<![-\w])ones?(?![-\w])(?! (?:command|file|line|container|image|of))"
    r"|(?:换|改|加|建|开|要|来|用|做|写)(?:一)?个\s*[？?吗呢]*$|前者|后者|\b(?:the )?(?:former|latter)\b"
    r"|(?<![-\w])(?:then|there|instead|otherwise|again|afterwards)(?![-\w])|(?:刚才|上面|之前|以上)",
    re.IGNORECASE,
)
"""Other words that mean little alone."""

LEADING = re.compile(
    r"^\s*(?:and|or|but|so|then|also|what about|how about|what if|ok(?:ay)?|well)\b[\s,]*"
    r"|^\s*(?:那么|那|还有|然后|接着|再|而|但是?|所以|另外|以及|最后|顺便)[\s，,]*(?![个些条台样])",
    re.IGNORECASE,
)
"""How a question goes on from another."""

CIRCUMSTANCE = re.compile(
    r"^\s*(?:(?:and|or|but|so)\s+)?(?:only|just|with|without|in|on|at|as|under|inside|from|by|for|if|even)\b"
    r"|^\s*(?:换成|换用|改成|改用|(?:名字|名称)(?:就|要)?叫)"
    r"|^\s*(?:只|仅|如果|要是|假如|万一|否则|不然|不行)|的话|呢\s*[？?]*\s*$|\b(?:what if|as well|too)\b",
    re.IGNORECASE,
)
"""A circumstance without what it is a circumstance of."""

ASKS_HOW = re.compile(
    r"\bhow (?:do|can|could|should|would|to)\b|^\s*(?:and |then |now |please )*(?:show|tell|give|let)\b"
    r"|怎么|如何|怎样|咋|命令",
    re.IGNORECASE,
)
"""Asks for the way to do something."""

ASKS_WHETHER = re.compile(
    r"^\s*(?:(?:and|but|so)\s+)?(?:do|does|did|is|are|was|were|will|would|can|could|should|has|have|why)\b"
    r"|吗\s*[？?]*\s*$|是不是|能不能|会不会|要不要|是否|还是|为什么|为何|为啥",
    re.IGNORECASE,
)
"""Asks about what was said, not for something new."""

ASKS_WHAT = re.compile(
    r"\bwhat(?:'s| is| are| does)\b|\bwhich\b|什么是|是什么|有哪些|哪些|哪里|哪个", re.IGNORECASE
)
"""Asks what a thing is."""

STATE = re.compile(
    r"\b(?:currently |already )?(?:running|stopped|exited|paused)\s+"
    r"|(?:正在|已经?)?(?:运行|停止|退出)(?:中|着|了)?的",
    re.IGNORECASE,
)
"""A state only containers can be in."""

_NTH = {
    **dict.fromkeys(("first", "1st", "一", "1"), 1),
    **dict.fromkeys(("second", "2nd", "二", "2", "两"), 2),
    **dict.fromkeys(("third", "3rd", "三", "3"), 3),
    **dict.fromkeys(("fourth", "4th", "四", "4"), 4),
    **dict.fromkeys(("last", "最后"), -1),
}
_ORDINAL = re.compile(
    r"\b(first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?:one|command|line|option|way|suggestion)\b"
    r"|^\s*(?:and\s+|what about\s+)?the (first|second|third|fourth|last|1st|2nd|3rd|4th)\s*[?.!]*\s*$"
    r"|第\s*([一二三四两1234])\s*(?:条|个|种|行|项)|(最后)(?:一)?(?:条|个|种|行|项)",
    re.IGNORECASE,
)

_LANGUAGE = re.compile(
    r"(\b(?:in|into|to)\s+)?\b(english|chinese)\b(?:\s+(?:please|version))?"
    r"|(用|以|换成?|改成?|翻译成?|译成?|说)?(英语|英文|中文|汉语)(?:版|的|再)?",
    re.IGNORECASE,
)
_ASKED_OF_LANGUAGE = re.compile(
    r"\b(?:please|say|tell|answer|write|repeat|translate|give|explain|it|that|this|me|again|and|now|can|could"
    r"|you|the|same|one|more|once|once more)\b|请|回答|说|一下|一遍|再|解释|讲|能|可以|吗|呢|你|它"
    r"|这个|重新|来|给我|翻译|写|[\s\W_]",
    re.IGNORECASE,
)
"""What may stand beside a language in a question that asks for nothing but that language."""

_ACTIONS = (
    *("remove", "stop", "kill", "start", "restart", "run", "list", "follow", "download", "upload", "build"),
    *(
        "copy",
        "install",
        "enable",
        "add",
        "change",
        "deploy",
        "scale",
        "backup",
        "inspect",
        "enter",
        "update",
    ),
    *("publish", "mount", "limit", "communicate", "commit", "override", "name", "persist"),
)
_MORE_ACTIONS = re.compile(
    r"\b(?:restore|attach|detach|disconnect|join|leave|reach|open|close|create|push|tag|export|import|load"
    r"|back|undo|use|set|make|move|send)\b|恢复|还原|断开|加入|接入|打开|新建|建立|访问|装|删|停|搬|推|看|查|跑|连|备份",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:change|set|use|make|do|give|add)\b|改成?|换成?|设|用|加上?|做|弄|办|调|查|看", re.IGNORECASE
)

CONTRASTING = frozenset(
    "existing already present new old other another 已有 现有 原有 已经 新 旧 别 其他".split()  # noqa: SIM905
)
"""Words that tell one thing from its like, and name none."""

Class = Literal["object", "flag", "resource", "system", "instruction", "action"]
_OBJECTS = ("image", "container", "volume", "network", "registry", "service", "pod", "node", "host", "log")
_RESOURCES = frozenset("memory ram cpu cpus gpu gpus disk 内存 磁盘 显卡 处理器 进程 processes".split())  # noqa: SIM905
_SYSTEMS = frozenset("windows mac macos linux ubuntu debian centos fedora wsl wsl2 苹果".split())  # noqa: SIM905


def nth_of(question: str) -> int | None:
    """Which of several a question points at: from 1, -1 for the last; None where it does not count."""
    found = _ORDINAL.search(question)
    said = next((group for group in found.groups() if group), "") if found else ""
    return _NTH[said.lower()] if said else None


def language_asked(question: str) -> tuple[Literal["en", "zh"] | None, bool]:
    """The language a question asks to be answered in, and whether it asks for nothing else."""
    found = _LANGUAGE.search(question)
    if not found:
        return None, False
    said = (found[2] or found[4]).lower()
    rest = _ASKED_OF_LANGUAGE.sub("", question[: found.start()] + " " + question[found.end() :])
    if rest and not (found[1] or found[3]):
        return None, False  # a language that is spoken of, not asked for
    return ("en" if said in {"english", "英语", "英文"} else "zh"), not rest


def is_action(word: str) -> bool:
    """Whether a word says what is to be done."""
    rows = concepts_of(word)
    return bool(_MORE_ACTIONS.fullmatch(word) or _VAGUE.fullmatch(word)) or any(
        row in rows for action in _ACTIONS for row in concepts_of(action)
    )


def has_action(text: str, words: list[str]) -> bool:
    """Whether a question says what is to be done."""
    return any(is_action(word) for word in words) or bool(_MORE_ACTIONS.search(text) or _VAGUE.search(text))


def is_vague(text: str) -> bool:
    """Whether what is to be done could be done to anything."""
    return bool(_VAGUE.search(text))


def class_of(word: str) -> Class | None:
    """Of which sort a thing is, so that one can stand in another's place; None for any other word."""
    if word.startswith("-"):
        return "flag"
    if word.lower() in _RESOURCES:
        return "resource"
    if word.lower() in _SYSTEMS:
        return "system"
    if word.isascii() and word.isupper() and word.isalpha() and len(word) > 2:
        return "instruction"
    rows = concepts_of(word)
    if any(row in rows for name in _OBJECTS for row in concepts_of(name)):
        return "object"
    return "action" if is_action(word) else None
