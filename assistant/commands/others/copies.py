"""The rule of ``docker cp``."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.commands.others.rules import Rule
from assistant.commands.policy_values import Policy
from assistant.values import OtherCommand, Plan, Reason
from knowledge.language import Text


def side_of(argument: str) -> tuple[str, str] | None:
    """Container and path of an argument of ``cp``; None for a path on this machine.

    Source: docker CLI 28.2, splitCpArg.
    """
    name, colon, path = argument.partition(":")
    if argument.startswith("/") or not colon or name.startswith(".") or not name:
        return None
    return name.removeprefix("/"), path


def _copied(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    source, target = action.args
    if "-" in {source, target}:
        return (Reason("pipe", _PIPE),)
    if action.is_on("follow-link"):
        return (Reason("follow-link", _FOLLOW),)
    if side_of(target) is None and os.path.lexists(workspace / target) and not _is_folder(workspace / target):
        text = Text(
            f"{target} is there already and is not overwritten; name another file, or remove it first.",
            f"{target} 已经存在，不会被覆盖；请换一个文件名，或先删除它。",
        )
        return (Reason("output", text),)
    return ()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


_PIPE = Text(
    "`-` stands for a pipe, and there is none here; name a file or a folder of the workspace.",
    "`-` 表示管道，这里没有管道；请写明工作区中的文件或目录。",
)
_FOLLOW = Text(
    "Links are not followed: they could lead out of the workspace. Leave `-L` out.",
    "不会跟随链接：链接可能指向工作区之外。请去掉 `-L`。",
)

RULES: dict[str, Rule] = {"cp": Rule("copy.", _copied)}
