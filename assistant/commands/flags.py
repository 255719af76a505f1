"""The docker CLI's subcommands and flags, as data.

A flag is written as ``long[,short] kind``; kinds are those of the CLI's own help text. Source:
``docker COMMAND --help`` of docker 28.2, and its hidden aliases (``--net``, ``--time`` …).
"""

from __future__ import annotations

from dataclasses import replace

from assistant.commands.flag_forms import Grammar, grammar_of
from assistant.commands.more_flags import MORE

RUN = grammar_of(
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
    options_first=True,
)
_NOT_OF_CREATE = frozenset({"detach", "detach-keys", "sig-proxy"})
CREATE = replace(
    RUN, name="create", flags={name: flag for name, flag in RUN.flags.items() if name not in _NOT_OF_CREATE}
)
PS = grammar_of(
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
IMAGES = grammar_of(
    "images",
    """
    bool all,a digests no-trunc quiet,q tree
    list filter,f
    string format
    """,
    least=0,
    most=1,
)
STOP = grammar_of(
    "stop",
    """
    int timeout,t
    string signal,s
    """,
    least=1,
    most=None,
    aliases={"time": "timeout"},
)
RM = grammar_of("rm", "bool force,f link,l volumes,v", least=1, most=None)
LOGS = grammar_of(
    "logs",
    """
    bool details follow,f timestamps,t
    string since tail,n until
    """,
    least=1,
    most=1,
)
PULL = grammar_of(
    "pull",
    """
    bool all-tags,a disable-content-trust quiet,q
    string platform
    """,
    least=1,
    most=1,
)
VERSION = grammar_of("version", "string format,f", least=0, most=0)
INFO = grammar_of("info", "string format,f", least=0, most=0)
INSPECT = grammar_of(
    "inspect",
    """
    bool size,s
    string format,f type
    """,
    least=1,
    most=None,
)
CONTAINER_INSPECT = grammar_of(
    "container inspect",
    """
    bool size,s
    string format,f
    """,
    least=1,
    most=None,
)
IMAGE_INSPECT = grammar_of("image inspect", "string format,f platform", least=1, most=None)
VOLUME_INSPECT = grammar_of("volume inspect", "string format,f", least=1, most=None)
NETWORK_INSPECT = grammar_of(
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
        for grammar in (RUN, CREATE, PS, IMAGES, STOP, RM, LOGS, PULL, VERSION, INFO, INSPECT)
    },
    **MORE,
    ("container", "run"): RUN,
    ("container", "create"): CREATE,
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
"""What is understood, by subcommand words."""

OTHER: dict[str, int] = {
    "buildx": 1,
    "scout": 1,
    "model": 1,
    "desktop": 1,
    "init": 0,
    "debug": 1,
}
"""Commands of docker's plugins, which are not understood, with the least number of words after them."""

MANAGEMENT = frozenset(name[0] for name in COMMANDS if len(name) > 1)
"""Words that begin a longer subcommand: ``container``, ``image``, ``volume`` and so on."""

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
        "manifest",
    ]
)
"""Subcommands that are refused for good: other machines, credentials, code in the Engine."""

GLOBAL_FLAGS = {"debug": "bool", "D": "bool", "log-level": "string", "l": "string"}
GLOBAL_REFUSED = frozenset(
    ["H", "host", "c", "context", "config", "tls", "tlscacert", "tlscert", "tlskey", "tlsverify"]
)
