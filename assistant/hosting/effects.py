"""A line for a shell to what it wants and whether that holds already, by reading only.

Nothing of the line is run. What is read: the user and group database, dpkg's status, package sources,
Docker's own settings, whether files are there, and what systemd and the Engine say of a service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from assistant.errors import ExecutionError
from assistant.hosting import check_packages as packages
from assistant.hosting import check_system as system
from assistant.hosting.check_system import EngineLook
from assistant.hosting.host import Host
from assistant.hosting.values import Effect, Effects
from assistant.hosting.words import HostCommand, commands_of
from assistant.protocols import Engine
from assistant.values import EngineInfo
from knowledge.language import Text

_READING = """
    nvidia-smi id groups whoami ls cat pwd which uname lsmod lspci ps ss netstat ip df du free top htop
    journalctl ping dig nslookup date hostname grep less head tail lsof watch cd echo printf test getent
"""
_READERS = frozenset(_READING.split())
"""Programs that change nothing: there is nothing to find already done."""
_READING_VERBS = {
    "systemctl": frozenset({"status", "is-active", "is-enabled", "list-units", "show", "cat"}),
    "kubectl": frozenset({"get", "describe", "logs", "version", "cluster-info"}),
}
_LOOPS = frozenset({"for", "while", "until", "if", "case", "{", "("})

Check = Callable[[HostCommand, Host, EngineLook], Effect | None]


def effects_of(line: str, host: Host, engine: EngineLook) -> Effects | None:
    """What a host line wants and whether it is so; None where it changes nothing, or is not understood."""
    found = tuple(_found(line, host, engine))
    return Effects(found) if found else None


def look_at(engine: Engine) -> EngineLook:
    """Asks an Engine of itself once, when it is first needed."""

    @cache
    def look() -> EngineInfo | None:
        try:
            return engine.info()
        except ExecutionError:
            return None

    return look


def _found(line: str, host: Host, engine: EngineLook) -> Iterator[Effect]:
    commands = commands_of(line)
    if commands and commands[0].program in _LOOPS:
        yield _untold(commands[0])
        return
    for command in commands:
        if _only_reads(command):
            continue
        try:
            yield _checked(command, host, engine)
        except (OSError, ValueError):  # a name that no file can have
            yield _untold(command)


def _checked(command: HostCommand, host: Host, engine: EngineLook) -> Effect:
    check = _CHECKS.get(command.program)
    effect = check(command, host, engine) if check else None
    return effect or packages.written_file(command, host) or _untold(command)


def _only_reads(command: HostCommand) -> bool:
    if command.out not in {None, "/dev/null"}:
        return False
    verbs = _READING_VERBS.get(command.program, frozenset())
    return command.program in _READERS or bool(verbs & set(command.names[:1]))


def _untold(command: HostCommand) -> Effect:
    program = command.program[:60]
    return Effect(
        "unknown",
        Text(f"`{program}` was done before.", f"`{program}` 之前已执行过。"),
        Text("No check is known for it.", "没有针对它的检查方法。"),
    )


def _plain(check: Callable[[HostCommand, Host], Effect | None]) -> Check:
    return lambda command, host, _: check(command, host)


_CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("usermod", "gpasswd", "adduser"), _plain(system.user_in_groups)),
    "groupadd": _plain(system.group_there),
    **dict.fromkeys(("systemctl", "service"), system.service),
    **dict.fromkeys(("mkdir", "install"), _plain(system.folders)),
    "chmod": _plain(system.mode),
    "modprobe": _plain(system.module),
    "swapoff": _plain(system.swap_off),
    **dict.fromkeys(("apt", "apt-get", "apt-mark", "aptitude"), _plain(packages.packages)),
    **dict.fromkeys(("sh", "bash"), packages.installer),
    "nvidia-ctk": packages.nvidia_runtime,
}
