"""Where Chroma keeps a collection: a folder of this machine, or a Chroma server; the only chromadb import.

A folder's Chroma is made for one process: who has it open does not see what another process writes,
and writing what is out of date breaks it. So each folder carries a generation that every writer moves on,
and who finds another than it knows opens the folder anew. A server sees to that itself; there the
generation, kept with the collection, only tells that somebody changed it.
"""

from __future__ import annotations

import base64
import shutil
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from knowledge.chroma_check import look_into
from knowledge.chroma_faults import folder_fault, server_fault
from knowledge.errors import StoreError
from knowledge.generation import Generation, is_as_left, read_generation, write_generation
from knowledge.language import Tell, Text

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.config import Settings


SECONDS_TO_CONNECT = 10.0
SECONDS_TO_ANSWER = 120.0  # a server may be busy with a large batch; a dead one is not waited for forever


class Place(Protocol):
    """Where a collection lies."""

    def client(self) -> ClientAPI:
        """A client that sees what is stored; another object than before where it had to be opened anew."""
        ...

    def generation(self, collection: str) -> Generation | None:
        """Which state a collection is in; None where nobody finished writing it."""
        ...

    def move_on(self, collection: str, *, is_writing: bool) -> None:
        """Says that writing begins, or that it is done."""
        ...

    def fault(self, error: BaseException) -> StoreError:
        """What to tell a person of a fault of Chroma's at this place."""
        ...

    def is_sound(self) -> bool:
        """Whether it can be opened without a further look."""
        ...

    def mend(self, tell: Tell) -> None:
        """Sees to it that it can be opened; the lock of the index is held."""
        ...

    def set_aside(self, why: Text, tell: Tell) -> None:
        """Puts away what is damaged, so that it can be made again; the lock of the index is held."""
        ...


def open_place(folder: Path, url: str | None = None, token: str | None = None) -> Place:
    """The place of an index: a folder, or the server where a URL is given; nothing is opened yet."""
    return ServerPlace(url, token) if url else FolderPlace(folder)


def reach_server(url: str, token: str | None = None) -> tuple[str, StoreError | None]:
    """A server's address as it may be shown, and why it cannot be used; None where it can.

    Raises:
        StoreError: the address is none.
    """
    place = ServerPlace(url, token)
    try:
        place.client().heartbeat()
    except Exception as error:  # noqa: BLE001 (Chroma raises many classes, none shared)
        return place.address, place.fault(error)
    return place.address, None


@dataclass(frozen=True, slots=True)
class _Opened:
    client: ClientAPI
    token: str
    inode: int


class FolderPlace:
    """A folder of this machine; all of this process that open it share one client."""

    _opened: dict[Path, _Opened] = {}  # noqa: RUF012 (of the process, as Chroma's own)
    _opening = threading.Lock()

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def client(self) -> ClientAPI:
        """A client of the folder, which is made where it is missing.

        While another process writes, the client that was open before stays: it shows the state before.
        """
        with self._opening:
            known = self._opened.get(self._folder)
            now = self._state()
            is_foreign = now is not None and (now.is_writing or not is_as_left(self._folder))
            is_known = known is not None and known.token == (now.token if now else "")
            if known is not None and self._inode() == known.inode and (is_known or is_foreign):
                return known.client
            client = _fresh_client(self._folder)
            self._opened[self._folder] = _Opened(client, now.token if now else "", self._inode())
            return client

    def generation(self, collection: str) -> Generation | None:
        """The generation of the folder; None where it is no longer the folder that was opened."""
        known = self._opened.get(self._folder)
        if known is not None and known.inode != self._inode():
            return None
        return self._state()

    def move_on(self, collection: str, *, is_writing: bool) -> None:
        """Writes the next generation; the lock of the index is held."""
        token = uuid.uuid4().hex
        write_generation(self._folder, Generation(token, is_writing))
        with self._opening:
            if known := self._opened.get(self._folder):
                self._opened[self._folder] = _Opened(known.client, token, known.inode)

    def fault(self, error: BaseException) -> StoreError:
        """A fault of the folder."""
        return folder_fault(self._folder, error)

    def is_sound(self) -> bool:
        """Whether Chroma's files are those that the last writer left."""
        return is_as_left(self._folder)

    def mend(self, tell: Tell) -> None:
        """Looks into files that are not as they were left (a writer was killed, a disk broke).

        Another process looks, since what hnswlib cannot load may bring its process down.
        """
        if self.is_sound():
            return
        if problem := look_into(self._folder):
            self.set_aside(Text(problem, problem), tell)
        else:
            write_generation(self._folder, Generation(uuid.uuid4().hex, is_writing=False))

    def set_aside(self, why: Text, tell: Tell) -> None:
        """Puts the folder away and removes it; whoever still has it open goes on reading it."""
        tell(
            Text(
                en=f"The index in {self._folder} is damaged and is made again from the notes ({why.en}).",
                zh=f"{self._folder} 中的索引已损坏，正在根据笔记重新生成（{why.zh}）。",
            )
        )
        with self._opening:
            self._opened.pop(self._folder, None)
        aside = self._folder.with_name(f"{self._folder.name}.damaged")
        shutil.rmtree(aside, ignore_errors=True)
        self._folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)

    def _state(self) -> Generation | None:
        return read_generation(self._folder)

    def _inode(self) -> int:
        with suppress(OSError):
            return (self._folder / "chroma.sqlite3").stat().st_ino
        return 0


class ServerPlace:
    """A Chroma server, by its address; user and password in it, or a token, are sent along.

    Raises:
        StoreError: the address is none.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._parts = urlsplit(url)
        self.address = _address(self._parts)
        self._token = token
        self._client: ClientAPI | None = None
        self._opening = threading.Lock()

    def client(self) -> ClientAPI:
        """A client of the server; it finds the server again by itself after a time without it."""
        import chromadb

        with self._opening:
            if self._client is None:
                self._client = chromadb.HttpClient(
                    self.address,
                    ssl=self._parts.scheme == "https",
                    headers=_credentials(self._parts, self._token),
                    settings=_settings(),
                )
                _limit_waiting(self._client)
            return self._client

    def generation(self, collection: str) -> Generation | None:
        """The generation kept with a collection."""
        import chromadb.errors

        with suppress(chromadb.errors.NotFoundError):
            metadata = self.client().get_collection(collection, embedding_function=None).metadata or {}
            if token := metadata.get("generation"):
                return Generation(str(token), is_writing=bool(metadata.get("writing")))
        return None

    def move_on(self, collection: str, *, is_writing: bool) -> None:
        """Keeps the next generation with the collection."""
        held = self.client().get_collection(collection, embedding_function=None)
        token = uuid.uuid4().hex
        held.modify(metadata={**(held.metadata or {}), "generation": token, "writing": is_writing})

    def fault(self, error: BaseException) -> StoreError:
        """A fault of the server or of the way to it."""
        return server_fault(self.address, error)

    def is_sound(self) -> bool:
        """A server sees to its own files."""
        return True

    def mend(self, tell: Tell) -> None:
        """A server sees to its own files."""

    def set_aside(self, why: Text, tell: Tell) -> None:
        """A server sees to its own files; its own fault is what is told."""


def _fresh_client(folder: Path) -> ClientAPI:
    """A client that shares nothing with one opened earlier; Chroma keeps one for each path otherwise.

    The earlier one is left to whoever still searches with it, and closed with the last of them.
    """
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    folder.mkdir(parents=True, exist_ok=True)
    SharedSystemClient._identifier_to_system.pop(str(folder), None)
    SharedSystemClient._identifier_to_refcount.pop(str(folder), None)
    return chromadb.PersistentClient(str(folder), settings=_settings())


def _settings() -> Settings:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _address(parts: SplitResult) -> str:
    """The server's address without user and password; port 8000 is Chroma's own.

    Raises:
        StoreError: it is no address of a server.
    """
    try:
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        is_address = False
    if not is_address:
        raise StoreError(
            Text(
                en="DOCKNOTES_CHROMA_URL is no address of a Chroma server. Write it like "
                "http://127.0.0.1:8000 or https://user:password@chroma.example.com.",
                zh="DOCKNOTES_CHROMA_URL 不是 Chroma 服务的地址。请写成 http://127.0.0.1:8000 或 "
                "https://user:password@chroma.example.com 这样的形式。",
            )
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"


def _credentials(parts: SplitResult, token: str | None) -> dict[str, str]:
    """Headers that let us in: a token as Chroma Cloud and as proxies before a server take it."""
    if token:
        return {"Authorization": f"Bearer {token}", "x-chroma-token": token}
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return {}


def _limit_waiting(client: ClientAPI) -> None:
    """Chroma's client waits without end for a server that has stopped answering; ours does not."""
    import httpx

    with suppress(AttributeError):
        session = client._server._session  # type: ignore[attr-defined]
        session.timeout = httpx.Timeout(SECONDS_TO_ANSWER, connect=SECONDS_TO_CONNECT)
