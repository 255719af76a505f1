"""The flags of the subcommands that are understood, but not carried out.

Source: ``docker COMMAND --help`` of docker 28.2.
"""

from __future__ import annotations

from assistant.commands.flag_forms import Grammar, grammar_of

_UPDATE = """
    int blkio-weight cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares,c pids-limit
    decimal cpus
    string cpuset-cpus cpuset-mems restart
    bytes memory,m memory-reservation memory-swap kernel-memory
"""
_BUILD = """
    list add-host build-arg cache-from label security-opt tag,t ulimit
    string cgroup-parent cpuset-cpus cpuset-mems file,f iidfile isolation network platform target
    bool compress disable-content-trust force-rm no-cache pull quiet,q rm squash
    int cpu-period cpu-quota cpu-shares,c
    bytes memory,m memory-swap shm-size
"""
BUILDKIT = frozenset(
    """allow annotation attest build-context builder cache-to call check debug load
    metadata-file no-cache-filter output progress provenance push sbom secret ssh o D
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
"""Options of ``docker build`` that only BuildKit takes.

Source: Docker's reference of ``docker buildx build``.
"""

_EXEC = """
    bool detach,d interactive,i privileged tty,t
    string detach-keys user,u workdir,w
    list env,e env-file
"""
_VOLUME_CREATE = """
    string availability driver,d group scope sharing type
    list label opt,o secret topology-preferred topology-required
    bytes limit-bytes required-bytes
"""
_NETWORK_CREATE = """
    bool attachable config-only ingress internal ipv4 ipv6
    list aux-address gateway ip-range ipam-opt label opt,o subnet
    string config-from driver,d ipam-driver scope
"""
_NETWORK_CONNECT = """
    list alias driver-opt link link-local-ip
    int gw-priority
    string ip ip6
"""
_LIST = """
    list filter,f
    string format
"""
_STOP = """
    int timeout,t
    string signal,s
"""
_PRUNE = """
    bool force,f
    list filter
"""
_TABLES: tuple[tuple[str, str, int, int | None], ...] = (
    ("start", "bool attach,a interactive,i\nstring checkpoint checkpoint-dir detach-keys", 1, None),
    ("kill", "string signal,s", 1, None),
    ("pause", "", 1, None),
    ("unpause", "", 1, None),
    ("wait", "", 1, None),
    ("stats", "bool all,a no-stream no-trunc\nstring format", 0, None),
    ("port", "", 1, 2),
    ("diff", "", 1, 1),
    ("attach", "string detach-keys\nbool no-stdin sig-proxy", 1, 1),
    ("cp", "bool archive,a follow-link,L quiet,q", 2, 2),
    ("rename", "", 2, 2),
    ("update", _UPDATE, 1, None),
    ("commit", "string author,a message,m\nlist change,c\nbool pause,p", 1, 2),
    ("build", _BUILD, 1, 1),
    ("push", "bool all-tags,a disable-content-trust quiet,q\nstring platform", 1, 1),
    ("tag", "", 2, 2),
    ("rmi", "bool force,f no-prune\nlist platform", 1, None),
    ("history", "string format platform\nbool human,H no-trunc quiet,q", 1, 1),
    ("save", "string output,o platform", 1, None),
    ("load", "string input,i platform\nbool quiet,q", 0, 0),
    ("import", "list change,c\nstring message,m platform", 1, 2),
    ("export", "string output,o", 1, 1),
    ("search", "list filter,f\nstring format\nint limit\nbool no-trunc", 1, 1),
    ("volume create", _VOLUME_CREATE, 0, 1),
    ("volume ls", _LIST + "bool cluster quiet,q", 0, 0),
    ("volume prune", _PRUNE + "bool all,a", 0, 0),
    ("volume rm", "bool force,f", 1, None),
    ("network create", _NETWORK_CREATE, 1, 1),
    ("network ls", _LIST + "bool no-trunc quiet,q", 0, 0),
    ("network rm", "bool force,f", 1, None),
    ("network prune", _PRUNE, 0, 0),
    ("network connect", _NETWORK_CONNECT, 2, 2),
    ("network disconnect", "bool force,f", 2, 2),
    ("system df", "string format\nbool verbose,v", 0, 0),
    ("events", _LIST + "string since until", 0, 0),
    ("system prune", _PRUNE + "bool all,a volumes", 0, 0),
    ("container prune", _PRUNE, 0, 0),
    ("image prune", _PRUNE + "bool all,a", 0, 0),
    ("builder prune", _PRUNE + "bool all,a\nbytes keep-storage", 0, 0),
)
_GRAMMARS = {
    name: grammar_of(name, table, least=least, most=most) for name, table, least, most in _TABLES
} | {
    # What stands after the first name is for the program in the container.
    "exec": grammar_of("exec", _EXEC, least=2, most=None, options_first=True),
    "top": grammar_of("top", "", least=1, most=None, options_first=True),
    "restart": grammar_of("restart", _STOP, least=1, most=None, aliases={"time": "timeout"}),
}
_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "build": ("image build", "builder build"),
    "rmi": ("image rm", "image remove"),
    "events": ("system events",),
    "volume ls": ("volume list",),
    "volume rm": ("volume remove",),
    "network ls": ("network list",),
    "network rm": ("network remove",),
}
_OF_CONTAINERS = """
    attach commit cp diff exec export kill pause port rename restart start stats top unpause update wait
"""
_OF_IMAGES = "history import load push save tag"


def _names(name: str) -> tuple[str, ...]:
    if name in _OF_CONTAINERS.split():
        return name, f"container {name}"
    if name in _OF_IMAGES.split():
        return name, f"image {name}"
    return name, *_OTHER_NAMES.get(name, ())


MORE: dict[tuple[str, ...], Grammar] = {
    tuple(other.split()): grammar for name, grammar in _GRAMMARS.items() for other in _names(name)
}
"""Subcommand words to grammar, every name of each."""
