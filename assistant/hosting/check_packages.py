"""Checks of packages, their sources, downloads, and what NVIDIA's toolkit sets up."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping

from assistant.execution.clean import clean
from assistant.hosting.check_system import EngineLook, either, files_there
from assistant.hosting.host import Host
from assistant.hosting.values import Effect
from assistant.hosting.words import HostCommand
from knowledge.language import Text

_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]+(?:=\S+)?")
_SOURCES = re.compile(r"/etc/apt/sources\.list(?:\.d/[\w.-]+\.(?:list|sources))?")
_URL = re.compile(r"https?://[^\s'\"$]+")
_SHOWN = 160

Known = Mapping[str, tuple[str, str]]
"""Packages with their state and version."""


def packages(command: HostCommand, host: Host) -> Effect | None:
    """``apt-get install|remove|update`` and their like."""
    verb, *names = command.names or ("",)
    if verb == "update":
        return _lists(host)
    if verb not in {"install", "remove", "purge", "hold"} or not names:
        return None
    shown = ", ".join(names)
    what = {
        "install": Text(f"Installed: {shown}.", f"已安装：{shown}。"),
        "hold": Text(f"Held at their version: {shown}.", f"版本已锁定：{shown}。"),
    }.get(verb, Text(f"Not installed: {shown}.", f"未安装：{shown}。"))
    known = host.packages()
    if known is None:
        return Effect("unknown", what, _NO_DPKG)
    if not all(_PACKAGE.fullmatch(name) for name in names):
        return Effect("unknown", what, Text("Some are no names of packages.", "其中有的不是软件包名。"))
    lacking = [name for name in names if not _as_wanted(name, verb, known)]
    versions = [
        f"{n} {known[n][1]}" for n in (name.partition("=")[0] for name in names) if _is_there(n, known)
    ]
    seen = ", ".join(versions) or "-"
    if not lacking:
        return either(True, what, Text(f"dpkg: {seen}", f"dpkg：{seen}"))
    gone = ", ".join(lacking)
    return either(False, what, Text(f"Not so for: {gone}", f"尚未满足：{gone}"))


def _is_there(name: str, known: Known) -> bool:
    return name in known and known[name][0].endswith(" ok installed")


def _as_wanted(word: str, verb: str, known: Known) -> bool:
    name, _, version = word.partition("=")
    there = _is_there(name, known)
    if verb in {"remove", "purge"}:
        return not there
    if not there:
        return False
    state, installed = known[name]
    return (not version or installed == version) and (verb != "hold" or state.startswith("hold"))


def _lists(host: Host) -> Effect:
    what = Text("The lists of packages are fresh.", "软件包列表是最新的。")
    try:
        at = (host.root / "var/lib/apt/lists").stat().st_mtime
    except OSError:
        return Effect("unknown", what, _NO_DPKG)
    day = time.strftime("%Y-%m-%d", time.localtime(at))
    return Effect("unknown", what, Text(f"Last fetched on {day}.", f"上次获取于 {day}。"))


# ---- sources and downloads


def written_file(command: HostCommand, host: Host) -> Effect | None:
    """What ``echo … | tee FILE``, ``curl … > FILE`` and the like put into a file."""
    target = _target(command)
    if target is None:
        return None
    if _SOURCES.fullmatch(target):
        return _source(command, target, host)
    return files_there([target], host)


def _target(command: HostCommand) -> str | None:
    if command.program == "tee":
        return command.names[0] if len(command.names) == 1 else None
    if command.out is not None:
        return command.out
    flags = {"curl": ("-o", "--output"), "wget": ("-O",), "gpg": ("-o", "--output")}.get(command.program, ())
    for at, word in enumerate(command.words[:-1]):
        if word in flags or (
            word.startswith("-") and not word.startswith("--") and word[-1:] == "o" and flags
        ):
            return command.words[at + 1]
    return None


def _source(command: HostCommand, target: str, host: Host) -> Effect:
    """Whether a package source is there: under the file's name, or its address in another file."""
    what = Text(f"The package source of {target} is there.", f"{target} 中的软件源已配置。")
    urls = [url.rstrip("/") for url in _written_urls(command)]
    sources = host.apt_sources()
    for name, text in sources.items():
        for line in _entries(text):
            named = any(url in line for url in urls) if urls else name == target
            if named or (name == target and not urls):
                shown = clean(line)[:_SHOWN]
                return either(True, what, Text(f"{name}: {shown}", f"{name}：{shown}"))
    if urls and target in sources:
        return either(False, what, Text(f"{target} names another address.", f"{target} 中是别的地址。"))
    if not sources:
        return Effect("unknown", what, _NO_DPKG)
    return either(False, what, Text("No file of package sources names it.", "没有软件源文件包含它。"))


def _written_urls(command: HostCommand) -> Iterator[str]:
    """Addresses in a text that is written out in the line itself."""
    source: HostCommand | None = command
    while source is not None:
        if source.program in {"echo", "printf"}:
            yield from _URL.findall(" ".join(source.words[1:]))
        source = source.fed_by


def _entries(text: str) -> Iterator[str]:
    """The lines of a sources file that name an address."""
    for line in text.splitlines():
        if re.match(r"\s*(?:deb(?:-src)?\s|URIs:)", line):
            yield line.strip()


def installer(command: HostCommand, host: Host, engine: EngineLook) -> Effect | None:
    """``curl … get.docker.com | sh``: whether Docker is installed."""
    feeding, said = command.fed_by, " ".join(command.words)
    while feeding is not None:
        said += " " + " ".join(feeding.words)
        feeding = feeding.fed_by
    if "get.docker.com" not in said and "get-docker.sh" not in said:
        return None
    what = Text("Docker is installed.", "已安装 Docker。")
    program = host.which("dockerd") or host.which("docker")
    if program is not None:
        return either(True, what, Text(f"There is {program}.", f"已有 {program}。"))
    found = engine()
    if found is not None:
        seen = f"Docker Engine {found.version}"
        return either(True, what, Text(f"{seen} answers.", f"{seen} 有响应。"))
    return either(False, what, Text("There is no docker on PATH.", "PATH 中没有 docker。"))


# ---- NVIDIA's toolkit


def nvidia_runtime(command: HostCommand, host: Host, engine: EngineLook) -> Effect | None:
    """``nvidia-ctk runtime configure --runtime=docker``."""
    words = command.words[1:]
    joined = " ".join(words).replace("=", " ")
    if words[:2] != ("runtime", "configure") or "--runtime docker" not in joined:
        return None
    what = Text("Docker knows the NVIDIA runtime.", "Docker 已注册 NVIDIA 运行时。")
    in_file = _in_daemon_file(host)
    found = engine()
    if found is not None and "nvidia" in found.runtimes:
        return either(
            True, what, Text("The Engine lists the runtime nvidia.", "Engine 列出了运行时 nvidia。")
        )
    if in_file and found is not None:
        return either(
            False,
            what,
            Text(
                "/etc/docker/daemon.json names it, the Engine does not list it: restart Docker.",
                "/etc/docker/daemon.json 中已配置，但 Engine 尚未列出：请重启 Docker。",
            ),
        )
    if in_file:
        return either(
            True, what, Text("/etc/docker/daemon.json names it.", "/etc/docker/daemon.json 中已配置。")
        )
    return either(
        False, what, Text("/etc/docker/daemon.json does not name it.", "/etc/docker/daemon.json 中没有它。")
    )


def _in_daemon_file(host: Host) -> bool:
    try:
        settings = json.loads(host.text("/etc/docker/daemon.json") or "{}")
        return "nvidia" in (settings.get("runtimes") or {})
    except (ValueError, AttributeError, TypeError, RecursionError):
        return False


_NO_DPKG = Text(
    "This system's packages are not managed by apt, or cannot be read.",
    "本系统不用 apt 管理软件包，或者无法读取。",
)
