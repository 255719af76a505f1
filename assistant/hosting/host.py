"""This machine, looked at without changing anything: files, groups, packages, services."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 5.0
"""How long systemd may take to answer."""
_UNIT = re.compile(r"[A-Za-z0-9@._:\\][A-Za-z0-9@._:\\-]*", re.ASCII)
_READ_AT_MOST = 1024**2


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users: its members by name, and whether this very process has it already."""

    name: str
    members: frozenset[str]
    is_mine: bool = False


def system_group(name: str) -> Group | None:
    """A group as the system knows it, its members by primary group too; None where there is none.

    Raises:
        LookupError: this system has no such groups.
    """
    try:
        import grp
        import pwd
    except ImportError as error:  # Windows
        raise LookupError(name) from error
    try:
        entry = grp.getgrnam(name)
    except KeyError:
        return None
    by_primary = {person.pw_name for person in pwd.getpwall() if person.pw_gid == entry.gr_gid}
    mine = entry.gr_gid in {*os.getgroups(), os.getegid()}
    return Group(name, frozenset(entry.gr_mem) | by_primary, mine)


def ask_systemd(verb: str, unit: str) -> str | None:
    """What ``systemctl is-active`` or ``is-enabled`` says of a unit; None where no systemd runs here."""
    program = shutil.which("systemctl")
    if program is None or not Path("/run/systemd/system").is_dir() or not _UNIT.fullmatch(unit):
        return None
    if verb not in {"is-active", "is-enabled"}:
        return None
    try:
        done = subprocess.run(
            [program, verb, "--", unit],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip().split("\n")[0] or None


def _me() -> str:
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # no name for this user
        return ""


@dataclass(frozen=True, slots=True)
class Host:
    """What may be looked at; ``root`` is where its files begin."""

    root: Path = Path("/")
    user: str = field(default_factory=_me)
    home: str = field(default_factory=lambda: str(Path.home()))
    group: Callable[[str], Group | None] = system_group
    systemd: Callable[[str, str], str | None] = ask_systemd
    which: Callable[[str], str | None] = shutil.which

    def path(self, written: str) -> Path | None:
        """The file a word of a line names; None where that depends on more than the word."""
        text = re.sub(r"^(?:~|\$HOME|\$\{HOME\})(?=/|$)", lambda _: self.home, written)
        if not text.startswith("/") or re.search(r"[$`*?\[\]{}\0]", text):
            return None
        return self.root / text.lstrip("/")

    def expanded(self, word: str) -> str | None:
        """A word with the user's own name put in; None where it holds anything else to be expanded."""
        text = re.sub(r"\$USER\b|\$\{USER\}|\$LOGNAME\b|\$\(whoami\)|`whoami`", lambda _: self.user, word)
        return None if re.search(r"[$`]", text) else text

    def text(self, path: str) -> str | None:
        """The beginning of a text file; None where it is not there or not to be read."""
        try:
            with (self.root / path.lstrip("/")).open(encoding="utf-8", errors="replace") as file:
                return file.read(_READ_AT_MOST)
        except OSError:
            return None

    def apt_sources(self) -> Mapping[str, str]:
        """The files of package sources, each with its text; those of deb822 too."""
        folder = self.root / "etc/apt/sources.list.d"
        try:
            parts = sorted(p.name for p in folder.iterdir() if p.suffix in {".list", ".sources"})
        except OSError:
            parts = []
        names = ["/etc/apt/sources.list", *(f"/etc/apt/sources.list.d/{name}" for name in parts)]
        return {name: text for name in names if (text := self.text(name)) is not None}

    def packages(self) -> Mapping[str, tuple[str, str]] | None:
        """Packages dpkg knows, each with its state and version; None where there is no dpkg.

        Source: dpkg's status file, dpkg(1).
        """
        try:
            file = (self.root / "var/lib/dpkg/status").open(encoding="utf-8", errors="replace")
        except OSError:
            return None
        found: dict[str, tuple[str, str]] = {}
        name, state = "", ""
        with file:
            for line in file:
                key, _, value = line.partition(": ")
                if key == "Package":
                    name, state = value.strip(), ""
                elif key == "Status":
                    state = value.strip()
                    found.setdefault(name, (state, ""))
                elif key == "Version" and state:
                    found[name] = (state, value.strip())
        return found
