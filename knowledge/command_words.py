"""A command line as the words that tell what it does, docker's several names for one thing made one.

``docker container ls -aq`` and ``docker ps --all --quiet`` both come to ``ps``, ``-a`` and ``-q``. Nothing is
judged here and nothing is refused: a note's line may be wrong and still show what the note speaks of.

Source: Docker's and kubectl's command references (docs.docker.com, kubernetes.io) for names and flags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_WORD = re.compile(r"\$\([^)]*\)\S*|\"[^\"]*\"|'[^']*'|[^\s|;&<>]+")
_LINE = re.compile(
    r"(?<![\w./-])(?:(?:docker-compose|docker|kubectl|kubeadm|kind|minikube|nvidia-ctk|systemctl|journalctl"
    r"|apt-get|apt|usermod|newgrp|groupadd|service)[ \t][^\n`|;]*|nvidia-smi)"
)
_PROMPTS = frozenset({"sudo", "$", "#", ">"})
_GROUPS = frozenset(
    {
        *("container", "image", "volume", "network", "system", "builder", "buildx", "context", "swarm"),
        *("service", "stack", "node", "secret", "config", "manifest", "plugin", "trust", "scout"),
    }
)
_SAME = {
    "container-ls": "ps",
    "container-ps": "ps",
    "container-list": "ps",
    "list": "ps",
    "image-ls": "images",
    "image-list": "images",
    "image-rm": "rmi",
    "image-remove": "rmi",
    "container-remove": "rm",
    "volume-list": "volume-ls",
    "volume-remove": "volume-rm",
    "network-list": "network-ls",
    "network-remove": "network-rm",
}
_WITHOUT_GROUP = {
    "container": frozenset(
        {
            *(
                "run",
                "create",
                "start",
                "stop",
                "restart",
                "kill",
                "pause",
                "unpause",
                "rm",
                "rename",
                "update",
            ),
            *("wait", "logs", "exec", "attach", "top", "stats", "port", "diff", "cp", "commit", "export"),
        }
    ),
    "image": frozenset({"pull", "push", "tag", "build", "save", "load", "history", "import"}),
}
_SHORT = {
    **{"--all": "-a", "--quiet": "-q", "--follow": "-f", "--force": "-f", "--volumes": "-v", "--env": "-e"},
    **{"--interactive": "-i", "--tty": "-t", "--user": "-u", "--detach": "-d", "--publish": "-p"},
    **{"--publish-all": "-P", "--volume": "-v", "--memory": "-m", "--workdir": "-w", "--net": "--network"},
    **{"--file": "-f", "--project-name": "-p"},
}
_SHORT_OF = {
    ("run", "-h"): "--hostname",
    ("inspect", "--format"): "-f",
    ("logs", "-n"): "--tail",
    ("logs", "--timestamps"): "-t",
    ("ps", "-f"): "--filter",
    ("ps", "--size"): "-s",
    ("images", "-f"): "--filter",
    ("build", "--tag"): "-t",
    ("stop", "--time"): "-t",
    ("start", "--attach"): "-a",
    ("start", "--interactive"): "-i",
    ("kill", "--signal"): "-s",
}
_SWITCHES = frozenset(
    [
        "-d",
        "-i",
        "-t",
        "-P",
        "--rm",
        "--init",
        "--privileged",
        "--read-only",
        "--no-healthcheck",
        "--sig-proxy",
        "--oom-kill-disable",
    ]
)
"""Flags of run, create and exec that stand alone; after any other comes its value."""
_COMPOSE_VALUES = frozenset(
    ["-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory"]
)
_PROGRAMS = ("nvidia-smi", "jupyter", "tensorflow", "pytorch")
_JOINED = re.compile(r"-[A-Za-z]{2,3}")


def lines_in(text: str) -> list[str]:
    """The command lines that stand in a text, in code or in a sentence, in order."""
    return _LINE.findall(text)


@lru_cache(maxsize=8192)
def command_words(line: str) -> frozenset[str]:
    """What a line does, as words: its subcommand, its flags in their shortest names, and what tells more.

    Beside docker's names there are ``-v:host`` and ``-v:volume`` (what is mounted), ``:ro``, ``:to`` and
    ``:from`` (the way of a copy), ``+command`` (words after the image), ``+tag``, ``+nested`` (``$(…)``).
    """
    words = [word.strip("\"'") if word[0] in "\"'" else word for word in _WORD.findall(line)]
    while words and words[0] in _PROMPTS:
        words = words[1:]
    if not words:
        return frozenset()
    program = words[0].lower().rsplit("/", 1)[-1]
    if program == "docker":
        return _docker(words[1:], line)
    if program == "docker-compose":
        return _compose(words[1:])
    if program == "kubectl":
        named = [word for word in words[1:] if not word.startswith("-")]
        return frozenset({program, *(f"kubectl-{word}" for word in named[:1]), *named[1:3]})
    lower = [word.lower() for word in words[1:]]
    hosts = {part for word in lower for part in re.split(r"[/:]", word) if "." in part}
    folders = {"/etc/apt/keyrings"} if any("/etc/apt/keyrings" in word for word in lower) else set()
    drivers = {"nvidia-driver"} if any("nvidia-driver" in word for word in lower) else set()
    return frozenset({program, *lower, *hosts, *folders, *drivers})


def _docker(words: Sequence[str], line: str) -> frozenset[str]:
    at = next((n for n, word in enumerate(words) if not word.startswith("-")), len(words))
    if at == len(words):
        return frozenset({"docker"})
    name, rest = words[at].lower(), words[at + 1 :]
    if name == "compose":
        return _compose(rest)
    found = set[str]()
    if name in _GROUPS and rest and not rest[0].startswith("-"):
        if rest[0] in _WITHOUT_GROUP.get(name, ()):
            name = rest[0]
        else:
            found = {name} - set(_WITHOUT_GROUP)
            name = f"{name}-{rest[0].lower()}"
        rest = rest[1:]
    name = _SAME.get(name, name)
    flags, values, others = _parted(name, rest)
    found |= {name, *flags, *_mounted(values), *_more(name, others)}
    if ("--network", "host") in values:
        found.add("--network=host")
    lower = " ".join(rest).lower()
    found |= {program for program in _PROGRAMS if program in lower}
    found |= {part for part in ("IPAddress", "State") if name == "inspect" and part in line}
    if name == "run" and re.search(r"\btar\b", lower):
        found.add("tar")
    return frozenset(found)


def _compose(words: Sequence[str]) -> frozenset[str]:
    found, at = set[str](), 0
    while at < len(words) and words[at].startswith("-"):
        flag = words[at].split("=", 1)[0]
        found.add(f"compose:{_SHORT.get(flag, flag)}")
        at += 2 if flag in _COMPOSE_VALUES and "=" not in words[at] else 1
    name = f"compose-{words[at].lower()}" if at < len(words) else "compose"
    flags, _, _ = _parted(name, words[at + 1 :])
    return frozenset({*found, name, *flags})


def _parted(name: str, words: Sequence[str]) -> tuple[set[str], set[tuple[str, str]], list[str]]:
    """A line's flags by their shortest names, the flags with a value, and what is no flag."""
    runs = name in {"run", "create", "exec"}
    flags, values, others = set[str](), set[tuple[str, str]](), list[str]()
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        if not word.startswith("-") or len(word) == 1 or (runs and others):
            others.append(word)
            continue
        flag, _, value = word.partition("=")
        spread = [f"-{letter}" for letter in flag[1:]] if _JOINED.fullmatch(flag) else [flag]
        short = [_SHORT_OF.get((name, one), _SHORT.get(one, one)) for one in spread]
        flags.update(short)
        if runs and not value and short[-1] not in _SWITCHES and at < len(words):
            value, at = words[at], at + 1
        if value:
            values.add((short[-1], value))
    return flags, values, others


def _mounted(values: set[tuple[str, str]]) -> set[str]:
    found = set[str]()
    for flag, value in values:
        if flag in {"-v", "--mount"}:
            is_host = value.startswith(("/", ".", "~", "$", "%")) or "type=bind" in value
            named = re.search(r"path|dir|folder", value.split(":")[0], re.IGNORECASE)
            found.add("-v:host" if is_host or named else "-v:volume")
            if value.endswith(":ro") or "readonly" in value:
                found.add(":ro")
    return found


def _more(name: str, others: Sequence[str]) -> set[str]:
    found = set[str]()
    if any(word.startswith("$(") for word in others):
        found.add("+nested")
    if name in {"run", "create"} and len(others) > 1:
        found.add("+command")
    if name == "pull" and others and ":" in others[0]:
        found.add("+tag")
    if name == "cp" and len(others) == 2:
        found.add(":from" if ":" in others[0] else ":to")
    return found
