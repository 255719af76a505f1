"""The policy: what a plan may do. It reads plans and bodies, never text; what it does not list is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.commands import body_rules
from assistant.commands.references import is_image_id, is_private, parse_reference
from assistant.config import Limits
from assistant.errors import CommandSyntaxError
from assistant.values import (
    Decision,
    JsonObject,
    Plan,
    PullImage,
    Reason,
    RemoveContainers,
    RunContainer,
    StopContainers,
)
from knowledge.language import Text


@dataclass(frozen=True, slots=True)
class Policy:
    """What is allowed, as plain data: every field is a list of names or a number.

    ``registries`` may hold exact hosts and, with a leading dot, domains. ``capabilities`` is all a
    container can ever have, in the Engine's spelling without ``CAP_``. ``ulimits`` are the highest
    hard limits by name; other names are refused. ``stop_seconds`` is the longest a stop may wait.
    """

    profile: str = "standard"
    registries: tuple[str, ...] = (
        "docker.io",
        "ghcr.io",
        "quay.io",
        "nvcr.io",
        "gcr.io",
        ".gcr.io",
        ".pkg.dev",
        "registry.k8s.io",
        "mcr.microsoft.com",
        "public.ecr.aws",
        "registry.gitlab.com",
        "docker.elastic.co",
        "lscr.io",
    )
    capabilities: tuple[str, ...] = (
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "NET_BIND_SERVICE",
        "SETGID",
        "SETUID",
    )
    log_drivers: tuple[str, ...] = ("", "json-file", "local", "none")
    log_options: tuple[str, ...] = ("max-size", "max-file", "compress", "mode", "max-buffer-size")
    restart_policies: tuple[str, ...] = ("", "no", "on-failure", "always", "unless-stopped")
    ipc_modes: tuple[str, ...] = ("", "private", "none")
    bind_modes: tuple[str, ...] = (
        "ro",
        "rw",
        "nocopy",
        "consistent",
        "cached",
        "delegated",
        "rprivate",
        "private",
    )
    tmpfs_options: tuple[str, ...] = ("rw", "ro", "exec", "noexec", "nosuid", "nodev", "noatime")
    tmpfs_settings: tuple[str, ...] = ("size", "mode", "uid", "gid")
    gpu_capabilities: tuple[str, ...] = ("gpu", "compute", "utility", "video", "graphics")
    ulimits: tuple[tuple[str, int], ...] = (
        ("core", 0),
        ("cpu", 3600),
        ("fsize", 10 * 1024**3),
        ("memlock", 64 * 1024**2),
        ("nofile", 65536),
        ("nproc", 4096),
        ("stack", 64 * 1024**2),
    )
    stop_seconds: int = 120
    owner_label: str = "docknotes.owner"
    owner: str = "docknotes"
    run_label: str = "docknotes.run"
    network_names: str = r"docknotes[A-Za-z0-9_.-]*"
    sockets: tuple[str, ...] = (
        "/var/run/docker.sock",
        "/run/docker.sock",
        "/run/containerd/containerd.sock",
        "/run/podman/podman.sock",
        "/run/crio/crio.sock",
    )

    @classmethod
    def standard(cls) -> Policy:
        """The default profile."""
        return cls()

    def allows_registry(self, registry: str) -> bool:
        """Whether images may come from a registry."""
        host = registry.lower()
        return any(host == name or (name.startswith(".") and host.endswith(name)) for name in self.registries)


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
            return _decided(refusals, Reason("run", _run_text(action)))
        case PullImage(reference=reference):
            refusals = (*_image_refusals(reference, plan, policy), *_platform_refusals(action.platform))
            return _decided(
                refusals,
                Reason(
                    "pull",
                    Text(en=f"It downloads the image {reference}.", zh=f"它会下载镜像 {reference}。"),
                ),
            )
        case StopContainers(containers=names):
            text = Text(en=f"It stops {_listed(names)}.", zh=f"它会停止 {_listed(names)}。")
            refusals = (*_signal_refusals(action.signal), *_wait_refusals(action.timeout_seconds, policy))
            return _decided(refusals, Reason("stop", text))
        case RemoveContainers(containers=names):
            text = Text(
                en=f"It removes {_listed(names)}; what was written inside is lost.",
                zh=f"它会删除 {_listed(names)}；容器内写入的内容将丢失。",
            )
            return _decided((), Reason("remove", text))
        case _:
            return Decision.ALLOW, (Reason("read", _READS),)


def check_body(
    body: JsonObject, policy: Policy, workspace: Path, limits: Limits | None = None
) -> tuple[Reason, ...]:
    """What speaks against sending a final container-create body; empty where nothing does.

    Judged by itself, whatever plan it came from: unknown keys are refused in any spelling, and the
    bounds must be there (and, with ``limits``, not be wider than those).
    """
    return body_rules.refusals_as_run(body, policy, workspace, limits)


def _decided(refusals: tuple[Reason, ...], asked: Reason) -> tuple[Decision, tuple[Reason, ...]]:
    return (Decision.REFUSE, refusals) if refusals else (Decision.ASK, (asked,))


def _run_text(action: RunContainer) -> Text:
    after = (
        ("It is removed when it ends.", "结束后会删除它。")
        if action.remove
        else ("It stays until it is removed.", "它会保留，直到被删除。")
    )
    return Text(
        en=f"It creates and starts a container from {action.image}. {after[0]}",
        zh=f"它会用 {action.image} 创建并启动一个容器。{after[1]}",
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


def _signal_refusals(signal: str | None) -> tuple[Reason, ...]:
    if signal is None or re.fullmatch(r"[A-Za-z0-9+-]{1,16}", signal):
        return ()
    return (Reason("signal", Text(en=f"`{signal}` is no signal.", zh=f"`{signal}` 不是信号名。")),)


def _wait_refusals(seconds: int | None, policy: Policy) -> tuple[Reason, ...]:
    if seconds is None or 0 <= seconds <= policy.stop_seconds:
        return ()
    text = Text(
        en=f"`--timeout {seconds}` is refused: a stop cannot be cancelled, so it waits for at most "
        f"{policy.stop_seconds} seconds.",
        zh=f"拒绝 `--timeout {seconds}`：停止操作无法取消，因此最多等待 {policy.stop_seconds} 秒。",
    )
    return (Reason("timeout", text),)
