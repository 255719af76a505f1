"""A stamp in words."""

from __future__ import annotations

import time

from assistant.verifying.values import Stamp
from knowledge.language import Text


def day_of(stamp: Stamp) -> str:
    """The day of a stamp where this machine is, as 2026-01-31."""
    return time.strftime("%Y-%m-%d", time.localtime(stamp.at))


def stamp_text(stamp: Stamp) -> Text:
    """When and with which Engine a command was tried here, and how that went."""
    day, engine = day_of(stamp), stamp.engine
    if stamp.worked:
        return Text(f"Worked here on {day} (Engine {engine}).", f"{day} 在本机验证可用（Engine {engine}）。")
    if stamp.outcome == "timed_out":
        return Text(
            f"Tried here on {day} (Engine {engine}): it was still running when its time was up.",
            f"{day} 在本机试过（Engine {engine}）：到时间上限时仍在运行。",
        )
    code = stamp.exit_code
    how = Text("", "") if code is None else Text(f", exit code {code}", f"，退出码 {code}")
    return Text(
        f"Did not work here on {day} (Engine {engine}{how.en}).",
        f"{day} 在本机未能成功（Engine {engine}{how.zh}）。",
    )
