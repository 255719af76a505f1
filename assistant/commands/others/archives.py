"""Rules of the commands that write images into files, and make images of files and containers."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.commands.files import guarded_path
from assistant.commands.others.rules import Check, Rule
from assistant.commands.policy_values import Policy
from assistant.errors import UnsupportedCommandError
from assistant.values import OtherCommand, Plan, Reason
from knowledge.language import Text


def _written(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """A file must be named, and be a new one."""
    name = action.last("output")
    if not name:
        return (Reason("output", _NAME_OUTPUT.filled(name=action.name)),)
    try:
        path = guarded_path("--output", name, workspace)
    except UnsupportedCommandError as error:
        return (Reason("output", error.text),)
    return (Reason("output", _EXISTS.filled(name=name)),) if os.path.lexists(path) else ()


def _read(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    if action.name == "load" and not action.last("input"):
        return (Reason("input", _NAME_INPUT.filled(name=action.name)),)
    return ()


def _changes(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """``ONBUILD`` would act in builds to come, unseen; several lines could hide it."""
    for change in action.flags.get("change", ()):
        if "\n" in change or "\r" in change or change.split(maxsplit=1)[:1] in ([], ["\\"]):
            return (Reason("change", _ONE_LINE.filled(name=change)),)
        if change.split(maxsplit=1)[0].upper() == "ONBUILD":
            return (Reason("change", _ONBUILD.filled(name=change)),)
    return ()


def _without_platform(check: Check) -> Check:
    def both(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
        if action.last("platform"):
            return (Reason("platform", _PLATFORM.filled(name=action.name)),)
        return check(plan, action, policy, workspace)

    return both


_NAME_OUTPUT = Text(
    "`docker {name}` writes an archive, which is no text to be shown; name a new file with `-o FILE`.",
    "`docker {name}` 输出的是归档数据，无法显示；请用 `-o 文件名` 写入新文件。",
)
_NAME_INPUT = Text(
    "`docker {name}` reads from a pipe, and nothing is typed here; name a file with `-i FILE`.",
    "`docker {name}` 会从管道读取，而这里没有输入；请用 `-i 文件名` 指定文件。",
)
_EXISTS = Text(
    "{name} is there already and is not overwritten; name another file, or remove it first.",
    "{name} 已经存在，不会被覆盖；请换一个文件名，或先删除它。",
)
_ONE_LINE = Text("`--change {name}` is no single instruction.", "`--change {name}` 不是单独一条指令。")
_ONBUILD = Text(
    "`--change {name}`: ONBUILD would act in later builds, where nobody sees it.",
    "`--change {name}`：ONBUILD 会在以后的构建中生效，而没有人会看到。",
)
_PLATFORM = Text(
    "`--platform` is not passed on by `docker {name}` here; leave it out.",
    "这里的 `docker {name}` 不支持 `--platform`；请去掉它。",
)

RULES: dict[str, Rule] = {
    "save": Rule("copy", _without_platform(_written)),
    "export": Rule("copy", _written),
    "load": Rule("create.", _without_platform(_read)),
    "import": Rule("create.", _without_platform(_changes)),
    "commit": Rule("create.", _changes),
}
