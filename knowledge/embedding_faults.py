"""Faults of an embedding model to what a person is told: what is missing, and what to try.

Source of the classes: huggingface_hub.errors and the messages of transformers' loaders.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from knowledge.errors import EmbeddingError
from knowledge.language import Text

_SECONDS = 5.0  # to find out that a hub cannot be reached; its own client tries for more than a minute

_ELSE = Text(
    en="Set DOCKNOTES_EMBEDDING to `bundled`, or to the folder of a sentence-transformers model.",
    zh="请把 DOCKNOTES_EMBEDDING 设为 `bundled`，或 sentence-transformers 模型所在的文件夹。",
)
_KINDS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(r"GatedRepo|Cannot access gated"),
        Text(
            en="The embedding model {source} is not open to everybody ({why}). Set HF_TOKEN to a token that "
            "may read it, or choose another.",
            zh="无法加载嵌入模型 {source}：它不对所有人开放（{why}）。"
            "请把 HF_TOKEN 设为有权读取它的令牌，或换一个模型。",
        ),
    ),
    (
        re.compile(r"RepositoryNotFound|RevisionNotFound|HFValidation|valid model identifier|\b404\b"),
        Text(
            en="There is no embedding model called {source} ({why}). Check the spelling, as in "
            "intfloat/multilingual-e5-small.",
            zh="无法加载嵌入模型 {source}：没有这个名称的模型（{why}）。请检查拼写，"
            "形如 intfloat/multilingual-e5-small。",
        ),
    ),
    (
        re.compile(r"No space left|disk is full|Errno 28"),
        Text(
            en="There is no space left to download the embedding model {source} ({why}). Free some, or set "
            "HF_HOME to a folder on another disk.",
            zh="无法加载嵌入模型 {source}：没有空间存放下载的文件（{why}）。请清理出一些空间，"
            "或把 HF_HOME 设为另一块磁盘上的文件夹。",
        ),
    ),
    (
        re.compile(r"out of memory|allocate memory|MemoryError|DefaultCPUAllocator"),
        Text(
            en="There is not enough memory for the embedding model {source} ({why}). Choose a smaller one.",
            zh="无法加载嵌入模型 {source}：内存不足（{why}）。请换一个更小的模型。",
        ),
    ),
    (
        re.compile(r"LocalEntryNotFound|OfflineMode|Connect|Timeout|couldn't connect|cannot be reached"),
        Text(
            en="The embedding model {source} is not on this machine, and the hub it would come from cannot "
            "be reached ({why}).",
            zh="无法加载嵌入模型 {source}：本机没有该模型，也连不上提供它的模型站（{why}）。",
        ),
    ),
    (
        re.compile(r"(FileNotFound|NotADirectory)Error\b.*\bPath "),
        Text(
            en="There is no embedding model in {source}: no such folder ({why}).",
            zh="无法加载嵌入模型 {source}：没有这个文件夹（{why}）。",
        ),
    ),
    (
        re.compile(""),
        Text(
            en="The embedding model {source} cannot be loaded ({why}). A folder must hold a whole "
            "sentence-transformers model; what is broken in a cache is fetched again once it is deleted.",
            zh="无法加载嵌入模型 {source}（{why}）。文件夹里必须是完整的 sentence-transformers 模型；"
            "缓存损坏时，删除后会重新下载。",
        ),
    ),
)


def unloadable(source: str, error: BaseException) -> EmbeddingError:
    """The error of a model that cannot be loaded, in both languages."""
    said = " ".join(f"{type(each).__name__}: {each}" for each in _chain(error))
    text = next(text for pattern, text in _KINDS if pattern.search(said))
    values = {"source": source, "why": _why(error)}
    return EmbeddingError(
        Text(f"{text.en.format(**values)} {_ELSE.en}", f"{text.zh.format(**values)}{_ELSE.zh}")
    )


def failed(model: str, error: BaseException) -> EmbeddingError:
    """The error of a model that was loaded and failed at a text, in both languages."""
    return EmbeddingError(
        Text(
            f"The embedding model {model} failed ({_why(error)}). Try again; if it fails again, choose "
            f"another. {_ELSE.en}",
            f"嵌入模型 {model} 运行出错（{_why(error)}）。请重试；如果仍然出错，请换一个模型。{_ELSE.zh}",
        )
    )


def unreachable_hub() -> OSError | None:
    """Why the model hub cannot be reached; None where it can, or only a proxy can tell."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return OSError("HF_HUB_OFFLINE is set")
    address = urlsplit(constants.ENDPOINT)
    if getproxies():
        return None
    try:
        port = address.port or (443 if address.scheme == "https" else 80)
        socket.create_connection((address.hostname or "", port), _SECONDS).close()
    except OSError as error:
        return OSError(f"{constants.ENDPOINT} cannot be reached: {error.strerror or error}")
    return None


def is_name(source: str) -> bool:
    """Whether a source can be the name of a model on a hub: ``owner/name``, or a bare name."""
    return not Path(source).exists() and re.fullmatch(r"[\w.-]+(/[\w.-]+)?", source) is not None


def _why(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")[:300]


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (came_of := chain[-1].__cause__ or chain[-1].__context__) and came_of not in chain:
        chain.append(came_of)
    return chain
