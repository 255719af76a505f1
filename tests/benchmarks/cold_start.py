"""How long a question takes on the command line, from a cold start of the process.

``python -m tests.benchmarks.cold_start`` asks five times, each in a process of its own, over the
shipped notes with an index that is there, and prints the median beside what the same process takes to
say its help and what importing sentence-transformers alone would take.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

RUNS = 5
QUESTIONS = (
    "how do I list all containers, also stopped ones?",
    "如何让容器在后台运行并把宿主机8080映射到80?",
)


def seconds(*arguments: str) -> float:
    """Seconds one process takes, its output thrown away."""
    begun = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begun


def main() -> None:
    """Prints the medians; the index is made first, outside the clock."""
    seconds("-m", "ui", "index")
    asked = [seconds("-m", "ui", "ask", QUESTIONS[n % len(QUESTIONS)], "--json") for n in range(RUNS)]
    helped = [seconds("-m", "ui", "--help") for _ in range(RUNS)]
    imported = [seconds("-c", "import sentence_transformers") for _ in range(3)]
    print(f"docknotes ask, cold        median of {RUNS}: {median(asked):.2f} s  (most: {max(asked):.2f} s)")
    print(f"docknotes --help           median of {RUNS}: {median(helped):.2f} s")
    print(f"import sentence_transformers, median of 3: {median(imported):.2f} s")


if __name__ == "__main__":
    main()
