"""Which engine of the bundled model embeds a set of chunks sooner, from a cold start.

    python -m tests.benchmarks.embedding [--runs 3] [--beside]

Each figure is a process of its own that imports, loads and embeds; both engines take turns, so that
a busy machine is as unfair to one as to the other. Two sizes give a line for each engine: what it
costs to begin, and what each chunk costs. Where the lines cross stands in
``knowledge.embeddings.FEW_TEXTS``. With ``--beside`` docknotes' way with many chunks and
sentence-transformers' plain encode (float32, its own batches) take turns over the same texts in one
process, loading left out.
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


def beside(runs: int) -> None:
    """Prints the medians of docknotes and of plain encode over the same texts, and their ratio."""
    from sentence_transformers import SentenceTransformer

    from knowledge.embeddings import BundledEmbedder
    from knowledge.quick import QuickEmbedder

    quick = QuickEmbedder()
    texts = [piece for text in shipped_texts(96) for piece in quick.pieces(text)]
    ours = BundledEmbedder(model_cache(), few=0)
    ours.embed(texts[:2])
    plain = SentenceTransformer(str(ours.folder))
    taken: dict[str, list[float]] = {"docknotes": [], "plain encode": []}
    for _ in range(runs):
        began = time.perf_counter()
        rows = ours.embed(texts)
        taken["docknotes"].append(time.perf_counter() - began)
        began = time.perf_counter()
        other = plain.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
        taken["plain encode"].append(time.perf_counter() - began)
    least = float((rows * other).sum(axis=1).min())
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, seconds in medians.items():
        print(f"{name:14} {len(texts) / seconds:5.1f} chunks/s")
    print(f"ratio {medians['plain encode'] / medians['docknotes']:.2f}, least cosine {least:.4f}")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", nargs=2, metavar=("ENGINE", "COUNT"), help=argparse.SUPPRESS)
    parser.add_argument("--beside", action="store_true", help="beside plain encode, in one process")
    chosen = parser.parse_args()
    if chosen.once:
        embed_once(chosen.once[0], int(chosen.once[1]))
    elif chosen.beside:
        beside(chosen.runs)
    else:
        compare(chosen.runs)


if __name__ == "__main__":
    main()
