"""The sandbox as settings make it, the same for the page and for the command line."""

from __future__ import annotations

from assistant.commands.policy import Policy
from assistant.commands.policy_file import load_policy
from assistant.config import AssistantConfig
from assistant.execution.ledger import Ledger
from assistant.execution.sandbox import Sandbox
from assistant.execution.spares import SpareNetworks
from assistant.protocols import Engine


def make_policy(config: AssistantConfig) -> Policy:
    """The policy of the configured profile, with the person's own file on top.

    Raises:
        PolicyError: that file cannot be used.
    """
    return load_policy(config.profile, config.policy_file)


def make_sandbox(
    config: AssistantConfig, engine: Engine, ledger: Ledger, *, spares: SpareNetworks | None = None
) -> Sandbox:
    """A sandbox on an Engine, with the configured policy, limits and workspace.

    Raises:
        PolicyError: the person's policy file cannot be used.
    """
    return Sandbox(
        engine,
        ledger,
        policy=make_policy(config),
        limits=config.limits,
        workspace=config.workspace,
        approval_seconds=config.approval_seconds,
        spares=spares,
    )
