"""Lines for a shell of this machine, told from docker lines and from prose."""

from __future__ import annotations

import re

from assistant.commands.characters import MAX_LINE_BYTES
from assistant.commands.shell_syntax import PROMPT

_PROGRAMS = """
    apt apt-get apt-key apt-cache dpkg yum dnf zypper pacman apk brew snap systemctl service journalctl
    usermod useradd groupadd gpasswd newgrp chmod chown mkdir rm rmdir cp mv ln cat tee echo printf
    export source cd ls pwd touch curl wget tar unzip gpg sed awk grep find xargs sh bash zsh git pip
    pip3 python python3 conda npm npx node yarn make nvidia-smi nvidia-ctk nvidia-container-cli modprobe
    lsmod lspci uname whoami id ps kill docker-machine kubectl minikube helm kind kubeadm
    podman nerdctl ssh scp rsync su exit reboot shutdown sleep watch env time nohup head tail less vim
    vi nano code ip ping dig nslookup netstat ss lsof df du free top htop mount umount hostname date
    which wsl powershell winget choco set test for while if dockerd
"""
HOST_PROGRAMS = frozenset(_PROGRAMS.split())
_SUDO = re.compile(r"^sudo(?:[ \t]+-[A-Za-z-]+(?:[ \t]+root\b)?)*[ \t]+")
_ASSIGNMENT = re.compile(r"^(?:[A-Za-z_]\w*=(?:\"[^\"]*\"|'[^']*'|\S*)[ \t]+)+")


def first_program(line: str) -> tuple[str, bool]:
    """The program a line starts, and whether ``sudo`` stands before it."""
    text = PROMPT.sub("", line.strip(), count=1)
    plain = _SUDO.sub("", text)
    return re.split(r"[\s;|&<>]", plain, maxsplit=1)[0], plain != text


def is_host_line(line: str) -> bool:
    """Whether a line is meant for a shell, and docker is not what it starts."""
    if len(line) > MAX_LINE_BYTES:
        return False
    text = PROMPT.sub("", line.strip(), count=1)
    if text.startswith("#"):
        return False
    program, with_sudo = first_program(line)
    if program in {"docker", "docker-compose"}:
        return False
    if with_sudo:
        return bool(re.fullmatch(r"[\w./+-]+", program, re.ASCII))
    if _ASSIGNMENT.match(text):
        return True
    path = re.fullmatch(r"(?:~|\.{1,2})?/[\w./+-]+", program, re.ASCII)
    return program in HOST_PROGRAMS or path is not None
