"""Faults of Chroma to what a person is told: what failed, where, and what to try.

Chroma raises many classes, few of them shared, and its Rust core says in words what happened. Source
of the words: SQLite's result codes (https://www.sqlite.org/rescode.html), the system's error numbers,
and httpx's classes (https://www.python-httpx.org/exceptions/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from knowledge.errors import DamagedIndexError, StoreError
from knowledge.language import Text

_FULL = re.compile(
    r"disk is full|no space left|os error 28|os error 122|quota|file too large|os error 27|"
    r"disk i/o error|failed to write|input/output error|os error 5\b"
)
_LOCKED_OUT = re.compile(
    r"readonly database|no such file|read-only file system|os error 30|os error 13|permission denied|"
    r"unable to open database|not a directory|os error 20|file exists|os error 17|access is denied"
)
_DAMAGED = re.compile(
    r"malformed|not a database|hnsw|deserializ|pickle|error finding id|corrupt|no such table|"
    r"migration|unexpected eof|failed to fill whole buffer|could not decode to utf-8"
)
_UNTRUSTED = re.compile(r"CERTIFICATE_VERIFY")
_NO_TLS = re.compile(r"WRONG_VERSION_NUMBER|RECORD_LAYER")
_KEPT_OUT = re.compile(r"'40[137] |unauthori[sz]ed|forbidden|ChromaAuthError", re.IGNORECASE)
_UNANSWERED = re.compile(
    r"\b(Connect|Read|Write|Close|Proxy|RemoteProtocol|UnsupportedProtocol)Error\b|\w+Timeout\b"
)
_NO_CHROMA = re.compile(r"\b(JSONDecodeError|HTTPStatusError|KeyError)\b")

_NO_SPACE = Text(
    en="The index in {place} cannot be written, because the disk is full or fails ({why}). Free some space, "
    "or set DOCKNOTES_HOME to a folder on another disk. Nothing is lost: the next run goes on from here.",
    zh="无法写入 {place} 中的索引，磁盘已满或有故障（{why}）。请清理出一些空间，"
    "或把 DOCKNOTES_HOME 设为另一块磁盘上的文件夹。没有丢失任何内容，下次会从这里继续。",
)
_UNWRITABLE = Text(
    en="The index folder {place} cannot be written: {why}. Give yourself the right to write there, or set "
    "DOCKNOTES_HOME to a folder of yours.",
    zh="无法写入索引文件夹 {place}：{why}。请取得该文件夹的写权限，"
    "或把 DOCKNOTES_HOME 设为你有权写入的文件夹。",
)
_BROKEN = Text(
    en="The index in {place} is damaged ({why}). It holds nothing that is not in the notes: delete the "
    "folder, and it is made again.",
    zh="{place} 中的索引已损坏（{why}）。其中的内容都来自笔记：删除该文件夹后会重新生成。",
)
_UNUSABLE = Text(
    en="Chroma cannot use the index in {place}: {why}. Check that the folder can be read and written and has "
    "space; deleting it loses nothing but the time to make it again.",
    zh="Chroma 无法使用 {place} 中的索引：{why}。请检查该文件夹能否读写、空间是否足够；"
    "删除它只会多花一次重建的时间。",
)
_BY_SERVER: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        _NO_TLS,
        Text(
            en="The Chroma server at {place} does not speak https. Begin DOCKNOTES_CHROMA_URL with http://.",
            zh="位于 {place} 的 Chroma 服务不使用 https。请让 DOCKNOTES_CHROMA_URL 以 http:// 开头。",
        ),
    ),
    (
        _UNTRUSTED,
        Text(
            en="The certificate of the Chroma server at {place} is not trusted ({why}). Set SSL_CERT_FILE to "
            "the certificate of whoever signed it, or correct DOCKNOTES_CHROMA_URL.",
            zh="位于 {place} 的 Chroma 服务的证书不受信任（{why}）。请把 SSL_CERT_FILE 设为其签发者的证书，"
            "或更正 DOCKNOTES_CHROMA_URL。",
        ),
    ),
    (
        _KEPT_OUT,
        Text(
            en="The Chroma server at {place} does not let docknotes in. Set DOCKNOTES_CHROMA_TOKEN, or put "
            "user and password into DOCKNOTES_CHROMA_URL (https://user:password@host).",
            zh="位于 {place} 的 Chroma 服务拒绝了 docknotes。请设置 DOCKNOTES_CHROMA_TOKEN，"
            "或在 DOCKNOTES_CHROMA_URL 中写上用户名和密码（https://user:password@host）。",
        ),
    ),
    (
        _UNANSWERED,
        Text(
            en="The Chroma server at {place} does not answer ({why}). Start it or check "
            "DOCKNOTES_CHROMA_URL; docknotes goes on by itself once the server is back.",
            zh="位于 {place} 的 Chroma 服务没有响应（{why}）。请启动它或检查 DOCKNOTES_CHROMA_URL；"
            "服务恢复后 docknotes 会自动继续。",
        ),
    ),
    (
        _NO_CHROMA,
        Text(
            en="What answers at {place} is no Chroma server of a version docknotes knows ({why}). Check "
            "DOCKNOTES_CHROMA_URL; `chroma run` starts such a server.",
            zh="{place} 上的服务不是 docknotes 支持的 Chroma 服务（{why}）。"
            "请检查 DOCKNOTES_CHROMA_URL；可以用 `chroma run` 启动这样的服务。",
        ),
    ),
    (
        re.compile(""),
        Text(
            en="The Chroma server at {place} reports: {why}. Look at the server's own log, and try again.",
            zh="位于 {place} 的 Chroma 服务报告：{why}。请查看该服务的日志，然后重试。",
        ),
    ),
)


def folder_fault(folder: Path, error: BaseException) -> StoreError:
    """What went wrong with an index folder."""
    if isinstance(error, StoreError):
        return error
    said = " ".join(str(each) for each in _chain(error)).lower()
    if not (_FULL.search(said) or _LOCKED_OUT.search(said)) and (reason := _write_on_trial(folder)):
        return folder_fault(folder, reason)  # Chroma does not always say what its files came up against
    if _FULL.search(said):
        return StoreError(_filled(_NO_SPACE, folder, error))
    if _LOCKED_OUT.search(said):
        return StoreError(_filled(_UNWRITABLE, folder, error))
    if _DAMAGED.search(said) or type(error).__name__ == "PanicException":
        return DamagedIndexError(_filled(_BROKEN, folder, error))
    return StoreError(_filled(_UNUSABLE, folder, error))


def _write_on_trial(folder: Path) -> OSError | None:
    """Why a megabyte cannot be written into a folder; None where it can, or there is no such folder."""
    trial = folder / ".trial"
    try:
        trial.write_bytes(bytes(1024 * 1024))
    except FileNotFoundError:
        return None
    except OSError as error:
        return error if _FULL.search(str(error).lower()) or _LOCKED_OUT.search(str(error).lower()) else None
    finally:
        with suppress(OSError):
            trial.unlink()
    return None


def server_fault(address: str, error: BaseException) -> StoreError:
    """What went wrong with a Chroma server or on the way to it."""
    if isinstance(error, StoreError):
        return error
    chain = list(_chain(error))
    said = " ".join(f"{type(each).__name__} {each}" for each in chain)
    text = next(text for pattern, text in _BY_SERVER if pattern.search(said))
    return StoreError(_filled(text, address, chain[-1]))


def _filled(text: Text, place: object, error: BaseException) -> Text:
    why = first_line(error)
    return Text(text.en.format(place=place, why=why), text.zh.format(place=place, why=why))


def first_line(error: BaseException) -> str:
    """What an error says, short; its class where it says nothing."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (said.strip() or type(error).__name__).splitlines()[0].rstrip(".")[:300]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of, outermost first."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__
