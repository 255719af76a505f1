"""Rules of ``docker build``: the line, and every instruction of its Dockerfile."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.commands.change_plans import spelt_out
from assistant.commands.dockerfile import Dockerfile, Instruction, nested, read
from assistant.commands.files import guarded_path, read_inside
from assistant.commands.others.images import not_allowed
from assistant.commands.others.rules import Rule
from assistant.commands.policy_values import Policy
from assistant.commands.references import parse_reference
from assistant.commands.rule_context import RUN
from assistant.config import Limits
from assistant.errors import CommandError, CommandSyntaxError, UnsupportedCommandError
from assistant.values import Change, Operation, OtherCommand, Plan, Reason
from knowledge.language import Text

_NOT_HERE = (
    "add-host", "cache-from", "cgroup-parent", "cpuset-cpus", "cpuset-mems", "iidfile", "isolation",
    "security-opt", "squash", "ulimit",
)  # fmt: skip
_FLAGS: Mapping[str, frozenset[str]] = {
    "FROM": frozenset({"platform"}),
    "COPY": frozenset({"from", "chown", "chmod"}),
    "ADD": frozenset({"chown", "chmod"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "retries"}),
}
_PLATFORM = re.compile(r"[a-z0-9]+(?:/[a-z0-9]+){0,2}")
_REMOTE = re.compile(r"(?i)[a-z][a-z0-9+.-]*://|^git@|^github\.com/|\.git(?:[#?]|$)")
_SYNTAX_OF_DOCKER = re.compile(r"(?:docker\.io/)?docker/dockerfile(?::1[\w.-]*)?")
_PASSED_ON = ("t", "buildargs", "target", "platform", "nocache")
_PERIOD = 100_000


def check(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """Every reason against a build."""
    if plan.placeholders:
        return ()
    reasons = list(_line_reasons(action))
    try:
        dockerfile = dockerfile_of(action, workspace)
    except CommandError as error:
        return (*reasons, Reason("dockerfile", error.text))
    return (*reasons, *dockerfile_reasons(dockerfile, policy))


def _line_reasons(action: OtherCommand) -> Iterator[Reason]:
    for flag in _NOT_HERE:
        if action.flags.get(flag):
            yield Reason(flag, _FLAG_NOT_HERE.filled(name=f"--{flag}"))
    if (network := action.last("network")) not in {None, "none", "default", "bridge"}:
        yield Reason("network", _NETWORK.filled(name=str(network)))
    if (platform := action.last("platform")) and not _PLATFORM.fullmatch(platform):
        yield Reason("platform", _NO_PLATFORM.filled(name=platform))
    for argument in action.flags.get("build-arg", ()):
        if "=" not in argument:
            yield Reason("build-arg", _BARE.filled(name=argument))


def dockerfile_of(action: OtherCommand, workspace: Path) -> Dockerfile:
    """The Dockerfile of a build, read.

    Raises:
        CommandError: it cannot be read, lies outside the context, or could be read in two ways.
    """
    path = dockerfile_path(action, workspace)
    try:
        text = read_inside(path, workspace)
    except (OSError, ValueError) as error:
        raise CommandSyntaxError(_NO_DOCKERFILE.filled(name=os.path.relpath(path, workspace))) from error
    return parsed(text.encode(), action)


def dockerfile_path(action: OtherCommand, workspace: Path) -> str:
    """Where the Dockerfile lies: in the context, whatever ``--file`` says.

    Raises:
        UnsupportedCommandError: it lies elsewhere.
    """
    context = guarded_path("build", action.args[0], workspace)
    named = action.last("file")
    path = guarded_path("--file", named, workspace) if named else f"{context}/Dockerfile"
    if not path.startswith(context.rstrip("/") + "/"):
        raise UnsupportedCommandError(_OUTSIDE.filled(name=str(named)), word=str(named))
    return path


def parsed(data: bytes, action: OtherCommand) -> Dockerfile:
    """A Dockerfile with the values that the line gives to its arguments.

    Raises:
        CommandSyntaxError: it could be read in two ways.
    """
    pairs = (argument.partition("=") for argument in action.flags.get("build-arg", ()))
    return read(
        data, {name: value for name, _, value in pairs}, lambda name: spelt_out(parse_reference(name))
    )


def dockerfile_reasons(dockerfile: Dockerfile, policy: Policy) -> Iterator[Reason]:
    """What speaks against a Dockerfile."""
    if dockerfile.syntax and not _SYNTAX_OF_DOCKER.fullmatch(dockerfile.syntax):
        yield Reason("syntax", _SYNTAX.filled(name=dockerfile.syntax))
    for image in dockerfile.images:
        registry = parse_reference(image).registry
        if not policy.allows_registry(registry):
            yield Reason("registry", not_allowed(registry))
    for instruction in dockerfile.instructions:
        yield from instruction_reasons(instruction)


def instruction_reasons(instruction: Instruction) -> Iterator[Reason]:
    """What speaks against one instruction, or against the one an ONBUILD holds."""
    where = f"{instruction.name} ({instruction.line})" if instruction.line else instruction.name
    if instruction.name == "ONBUILD":
        try:
            inner = nested(instruction)
        except CommandSyntaxError as error:
            yield Reason("dockerfile", error.text)
            return
        if dict(inner.flags).get("from"):
            yield Reason("dockerfile", _ONBUILD_FROM.filled(name=where))
        yield from instruction_reasons(inner)
        return
    for name, value in instruction.flags:
        if name not in _FLAGS.get(instruction.name, frozenset()):
            yield Reason("dockerfile", _INSTRUCTION_FLAG.filled(name=f"{where} --{name}"))
        elif name == "platform" and not _PLATFORM.fullmatch(value):
            yield Reason("dockerfile", _NO_PLATFORM.filled(name=value))
    if instruction.name == "ADD":
        yield from _added(instruction, where)


def _added(instruction: Instruction, where: str) -> Iterator[Reason]:
    """ADD fetches from the network of this machine, whatever network the build has."""
    sources = instruction.rest.split()
    with contextlib.suppress(ValueError, TypeError):  # no list in JSON, then the words are what they are
        sources = [str(word) for word in json.loads(instruction.rest)]
    for source in sources[:-1]:
        if _REMOTE.search(source):
            yield Reason("add", _ADD.filled(name=f"{where} {source}"))
        elif re.search(r"[$\\'\"]", source):
            yield Reason("add", _ADD_UNCLEAR.filled(name=f"{where} {source}"))


# ---- as run


def bound(plan: Plan, limits: Limits, policy: Policy, workspace: Path) -> tuple[Plan, tuple[Change, ...]]:
    """The request as run beside the one as written, and what differs."""
    (written,) = plan.operations
    assert isinstance(plan.action, OtherCommand)  # noqa: S101
    query = _query(plan.action, written.query, limits, policy)
    query["dockerfile"] = written.query["dockerfile"]
    changes = [
        Change(key, written.query.get(key, "-"), query.get(key, "-"), _WHY.get(key, _LEFT_OUT))
        for key in sorted({*written.query, *query})
        if written.query.get(key) != query.get(key)
    ]
    changes.append(Change("Dockerfile", "-", "-", _WEAKER))
    operations = (replace(written, sent="by docker"), Operation("POST", "/build", query, sent="here"))
    return replace(plan, operations=operations), tuple(changes)


def _query(
    action: OtherCommand, written: Mapping[str, str], limits: Limits, policy: Policy
) -> dict[str, str]:
    memory = min(int(written.get("memory", 0)) or limits.memory_bytes, limits.memory_bytes)
    asked = int(written.get("cpuquota", 0)) / (int(written.get("cpuperiod", 0)) or _PERIOD)
    cpus = min(asked if asked > 0 else limits.cpus, limits.cpus)
    network = "none" if action.last("network") == "none" else policy.build_network
    ours = {policy.owner_label: policy.owner, policy.run_label: RUN}
    labels = json.loads(written.get("labels", "{}")) | ours
    kept = {key: written[key] for key in _PASSED_ON if key in written}
    return kept | {
        "version": "1",
        "rm": "1",
        "forcerm": "1",
        "networkmode": network,
        "memory": str(memory),
        "memswap": str(memory),
        "cpuperiod": str(_PERIOD),
        "cpuquota": str(max(int(cpus * _PERIOD), 1000)),
        "shmsize": str(min(int(written.get("shmsize", 0)) or limits.shm_bytes, limits.shm_bytes)),
        "labels": json.dumps(labels, separators=(",", ":"), sort_keys=True),
    }


def digest(data: bytes) -> str:
    """What tells a Dockerfile from a later one at its place."""
    return hashlib.sha256(data).hexdigest()


_LIMITED = Text("What a build may use is limited.", "构建可用的资源受到限制。")
_LEFT_OUT = Text("This is not passed on.", "此项不会传递。")
_CLEANED = Text("Containers of single steps do not stay.", "各步骤的容器不会保留。")
_WHY: Mapping[str, Text] = {
    "networkmode": Text(
        "Its steps have no network unless the policy's `build_network` gives them one.",
        "除非策略的 `build_network` 允许，构建步骤没有网络。",
    ),
    "labels": Text("Marked as made here.", "加上标记，表明由此创建。"),
    "rm": _CLEANED,
    "forcerm": _CLEANED,
    "pull": Text("Images that are missing are fetched before the build.", "缺少的镜像会在构建之前获取。"),
} | dict.fromkeys(("memory", "memswap", "cpuperiod", "cpuquota", "cpushares", "shmsize"), _LIMITED)
_WEAKER = Text(
    "It is sent as it was understood, with each image by its id. A build is held less tightly than a run: "
    "its steps have the Engine's usual rights and no bound on processes.",
    "发送的是解析后的内容，其中的镜像以 ID 表示。构建的限制比运行弱：各步骤拥有引擎默认的权限，"
    "且不限制进程数。",
)
_FLAG_NOT_HERE = Text("`{name}` is not passed on to a build here.", "这里的构建不支持 `{name}`。")
_NETWORK = Text(
    "A build may not join the network {name}; leave --network out, or say none.",
    "构建不能使用网络 {name}；请去掉 --network，或写 none。",
)
_NO_PLATFORM = Text("`{name}` is no platform such as linux/amd64.", "`{name}` 不是平台名，例如 linux/amd64。")
_BARE = Text(
    "`--build-arg {name}` would copy a value from this machine's environment; write `{name}=value`.",
    "`--build-arg {name}` 会从本机环境复制值；请写成 `{name}=值`。",
)
_NO_DOCKERFILE = Text(
    "{name} cannot be read: there must be a Dockerfile, a text of at most 64 KiB and no link.",
    "无法读取 {name}：这里应有一个 Dockerfile，它是不超过 64 KiB 的文本，且不是符号链接。",
)
_OUTSIDE = Text(
    "{name} lies outside the folder that is built; put the Dockerfile into it.",
    "{name} 不在构建目录内；请把 Dockerfile 放进去。",
)
_SYNTAX = Text(
    "`# syntax={name}` names a program from elsewhere that would read the Dockerfile; leave the line out.",
    "`# syntax={name}` 指定了用外部程序来解析 Dockerfile；请去掉这一行。",
)
_ONBUILD_FROM = Text("{name}: no image from outside in an ONBUILD.", "{name}：ONBUILD 中不能使用外部镜像。")
_INSTRUCTION_FLAG = Text(
    "{name}: this flag needs BuildKit or opens the build up, and is not used here.",
    "{name}：该选项需要 BuildKit 或会放宽限制，这里不使用。",
)
_ADD = Text(
    "{name}: the Engine would fetch this over the network of this machine; download it first and COPY it.",
    "{name}：引擎会通过本机网络下载它；请先下载，再用 COPY。",
)
_ADD_UNCLEAR = Text(
    "{name}: what is added must be written out, without variables, quotes or backslashes.",
    "{name}：ADD 的来源必须直接写明，不能含变量、引号或反斜杠。",
)

RULES: dict[str, Rule] = {"build": Rule("build.", check, bound)}
