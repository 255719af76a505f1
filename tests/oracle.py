"""What a final request would do to the host, read from nothing but the request itself.

Written apart from the policy and without a line of it: where the policy lets a request through that
this finds fault with, one of the two is wrong. It knows no plan, no line and no profile; what it lists is
what a container of docknotes never has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HARMLESS_CAPABILITIES = {
    "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID",
}  # fmt: skip
KERNEL_FOLDERS = ("/proc", "/sys", "/dev")
MUST_BE_EMPTY = (
    "devices", "devicecgrouprules", "volumesfrom", "sysctls", "annotations", "storageopt", "links",
    "cgroupparent", "runtime", "isolation", "volumedriver", "utsmode", "pidmode", "usernsmode", "cgroup",
    "containeridfile", "oomkilldisable", "oomscoreadj", "maskedpaths", "readonlypaths", "privileged",
    "cpurealtimeperiod", "cpurealtimeruntime", "blkioweightdevice", "blkiodevicereadbps",
    "blkiodevicewritebps", "blkiodevicereadiops", "blkiodevicewriteiops", "kernelmemory", "kernelmemorytcp",
    "capabilities",
)  # fmt: skip
BUILD_KEYS = {
    "t", "version", "rm", "forcerm", "networkmode", "memory", "memswap", "cpuquota", "cpuperiod", "cpushares",
    "cpusetcpus", "cpusetmems", "shmsize", "labels", "dockerfile", "buildargs", "nocache", "pull", "target",
    "platform", "q",
}  # fmt: skip
BOUNDS = ("memory", "memoryswap", "nanocpus", "pidslimit", "shmsize")


def faults_of_request(
    method: str, path: str, query: Mapping[str, str], body: Any, workspace: Path
) -> list[str]:
    """What a request would do that none may; empty where it is as harmless as it should be."""
    if method == "GET":
        return []
    if path == "/containers/create":
        return list(_container(body, workspace))
    if path == "/networks/create":
        return list(_network(body))
    if path == "/volumes/create":
        return list(_volume(body))
    return list(_other(path, query, _lowered(body)))


def _other(path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> Iterator[str]:
    if (path.endswith("/exec") or "/exec/" in path) and (body.get("privileged") or _bare(body.get("env"))):
        yield "privileged exec, or a variable of ours"
    if path.endswith("/update"):
        yield from (f"{key} {body[key]}" for key in body if key in BOUNDS and _is_unbounded(body[key]))
    if path == "/build":
        yield from _build(query)
    if path == "/images/create" and query.get("fromSrc", "-") != "-":
        yield "import from an address"
    if path.split("/")[1] not in {"containers", "images", "networks", "volumes", "build", "exec", "commit"}:
        yield f"endpoint {path}"


def _build(query: Mapping[str, str]) -> Iterator[str]:
    """A build's steps are bounded and have no network; nothing but the workspace goes in."""
    if query.get("networkmode") != "none":
        yield f"build with network {query.get('networkmode')}"
    for key in ("memory", "memswap", "cpuquota", "cpuperiod", "shmsize"):
        if not query.get(key, "").isdigit() or int(query[key]) <= 0:
            yield f"build with {key} {query.get(key)}"
    if "docknotes.owner" not in query.get("labels", ""):
        yield "build not labelled as ours"
    if extra := set(query) - BUILD_KEYS:
        yield f"build with {sorted(extra)}"


def _lowered(value: Any) -> dict[str, Any]:
    """Keys as the Engine reads them: in any case. The same key twice is a fault of its own."""
    if not isinstance(value, Mapping):
        return {"": value} if value else {}
    found: dict[str, Any] = {}
    for key, item in value.items():
        name = str(key).casefold()
        found[name if name not in found else f"{name} twice"] = item
    return found


def _container(body: Any, workspace: Path) -> Iterator[str]:
    top = _lowered(body)
    host = _lowered(top.get("hostconfig"))
    if not host or "" in top or "" in host:
        yield "no HostConfig"
        return
    yield from (f"{key}: given twice" for key in (*top, *host) if key.endswith(" twice"))
    yield from (f"{key} = {host[key]!r}" for key in MUST_BE_EMPTY if host.get(key))
    yield from _namespaces(host)
    yield from _rights(host)
    yield from _folders(host, workspace)
    yield from _ports_and_logs(host)
    yield from (f"{key} = {host.get(key)!r}" for key in BOUNDS if _is_unbounded(host.get(key)))
    if _bare(top.get("env")):
        yield "an environment variable of ours is copied"
    where = os.path.normpath(str(top.get("workingdir") or "/"))
    if _is_kernels(where):
        yield f"working folder {where}"
    volumes = top.get("volumes") or {}
    yield from (f"volume at {target}" for target in volumes if _is_kernels(target))
    if not (top.get("labels") or {}).get("docknotes.owner"):
        yield "not labelled as ours"


def _namespaces(host: Mapping[str, Any]) -> Iterator[str]:
    network = str(host.get("networkmode") or "default")
    if joined := re.fullmatch(r"\{network:([A-Za-z0-9][A-Za-z0-9_.-]*)\}", network):
        if joined[1] in {"host", "bridge", "default", "none"}:
            yield f"network {network}"
    elif network not in {"none", "{network}"} and not network.startswith("docknotes-"):
        yield f"network {network}"
    for key in ("ipcmode", "cgroupnsmode"):
        if host.get(key) not in {None, "", "private", "none"}:
            yield f"{key} {host.get(key)}"


def _rights(host: Mapping[str, Any]) -> Iterator[str]:
    dropped = [str(name).upper() for name in host.get("capdrop") or ()]
    if "ALL" not in dropped:
        yield "capabilities are not dropped"
    for name in host.get("capadd") or ():
        if str(name).upper().removeprefix("CAP_") not in HARMLESS_CAPABILITIES:
            yield f"capability {name}"
    options = list(host.get("securityopt") or ())
    if not options or any(not str(option).startswith("no-new-privileges") for option in options):
        yield f"security options {options}"
    if any(str(option).lower().endswith(("false", "=f", ":f", "0")) for option in options):
        yield "new privileges"
    for request in host.get("devicerequests") or ():
        asked = _lowered(request)
        flat = {name for group in asked.get("capabilities") or [[]] for name in group}
        if "gpu" not in flat or asked.get("driver") not in {None, "", "nvidia"} or asked.get("options"):
            yield f"device request {request}"


def _folders(host: Mapping[str, Any], workspace: Path) -> Iterator[str]:
    binds: list[tuple[str, str, bool]] = []
    for bind in host.get("binds") or ():
        source, _, rest = str(bind).partition(":")
        target, _, options = rest.partition(":")
        if source.startswith("/"):
            binds.append((source, target, "ro" in options.split(",")))
        elif "/" in source or source.startswith((".", "~")):
            yield f"bind {bind}"
        if "shared" in options or "slave" in options:
            yield f"propagation of {bind}"
        if _is_kernels(target):
            yield f"mount at {target}"
    for mount in host.get("mounts") or ():
        entry = _lowered(mount)
        yield from _mount(entry)
        if entry.get("type") == "bind":
            binds.append((str(entry.get("source")), str(entry.get("target")), bool(entry.get("readonly"))))
    yield from (f"tmpfs at {target}" for target in host.get("tmpfs") or {} if _is_kernels(target))
    yield from _binds(binds, workspace)
    restart = _lowered(host.get("restartpolicy")).get("name")
    if binds and restart not in {None, "", "no"}:
        yield "restarts with folders of the host"


def _mount(entry: Mapping[str, Any]) -> Iterator[str]:
    kind, target = entry.get("type"), str(entry.get("target") or "")
    if _is_kernels(target):
        yield f"mount at {target}"
    if kind not in {"bind", "volume", "tmpfs"}:
        yield f"mount of type {kind}"
    if _lowered(entry.get("bindoptions")).get("propagation") not in {None, "", "rprivate", "private"}:
        yield f"propagation of {target}"
    driver = _lowered(_lowered(entry.get("volumeoptions")).get("driverconfig"))
    if driver.get("options") or driver.get("name") not in {None, "", "local"}:
        yield f"volume driver at {target}"
    if kind == "volume" and "/" in str(entry.get("source") or ""):
        yield f"volume named {entry.get('source')}"


def _binds(binds: list[tuple[str, str, bool]], workspace: Path) -> Iterator[str]:
    root = Path(os.path.realpath(workspace))
    for source, _, _ in binds:
        try:
            real = Path(os.path.realpath(source))
        except OSError:
            real = Path("/")
        if real != root and root not in real.parents:
            yield f"folder {source} of the host"
        if source.endswith(".sock"):
            yield f"socket {source}"
    for outer, _, only_read in binds:
        below = [inner for inner, _, _ in binds if Path(outer) in Path(inner).parents]
        if below and not only_read:
            yield f"{below[0]} lies below {outer}, which can be written"


def _ports_and_logs(host: Mapping[str, Any]) -> Iterator[str]:
    for port, places in (host.get("portbindings") or {}).items():
        for place in places or ():
            if _lowered(place).get("hostip") not in {"127.0.0.1", "::1"}:
                yield f"port {port} at {place}"
    logs = _lowered(host.get("logconfig"))
    if logs.get("type") not in {"json-file", "local", "none"}:
        yield f"log driver {logs.get('type')}"
    known = {"max-size", "max-file", "compress", "mode", "max-buffer-size"}
    if extra := set(logs.get("config") or {}) - known:
        yield f"log options {sorted(extra)}"
    for entry in host.get("extrahosts") or ():
        address = str(entry).partition(":")[2]
        if address.startswith(("host-gateway", "127.", "0.", "::1", "[::1]")):
            yield f"host entry {entry}"


def _network(body: Any) -> Iterator[str]:
    lowered = _lowered(body)
    if lowered.get("driver") not in {None, "", "bridge"}:
        yield f"network driver {lowered.get('driver')}"
    options = lowered.get("options") or {}
    if options.get("com.docker.network.bridge.host_binding_ipv4") != "127.0.0.1" and not lowered.get(
        "internal"
    ):
        yield "ports of this network are open to others"
    if extra := {name for name in options if "host_binding" not in name}:
        yield f"network options {sorted(extra)}"
    if lowered.get("configfrom") or lowered.get("ingress"):
        yield "network made from another"


def _volume(body: Any) -> Iterator[str]:
    lowered = _lowered(body)
    if lowered.get("driver") not in {None, "", "local"}:
        yield f"volume driver {lowered.get('driver')}"
    if lowered.get("driveropts"):
        yield f"volume options {lowered['driveropts']}"


def _is_unbounded(value: Any) -> bool:
    return not isinstance(value, int) or isinstance(value, bool) or value <= 0


def _bare(environment: Any) -> bool:
    return any("=" not in str(entry) for entry in environment or ())


def _is_kernels(target: str) -> bool:
    plain = "/" + os.path.normpath(str(target)).lstrip("/")
    if plain == "/dev/shm":
        return False
    return (plain == "/" and str(target) not in {"", "/"}) or any(
        plain == folder or plain.startswith(f"{folder}/") for folder in KERNEL_FOLDERS
    )
