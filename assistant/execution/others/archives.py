"""Images and containers into files of the workspace, and images out of files and containers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import IO

from assistant.commands.files import guarded_path
from assistant.errors import ExecutionError
from assistant.execution.images import image_id
from assistant.execution.made_images import full_name
from assistant.execution.others.archive_names import names_in
from assistant.execution.others.image_names import (
    check_taken,
    ids_now,
    named,
    pinned,
    put_back,
    stamps_of,
    tags_now,
    taken,
)
from assistant.execution.others.job import Carrier, Job, Look, Steps, containers_named
from assistant.execution.outcome import Ending
from assistant.execution.pump import Pump
from assistant.execution.session import Cancelled
from assistant.execution.workspace_files import open_in_workspace, written_in_workspace
from assistant.protocols import Engine, Stream
from assistant.values import JsonObject, OtherCommand, Output, Progress, Touched
from knowledge.language import Text

MOST_BYTES = 16 * 1024**3
"""The largest archive that is written or read."""
_PIECE_BYTES = 1024**2
_COMMIT_SECONDS = 600.0


def _size(path: str) -> ExecutionError:
    most = f"{MOST_BYTES // 1024**3} GiB"
    return ExecutionError(
        Text(
            f"{path} is larger than {most}; use a terminal of your own.",
            f"{path} 超过 {most}；请在自己的终端里操作。",
        )
    )


# ---- out: save and export


def _saved(engine: Engine, action: OtherCommand) -> dict[str, str]:
    return stamps_of(engine, action.args)


def _save(job: Job) -> Steps:
    for name in job.action.args:
        pinned(job, name)
    query = {"names": list(job.action.args)}
    return (yield from _written(job, lambda: job.engine.download("images", "get", query=query)))


def _exported(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return containers_named(engine, action.args)


def _export(job: Job) -> Steps:
    (container,) = job.frozen("container")
    return (yield from _written(job, lambda: job.engine.download("containers", container.id, "export")))


def _written(job: Job, download: Callable[[], Stream[bytes]]) -> Steps:
    """An archive from the Engine as a new file."""
    name = job.action.last("output") or ""
    done = 0
    with written_in_workspace(job.workspace, guarded_path("--output", name, job.workspace)) as file:
        pump = Pump(download(), cancel=job.session.cancel)
        for some in pump:
            for piece in some:
                done += len(piece)
                if done > MOST_BYTES:
                    raise _size(name)
                try:
                    file.write(piece)
                except OSError as error:
                    raise _disk(name, error) from error
            yield Progress(name, "Writing", done)
        if pump.cancelled:
            raise Cancelled
    return Ending("succeeded")


def _disk(name: str, error: OSError) -> ExecutionError:
    why = error.strerror or str(error)
    return ExecutionError(Text(f"{name} cannot be written: {why}.", f"无法写入 {name}：{why}。"))


# ---- in: import and load


def _name_taken(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    return taken(engine, [full_name(name) for name in action.args[1:]])


def _import(job: Job) -> Steps:
    source, *given = job.action.args
    names = [full_name(name) for name in given]
    check_taken(job, names)
    before = {name: image_id(job.engine, name) for name in names}
    known = ids_now(job.engine)
    written = job.plan.operations[0].query
    query = {"fromSrc": "-"} | ({"repo": names[0]} if names else {})
    query |= {key: written[key] for key in ("message",) if key in written} | _changes(job.action)
    with open_in_workspace(job.workspace, guarded_path("import", source, job.workspace)) as file:
        said = yield from sent(job, file, source, "images", "create", query=query)
    image = next((str(item["status"]) for item in reversed(said) if item.get("status")), "")
    yield Output(f"{image}\n")
    yield from named(job, str(job.engine.inspect("image", image)["Id"]), before, known)
    return Ending("succeeded")


def _changes(action: OtherCommand) -> dict[str, str]:
    """Instructions for the image's settings; the Engine reads them line by line."""
    changes = action.flags.get("change", ())
    return {"changes": "\n".join(changes)} if changes else {}


def sent(
    job: Job, file: IO[bytes], name: str, *parts: str, query: dict[str, str]
) -> Generator[Progress, None, list[JsonObject]]:
    """Sends a file to the Engine, with where it stands; returns all that the Engine said.

    Raises:
        Cancelled: the person cancelled.
    """
    counted = Counted(file, name)
    pump = Pump(job.engine.messages(*parts, query=query, data=counted), cancel=job.session.cancel)
    said: list[JsonObject] = []
    yield Progress(name, "Sending", 0, counted.size)
    for items in pump:
        said += items
    if pump.cancelled:
        raise Cancelled
    yield Progress(name, "Sent", counted.done, counted.done)
    return said


class Counted:
    """A file piece by piece, and how much of it went."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.size = file.seek(0, 2)
        file.seek(0)
        self.done = 0
        self._file = file
        if self.size > MOST_BYTES:
            raise _size(name)

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, in order."""
        while piece := self._file.read(_PIECE_BYTES):
            self.done += len(piece)
            yield piece


def _look(engine: Engine, action: OtherCommand, workspace: Path) -> Look:
    path = action.last("input") or ""
    with open_in_workspace(workspace, guarded_path("--input", path, workspace)) as file:
        found = names_in(file, path)
    return Look(tuple(item for name, image in found.items() for item in taken(engine, [name], but=image)))


def _load(job: Job) -> Steps:
    """Loads a copy that nobody else can reach, so that what was looked at is what is sent."""
    path = job.action.last("input") or ""
    with tempfile.TemporaryFile(dir=job.lock.parent) as copy:
        with open_in_workspace(job.workspace, guarded_path("--input", path, job.workspace)) as file:
            for piece in Counted(file, path):
                copy.write(piece)
                if job.session.cancel.is_set():
                    raise Cancelled
        copy.seek(0)
        found = names_in(copy, path)
        for name, image in found.items():
            check_taken(job, [name], but=image)
        before, known = tags_now(job.engine), ids_now(job.engine)
        said = yield from sent(job, copy, path, "images", "load", query={"quiet": "1"})
    lines = [str(item.get("stream", "")).strip() for item in said]
    yield Output("".join(f"{line}\n" for line in lines if line))
    loaded = [line.partition(": ")[2] for line in lines if line.startswith("Loaded image")]
    names = [full_name(name) for name in loaded if not name.startswith("sha256:")]
    wrong = put_back(job, before, names, found)
    if wrong is not None:
        return Ending("failed", None, wrong)
    for image in (name for name in loaded if name.startswith("sha256:")):
        yield from named(job, image, {}, known)
    for name in names:
        yield from named(job, str(job.engine.inspect("image", name)["Id"]), {name: before.get(name)}, known)
    return Ending("succeeded")


# ---- commit


def _committed(engine: Engine, action: OtherCommand) -> Iterable[Touched]:
    container, *given = action.args
    yield from containers_named(engine, [container])
    yield from taken(engine, [full_name(name) for name in given])


def _commit(job: Job) -> Steps:
    (container,) = job.frozen("container")
    names = [full_name(name) for name in job.action.args[1:]]
    check_taken(job, names)
    before = {name: image_id(job.engine, name) for name in names}
    known = ids_now(job.engine)
    query = {**job.plan.operations[0].query, "container": container.id, **_changes(job.action)}
    answer = job.engine.send("POST", "commit", query=query, seconds=_COMMIT_SECONDS)
    image = str(answer["Id"])
    yield Output(f"{image}\n")
    yield from named(job, image, before, known)
    return Ending("succeeded")


CARRIERS: dict[str, Carrier] = {
    "save": Carrier(_save, stamps=_saved),
    "export": Carrier(_export, _exported),
    "import": Carrier(_import, _name_taken),
    "load": Carrier(_load, look=_look),
    "commit": Carrier(_commit, _committed),
}
