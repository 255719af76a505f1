"""What the sandbox costs: a docker line carried out by docknotes beside docker's own client.

    python -m tests.benchmarks.execution [--pairs 40] [--profile]

``docker run --rm busybox true`` is carried out by a sandbox of a process that is warm, judged, approved,
recorded and cleaned up each time, and by the docker CLI in a process of its own. Both take turns on the
same private Engine, who begins changes with every pair, and the figure is the median of the ratios. The
Engine is as it comes: its bridge and its firewall are there, in a network namespace of their own. The
CLI's container is put on that bridge, ours on a network of its own. That is made and removed within the
time, as `docknotes run` does; measured apart, an earlier run's empty network is used, as in the web chat.
With ``--profile`` ours runs alone, each request to the Engine with the time it takes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from assistant.execution.connection import Connection
from assistant.execution.engine import DockerEngine
from assistant.execution.spares import SpareNetworks
from tests.daemon import Daemon
from tests.images import make_images
from tests.runs import Bench, bench

LINE = "docker run --rm busybox true"
WARM = 3


def ours(here: Bench) -> float:
    """Seconds from the text of the line to the record of its end."""
    began = time.perf_counter()
    run = here.line(LINE)
    taken = time.perf_counter() - began
    assert run.outcome == "succeeded", run.error
    assert not run.created
    return taken


def theirs(address: str, home: str) -> float:
    """Seconds the docker CLI's process takes for the same line."""
    environment = {"PATH": os.environ["PATH"], "HOME": home, "DOCKER_HOST": address}
    began = time.perf_counter()
    subprocess.run(LINE.split(), check=True, env=environment, stdin=subprocess.DEVNULL)
    return time.perf_counter() - began


def compare(here: Bench, address: str, home: str, pairs: int) -> None:
    """Prints both medians and the median of the ratios, ours over theirs."""
    for _ in range(WARM):
        ours(here)
        theirs(address, home)
    measured: list[tuple[float, float]] = []
    for n in range(pairs):
        if n % 2:
            other = theirs(address, home)
            measured.append((ours(here), other))
        else:
            mine = ours(here)
            measured.append((mine, theirs(address, home)))
    ratios = sorted(mine / other for mine, other in measured)
    print(f"docknotes, in process   median of {pairs}: {1000 * median(m for m, _ in measured):.0f} ms")
    print(f"docker, its own process median of {pairs}: {1000 * median(o for _, o in measured):.0f} ms")
    quarter = pairs // 4
    spread = f"{ratios[quarter]:.2f} to {ratios[-1 - quarter]:.2f}"
    print(f"ratio, ours to theirs   median: {median(ratios):.3f}  (middle half: {spread})")


@contextmanager
def timed_requests() -> Iterator[dict[str, list[float]]]:
    """Notes how long each kind of request to the Engine takes until its head is there."""
    found: dict[str, list[float]] = defaultdict(list)
    send = Connection.send

    def noted(self: Connection, method: str, path: str, **options: Any) -> Any:
        began = time.perf_counter()
        try:
            return send(self, method, path, **options)
        finally:
            kind = "/".join("…" if len(part) > 24 else part for part in path.split("/"))
            found[f"{method} {kind}"].append(time.perf_counter() - began)

    Connection.send = noted  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Connection.send = send  # type: ignore[method-assign]


def profile(here: Bench, runs: int) -> None:
    """Prints what a run sends, how often, and how long the Engine takes for it."""
    for _ in range(WARM):
        ours(here)
    with timed_requests() as found:
        whole = [ours(here) for _ in range(runs)]
    print(f"one run, median of {runs}: {1000 * median(whole):.0f} ms")
    for kind, seconds in sorted(found.items(), key=lambda item: -sum(item[1])):
        print(f"{1000 * sum(seconds) / runs:7.1f} ms  {len(seconds) / runs:4.1f} x  {kind}")
    rest = sum(whole) - sum(sum(seconds) for seconds in found.values())
    print(f"{1000 * rest / runs:7.1f} ms  everything else, the wait for the output among it")


def main() -> None:
    """Starts an Engine of its own, compares, and takes it down again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    with Daemon(apart=True) as daemon, tempfile.TemporaryDirectory() as folder:
        make_images(daemon.address)
        engine = DockerEngine(daemon.address)
        spares = SpareNetworks(engine)
        for name, kept in (("a new network for each run", None), ("an earlier run's network", spares)):
            print(f"With {name}:")
            here = bench(engine, Path(folder), spares=kept)
            if chosen.profile:
                profile(here, chosen.pairs)
            else:
                compare(here, daemon.address, folder, chosen.pairs)
            here.ledger.close()
        spares.close()
        engine.close()


if __name__ == "__main__":
    main()
