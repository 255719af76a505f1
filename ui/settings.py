"""Settings from environment variables, read once by ``__main__`` and passed on.

`VARIABLES` is the whole list; the README's table is held against it by a test.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_data_path

from assistant.config import AssistantConfig, Limits
from assistant.local_models import is_loopback
from knowledge.config import SHIPPED_NOTES, KnowledgeConfig
from knowledge.language import Language, Text
from ui.errors import SettingsError

VARIABLES: Mapping[str, Text] = {
    "DOCKNOTES_NOTES": Text(
        en="Files and folders of notes, separated as in PATH; without it the shipped notes.",
        zh="笔记文件和文件夹，分隔方式与 PATH 相同；不设置则使用自带的笔记。",
    ),
    "DOCKNOTES_HOME": Text(
        en="Where the index, the ledger of runs and the workspace lie.",
        zh="索引、运行记录和工作区所在的文件夹。",
    ),
    "DOCKNOTES_CACHE": Text(
        en="Where the embedding model is unpacked; can be deleted at any time.",
        zh="嵌入模型的解包位置；可以随时删除。",
    ),
    "DOCKNOTES_WORKSPACE": Text(
        en="The one folder of this machine that containers may see.",
        zh="容器唯一能看到的本机文件夹。",
    ),
    "DOCKNOTES_LANGUAGE": Text(
        en="`en` or `zh`; without it the locale decides on the command line, the browser on the page.",
        zh="`en` 或 `zh`；不设置时命令行按系统语言，网页按浏览器语言。",
    ),
    "DOCKNOTES_PORT": Text(en="Port of the web chat.", zh="网页聊天的端口。"),
    "DOCKNOTES_ENGINE": Text(
        en="Address of the Docker Engine (`unix:///…`, `tcp://…`, `ssh://…`); without it DOCKER_HOST, "
        "then the local socket.",
        zh="Docker Engine 的地址（`unix:///…`、`tcp://…`、`ssh://…`）；"
        "不设置则取 DOCKER_HOST，再取本机套接字。",
    ),
    "DOCKNOTES_MODEL": Text(
        en="Chat model as `provider:name`, or `auto` for an Ollama on this machine; without it answers come "
        "straight from the notes.",
        zh="聊天模型，写作 `提供方:名称`；`auto` 表示使用本机的 Ollama；不设置则直接用笔记原文回答。",
    ),
    "DOCKNOTES_MODEL_URL": Text(en="Address of the model's server.", zh="模型服务的地址。"),
    "DOCKNOTES_MODEL_KEY": Text(en="Key for the model's server.", zh="模型服务的密钥。"),
    "DOCKNOTES_MODEL_WAIT": Text(
        en="Seconds the model's server may say nothing before the notes answer by themselves.",
        zh="模型服务多少秒没有回应就改用笔记原文回答。",
    ),
    "DOCKNOTES_EMBEDDING": Text(
        en="Embedding model: `bundled`, or a sentence-transformers name or folder.",
        zh="嵌入模型：`bundled`，或 sentence-transformers 的模型名或文件夹。",
    ),
    "DOCKNOTES_CHROMA_URL": Text(
        en="Address of a Chroma server to keep the index on, instead of this machine.",
        zh="存放索引的 Chroma 服务地址；不设置则存放在本机。",
    ),
    "DOCKNOTES_CHROMA_TOKEN": Text(en="Token for the Chroma server.", zh="Chroma 服务的访问令牌。"),
    "DOCKNOTES_MEMORY": Text(en="Most memory a container may have.", zh="单个容器的内存上限。"),
    "DOCKNOTES_CPUS": Text(en="Most processors a container may use.", zh="单个容器的处理器上限。"),
    "DOCKNOTES_DISK": Text(
        en="Most a container may write into itself, like `10g`.",
        zh="单个容器可写入自身的数据上限，如 `10g`。",
    ),
    "DOCKNOTES_PROCESSES": Text(en="Most processes in a container.", zh="单个容器的进程数上限。"),
    "DOCKNOTES_PROFILE": Text(
        en="How strictly docker lines are judged: `strict`, `standard` or `open`.",
        zh="判定 docker 命令的严格程度：`strict`、`standard` 或 `open`。",
    ),
    "DOCKNOTES_POLICY": Text(
        en="A policy file of your own on top of the profile; see `docknotes policy`.",
        zh="在所选档位之上使用的自定义策略文件；见 `docknotes policy`。",
    ),
    "DOCKNOTES_AT_ONCE": Text(
        en="How many containers run at once; up to 50 more wait for their turn.",
        zh="同时运行的容器数；另外最多 50 个排队等待。",
    ),
    "DOCKNOTES_REHEARSAL_IMAGE": Text(
        en="The image `docknotes rehearse` tries lines out in; without it `debian:12`, or `ubuntu:24.04` "
        "where they name Ubuntu.",
        zh="`docknotes rehearse` 使用的镜像；不设置则为 `debian:12`，命令提到 Ubuntu 时为 `ubuntu:24.04`。",
    ),
    "DOCKNOTES_TIME": Text(
        en="Seconds after which a run in the foreground is ended.", zh="前台运行的时间上限（秒）。"
    ),
}

_SIZE = re.compile(r"^(\d+(?:\.\d+)?)([kmg]?)b?$", re.IGNORECASE)
_SCHEMES = frozenset({"unix", "tcp", "ssh", "http", "https", "npipe"})
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set, in the shape each part takes it."""

    knowledge: KnowledgeConfig
    assistant: AssistantConfig
    language: Language | None = None
    port: int = 7860


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from environment variables; an empty value counts as not set.

    Raises:
        SettingsError: a value cannot be used; the message names the variable.
    """
    values = {name: value for name, value in environment.items() if value}
    home = Path(values.get("DOCKNOTES_HOME") or user_data_path("docknotes")).expanduser()
    cache = Path(values.get("DOCKNOTES_CACHE") or user_cache_path("docknotes")).expanduser()
    notes = tuple(Path(p).expanduser() for p in values.get("DOCKNOTES_NOTES", "").split(os.pathsep) if p)
    knowledge = KnowledgeConfig(
        sources=notes or (SHIPPED_NOTES, *([home / "notes"] if (home / "notes").is_dir() else [])),
        own=None if notes else home / "notes",
        index=home / "index",
        cache=cache,
        embedding=values.get("DOCKNOTES_EMBEDDING", "bundled"),
        chroma_url=values.get("DOCKNOTES_CHROMA_URL"),
        chroma_token=values.get("DOCKNOTES_CHROMA_TOKEN"),
    )
    assistant = AssistantConfig(
        home=home,
        workspace=Path(values.get("DOCKNOTES_WORKSPACE") or home / "workspace").expanduser(),
        engine=_engine(values),
        model=_model(values),
        model_url=_model_url(values),
        model_key=values.get("DOCKNOTES_MODEL_KEY"),
        model_wait_seconds=_model_wait(values),
        limits=_limits(values),
        profile=_profile(values),
        rehearsal_image=values.get("DOCKNOTES_REHEARSAL_IMAGE"),
        policy=Path(values["DOCKNOTES_POLICY"]).expanduser() if "DOCKNOTES_POLICY" in values else None,
    )
    return Settings(knowledge, assistant, _language(values), _port(values))


def shell_language(environment: Mapping[str, str]) -> Language:
    """The language of the command line: the setting, else the locale, else English."""
    chosen = environment.get("DOCKNOTES_LANGUAGE")
    if chosen in ("en", "zh"):
        return "zh" if chosen == "zh" else "en"
    locale = next((environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _language(values: Mapping[str, str]) -> Language | None:
    chosen = values.get("DOCKNOTES_LANGUAGE")
    if chosen not in (None, "en", "zh"):
        raise _unusable("DOCKNOTES_LANGUAGE", str(chosen), Text(en="`en` or `zh`", zh="`en` 或 `zh`"))
    return "zh" if chosen == "zh" else "en" if chosen else None


def _profile(values: Mapping[str, str]) -> Literal["strict", "standard", "open"]:
    chosen = values.get("DOCKNOTES_PROFILE", "standard")
    if chosen not in ("strict", "standard", "open"):
        wanted = Text(en="`strict`, `standard` or `open`", zh="`strict`、`standard` 或 `open`")
        raise _unusable("DOCKNOTES_PROFILE", chosen, wanted)
    return "strict" if chosen == "strict" else "open" if chosen == "open" else "standard"


def _port(values: Mapping[str, str]) -> int:
    written = values.get("DOCKNOTES_PORT", "7860")
    if not written.isdecimal() or not 0 <= int(written) <= 65535:
        raise _unusable(
            "DOCKNOTES_PORT", written, Text(en="a port from 0 to 65535", zh="0 到 65535 之间的端口")
        )
    return int(written)


def _model(values: Mapping[str, str]) -> str | None:
    name = values.get("DOCKNOTES_MODEL")
    provider, _, rest = (name or "").partition(":")
    if name is not None and name != "auto" and not (provider.strip() and rest.strip()):
        wanted = Text(
            en="`provider:name`, as in ollama:qwen2.5:7b or openai:gpt-4.1, or to `auto`",
            zh="`提供方:名称`，如 ollama:qwen2.5:7b 或 openai:gpt-4.1，或者 `auto`",
        )
        raise _unusable("DOCKNOTES_MODEL", name, wanted)
    return name


def _model_url(values: Mapping[str, str]) -> str | None:
    address = values.get("DOCKNOTES_MODEL_URL")
    if address is not None and not re.match(r"https?://[^/\s]", address):
        wanted = Text(
            en="an address like http://127.0.0.1:8080/v1", zh="形如 http://127.0.0.1:8080/v1 的地址"
        )
        raise _unusable("DOCKNOTES_MODEL_URL", address, wanted)
    if address is not None and values.get("DOCKNOTES_MODEL") == "auto" and not is_loopback(address):
        wanted = Text(
            en="an address on this machine, or DOCKNOTES_MODEL to `provider:name`: `auto` looks nowhere else",
            zh="本机的地址，或把 DOCKNOTES_MODEL 设为 `提供方:名称`：`auto` 只查看本机",
        )
        raise _unusable("DOCKNOTES_MODEL_URL", address, wanted)
    return address


def _model_wait(values: Mapping[str, str]) -> float:
    written = values.get("DOCKNOTES_MODEL_WAIT")
    return _positive("DOCKNOTES_MODEL_WAIT", written) if written else 120.0


def _engine(values: Mapping[str, str]) -> str:
    name = "DOCKNOTES_ENGINE" if "DOCKNOTES_ENGINE" in values else "DOCKER_HOST"
    address = values.get(name, "unix:///var/run/docker.sock")
    scheme, _, rest = address.partition("://")
    if scheme not in _SCHEMES or not rest.strip("/"):
        wanted = Text(
            en="an address like unix:///var/run/docker.sock", zh="形如 unix:///var/run/docker.sock 的地址"
        )
        raise _unusable(name, address, wanted)
    return address


def _limits(values: Mapping[str, str]) -> Limits:
    limits = Limits()
    if written := values.get("DOCKNOTES_MEMORY"):
        limits = replace(limits, memory_bytes=_size_of("DOCKNOTES_MEMORY", written, 6))  # Docker's own least
    if written := values.get("DOCKNOTES_DISK"):
        limits = replace(limits, disk_bytes=_size_of("DOCKNOTES_DISK", written, 1))
    if written := values.get("DOCKNOTES_CPUS"):
        limits = replace(limits, cpus=_positive("DOCKNOTES_CPUS", written))
    if written := values.get("DOCKNOTES_PROCESSES"):
        limits = replace(limits, processes=max(1, int(_positive("DOCKNOTES_PROCESSES", written))))
    if written := values.get("DOCKNOTES_AT_ONCE"):
        limits = replace(limits, runs_at_once=max(1, int(_positive("DOCKNOTES_AT_ONCE", written))))
    if written := values.get("DOCKNOTES_TIME"):
        limits = replace(limits, time_seconds=_positive("DOCKNOTES_TIME", written))
    return limits


def _size_of(name: str, written: str, least: int) -> int:
    """A size in bytes; ``least`` in MiB."""
    size = _SIZE.match(written.strip())
    amount = int(float(size[1]) * _UNITS[size[2].lower()]) if size else 0
    if amount < least * 1024**2:
        wanted = Text(en=f"a size of {least}m or more, like 2g", zh=f"不小于 {least}m 的大小，如 2g")
        raise _unusable(name, written, wanted)
    return amount


def _positive(name: str, written: str) -> float:
    try:
        number = float(written)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise _unusable(name, written, Text(en="a number above 0", zh="大于 0 的数字"))
    return number


def _unusable(name: str, written: str, wanted: Text) -> SettingsError:
    return SettingsError(
        Text(
            en=f"{name} is set to {written!r}, which cannot be used. Set it to {wanted.en}.",
            zh=f"{name} 的值 {written!r} 无法使用。请设为{wanted.zh}。",
        )
    )
