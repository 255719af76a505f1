"""Whether an index folder can be read through to its end, found out by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

_SECONDS = 600.0  # reading through 100,000 chunks takes some ten seconds
_BATCH = 1000


def look_into(folder: Path) -> str | None:
    """What is wrong with an index folder; None where all of it can be read.

    A child process reads it: a file of vectors that is cut off can end the process that loads it.
    """
    code = "import sys; from knowledge.chroma_check import read_through; read_through(sys.argv[1])"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not read within {_SECONDS:.0f} s"
    if done.returncode < 0:
        return f"reading it ended with signal {-done.returncode}"
    last = (done.stderr.strip().splitlines() or ["unknown"])[-1]
    return None if done.returncode == 0 else last[:300]


def read_through(folder: str) -> None:
    """Reads every chunk and its embedding, and searches once; raises whatever Chroma raises."""
    from knowledge.chroma import FolderPlace

    client = FolderPlace(Path(folder)).client()
    for collection in client.list_collections():
        ids = collection.get(include=[])["ids"]
        last = None
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            embeddings = collection.get(ids=part, include=["embeddings"])["embeddings"]
            if embeddings is None or len(embeddings) != len(part):
                raise ValueError("some chunks have no embedding")
            last = embeddings[-1]
        if (
            last is not None
            and not collection.query(query_embeddings=np.asarray([last], np.float32), n_results=1)["ids"][0]
        ):
            raise ValueError("a search finds nothing")
