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


def not_allowed(registry: str) -> Text:
    """Why nothing is asked of a registry, nor sent to it."""
    return Text(
        en=f"The registry {registry} is not among the registries that are allowed.",
        zh=f"镜像仓库 {registry} 不在允许的仓库之列。",
    )


RULES: dict[str, Rule] = {
    "tag": Rule("create."),
    "rmi": Rule("remove", _no_platform),
    "history": Rule("", _no_platform),
    "search": Rule("pull.", _search),
}
