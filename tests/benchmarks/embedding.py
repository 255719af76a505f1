"""Which engine of the bundled model embeds a set of chunks sooner, from a cold start.

    python -m tests.benchmarks.embedding [--runs 3]

Each figure is a process of its own that imports, loads and embeds; both engines take turns, so that
a busy machine is as unfair to one as to the other. Two sizes give a line for each engine: what it
costs to begin, and what each chunk costs. Where the lines cross stands in
``knowledge.embeddings.FEW_TEXTS``.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

from knowledge.bundled import model_folder
from knowledge.chunks import chunk_note, plain_text
from knowledge.config import SHIPPED_NOTES
from knowledge.notes import find_notes, read_note
from knowledge.protocols import Embedder
from knowledge.sections import split_note
from tests.model_cache import model_cache

SIZES = (16, 160)
ENGINES = ("quick", "torch")


def shipped_texts(count: int) -> list[str]:
    """That many chunks of the shipped notes as they are embedded, in turns from all notes."""
    notes = [read_note(path, name) for path, name in find_notes([SHIPPED_NOTES])]
    texts = [plain_text(chunk) for note in notes for chunk in chunk_note(note, split_note(note))]
    step = max(1, len(texts) // count)
    return (texts[::step] * (1 + count // max(1, len(texts[::step]))))[:count]


def embed_once(engine: str, count: int) -> None:
    """What a process of its own does."""
    texts = shipped_texts(count)
    began = time.perf_counter()
    from knowledge.embeddings import BundledEmbedder
    from knowledge.quick import QuickEmbedder

    embedder: Embedder = QuickEmbedder() if engine == "quick" else BundledEmbedder(model_cache(), few=0)
    embedder.embed(texts)
    print(time.perf_counter() - began)


def _seconds(engine: str, count: int) -> float:
    line = [sys.executable, "-m", __spec__.name if __spec__ else __name__, "--once", engine, str(count)]
    said = subprocess.run(line, check=True, capture_output=True, text=True)
    return float(said.stdout.split()[-1])


def compare(runs: int) -> None:
    """Prints both engines' times, their lines, and where these cross."""
    if not model_folder(model_cache()).exists():
        _seconds("torch", 1)  # the rebuild, which only the first start pays
    taken: dict[tuple[str, int], list[float]] = {(e, n): [] for e in ENGINES for n in SIZES}
    for _ in range(runs):
        for (engine, count), seconds in taken.items():
            seconds.append(_seconds(engine, count))
    lines = {}
    few, many = SIZES
    for engine in ENGINES:
        low, high = (statistics.median(taken[engine, n]) for n in SIZES)
        each = (high - low) / (many - few)
        lines[engine] = (low - few * each, each)
        print(
            f"{engine:6} {few} chunks {low:6.2f} s, {many} chunks {high:6.2f} s: "
            f"begins in {lines[engine][0]:5.2f} s, then {1 / each:5.1f} chunks/s"
        )
    (start_quick, each_quick), (start_torch, each_torch) = lines["quick"], lines["torch"]
    if each_quick <= each_torch:
        print("quick is sooner at any size")
    else:
        print(f"even at {(start_torch - start_quick) / (each_quick - each_torch):.0f} chunks")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", nargs=2, metavar=("ENGINE", "COUNT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        embed_once(chosen.once[0], int(chosen.once[1]))
    else:
        compare(chosen.runs)


if __name__ == "__main__":
    main()
