"""The policy as a value: what is allowed, and nothing but data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

Profile = Literal["strict", "standard", "open"]
PROFILES: tuple[Profile, ...] = ("strict", "standard", "open")


@dataclass(frozen=True, slots=True)
class Policy:
    """What is allowed: every field is a list of names, a word or a number, and stands in ``policy.toml``.

    ``registries`` may hold exact hosts and, with a leading dot, domains. ``capabilities`` is all a
    container can ever have, in the Engine's spelling without ``CAP_``. ``ulimits`` are the highest
    hard limits by name; other names are refused. ``stop_seconds`` is the longest a stop may wait,
    ``background_seconds`` the longest a container may run in the background (0: no limit).
    ``decisions`` say for each kind of command whether it waits for a person. What stands below
    ``decisions`` is fixed: by it docknotes knows its own.
    """

    profile: Profile
    registries: tuple[str, ...]
    capabilities: tuple[str, ...]
    log_drivers: tuple[str, ...]
    log_options: tuple[str, ...]
    restart_policies: tuple[str, ...]
    ipc_modes: tuple[str, ...]
    bind_modes: tuple[str, ...]
    writable_folders: bool
    tmpfs_options: tuple[str, ...]
    tmpfs_settings: tuple[str, ...]
    gpu_capabilities: tuple[str, ...]
    ulimits: tuple[tuple[str, int], ...]
    stop_seconds: int
    background_seconds: int
    sockets: tuple[str, ...]
    foreign: Literal["ask", "refuse"]
    build_network: Literal["none", "bridge"]
    decisions: tuple[tuple[str, str], ...]
    owner_label: str = "docknotes.owner"
    owner: str = "docknotes"
    run_label: str = "docknotes.run"
    network_names: str = r"docknotes[A-Za-z0-9_.-]*"

    @classmethod
    def standard(cls) -> Policy:
        """The default profile as it is shipped."""
        return _shipped("standard")

    @classmethod
    def shipped(cls, profile: Profile) -> Policy:
        """A profile as it is shipped."""
        return _shipped(profile)

    def allows_registry(self, registry: str) -> bool:
        """Whether images may come from a registry."""
        host = registry.lower()
        return any(host == name or (name.startswith(".") and host.endswith(name)) for name in self.registries)

    def decision(self, kind: str) -> str:
        """``allow``, ``ask`` or ``refuse`` for a kind of command; a kind that is not listed is asked for."""
        return dict(self.decisions).get(kind, "ask")


@cache
def _shipped(profile: Profile) -> Policy:
    from assistant.commands.policy_file import load_policy

    return load_policy(profile)
