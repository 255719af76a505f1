"""The policy: what a plan may do. It reads plans and bodies, never text; what it does not list is refused."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from assistant.commands import body_rules
from assistant.commands.mount_rules import Mounted, mounted
from assistant.commands.policy_values import Policy
from assistant.commands.quantities import duration
from assistant.commands.references import is_image_id, is_private, parse_reference
from assistant.config import Limits
from assistant.errors import CommandSyntaxError
from assistant.values import (
    ComposeCommand,
    Decision,
    JsonObject,
    OtherCommand,
    Plan,
    PullImage,
    Reason,
    RemoveContainers,
    RunContainer,
    StopContainers,
)
from knowledge.language import Text

__all__ = ["Policy", "check_body", "judge", "networks_of"]

_READS = Text(
    en="It only reads what the Engine knows; nothing is created, changed or removed.",
    zh="它只读取引擎中的信息；不会创建、修改或删除任何东西。",
)


def judge(plan: Plan, policy: Policy, workspace: Path) -> tuple[Decision, tuple[Reason, ...]]:
    """The policy's word on a plan as written, with every reason."""
    action = plan.action
    match action:
        case RunContainer():
            refusals = (*_image_refusals(action.image, plan, policy), *_platform_refusals(action.platform))
            refusals += body_rules.refusals_as_written(action.body, policy, workspace)
            kind = "run" if action.start else "create"
            kind += "" if _leaves_no_trace(action.body) else "."
            return _decided(refusals, Reason("run", _run_text(action, policy)), policy, kind)
        case PullImage(reference=reference):
            refusals = (*_image_refusals(reference, plan, policy), *_platform_refusals(action.platform))
            return _decided(
                refusals,
                Reason(
                    "pull",
                    Text(en=f"It downloads the image {reference}.", zh=f"它会下载镜像 {reference}。"),
                ),
                policy,
                "pull",
            )
        case StopContainers(containers=names):
            text = Text(en=f"It stops {_listed(names)}.", zh=f"它会停止 {_listed(names)}。")
            refusals = (*signal_refusals(action.signal), *wait_refusals(action.timeout_seconds, policy))
            return _decided(refusals, Reason("stop", text), policy, "stop")
        case RemoveContainers(containers=names):
            text = Text(
                en=f"It removes {_listed(names)}; what was written inside is lost.",
                zh=f"它会删除 {_listed(names)}；容器内写入的内容将丢失。",
            )
            return _decided((), Reason("remove", text), policy, "remove")
        case OtherCommand():
            from assistant.commands.others import ruling

            found = ruling(plan, action, policy, workspace)
            changes = found.kind or found.refusals
            return _decided(found.refusals, found.asked, policy, found.kind) if changes else _reads()
        case _:
            return _reads()


def check_body(
    body: JsonObject,
    policy: Policy,
    workspace: Path,
    limits: Limits | None = None,
    networks: Collection[str] = (),
) -> tuple[Reason, ...]:
    """What speaks against sending a final container-create body; empty where nothing does.

    Judged by itself, whatever plan it came from: unknown keys are refused in any spelling, and the
    bounds must be there (and, with ``limits``, not be wider than those). ``networks`` are names of the
    plan's own, besides those that docknotes makes for a run.
    """
    return body_rules.refusals_as_run(body, policy, workspace, limits, networks)


def networks_of(plan: Plan) -> tuple[str, ...]:
    """The networks of a plan by their names on the Engine; whose they are is looked at when it runs."""
    return (
        tuple(item.name for item in plan.action.networks) if isinstance(plan.action, ComposeCommand) else ()
    )


def _decided(
    refusals: tuple[Reason, ...], asked: Reason, policy: Policy, kind: str
) -> tuple[Decision, tuple[Reason, ...]]:
    """Refused for these reasons, else what the policy says of this kind of command.

    A kind with a dot behind it is one that cannot be taken back, so it is asked for at least.
    """
    if refusals:
        return Decision.REFUSE, refusals
    said = policy.decision(kind.removesuffix("."))
    if said == "refuse":
        text = Text(
            en=f"The policy ({policy.profile}) refuses all commands of this kind.",
            zh=f"策略（{policy.profile}）拒绝所有这类命令。",
        )
        return Decision.REFUSE, (Reason("profile", text),)
    return (Decision.ALLOW if said == "allow" and not kind.endswith(".") else Decision.ASK), (asked,)


def _reads() -> tuple[Decision, tuple[Reason, ...]]:
    return Decision.ALLOW, (Reason("read", _READS),)


def _leaves_no_trace(body: JsonObject) -> bool:
    """Whether removing the container takes everything back: it writes to no folder and to no named volume."""
    try:
        entries = list(mounted(body.get("HostConfig") or {}))
    except (ValueError, AttributeError, TypeError, LookupError):
        return False
    return all(entry.kind == "tmpfs" or not entry.source or _only_read(entry) for entry in entries)


def _only_read(entry: Mounted) -> bool:
    return entry.kind == "bind" and entry.read_only


def _run_text(action: RunContainer, policy: Policy) -> Text:
    if not action.start:
        return Text(
            en=f"It creates a container from {action.image} without starting it.",
            zh=f"它会用 {action.image} 创建一个容器，但不启动。",
        )
    after = (
        ("It is removed when it ends.", "结束后会删除它。")
        if action.remove
        else ("It stays until it is removed.", "它会保留，直到被删除。")
    )
    if action.detach:
        lasts = _background_text(policy)
        after = (f"{after[0]} {lasts.en}", f"{after[1]}{lasts.zh}")
    return Text(
        en=f"It creates and starts a container from {action.image}. {after[0]}",
        zh=f"它会用 {action.image} 创建并启动一个容器。{after[1]}",
    )


def _background_text(policy: Policy) -> Text:
    if not policy.background_seconds:
        return Text(
            "It runs in the background without a time limit; `docknotes cleanup` lists and ends it.",
            "它在后台运行，没有时间上限；`docknotes cleanup` 会列出并结束它。",
        )
    lasts = duration(policy.background_seconds)
    return Text(
        f"It runs in the background; after {lasts.en} docknotes ends it: at once while `docknotes serve` "
        "runs, else when docknotes is next used.",
        f"它在后台运行；满 {lasts.zh}后由 docknotes 结束：`docknotes serve` 运行时立即结束，"
        "否则在下次使用 docknotes 时结束。",
    )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _image_refusals(image: str, plan: Plan, policy: Policy) -> tuple[Reason, ...]:
    if is_image_id(image) or any(placeholder.text in image for placeholder in plan.placeholders):
        return ()
    try:
        registry = parse_reference(image).registry
    except CommandSyntaxError as error:
        return (Reason("image", error.text),)
    if policy.allows_registry(registry):
        return ()
    if is_private(registry):
        text = Text(
            en=f"The registry {registry} is this machine or a private network; the Engine would "
            "send requests there.",
            zh=f"镜像仓库 {registry} 位于本机或私有网络；引擎会向那里发送请求。",
        )
    else:
        text = Text(
            en=f"The registry {registry} is not among the registries that are allowed.",
            zh=f"镜像仓库 {registry} 不在允许的仓库之列。",
        )
    return (Reason("registry", text),)


def _platform_refusals(platform: str | None) -> tuple[Reason, ...]:
    if platform is None or re.fullmatch(r"[a-z0-9]+(?:/[a-z0-9]+){0,2}", platform):
        return ()
    text = Text(
        en=f"`{platform}` is no platform such as linux/amd64.",
        zh=f"`{platform}` 不是平台名，例如 linux/amd64。",
    )
    return (Reason("platform", text),)


def signal_refusals(signal: str | None) -> tuple[Reason, ...]:
    """What speaks against a signal that a line names."""
    if signal is None or re.fullmatch(r"[A-Za-z0-9+-]{1,16}", signal):
        return ()
    return (Reason("signal", Text(en=f"`{signal}` is no signal.", zh=f"`{signal}` 不是信号名。")),)


def wait_refusals(seconds: int | None, policy: Policy) -> tuple[Reason, ...]:
    """What speaks against the seconds a stop may take."""
    if seconds is None or 0 <= seconds <= policy.stop_seconds:
        return ()
    text = Text(
        en=f"`--timeout {seconds}` is refused: a stop cannot be cancelled, so it waits for at most "
        f"{policy.stop_seconds} seconds.",
        zh=f"拒绝 `--timeout {seconds}`：停止操作无法取消，因此最多等待 {policy.stop_seconds} 秒。",
    )
    return (Reason("timeout", text),)
