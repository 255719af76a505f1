"""How docknotes grows: indexing, memory, disk, opening and searching at 10,000 and 100,000 chunks.

    python -m tests.benchmarks.scale [--chunks 10000 100000] [--folder FOLDER]

The notes are made up from a seeded grammar of Docker sentences in both languages, some twenty chunks a
file. Vectors come from a cheap stand-in (directions of words, added up; 384 numbers as with the bundled
model), since embedding 100,000 chunks takes hours; how fast the bundled model embeds is measured on a
sample and printed beside. Everything else is the real thing: files, catalogue, keywords, Chroma. Times
of searches leave the embedding of the question out but for the last column, which has the bundled
model's median added.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from knowledge.config import KnowledgeConfig
from knowledge.library import Library
from knowledge.vectors import chunk_vectors
from tests.fakes.embedder import HashEmbedder
from ui.build import build_embedder
from ui.settings import read_settings

SECTIONS_A_FILE = 20
QUESTIONS = 200
SAMPLE = 256

_EN = (
    "A {0} keeps its {1} when the {2} is removed.",
    "Before you {3} the {0}, look at its {1} with `docker {4} inspect`.",
    "The {2} reads the {1} of every {0} at its start, so a change needs a restart.",
    "With {5} the {0} gets a {1} of its own and leaves the {2} alone.",
    "If the {0} cannot {3} the {1}, the {2} says so in its log.",
)
_ZH = (
    "{0}被删除以后，它的{1}仍然保留在{2}上。",
    "在{3}{0}之前，先用 `docker {4} inspect` 查看它的{1}。",
    "{2}启动时读取每个{0}的{1}，因此修改之后要重启。",
    "加上 {5} 之后，{0}有自己的{1}，不影响{2}。",
    "如果{0}无法{3}{1}，{2}会写进日志。",
)
_THINGS_EN = [
    "container",
    "image",
    "volume",
    "network",
    "registry",
    "layer",
    "port",
    "label",
    "secret",
    "context",
    "stack",
    "node",
    "task",
]
_THINGS_ZH = [
    "容器",
    "镜像",
    "数据卷",
    "网络",
    "仓库",
    "镜像层",
    "端口",
    "标签",
    "密钥",
    "上下文",
    "服务栈",
    "节点",
    "任务",
]
_DO_EN = [
    "start",
    "stop",
    "remove",
    "pull",
    "push",
    "build",
    "mount",
    "expose",
    "rename",
    "update",
    "commit",
    "export",
]
_DO_ZH = ["启动", "停止", "删除", "拉取", "推送", "构建", "挂载", "暴露", "重命名", "更新", "提交", "导出"]
_OBJECTS = ["container", "image", "volume", "network", "system"]
_FLAGS = [
    "--memory",
    "--cpus",
    "--rm",
    "--name",
    "--network",
    "--volume",
    "--publish",
    "--env",
    "--user",
    "--workdir",
    "--gpus",
]


def write_notes(folder: Path, chunks: int) -> None:
    """Notes that make about so many chunks."""
    generator = random.Random(20_241_124)  # noqa: S311 - text, no secret
    for number in range(max(chunks // SECTIONS_A_FILE, 1)):
        place = folder / f"{number % 100:02}"
        place.mkdir(parents=True, exist_ok=True)
        text = "\n".join(_note(generator, number, chinese=number % 2 == 0))
        (place / f"note-{number}.md").write_text(text, encoding="utf-8")


def _note(generator: random.Random, number: int, *, chinese: bool) -> Iterator[str]:
    things, verbs, sentences = (_THINGS_ZH, _DO_ZH, _ZH) if chinese else (_THINGS_EN, _DO_EN, _EN)
    yield f"# {generator.choice(things)} {number}\n"
    for part in range(SECTIONS_A_FILE):
        code = f"{number:x}{part:x}"  # a name that stands here only, as in real notes
        yield f"\n## {generator.choice(verbs)} {generator.choice(things)} {part}\n"
        for _ in range(2):
            yield generator.choice(sentences).format(
                generator.choice(things),
                generator.choice(things),
                generator.choice(things),
                generator.choice(verbs),
                generator.choice(_OBJECTS),
                generator.choice(_FLAGS),
            )
        yield f"\n```bash\ndocker run {generator.choice(_FLAGS)} web-{code} app-{code}:1.{part}\n```\n"


def questions() -> list[str]:
    """Questions of all lengths, some with a word that stands in one place only, some misspelt."""
    generator = random.Random(7)  # noqa: S311 - text, no secret
    made = []
    for number in range(QUESTIONS):
        thing, other = generator.sample(_THINGS_EN, 2)
        ding, anderes = generator.sample(_THINGS_ZH, 2)
        made.append(
            (
                f"how do I {generator.choice(_DO_EN)} a {thing} without its {other}?",
                f"怎么{generator.choice(_DO_ZH)}{ding}而保留{anderes}",
                f"{generator.choice(_FLAGS)} {thing}",
                f"docker run app-{number:x}{number % SECTIONS_A_FILE:x}",
                f"contianer {generator.choice(_DO_EN)} {other}",
            )[number % 5]
        )
    return made


def resident_megabytes() -> float:
    """Memory of this process in MB (VmRSS)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def megabytes(folder: Path) -> float:
    """Size of the files below a folder in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def timed(search: Callable[[str], object]) -> tuple[float, float]:
    """p50 and p95 of one search in milliseconds, over all questions."""
    asked = questions()
    for question in asked[:10]:
        search(question)
    times = []
    for question in asked:
        begun = time.perf_counter()
        search(question)
        times.append(1000 * (time.perf_counter() - begun))
    return median(times), quantiles(times, n=20)[18]


def measure(chunks: int, folder: Path) -> None:
    """Prints the figures of one size."""
    notes, index = folder / "notes", folder / "index"
    write_notes(notes, chunks)
    embedder = HashEmbedder(dimension=384)
    config = KnowledgeConfig(sources=(notes,), index=index, cache=folder / "cache")
    begun = time.perf_counter()
    library = Library(config, embedder)
    parsed = time.perf_counter() - begun
    begun = time.perf_counter()
    report = library.index()
    stored = time.perf_counter() - begun
    begun = time.perf_counter()
    for start in range(0, min(len(library.chunks), 1024), 32):
        chunk_vectors(library.chunks[start : start + 32], embedder, of=report.chunks)
    stand_in = (time.perf_counter() - begun) / min(len(library.chunks), 1024) * report.chunks
    print(f"\n{report.chunks:,} chunks in {report.notes:,} notes of {megabytes(notes):.0f} MB")
    print(f"read, parsed, keywords ranked   {report.chunks / parsed:10,.0f} chunks/s")
    print(f"vectors stored                  {report.chunks / max(stored - stand_in, 1e-9):10,.0f} chunks/s")
    print(f"index on disk                   {megabytes(index):10,.0f} MB")
    del library
    time.sleep(2.1)  # files that were just written are read again, see knowledge.catalogue
    Library.open(config, embedder)
    opening = []
    for _ in range(5):
        begun = time.perf_counter()
        library, report = Library.open(config, embedder)
        opening.append(time.perf_counter() - begun)
        assert report.embedded == 0
    begun = time.perf_counter()
    library.search("docker volume")
    print(f"open, nothing changed           {median(opening):10.2f} s")
    print(f"first search                    {time.perf_counter() - begun:10.2f} s")
    for name, search in (
        ("dense", lambda q: library.nearest(q, limit=10)),
        ("keyword", lambda q: library.keywords.scores(dict.fromkeys(q.split(), 1.0)).argmax()),
        ("fused, with context", lambda q: library.search(q, limit=10)),
    ):
        middle, high = timed(search)
        print(f"{name:30}  p50 {middle:6.1f} ms   p95 {high:6.1f} ms", flush=True)
    print(f"memory                          {resident_megabytes():10,.0f} MB")
    changed = next(notes.rglob("*.md"))
    changed.write_text(changed.read_text(encoding="utf-8") + "\n\nOne more line.\n", encoding="utf-8")
    begun = time.perf_counter()
    _, report = Library.open(config, embedder)
    print(
        f"one file changed                {time.perf_counter() - begun:10.2f} s, {report.embedded} embedded"
    )


def sample(folder: Path) -> None:
    """Prints how fast the bundled model embeds, chunks by the hundred and one question."""
    notes = folder / "sample"
    write_notes(notes, SAMPLE)
    config = read_settings({}).knowledge
    embedder = build_embedder(config)
    library = Library(KnowledgeConfig((notes,), folder / "sample-index", config.cache), HashEmbedder())
    chunks = library.chunks[:SAMPLE]
    chunk_vectors(chunks[:8], embedder, of=10_000)
    begun = time.perf_counter()
    chunk_vectors(chunks, embedder, of=10_000)
    print(f"bundled model: {len(chunks) / (time.perf_counter() - begun):.0f} chunks/s, ", end="")
    times = []
    for question in questions()[:50]:
        begun = time.perf_counter()
        np.asarray(embedder.embed_query(question))
        times.append(1000 * (time.perf_counter() - begun))
    print(f"one question {median(times):.1f} ms (median), on {os.cpu_count()} processors")


def main() -> None:
    """Reads the arguments, measures each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where to put notes and indexes (some GB); kept")
    arguments = parser.parse_args()
    for chunks in arguments.chunks:
        folder = (arguments.folder or Path(tempfile.mkdtemp())) / str(chunks)
        try:
            if chunks == arguments.chunks[0]:
                sample(folder)
            measure(chunks, folder)
        finally:
            if not arguments.folder:
                shutil.rmtree(folder.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
