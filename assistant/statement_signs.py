"""The signs by which a statement of the notes is told to be what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.acts import asked_for
from assistant.command_signs import Wanted, terms_in, to_the_point
from assistant.flag_meanings import is_of_flag
from assistant.kinds import Kind
from assistant.told import Told
from knowledge.values import FloatMatrix

_PLAIN = (
    "score",  # of its hit
    "near",  # 1 / its hit's rank
    "similarity",  # its hit's cosine, scaled over the hits
    "held",  # the part of the question it holds, with its headings
    "with_before",  # ... with what its block says before it
    "with_lead",  # ... with what introduces it
    "heading",  # ... its heading alone
    "brings",  # ... what it introduces
    "to_the_point",  # the part of its own words that the question names
    "heading_to_the_point",  # ... of its heading's
    "literal",  # the part of the question's Latin words that stand in it as they are
    "acts",  # what is to be done: both say it
    "acts_unasked",  # ... it speaks of another
    "objects",  # to what
    "states",
    "latest",  # the part of what was said last that it holds
    "defines",  # it begins with the thing asked about and says what that is
    "entry",  # ... with that and nothing else
    "item",
    "table",
    "code",
    "later",  # not the first of its block
    "first_of_section",
    "introduced",
    "list",  # it introduces a list or table
    "shown",  # ... other code than commands
    "commands",  # ... commands
    "open",  # it introduces something that does not come with it
    "has_code",
    "of_flag",  # it begins with a flag
    "of_code",  # it begins with code, and the question names that
    "of_other",  # ... does not name it
    "bare",  # it is nothing but code
    "points",  # it points to another place
    "example",
    "warns",
    "length",  # logarithm of its words
    "long",
    "short",
)
_ASKED = (
    "number",  # a number, size or time is asked for, and it has one
    "place",  # ... a file or folder
    "reason",  # ... why
    "whether",  # ... yes or no, and it says what must, can or cannot be
    "fault",  # something fails, and it speaks of faults and mending
    "fault_unasked",
)
_SORTS = (("what", "entry"), ("do", "acts"), ("do", "has_code"), ("tell", "has_code"))
"""Signs that count for one sort of question besides."""

SIGNS = (*_PLAIN, *_ASKED, *(f"{sort}_{sign}" for sort, sign in _SORTS))

_LONG, _SHORT = 45, 5  # words
_HAN = re.compile(r"[\u3400-\u9fff]")
_COUNTED = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z0-9_./:-]*[A-Za-z0-9]")
_DEFINES = re.compile(
    r"^\W*(?:an?\s+|the\s+)?(.{1,40}?)(?:[:：（(，]|\s(?:is|are|means|serves|lets)\s|是|指|用于|更像|让|会|告诉)",
    re.IGNORECASE,
)
_CODE = re.compile(r"^[\W_]*`([^`]+)`")
_INLINE = re.compile(r"`[^`]*`")
_MARKS = " *_:：.。,，;；"
_BARE = 4  # characters from which a statement says something besides its code
_POINTS = re.compile(
    r"\b(?:see|described in|shown in)\s+(?:[\"“'`]|section|chapter|\d|above|below)"
    r"|(?:参见|参考|详见|(?<![看常可意])见)\s*[“\"《\d第上下]",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"\bfor example\b|\be\.g\.|例如|比如|举例|示例", re.IGNORECASE)
WARNS = re.compile(
    r"注意|不要|切勿|警告|小心|务必|否则|千万|不能|无法恢复"
    r"|\b(?:note that|warning|careful|do not|don['’]t|never|mistake|beware|otherwise)\b",
    re.IGNORECASE,
)
"""What a warning says."""

_WANTS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|often|big|large|old)\b|\bversions?\b|\bdefault\b|\bports?\b"
    r"|多少|多久|多大|多长|几(?:个|种|次|条|秒|天|层)|默认|版本|端口",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|[一两三四五六七八九十]个?(?:秒|种|次|条)|\b(?:one|two|three|four|five|ten)\b", re.IGNORECASE
)
_WANTS_PLACE = re.compile(
    r"\bwhere\b|\bwhich (?:file|folder|directory)\b|\bpath\b|哪里|哪儿|在哪|哪个?(?:文件|目录)|路径|位置",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:^|[\s`(（\u3400-\u9fff])[~.]?/[\w.-]+|\w\.(?:json|ya?ml|conf|toml|list)\b|Dockerfile|\.dockerignore"
)
_WANTS_REASON = re.compile(r"\bwhy\b|\breason\b|为什么|为啥|为何|原因|怎么回事", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|since|therefore|so that|hence|due to|otherwise|as|so)\b"
    r"|因为|因此|所以|由于|于是|否则|才能|这样",
    re.IGNORECASE,
)
_WANTS_WHETHER = re.compile(
    r"^\W*(?:do|does|is|are|can|could|should|must|will|may|has|have)\b|\bdo i (?:need|have)\b"
    r"|吗|是否|能不能|可不可以|要不要|是不是|会不会|需不需要|用不用|可以.*(?:么|不)",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"\b(?:must|need|needs|can|cannot|can['’]t|only|not|no longer|never|always|any|may)\b"
    r"|必须|需要|不需要|可以|不能|不会|只有|只能|无需|都可以|并不|不支持|支持",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\bhow (?:do|can|to|would|should)\b|\b(?:which|what) command\b|\bhow\b.*\bi\b"
    r"|怎么(?!回事)|怎样|如何|(?:哪|什么)(?:个|条)?命令",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"[?？]|\b(?:what|which|why|where|when|who|can|does|do|is|are|will|should)\b|什么|啥|吗|哪|谁|几|多少|为何|是不是|能不能",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:error|fails?|failed|denied|refused|cause|fix|solve|check|occurs?|means that|cannot)\b"
    r"|报错|错误|失败|原因|解决|检查|说明|无法|拒绝|排查",
    re.IGNORECASE,
)


def signs(wanted: Wanted, kind: Kind, told: Sequence[Told]) -> FloatMatrix:
    """The `SIGNS` of statements: (statements, signs) float32.

    Args:
        wanted: what the question wants.
        kind: of the question.
        told: the statements.
    """
    rows = [_row(wanted, kind, one) for one in told]
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), len(SIGNS))


def _row(wanted: Wanted, kind: Kind, one: Told) -> list[float]:
    plain = dict(zip(_PLAIN, (*_words(wanted, one), *_form(wanted, one)), strict=True))
    sort = sort_of(kind, wanted.asked.question)
    by_sort = [plain[sign] * (name == sort) for name, sign in _SORTS]
    return [*plain.values(), *_meets(wanted.asked.question, kind, one), *by_sort]


def sort_of(kind: Kind, question: str) -> str:
    """What a question is after: most that do not ask how something is done want to be told something."""
    if kind in {"what", "explain", "fail"}:
        return kind
    return "do" if kind == "how" and (_DOES.search(question) or not _ASKS.search(question)) else "tell"


def _words(wanted: Wanted, one: Told) -> tuple[float, ...]:
    """How far a statement's words are those of the question."""
    asked, s = wanted.asked, one.statement
    heading = asked.words_among(terms_in(s.headings[-1]))
    above = asked.words_among(terms_in(" ".join(s.headings)))
    before = asked.words_among(terms_in(one.before)) if one.before else frozenset()
    lead = asked.words_among(terms_in(one.lead)) if one.lead else frozenset()
    brought = (
        asked.words_among(terms_in("\n".join(b.text for b in one.brings))) if one.brings else frozenset()
    )
    acts, states = asked_for("act", s.text), asked_for("state", s.text)
    objects = wanted.objects & asked_for("object", s.text)
    return (
        one.hit,
        1 / one.rank,
        one.similarity,
        s.share,
        asked.share(s.words, above | before),
        asked.share(s.words, above | lead),
        asked.share(heading),
        asked.share(brought - s.words),
        to_the_point(wanted, s.text),
        to_the_point(wanted, s.headings[-1]),
        _literal(wanted, s.text),
        len(wanted.acts & acts) / len(wanted.acts) if wanted.acts else 0.0,
        float(np.log1p(len(acts - wanted.acts))),
        len(objects) / len(wanted.objects) if wanted.objects else 0.0,
        float(len(wanted.states & states)),
        wanted.latest.share(wanted.latest.words_among(terms_in(s.text))) if wanted.latest else 0.0,
    )


def _literal(wanted: Wanted, text: str) -> float:
    words = {word.lower() for word in _LATIN.findall(text)}
    return len(wanted.words & words) / len(wanted.words) if wanted.words else 0.0


def _form(wanted: Wanted, one: Told) -> tuple[float, ...]:
    """What kind of statement it is, and where it stands."""
    s = one.statement
    length = max(len(_COUNTED.findall(s.text)) - len(_HAN.findall(s.text)) / 2, 1)
    shown = bool(one.brings) and one.brings[0].kind == "code"
    lead = _DEFINES.match(s.text)
    asked = wanted.asked
    begins = _CODE.match(s.text)
    code = _asked_code(wanted, begins[1]) if begins else 0.0
    named = asked.share(asked.words_among(terms_in(lead[1]))) if lead else 0.0
    return (
        named,
        named * to_the_point(wanted, lead[1]) if lead else 0.0,
        float(s.kind == "item"),
        float(s.kind == "table"),
        float(s.kind == "code"),
        float(one.number > 0),
        float(one.is_first and one.number == 0),
        float(bool(one.lead)),
        float(bool(one.brings) and not shown),
        float(shown and not one.commands),
        float(bool(one.commands)),
        float(one.is_open and not one.brings),
        float("`" in s.text),
        float(is_of_flag(s.text)),
        code,
        float(begins is not None) - code,
        float(
            len(_INLINE.sub("", s.text).strip(" *_:：.。,，;；")) < _BARE and s.kind in {"item", "paragraph"}
        ),
        float(_POINTS.search(s.text) is not None),
        float(_EXAMPLE.search(s.text) is not None),
        float(WARNS.search(s.text) is not None),
        float(np.log(length)),
        float(length > _LONG),
        float(length < _SHORT),
    )


def _asked_code(wanted: Wanted, code: str) -> float:
    """The part of the words of a piece of code that the question has too."""
    words = [word for word in code.split() if word != "docker"]
    asked = set(_LATIN.findall(wanted.asked.question)) | set(wanted.asked.question.split())
    return sum(word in asked or word.strip("-") in asked for word in words) / len(words) if words else 1.0


def _meets(question: str, kind: Kind, one: Told) -> tuple[float, ...]:
    """Whether it has what the question asks for: a number, a place, a reason, a yes or no, a mend."""
    text = one.statement.text
    number, place = bool(_NUMBER.search(text)), bool(_PLACE.search(text))
    wants_number, wants_place = bool(_WANTS_NUMBER.search(question)), bool(_WANTS_PLACE.search(question))
    reason = bool(_WANTS_REASON.search(question)) and bool(_REASON.search(text))
    whether = bool(_WANTS_WHETHER.search(question)) and bool(_WHETHER.search(text))
    fault = bool(_FAULT.search(text))
    return (
        float(wants_number and number),
        float(wants_place and place),
        float(reason),
        float(whether),
        float(fault and kind == "fail"),
        float(fault and kind != "fail"),
    )
