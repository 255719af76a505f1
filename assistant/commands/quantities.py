"""Sizes, times, counts and switches, written as the docker CLI takes them."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from assistant.errors import CommandSyntaxError
from knowledge.language import Text

_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_SIZE = re.compile(r"^([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s?([kmgtp]?)(i?b?)$", re.IGNORECASE)
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?)?(?:Z|[+-]\d{2}:\d{2})?$")
_MAX_INT = 2**63 - 1


def bad(flag: str, value: str, en: str, zh: str) -> CommandSyntaxError:
    """The error of a value the docker CLI would not take."""
    return CommandSyntaxError(
        Text(en=f"`{value}` does not fit `{flag}`: {en}.", zh=f"`{value}` 不适用于 `{flag}`：{zh}。"),
        word=value,
    )


def parse_bool(value: str) -> bool | None:
    """A switch's value, None where it is none. Source: Go, strconv.ParseBool."""
    return True if value in _TRUE else False if value in _FALSE else None


def parse_int(flag: str, value: str) -> int:
    """A whole number in 64 bits."""
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", value) or abs(int(value)) > _MAX_INT:
        raise bad(flag, value, "a whole number is needed", "需要一个整数")
    return int(value)


def parse_bytes(flag: str, value: str) -> int:
    """Bytes of ``512m``, ``1.5g``, ``64k``; units are powers of 1024. ``-1`` passes for swap."""
    if value == "-1" and flag == "--memory-swap":
        return -1
    match = _SIZE.match(value)
    if (
        not match
        or not value.isascii()
        or match.group(3).lower() == "i"
        or (match.group(3).lower() == "ib" and not match.group(2))
    ):
        raise bad(flag, value, "a size such as `512m` or `2g` is needed", "需要大小，例如 `512m` 或 `2g`")
    size = int(Decimal(match.group(1)) * 1024 ** "bkmgtp".index(match.group(2).lower() or "b"))
    if size > _MAX_INT:
        raise bad(flag, value, "the size is too large", "数值过大")
    return size


def parse_cpus(flag: str, value: str) -> int:
    """Billionths of a CPU of ``1.5``."""
    if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}", value):
        raise bad(flag, value, "a number of CPUs such as `1.5` is needed", "需要 CPU 数量，例如 `1.5`")
    return int(Decimal(value) * 10**9)


def parse_duration(flag: str, value: str) -> int:
    """Nanoseconds of ``1m30s``; never negative."""
    text = value.removeprefix("+")
    if text == "0":
        return 0
    pieces = list(_DURATION.finditer(text))
    if not pieces or "".join(piece.group() for piece in pieces) != text or len(text) > 40:
        raise bad(flag, value, "a time such as `30s` or `1m30s` is needed", "需要时间，例如 `30s` 或 `1m30s`")
    return int(sum(Decimal(piece.group(1)) * _NANOSECONDS[piece.group(2)] for piece in pieces))


def parse_moment(flag: str, value: str, *, now: float) -> str:
    """A moment as the Engine takes it, of a date, a time stamp, or a duration back from ``now``.

    Source: Docker CLI, ``docker logs --since``; Engine API, GET /containers/{id}/logs.
    """
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", value):
        return value
    if _DATE.match(value):
        text = value + ":00" if re.search(r"T\d{2}$", value) else value
        try:
            seconds = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone().timestamp()
        except (ValueError, OverflowError) as error:
            raise bad(flag, value, "there is no such date", "没有这样的日期") from error
        whole, nanoseconds = divmod(round(seconds * 10**6), 10**6)
        return f"{whole}.{nanoseconds * 1000:09d}"
    return str(int(now - parse_duration(flag, value) / 10**9))


def duration(seconds: float) -> Text:
    """A time limit as a person says it."""
    for size, en, zh in ((3600, "hour", "小时"), (60, "minute", "分钟"), (1, "second", "秒")):
        if seconds >= size and seconds % size == 0:
            number = round(seconds / size)
            return Text(f"{number} {en}{'' if number == 1 else 's'}", f"{number} {zh}")
    return Text(f"{seconds:g} seconds", f"{seconds:g} 秒")
