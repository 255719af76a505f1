"""Settings of the assistant side, passed in and never fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on everything that runs; of more runs at once than may be, the later ones wait."""

    memory_bytes: int = 2 * 1024**3
    cpus: float = 2.0
    processes: int = 256
    time_seconds: float = 300.0
    output_bytes: int = 1024**2
    log_bytes: int = 10 * 1024**2
    shm_bytes: int = 64 * 1024**2
    disk_bytes: int = 10 * 1024**3
    runs_at_once: int = 4
    runs_waiting: int = 50


@dataclass(frozen=True, slots=True)
class AssistantConfig:
    """Where the assistant keeps things and what it talks to.

    ``workspace`` is the one folder of the host that containers may see. ``engine`` is the
    Engine's address (``unix:///…``, ``tcp://…``, ``ssh://…``). ``model`` is
    ``provider:name``, ``auto`` for an Ollama on this machine, None for answers straight from the
    notes; ``model_wait_seconds`` is how long its server may say nothing. ``profile`` names the policy's
    profile; ``policy`` is a person's own file on top of it, without it ``policy.toml`` in ``home``
    where there is one. ``rehearsal_image`` is what lines for a shell are
    rehearsed in; without it Debian or Ubuntu, as the lines name it.
    """

    home: Path
    workspace: Path
    engine: str = "unix:///var/run/docker.sock"
    model: str | None = None
    model_url: str | None = None
    model_key: str | None = field(default=None, repr=False)
    model_wait_seconds: float = 120.0
    limits: Limits = field(default_factory=Limits)
    approval_seconds: float = 600.0
    profile: Literal["strict", "standard", "open"] = "standard"
    policy: Path | None = None
    rehearsal_image: str | None = None

    @property
    def ledger(self) -> Path:
        """The SQLite file of runs."""
        return self.home / "ledger.sqlite3"

    @property
    def stamps(self) -> Path:
        """The SQLite file of how the notes' commands went when they were tried."""
        return self.home / "stamps.sqlite3"

    @property
    def talks(self) -> Path:
        """The SQLite file of conversations."""
        return self.home / "talks.sqlite3"

    @property
    def gaps(self) -> Path:
        """The SQLite file of questions the notes did not answer."""
        return self.home / "gaps.sqlite3"

    @property
    def policy_file(self) -> Path | None:
        """The person's own policy file; None where there is none."""
        if self.policy is not None:
            return self.policy
        own = self.home / "policy.toml"
        return own if own.exists() else None
