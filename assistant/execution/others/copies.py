"""``docker cp``: files out of a container into the workspace, and from there into a container.

On this machine nothing is reached by a path that somebody could swap meanwhile: everything is opened from
the folder above it, and links are left out. In the container the Engine itself sees to it.

Source: Engine API, ``/containers/{id}/archive``; docker CLI 28.2, ``cp``.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import posixpath
import stat
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from assistant.commands.files import guarded_path
from assistant.commands.others.copies import side_of
from assistant.errors import ExecutionError, ObjectMissingError
from assistant.execution.clean import clean
from assistant.execution.others.context import add, below
from assistant.execution.others.job import Carrier, Job, Steps, containers_named
from assistant.execution.others.reaching import check_copied_from, check_reach
from assistant.execution.others.unpacking import MOST_BYTES, MOST_FILES, TOO_MUCH, unpacked
from assistant.execution.outcome import Ending
from assistant.execution.pump import Pump
from assistant.execution.session import Cancelled
from assistant.execution.workspace_files import (
    open_folder_in_workspace,
    open_in_workspace,
    refuse_existing,
)
from assistant.protocols import Engine
from assistant.values import OtherCommand, Output, Progress, Touched
from knowledge.language import Text


def _container_named(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    sides = (side_of(argument) for argument in action.args)
    return containers_named(engine, [side[0] for side in sides if side is not None])


def _copied(job: Job) -> Steps:
    source, target = job.action.args
    out = side_of(source)
    into = side_of(target)
    if out is not None:
        return (yield from _out(job, out[1], target))
    assert into is not None  # noqa: S101 (one of the two is in a container)
    return (yield from _into(job, source, into[1]))


# ---- out of a container


def _out(job: Job, path: str, target: str) -> Steps:
    """The files go to a folder of their own first, which gets its name when all of them are there."""
    (container,) = job.frozen("container")
    check_copied_from(job.engine, job.engine.inspect("container", container.id), job.workspace)
    place = _Place.of(job, path, target)
    stream = job.engine.download("containers", container.id, "archive", query={"path": path})
    pump = Pump(stream, cancel=job.session.cancel)
    done = 0
    with tempfile.TemporaryFile(dir=job.lock.parent) as archive:
        for pieces in pump:
            for piece in pieces:
                done += len(piece)
                if done > MOST_BYTES:
                    raise ExecutionError(TOO_MUCH)
                archive.write(piece)
            yield Progress(target, "Copying", done)
        if pump.cancelled:
            raise Cancelled
        archive.seek(0)
        with open_folder_in_workspace(job.workspace, place.folder) as folder:
            left_out = unpacked(archive, folder, place.name, contents=path.endswith("/."))
    if left_out:
        yield Output(_said(_LEFT_OUT, ", ".join(left_out[:5])), "stderr")
    yield Output(f"{posixpath.join(place.folder, place.name)}\n")
    return Ending("succeeded")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where files go: a folder of the workspace that is there, and a name that is free in it."""

    folder: str
    name: str

    @classmethod
    def of(cls, job: Job, path: str, target: str) -> _Place:
        absolute = guarded_path("cp", target, job.workspace)
        own_name = posixpath.basename(path.rstrip("/")) or "root"
        if Path(absolute).is_dir() and own_name not in {".", ".."}:
            folder, name = absolute, own_name
        else:
            folder, name = os.path.split(absolute)
        refuse_existing(job.workspace, posixpath.join(folder, name))
        return cls(folder, name)


# ---- into a container


def _into(job: Job, source: str, path: str) -> Steps:
    (container,) = job.frozen("container")
    check_reach(job.engine, job.engine.inspect("container", container.id), job.workspace)
    where, name = _target(job, container.id, source, path)
    with tempfile.TemporaryFile(dir=job.lock.parent) as archive:
        left_out = _packed(job, archive, source, name)
        size = archive.tell()
        archive.seek(0)
        yield Progress(source, "Sending", 0, size)
        query = {"path": where, "noOverwriteDirNonDir": "true"}
        job.engine.upload("containers", container.id, "archive", query=query, data=archive)
        yield Progress(source, "Sent", size, size)
    if left_out:
        yield Output(_said(_LEFT_OUT, ", ".join(left_out[:5])), "stderr")
    return Ending("succeeded")


def _target(job: Job, container: str, source: str, path: str) -> tuple[str, str]:
    """The folder in the container that takes the archive, and the name of what is in it there."""
    own_name = Path(guarded_path("cp", source, job.workspace)).name
    details = _details(job.engine, container, path)
    if details is not None and details.get("mode", 0) & _GO_FOLDER:
        return path, own_name
    if path.endswith("/"):
        raise ObjectMissingError(_NO_FOLDER.filled(what=path))
    folder, name = posixpath.split(path)
    return folder or "/", name


def _details(engine: Engine, container: str, path: str) -> dict[str, Any] | None:
    """What the Engine says of a path in a container; None where there is nothing."""
    try:
        said = engine.head("containers", container, "archive", query={"path": path})
    except ObjectMissingError:
        return None
    try:
        found = json.loads(base64.b64decode(said.get("X-Docker-Container-Path-Stat", "")))
    except (binascii.Error, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _packed(job: Job, archive: IO[bytes], source: str, name: str) -> list[str]:
    """Writes the archive of a file or folder of the workspace, links left out; which is returned."""
    left_out: list[str] = []
    size = 0
    absolute = guarded_path("cp", source, job.workspace)

    def stop() -> None:
        if job.session.cancel.is_set():
            raise Cancelled

    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        if not Path(absolute).is_dir():
            with open_in_workspace(job.workspace, absolute) as file:
                info = tarfile.TarInfo(name)
                details = os.fstat(file.fileno())
                info.size, info.mode, info.mtime = (
                    details.st_size,
                    details.st_mode & 0o777,
                    int(details.st_mtime),
                )
                if info.size > MOST_BYTES:
                    raise ExecutionError(TOO_MUCH)
                tar.addfile(info, file)
            return left_out
        top = tarfile.TarInfo(name)
        top.type, top.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(top)
        with open_folder_in_workspace(job.workspace, absolute) as folder:
            for count, entry in enumerate(below(folder)):
                stop()
                size += entry.details.st_size if stat.S_ISREG(entry.details.st_mode) else 0
                if size > MOST_BYTES or count >= MOST_FILES:
                    raise ExecutionError(TOO_MUCH)
                if stat.S_ISLNK(entry.details.st_mode):
                    left_out.append(entry.path)
                else:
                    add(tar, replace(entry, path=f"{name}/{entry.path}"))
    return left_out


def _said(text: Text, what: str) -> str:
    full = text.filled(what=clean(what))
    return f"{full.en} / {full.zh}\n"


_GO_FOLDER = 1 << 31
"""Bit of a folder in the Engine's file modes. Source: Go, io/fs, ModeDir."""
_LEFT_OUT = Text("Links and special files were left out: {what}.", "已略过链接和特殊文件：{what}。")
_NO_FOLDER = Text("There is no folder {what} in the container.", "容器中没有目录 {what}。")

CARRIERS: dict[str, Carrier] = {"cp": Carrier(_copied, _container_named)}
