"""The sandbox as settings make it, the same for the page and for the command line."""

from __future__ import annotations

from assistant.commands.policy import Policy
from assistant.config import AssistantConfig
from assistant.execution.ledger import Ledger
from assistant.execution.sandbox import Sandbox
from assistant.protocols import Engine


def make_sandbox(config: AssistantConfig, engine: Engine, ledger: Ledger) -> Sandbox:
    """A sandbox on an Engine, with the standard policy and the configured limits and workspace."""
    return Sandbox(
        engine,
        ledger,
        policy=Policy.standard(),
        limits=config.limits,
        workspace=config.workspace,
        approval_seconds=config.approval_seconds,
    )
