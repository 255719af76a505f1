"""Commands that would do what nobody asked for: they are not offered beside those that were.

What removes or stops something stands near much that is harmless, and shares its words. It is offered where
the question speaks of removing or stopping, or of what is mended by that; not beside ``docker logs``. And
what stops by itself is not helped by stopping or starting it, but by looking why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.acts import done_by
from assistant.command_signs import Wanted
from assistant.kind_words import RAW_ERROR
from assistant.kinds import Asking
from assistant.recommending import MOST, Candidate

_ENDS = frozenset({"remove", "clean", "stop"})
_DEEDS = frozenset(
    {"start", "restart", "again", "build", "create", "commit", "enter", "log", "follow", "copy"}
)
_DEEDS |= {"rename", "tag", "download", "upload", "connect"}
_MAY_END = re.compile(
    r"\b(?:clean\w*|prun\w+|reclaim\w*|free|unused|dangling|leftovers?|disk|space|full|down"
    r"|force\w*|stuck|hangs?"
    r"|hung|replac\w+|conflict\w*|updat\w+|upgrad\w+|recreat\w+|renew\w*|reset\w*|fresh"
    r"|from scratch|ditch|nuke"
    r"|trash|erase|destroy|discard|purge|dispose|rollback|roll|undo|move|migrat\w+|lose|losing"
    r"|safely|obsolete"
    r"|keep\w*|persist\w*|survive\w*|graceful\w*|signal\w*|compose)\b"
    r"|清|腾|没用|悬空|磁盘|空间|满|卡|强制|替换|冲突|更新|升级|重建|重新|回滚|迁移|干掉|弄掉|撤|下线|丢|销毁|抹|回收|重置|保留|信号|换",
    re.IGNORECASE,
)
"""What is mended by removing or stopping something, or said of it in other words than those of an act."""

_BY_ITSELF = re.compile(
    r"\b(?:stop(?:s|ped|ping)?|exit(?:s|ed|ing)?|dies?|dying|died|crash\w*|quit\w*|terminat\w+"
    r"|restart(?:s|ing)"
    r"|killed|goes down|(?:wo(?:n['’]?t|nt)|does ?n['’]?t|didn['’]?t|can(?:no|['’])t|not"
    r"|fails? to|refuses? to) "
    r"(?:\w+ )?(?:start\w*|run\w*|come up|stay\w*))\b"
    r"|退出|停|挂|崩|起不来|重启|死|启动不了|启动失败|跑不起来|无法启动",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"^(?:sudo\s+)?docker\s+(?:container\s+)?(?:stop|start|restart|kill|pause|unpause|rm)\b"
)
_LOOKS = re.compile(
    r"^(?:sudo\s+)?docker\s+(?:(?:container|system)\s+)?(?:logs\b|inspect\b|events\b"
    r"|ps\b.*(?:-a\b|--all\b))"
)
_FAR = 8.0  # log odds behind the best command within which a way to look is offered
_OUT = re.compile(
    r"\b(?:out of|out|from) (?:(?:the|a|my|an?) )?(?:\w+ )?containers?\b"
    r"|\b(?:to|on) (?:my|the) "
    r"(?:host|machine|computer|laptop|pc)\b|\bout to\b"
    r"|从容器|容器里?的?\S{0,10}(?:拷贝?|复制|弄|取|拿|导)\S{0,4}出"
    r"|(?:拷贝?|复制|弄|取|拿|导)出|到(?:本机|本地|宿主机|主机|电脑)",
    re.IGNORECASE,
)
_INTO = re.compile(
    r"\b(?:into|to|inside|in) (?:(?:the|a|my|an?) )?(?:\w+ )?containers?\b"
    r"|(?:拷贝?|复制|放|传|弄)\S{0,3}进|到\S{0,4}容器|往容器"
    r"|给容器",
    re.IGNORECASE,
)
_COPY = re.compile(r"docker\s+(?:container\s+)?cp\s+(?:-\S+\s+)*(?P<source>\S+)\s+(?P<target>\S+)")


def in_asked_direction(recommended: Sequence[Candidate], question: str) -> list[Candidate]:
    """The commands, of those that copy the one first that copies the way a question says."""
    out, into = _OUT.search(question) is not None, _INTO.search(question) is not None
    if out == into:
        return list(recommended)
    return sorted(recommended, key=lambda one: _copies(one, out=not out))


def _copies(one: Candidate, *, out: bool) -> bool:
    """Whether a command copies out of a container, or into one."""
    copy = _COPY.search(one.placed.command.text)
    return copy is not None and (":" in copy["source" if out else "target"])


def without_contrary(
    recommended: Sequence[Candidate], found: Sequence[Candidate], wanted: Wanted, asking: Asking
) -> list[Candidate]:
    """The recommended commands without those that are contrary to the question.

    Args:
        recommended: those to be offered.
        found: all near the question, the best first, to take ways to look from.
        wanted: what the question wants.
        asking: its kind.
    """
    question = wanted.latest.question if wanted.latest else wanted.asked.question
    if not recommended:
        return []
    if asking.kind == "fail" and _BY_ITSELF.search(question) and not RAW_ERROR.search(question):
        return _ways_to_look(recommended, found)
    if asking.kind == "fail" or wanted.acts & {"remove", "stop"} or _MAY_END.search(question):
        return list(recommended)
    first = recommended[0]
    if not _ends(first):
        return [one for one in recommended if not _ends(one) or _is_one_recipe(one, first)]
    if wanted.acts & _DEEDS:
        return [one for one in recommended if not _ends(one)]
    return list(recommended)


def _ways_to_look(recommended: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    """What tells why something stops by itself, instead of what stops or starts it."""
    kept = [one for one in recommended if not _CHANGES.match(one.placed.command.text)]
    if len(kept) == len(recommended):
        return kept
    near = [one for one in found if one.score >= found[0].score - _FAR]
    looks = [one for one in near if _LOOKS.match(one.placed.command.text)]
    return [*looks, *(one for one in kept if one not in looks)][:MOST]


def _ends(one: Candidate) -> bool:
    """Whether a command removes or stops something."""
    return bool(_ENDS & done_by("act", one.placed.command.text))


def _is_one_recipe(one: Candidate, other: Candidate) -> bool:
    """Whether two commands are steps that one sentence introduces."""
    at, others = (one.note.path, one.placed.introduced_at), (other.note.path, other.placed.introduced_at)
    return at[1] > 0 and at == others
