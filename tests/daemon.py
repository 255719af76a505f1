"""A private Docker Engine for tests: real ``dockerd``, everything it owns in one temporary folder.

It shares nothing with an Engine of this machine: own data root, exec root, containerd, socket and
pid file. It leaves the host's firewall alone (``--iptables=false``, no ``docker0``); networks made
by tests still work, and published ports go through Docker's userland proxy.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

START_SECONDS = 30.0
STOP_SECONDS = 20.0
_NO_NETWORK = ("--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false")
_APART = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def missing_for_daemon() -> str | None:
    """Why no private Engine can be started here, or None where it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "a private Docker Engine needs root"
    lacking = [name for name in ("dockerd", "containerd", "busybox") if shutil.which(name) is None]
    if lacking:
        return f"not installed: {', '.join(lacking)} (Debian: apt-get install docker.io busybox-static)"
    return None


def _end_with_parent() -> None:
    """Lets the kernel end dockerd when the thread that started it is gone, as when the tests are killed."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Daemon:
    """One private ``dockerd``; ``address`` is its socket. A context manager: it is gone at the end.

    ``path_first`` is put before PATH, so that a test can give dockerd its own
    ``nvidia-container-runtime-hook``. With ``apart`` it lives in a network namespace of its own, and has
    its default bridge and its firewall there, as an Engine that was just installed.
    """

    def __init__(self, path_first: Path | None = None, *, apart: bool = False) -> None:
        # The path of a Unix socket may have 107 characters at most, so the folder is made in /tmp.
        self.folder = Path(tempfile.mkdtemp(prefix="docknotes-engine-", dir="/tmp"))
        self.address = f"unix://{self.folder}/engine.sock"
        self._path_first = path_first
        self._apart = apart
        self._process: subprocess.Popen[bytes] | None = None
        self._log_before = 0

    def __enter__(self) -> Daemon:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._clean()

    @property
    def log(self) -> str:
        """What dockerd wrote so far."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Starts dockerd and returns once its API answers."""
        (self.folder / "daemon.json").write_text("{}")
        self._log_before = len(self.log)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DOCKER_")}
        if self._path_first is not None:
            environment["PATH"] = f"{self._path_first}:{environment['PATH']}"
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(_APART if self._apart else ()),
                    "dockerd",
                    f"--config-file={self.folder}/daemon.json",
                    f"--data-root={self.folder}/data",
                    f"--exec-root={self.folder}/exec",
                    f"--pidfile={self.folder}/pid",
                    f"--host={self.address}",
                    *(() if self._apart else _NO_NETWORK),
                    "--shutdown-timeout=2",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads are running yet
            )
        self._await_api()

    def _await_api(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"dockerd ended at once:\n{self.log[-2000:]}")
            if "API listen on" in self.log[self._log_before :]:
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"dockerd did not answer within {START_SECONDS:g} s:\n{self.log[-2000:]}")

    def stop(self) -> None:
        """Ends dockerd with its containers, by its process id."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Ends dockerd at once, as a crash would, and the containerd and shims it leaves behind."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        for pid in self._left_processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        # dockerd would wait for a containerd whose pid is still taken by a process nobody reaped.
        (self.folder / "exec" / "containerd" / "containerd.pid").unlink(missing_ok=True)

    def _left_processes(self) -> list[int]:
        """Processes whose command line names this daemon's own folder, and their children."""
        named, parents = set[int](), dict[int, int]()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(stat[1])
                program = Path(words[0]).name
                ours = any(str(self.folder) in word for word in words)
                if ours and program.startswith(("containerd", "docker-proxy")):
                    named.add(int(entry.name))
        return [pid for pid, parent in parents.items() if pid in named or parent in named]

    def _remove_bridges(self) -> None:
        """Removes the bridges of networks dockerd still knew at its end: it leaves them on the host."""
        store = self.folder / "data" / "network" / "files" / "local-kv.db"
        known = set(re.findall(rb"[0-9a-f]{64}", store.read_bytes() if store.exists() else b""))
        for bridge in sorted(f"br-{network[:12].decode()}" for network in known):
            if Path(f"/sys/class/net/{bridge}").exists():
                subprocess.run(["ip", "link", "delete", bridge], check=False, capture_output=True)

    def _clean(self) -> None:
        self._remove_bridges()
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for point in sorted((m for m in mounts if m.startswith(f"{self.folder}/")), reverse=True):
            subprocess.run(["umount", "--lazy", point], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)
