"""Rules of the commands on images."""

from __future__ import annotations

from pathlib import Path

from assistant.commands.others.rules import Rule
from assistant.commands.policy_values import Policy
from assistant.commands.references import parse_reference
from assistant.errors import CommandSyntaxError
from assistant.values import OtherCommand, Plan, Reason
from knowledge.language import Text


def _no_platform(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """Images for one platform out of several are a matter of newer Engines, which others ignore."""
    if not action.last("platform"):
        return ()
    text = Text(
        en=f"`--platform` is not passed on by `docker {action.name}` here; leave it out.",
        zh=f"这里的 `docker {action.name}` 不支持 `--platform`；请去掉它。",
    )
    return (Reason("platform", text),)


def _search(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """The Engine asks the registry whose name stands before the term."""
    (term,) = action.args
    try:
        registry = parse_reference(term).registry if "/" in term else "docker.io"
    except CommandSyntaxError as error:
        return (Reason("search", error.text),)
    if policy.allows_registry(registry):
        return ()
    return (Reason("registry", not_allowed(registry)),)


def _push(plan: Plan, action: OtherCommand, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """Only to registries that are allowed, and one name at a time."""
    (name,) = action.args
    if any(placeholder.text in name for placeholder in plan.placeholders):
        return ()
    if action.is_on("all-tags"):
        return (Reason("all-tags", _ALL_TAGS),)
    try:
        reference = parse_reference(name)
    except CommandSyntaxError as error:
        return (Reason("image", error.text),)
    if reference.digest:
        return (Reason("image", _DIGEST),)
    if not policy.allows_registry(reference.registry):
        return (Reason("registry", not_allowed(reference.registry)),)
    return _no_platform(plan, action, policy, workspace)


_ALL_TAGS = Text(
    "`--all-tags` would upload every image of that name; name one tag.",
    "`--all-tags` 会上传该名称下的所有镜像；请只写一个标签。",
)
_DIGEST = Text("An image is pushed by its tag, not by a digest.", "推送镜像要用标签，不能用摘要。")


def not_allowed(registry: str) -> Text:
    """Why nothing is asked of a registry, nor sent to it."""
    return Text(
        en=f"The registry {registry} is not among the registries that are allowed.",
        zh=f"镜像仓库 {registry} 不在允许的仓库之列。",
    )


RULES: dict[str, Rule] = {
    "tag": Rule("create."),
    "push": Rule("push.", _push),
    "rmi": Rule("remove", _no_platform),
    "history": Rule("", _no_platform),
    "search": Rule("pull.", _search),
}
