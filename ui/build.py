"""Builds all parts from settings; the one place that knows which part is made of what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import bundled
from knowledge.config import KnowledgeConfig
from knowledge.indexing import Progress
from knowledge.language import Tell, Text, silent
from knowledge.protocols import Embedder
from ui.errors import SettingsError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.config import AssistantConfig
    from assistant.model import LangChainModel
    from knowledge.library import Library
    from knowledge.live import LiveLibrary
    from knowledge.values import IndexReport
    from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how long work goes: chunks being embedded, and the bundled model being unpacked.

    And what a person should know meanwhile, as that another docknotes is waited for.
    """

    indexing: Progress
    unpacking: bundled.Progress
    told: Tell = silent


def build_embedder(config: KnowledgeConfig, watch: Watch | None = None) -> Embedder:
    """The embedding model a configuration names; loaded at its first use.

    Raises:
        EmbeddingError: the bundled model's package is not installed.
    """
    from knowledge.embeddings import SentenceTransformerEmbedder, bundled_embedder

    if config.embedding == "bundled":
        return bundled_embedder(config.cache, building=watch.unpacking if watch else None)
    return SentenceTransformerEmbedder(config.embedding)


def build_library(config: KnowledgeConfig, watch: Watch | None = None) -> tuple[Library, IndexReport]:
    """The notes, read and their index brought up to date.

    Raises:
        NoteError, EmbeddingError, StoreError: as `Library.open`.
    """
    from knowledge.library import Library

    indexing, told = (watch.indexing, watch.told) if watch else (None, silent)
    return Library.open(config, build_embedder(config, watch), progress=indexing, tell=told)


def build_live(config: KnowledgeConfig, watch: Watch | None = None) -> tuple[LiveLibrary, IndexReport]:
    """The notes as `build_library` gives them, to be followed when they change.

    Raises:
        NoteError, EmbeddingError, StoreError: as `Library.open`.
    """
    from knowledge.live import LiveLibrary

    indexing, told = (watch.indexing, watch.told) if watch else (None, silent)
    return LiveLibrary.open(config, build_embedder(config, watch), progress=indexing, tell=told)


def make_workspace(config: AssistantConfig) -> None:
    """Makes the folder that containers may see; one that is made now is open to nobody else.

    Raises:
        SettingsError: it cannot be made there.
    """
    try:
        config.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            Text(
                en=f"The folder {config.workspace} cannot be made: {error.strerror}. Set DOCKNOTES_HOME or "
                "DOCKNOTES_WORKSPACE to a folder of yours.",
                zh=f"无法创建文件夹 {config.workspace}：{error.strerror}。"
                "请把 DOCKNOTES_HOME 或 DOCKNOTES_WORKSPACE 设为你有权写入的文件夹。",
            )
        ) from error


def assistant_over(library: Library | LiveLibrary, settings: Settings) -> Assistant:
    """The assistant over a library that is open already; the Engine and the chat model are reached later."""
    from assistant.assistant import Assistant
    from assistant.execution.engine import DockerEngine
    from assistant.keeping.saving import Saver

    config = settings.assistant
    make_workspace(config)
    saver = Saver(settings.knowledge.sources, own=config.home / "notes", index=_indexing(library))
    engine = DockerEngine(config.engine)
    return Assistant(config, library, engine, model=build_model(config), saver=saver)


def _indexing(library: Library | LiveLibrary) -> Callable[[Path], bool]:
    """Brings a library in line with a file of its notes; False where it is none of them, or they stay."""
    from knowledge.live import LiveLibrary

    def index(path: Path) -> bool:
        if not isinstance(library, LiveLibrary):
            return False
        if not any(path.resolve().is_relative_to(one.resolve()) for one in library.config.present):
            return False
        library.refresh()
        return True

    return index


def build_model(config: AssistantConfig) -> LangChainModel | None:
    """The chat model a configuration names; None where it names none, or `auto` finds none here."""
    if config.model is None:
        return None
    from assistant.local_models import OLLAMA, find_ollama, is_loopback
    from assistant.model import LangChainModel

    name, url = config.model, config.model_url
    if name == "auto":
        url = url if is_loopback(url) else OLLAMA
        found = find_ollama(url or OLLAMA)
        if found is None:
            return None
        name = found
    return LangChainModel(name, url=url, key=config.model_key, silent_seconds=config.model_wait_seconds)
