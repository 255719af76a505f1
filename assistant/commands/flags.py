"""The docker CLI's subcommands and flags, as data.

A flag is written as ``long[,short] kind``; kinds are those of the CLI's own help text. Source:
``docker COMMAND --help`` of docker 28.2, and its hidden aliases (``--net``, ``--time`` …).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FlagKind = Literal["bool", "string", "list", "int", "bytes", "decimal", "duration"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag; ``name`` is the long name that its aliases are read as."""

    name: str
    kind: FlagKind
    short: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What one subcommand takes: its flags by every long name, and how many arguments.

    ``options_first`` is True where everything after the first argument is no flag any more.
    """

    name: str
    flags: dict[str, Flag]
    least: int
    most: int | None
    options_first: bool = False

    def short(self, letter: str) -> Flag | None:
        """The flag of one letter."""
        return next((flag for flag in self.flags.values() if flag.short == letter), None)


def _grammar(
    name: str, table: str, *, least: int, most: int | None, aliases: dict[str, str] | None = None
) -> Grammar:
    flags: dict[str, Flag] = {}
    for line in table.strip().splitlines():
        kind, *names = line.split()
        for item in names:
            long, _, short = item.partition(",")
            flags[long] = Flag(long, kind, short)  # type: ignore[arg-type]
    for alias, long in (aliases or {}).items():
        flags[alias] = Flag(long, flags[long].kind)
    flags["help"] = Flag("help", "bool")
    return Grammar(name, flags, least, most, options_first=name == "run")


RUN = _grammar(
    "run",
    """
    bool detach,d disable-content-trust init interactive,i no-healthcheck oom-kill-disable privileged
    bool publish-all,P quiet,q read-only rm sig-proxy tty,t use-api-socket
    list add-host annotation attach,a blkio-weight-device cap-add cap-drop device device-cgroup-rule
    list device-read-bps device-read-iops device-write-bps device-write-iops dns dns-option dns-search
    list env,e env-file expose gpus group-add label,l label-file link link-local-ip log-opt mount network
    list network-alias publish,p security-opt storage-opt sysctl tmpfs ulimit volume,v volumes-from
    int blkio-weight cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares,c
    int health-retries io-maxiops memory-swappiness oom-score-adj pids-limit stop-timeout
    bytes io-maxbandwidth kernel-memory memory,m memory-reservation memory-swap shm-size
    decimal cpus
    duration health-interval health-start-interval health-start-period health-timeout
    string cgroup-parent cgroupns cidfile cpuset-cpus cpuset-mems detach-keys domainname entrypoint
    string health-cmd hostname,h ip ip6 ipc isolation log-driver mac-address name pid platform pull
    string restart runtime stop-signal user,u userns uts volume-driver workdir,w
    """,
    least=1,
    most=None,
    aliases={"net": "network", "net-alias": "network-alias", "dns-opt": "dns-option"},
)
PS = _grammar(
    "ps",
    """
    bool all,a latest,l no-trunc quiet,q size,s
    list filter,f
    int last,n
    string format
    """,
    least=0,
    most=0,
)
IMAGES = _grammar(
    "images",
    """
    bool all,a digests no-trunc quiet,q tree
    list filter,f
    string format
    """,
    least=0,
    most=1,
)
STOP = _grammar(
    "stop",
    """
    int timeout,t
    string signal,s
    """,
    least=1,
    most=None,
    aliases={"time": "timeout"},
)
RM = _grammar("rm", "bool force,f link,l volumes,v", least=1, most=None)
LOGS = _grammar(
    "logs",
    """
    bool details follow,f timestamps,t
    string since tail,n until
    """,
    least=1,
    most=1,
)
PULL = _grammar(
    "pull",
    """
    bool all-tags,a disable-content-trust quiet,q
    string platform
    """,
    least=1,
    most=1,
)
VERSION = _grammar("version", "string format,f", least=0, most=0)
INFO = _grammar("info", "string format,f", least=0, most=0)
INSPECT = _grammar(
    "inspect",
    """
    bool size,s
    string format,f type
    """,
    least=1,
    most=None,
)
CONTAINER_INSPECT = _grammar(
    "container inspect",
    """
    bool size,s
    string format,f
    """,
    least=1,
    most=None,
)
IMAGE_INSPECT = _grammar("image inspect", "string format,f platform", least=1, most=None)
VOLUME_INSPECT = _grammar("volume inspect", "string format,f", least=1, most=None)
NETWORK_INSPECT = _grammar(
    "network inspect",
    """
    bool verbose,v
    string format,f
    """,
    least=1,
    most=None,
)

COMMANDS: dict[tuple[str, ...], Grammar] = {
    **{
        (grammar.name,): grammar
        for grammar in (RUN, PS, IMAGES, STOP, RM, LOGS, PULL, VERSION, INFO, INSPECT)
    },
    ("container", "run"): RUN,
    ("container", "ls"): PS,
    ("container", "list"): PS,
    ("container", "ps"): PS,
    ("container", "stop"): STOP,
    ("container", "rm"): RM,
    ("container", "remove"): RM,
    ("container", "logs"): LOGS,
    ("container", "inspect"): CONTAINER_INSPECT,
    ("image", "ls"): IMAGES,
    ("image", "list"): IMAGES,
    ("image", "pull"): PULL,
    ("image", "inspect"): IMAGE_INSPECT,
    ("system", "info"): INFO,
    ("volume", "inspect"): VOLUME_INSPECT,
    ("network", "inspect"): NETWORK_INSPECT,
}
"""What is carried out, by subcommand words."""

OTHER: dict[str, int] = {
    **dict.fromkeys(("compose", "buildx", "builder", "scout", "manifest", "model", "desktop"), 1),
    **dict.fromkeys(("attach", "build", "commit", "create", "diff", "export", "history", "import"), 1),
    **dict.fromkeys(("kill", "pause", "port", "push", "restart", "rmi", "save", "search", "start", "top"), 1),
    **dict.fromkeys(("unpause", "update", "wait"), 1),
    **dict.fromkeys(("cp", "exec", "rename", "tag"), 2),
    **dict.fromkeys(("events", "load", "stats"), 0),
}
"""Real subcommands that are not carried out yet, with the least number of words after them."""

OTHER_MANAGEMENT: dict[str, tuple[str, ...]] = {
    "container": (
        "attach",
        "commit",
        "cp",
        "create",
        "diff",
        "exec",
        "export",
        "kill",
        "pause",
        "port",
        "prune",
        "rename",
        "restart",
        "start",
        "stats",
        "top",
        "unpause",
        "update",
        "wait",
    ),
    "image": ("build", "history", "import", "load", "prune", "push", "rm", "remove", "save", "tag"),
    "system": ("df", "events", "prune"),
    "volume": ("create", "ls", "list", "prune", "rm", "remove", "update"),
    "network": ("connect", "create", "disconnect", "ls", "list", "prune", "rm", "remove"),
}

NEVER = frozenset(
    [
        "login",
        "logout",
        "swarm",
        "context",
        "plugin",
        "service",
        "node",
        "stack",
        "secret",
        "config",
        "trust",
        "checkpoint",
    ]
)
"""Subcommands that are refused for good: other machines, credentials, code in the Engine."""

GLOBAL_FLAGS = {"debug": "bool", "D": "bool", "log-level": "string", "l": "string"}
GLOBAL_REFUSED = frozenset(
    ["H", "host", "c", "context", "config", "tls", "tlscacert", "tlscert", "tlskey", "tlsverify"]
)
