"""Checks of users, groups, services, kernel and files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from assistant.hosting.host import Host
from assistant.hosting.values import Effect
from assistant.hosting.words import HostCommand
from assistant.values import EngineInfo
from knowledge.language import Text

EngineLook = Callable[[], EngineInfo | None]
"""What the Engine says of itself; None where none answers."""

_RESTART = Text(
    "It leaves nothing behind that could be looked at, so do it once more where in doubt.",
    "它不会留下可供检查的痕迹；不确定时再执行一次即可。",
)


def either(holds: bool, what: Text, evidence: Text) -> Effect:
    """An effect that could be looked at."""
    return Effect("holds" if holds else "missing", what, evidence)


# ---- users and groups


def user_in_groups(command: HostCommand, host: Host) -> Effect | None:
    """``usermod -aG GROUPS USER``, ``gpasswd -a USER GROUP``, ``adduser USER GROUP``."""
    names = list(command.names)
    if command.program == "usermod":
        flags = [word for word in command.words[1:] if word.startswith("-")]
        wanted = any("G" in flag or flag == "--groups" for flag in flags)
        groups, user = (names[0].split(","), names[-1]) if wanted and len(names) == 2 else ([], "")
    elif len(names) == 2 and (command.program == "adduser" or "-a" in command.words):
        user, groups = names[0], [names[1]]
    else:
        return None
    who = host.expanded(user)
    if not groups or not who:
        return None
    what = Text(f"{who} is in the group {', '.join(groups)}.", f"用户 {who} 在 {'、'.join(groups)} 组里。")
    return _membership(who, groups, what, host)


def _membership(who: str, groups: list[str], what: Text, host: Host) -> Effect | None:
    seen_en, seen_zh, holds = [], [], True
    for name in groups:
        try:
            group = host.group(name)
        except LookupError:
            return None
        if group is None:
            holds = False
            seen_en.append(f"there is no group {name}")
            seen_zh.append(f"没有 {name} 组")
            continue
        inside = who in group.members
        holds = holds and inside
        members = ", ".join(sorted(group.members)) or "-"
        late = inside and who == host.user and not group.is_mine
        seen_en.append(f"group {name}: {members}" + ("; in force once you log in again" if late else ""))
        seen_zh.append(f"{name} 组成员：{members}" + ("；重新登录后生效" if late else ""))
    return either(holds, what, Text("; ".join(seen_en), "；".join(seen_zh)))


def group_there(command: HostCommand, host: Host) -> Effect | None:
    """``groupadd GROUP``."""
    if len(command.names) != 1:
        return None
    name = command.names[0]
    try:
        group = host.group(name)
    except LookupError:
        return None
    what = Text(f"There is a group {name}.", f"存在 {name} 组。")
    there, not_there = Text("It is there.", "该组存在。"), Text("It is not there.", "没有这个组。")
    return either(group is not None, what, there if group is not None else not_there)


# ---- services


def service(command: HostCommand, host: Host, engine: EngineLook) -> Effect | None:
    """``systemctl start|enable|restart UNIT…`` and ``service UNIT start``; None for what only looks."""
    names = command.names
    if command.program == "service":
        names = (names[1], names[0]) if len(names) == 2 else ()
    if len(names) != 2:
        return None
    verb, unit = names
    if verb in {"start", "stop"}:
        return _active(unit.removesuffix(".service"), verb == "start", host, engine)
    if verb in {"enable", "disable"}:
        return _enabled(unit.removesuffix(".service"), verb == "enable", host)
    if verb in {"restart", "reload"}:
        what = Text(f"The service {unit} starts anew.", f"服务 {unit} 重新启动。")
        return Effect("unknown", what, _RESTART)
    return None


def _active(unit: str, wanted: bool, host: Host, engine: EngineLook) -> Effect:
    what = (
        Text(f"The service {unit} runs.", f"服务 {unit} 正在运行。")
        if wanted
        else Text(f"The service {unit} is stopped.", f"服务 {unit} 已停止。")
    )
    said = host.systemd("is-active", unit)
    if said is not None and said != "unknown":
        return either((said == "active") is wanted, what, Text(f"systemd: {said}", f"systemd：{said}"))
    found = engine() if unit == "docker" else None
    if found is not None:
        seen = Text(
            f"A Docker Engine {found.version} answers at {found.address}.",
            f"{found.address} 上有 Docker Engine {found.version} 响应。",
        )
        return either(wanted, what, seen)
    return Effect("unknown", what, _NO_SYSTEMD)


def _enabled(unit: str, wanted: bool, host: Host) -> Effect:
    what = (
        Text(f"The service {unit} starts with the machine.", f"服务 {unit} 随系统启动。")
        if wanted
        else Text(f"The service {unit} does not start with the machine.", f"服务 {unit} 不随系统启动。")
    )
    said = host.systemd("is-enabled", unit)
    if said is None:
        return Effect("unknown", what, _NO_SYSTEMD)
    return either(said.startswith("enabled") is wanted, what, Text(f"systemd: {said}", f"systemd：{said}"))


# ---- files and kernel


def folders(command: HostCommand, host: Host) -> Effect | None:
    """``mkdir -p FOLDER`` and ``install -d FOLDER``."""
    if command.program == "install" and not any("d" in w for w in command.words if w.startswith("-")):
        return None
    named = [name for name in command.names if not re.fullmatch(r"[0-7]{3,4}", name)]
    return files_there(named, host, is_kind=Path.is_dir) if named else None


def files_there(
    written: list[str], host: Host, *, is_kind: Callable[[Path], bool] | None = None
) -> Effect | None:
    """Whether files (or folders) are there that a line makes; None where a name says too little."""
    look = is_kind or _has_content
    paths = [host.path(name) for name in written]
    if not paths or any(path is None for path in paths):
        return None
    lacking = [name for name, path in zip(written, paths, strict=True) if path and not _asked(look, path)]
    shown = ", ".join(written)
    what = Text(f"There is {shown}.", f"存在 {shown}。")
    if lacking:
        gone = ", ".join(lacking)
        return either(False, what, Text(f"Not there: {gone}", f"不存在：{gone}"))
    return either(True, what, Text("It is there.", "已存在。"))


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _asked(look: Callable[[Path], bool], path: Path) -> bool:
    try:
        return look(path)
    except OSError:
        return False


def mode(command: HostCommand, host: Host) -> Effect | None:
    """``chmod a+r FILE`` and the like, and octal modes."""
    if len(command.names) < 2:
        return None
    wanted, *names = command.names
    letters = re.fullmatch(r"([ugoa]*)\+([rwx]+)", wanted)
    octal = int(wanted, 8) if re.fullmatch(r"[0-7]{3,4}", wanted) else None
    if letters is None and octal is None:
        return None
    paths = [host.path(name) for name in names]
    what = Text(f"{', '.join(names)} has the mode {wanted}.", f"{'、'.join(names)} 的权限为 {wanted}。")
    seen, holds = [], True
    for name, path in zip(names, paths, strict=True):
        try:
            if path is None:
                return None
            now = path.stat().st_mode & 0o7777
        except OSError:
            return either(False, what, Text(f"Not there: {name}", f"不存在：{name}"))
        bits = octal if octal is not None else _bits(*(letters.groups() if letters else ("", "")))
        if (now != bits) if octal is not None else (now & bits != bits):
            holds = False
        seen.append(f"{name}: {now:04o}")
    return either(holds, what, Text(", ".join(seen), "，".join(seen)))


def _bits(who: str, rights: str) -> int:
    shifts = [shift for letter, shift in (("u", 6), ("g", 3), ("o", 0)) if letter in who or who in {"", "a"}]
    value = sum({"r": 4, "w": 2, "x": 1}[right] for right in set(rights))
    return sum(value << shift for shift in shifts)


def module(command: HostCommand, host: Host) -> Effect | None:
    """``modprobe MODULE``."""
    if len(command.names) != 1 or len(command.words) != 2 or "/" in command.names[0]:
        return None
    name = command.names[0]
    what = Text(f"The kernel module {name} is loaded.", f"内核模块 {name} 已加载。")
    path = f"/sys/module/{name.replace('-', '_')}"
    there = (host.root / path.lstrip("/")).is_dir()
    return either(
        there,
        what,
        Text(f"There is {'' if there else 'no '}{path}.", f"{'有' if there else '没有'} {path}。"),
    )


def swap_off(command: HostCommand, host: Host) -> Effect | None:
    """``swapoff -a``."""
    text = host.text("/proc/swaps")
    if "-a" not in command.words or text is None:
        return None
    used = [line.split()[0] for line in text.splitlines()[1:] if line.split()]
    what = Text("No swap is in use.", "没有启用交换空间。")
    seen = Text(f"In use: {', '.join(used)}", f"正在使用：{'、'.join(used)}")
    return either(not used, what, seen if used else Text("/proc/swaps is empty.", "/proc/swaps 为空。"))


_NO_SYSTEMD = Text(
    "No systemd runs here that could be asked.",
    "这里没有运行可供查询的 systemd。",
)
