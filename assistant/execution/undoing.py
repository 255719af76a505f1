"""Takes runs back: exactly what each made on the Engine goes, and what stays is said."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import (
    EngineUnavailableError,
    ExecutionError,
    ImageUnavailableError,
    ObjectMissingError,
    RefusedPlanError,
)
from assistant.execution.cleanup import remove_networks
from assistant.execution.containers import remove_network
from assistant.execution.ledger import Ledger
from assistant.execution.made_images import RENAMED, gives_names, makes_image
from assistant.execution.session import RUN_LABEL, is_owned
from assistant.execution.volumes import is_unnamed
from assistant.protocols import Engine
from assistant.values import Created, Decision, Operation, Run
from knowledge.language import Text

_ORDER = ("container", "network", "volume", "image")


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of the objects of some runs, and what no undo takes back.

    ``gone`` were not there any more; ``left`` are still there, each with the reason.
    """

    removed: tuple[Created, ...] = ()
    gone: tuple[Created, ...] = ()
    left: tuple[tuple[Created, Text], ...] = ()
    stays: tuple[Text, ...] = ()


def undo(engine: Engine, runs: Sequence[Run]) -> Undone:
    """Removes what runs made, the newest run first; a run's containers before what they use.

    Raises:
        RefusedPlanError: a run is still going on, or was carried out on another Engine.
        EngineUnavailableError: no Engine answers.
    """
    for run in runs:
        _check(engine, run)
    removed, gone, left = list[Created](), list[Created](), list[tuple[Created, Text]]()
    newest_first = sorted(runs, key=lambda run: run.started_at, reverse=True)
    for run in newest_first:
        for created in _in_order(run.created):
            why = _remove(engine, run, created)
            if why is None:
                removed.append(created)
            elif why is _GONE and (is_unnamed(created) or created.id in {item.id for item in removed}):
                continue  # it went with its container, or with its last name
            elif why is _GONE:
                gone.append(created)
            else:
                left.append((created, why))
        remove_networks(engine, run.id)  # one made anew when its container was started again
    stays = [text for run in newest_first for text in what_stays(run)]
    return Undone(tuple(removed), tuple(gone), tuple(left), tuple(dict.fromkeys(stays)))


def _in_order(made: Sequence[Created]) -> Iterator[Created]:
    """Containers before what they use, of each kind the newest first."""
    for kind in _ORDER:
        yield from (created for created in reversed(made) if created.kind == kind)


def undo_recorded(engine: Engine, ledger: Ledger, runs: Sequence[Run], *, by: str) -> Undone:
    """``undo``, with a run of its own in the ledger that says what was removed.

    Raises:
        RefusedPlanError, EngineUnavailableError: as ``undo``; nothing is recorded then.
        LedgerError: it cannot be recorded.
    """
    started = time.time()
    undone = undo(engine, runs)
    removed = "".join(f"{created.kind} {created.name or created.id}\n" for created in undone.removed)
    ledger.record(
        Run(
            id=secrets.token_hex(6),
            command=f"docknotes undo {' '.join(run.id for run in runs)}",
            question="",
            decision=Decision.ASK,
            approved_by=by,
            engine=runs[0].engine if runs else engine.address,
            started_at=started,
            ended_at=time.time(),
            outcome="failed" if undone.left else "succeeded",
            exit_code=None,
            output=removed,
            output_cut=False,
            error=undone.left[0][1] if undone.left else None,
            operations=(),
            created=(),
        )
    )
    return undone


def what_stays(run: Run) -> Iterator[Text]:
    """What a run did that no undo takes back, read from its requests."""
    yield from _files_and_names(run)
    new_volumes = {created.name for created in run.created if created.kind == "volume"}
    of_run = {"{container}", "{exec}", *_names_of_new(run)}
    for operation in _not_taken_back(run):
        kind, _, rest = operation.path.lstrip("/").partition("/")
        name, _, verb = rest.rpartition("/")
        asked = (operation.method, kind, verb)
        if operation.method == "GET" or asked in _TAKEN_BACK or name in of_run:
            continue
        if (operation.as_run or {}).get("Container") in of_run or (name, verb) == ("{each}", "stop"):
            continue  # gone with the container, or said with its removal
        if asked == ("POST", "images", "create"):
            if operation.sent != "if missing" or any(item.kind == "image" for item in run.created):
                yield _PULL
        elif asked == ("POST", "containers", "create"):
            yield from _written((operation.as_run or {}).get("HostConfig") or {}, new_volumes)
        elif operation.method == "DELETE":
            yield _PRUNED if rest == "{each}" else _said(_DELETED, rest)
        else:
            yield _said(
                _KEPT.get(asked, _OTHER), name if asked in _KEPT else f"{operation.method} {operation.path}"
            )


def _names_of_new(run: Run) -> set[str]:
    """The names of the containers a run made."""
    creates = (op.query.get("name") for op in run.operations if op.path == "/containers/create")
    return {name for name in creates if name}


def _not_taken_back(run: Run) -> Iterator[Operation]:
    """The requests of a run, without those whose work is gone with the images it made."""
    for operation in run.operations:
        makes = makes_image(operation) or operation.path.endswith("/tag")
        if operation.sent != "by docker" and not makes:
            yield operation


def _files_and_names(run: Run) -> Iterator[Text]:
    if RENAMED in run.output:
        yield _NAMES
    if any(op.path == "/images/get" or op.path.endswith("/export") for op in run.operations):
        yield _FILE


def _written(host: Mapping[str, Any], new_volumes: set[str]) -> Iterator[Text]:
    """Folders of this machine and volumes from before that the container could write to."""
    for bind in host.get("Binds") or ():
        source, _, rest = str(bind).partition(":")
        if "ro" not in rest.rpartition(":")[2].split(","):
            yield _said(_WRITTEN, source)
    for mount in host.get("Mounts") or ():
        source = mount.get("Source")
        if source and not mount.get("ReadOnly") and source not in new_volumes:
            yield _said(_WRITTEN, source)


def _check(engine: Engine, run: Run) -> None:
    if run.outcome is None:
        raise RefusedPlanError(
            Text(
                f"The run {run.id} is still going on; cancel it first.",
                f"运行 {run.id} 仍在进行；请先取消它。",
            )
        )
    address = run.engine.rpartition(" ")[0]
    if address != engine.address:
        raise RefusedPlanError(
            Text(
                f"The run {run.id} was carried out on the Engine {address}; set DOCKNOTES_ENGINE to it.",
                f"运行 {run.id} 是在引擎 {address} 上执行的；请把 DOCKNOTES_ENGINE 设为该地址。",
            )
        )


# ---- one object


def _remove(engine: Engine, run: Run, created: Created) -> Text | None:
    """Removes one object; None where it is gone by this, else why it is still there (or was gone)."""
    try:
        match created.kind:
            case "container":
                engine.inspect("container", created.id)  # an id is never given twice
                engine.remove_container(created.id, force=True, volumes=True)
            case "network":
                engine.inspect("network", created.id)
                if not remove_network(engine, created.id):
                    return _IN_USE
            case "volume":
                if not is_unnamed(created) and not _is_of(engine.inspect("volume", created.name), run):
                    return _ANOTHER
                engine.remove_volume(created.name)
            case "image":
                return _remove_image(engine, run, created)
    except (ObjectMissingError, ImageUnavailableError):
        return _GONE
    except ExecutionError as error:
        if isinstance(error, EngineUnavailableError):
            raise
        return error.text
    return None


def _remove_image(engine: Engine, run: Run, created: Created) -> Text | None:
    """Its name goes, the layers with it where nothing else uses them; what it was built from stays."""
    tags = engine.inspect("image", created.id).get("RepoTags") or []
    if not created.name:
        if tags:
            return _NAMED_SINCE
    elif str(engine.inspect("image", created.name)["Id"]) != created.id:
        return _ANOTHER
    elif len(tags) == 1 and Created("image", created.id) not in run.created and gives_names(run):
        return _LAST_NAME  # the image was there before
    engine.send("DELETE", "images", created.name or created.id, query={"noprune": "1"})
    return None


def _is_of(volume: Mapping[str, Any], run: Run) -> bool:
    """Whether a volume is the very one a run made: names of volumes can be given anew."""
    labels = volume.get("Labels") or {}
    return is_owned(labels) and labels.get(RUN_LABEL, run.id) == run.id


def _said(text: Text, name: str) -> Text:
    return Text(text.en.format(name=name), text.zh.format(name=name))


_GONE = Text("It was gone already.", "它之前就已经不在了。")
_IN_USE = Text("A container still uses it.", "仍有容器在使用它。")
_ANOTHER = Text(
    "Something else bears this name now; it was not made by this run.",
    "现在使用这个名称的是另一个对象，不是由这次运行创建的。",
)
_PULL = Text(
    "A pull: the image goes where this run brought it, the download itself does not come back.",
    "拉取：由这次运行带来的镜像会被删除，但已下载的流量无法收回。",
)
_PUSH = Text(
    "What was pushed ({name}) stays in the registry.",
    "已推送的内容（{name}）会留在镜像仓库中。",
)
_STOPPED = Text(
    "{name} was stopped; it can be started again, what was in its memory is lost.",
    "{name} 已被停止；可以再次启动，但内存中的内容已丢失。",
)
_DELETED = Text("{name} was removed, and does not come back.", "{name} 已被删除，无法恢复。")
_FILE = Text("The file that was written stays in the workspace.", "写入工作区的文件会保留。")
_NAMES = Text(
    "A name that meant another image before does not go back to it.",
    "原来指向其他镜像的名称不会恢复。",
)
_PRUNED = Text("What was pruned does not come back.", "已清理的对象无法恢复。")
_NAMED_SINCE = Text("It has got another name since.", "它之后又有了别的名称。")
_LAST_NAME = Text(
    "The image has no other name any more, so it would go with this one; `docker rmi` removes it.",
    "该镜像已没有其他名称，去掉这个名称就会删除镜像；可以用 `docker rmi` 删除它。",
)
_KEPT = {
    ("POST", "images", "push"): _PUSH,
    ("POST", "containers", "stop"): _STOPPED,
    ("POST", "containers", "kill"): _STOPPED,
    ("POST", "containers", "start"): Text(
        "{name} was started, and stays so; `docker stop {name}` stops it.",
        "{name} 已被启动，会保持运行；可以用 `docker stop {name}` 停止。",
    ),
    ("POST", "containers", "restart"): Text(
        "{name} was restarted; what was in its memory is lost.", "{name} 已被重启；内存中的内容已丢失。"
    ),
    ("POST", "containers", "pause"): Text(
        "{name} was paused; `docker unpause {name}` lets it go on.",
        "{name} 已被暂停；可以用 `docker unpause {name}` 恢复。",
    ),
    ("POST", "containers", "unpause"): Text("{name} was let go on.", "{name} 已恢复运行。"),
    ("POST", "containers", "rename"): Text("{name} keeps its new name.", "{name} 会保留新名称。"),
    ("POST", "containers", "update"): Text("{name} keeps its new limits.", "{name} 会保留新的限制。"),
    ("POST", "containers", "exec"): Text(
        "What the program inside {name} changed there stays.", "程序在 {name} 内所做的改动会保留。"
    ),
}
"""What a request leaves behind: method, kind of object and verb to the words."""
_TAKEN_BACK = frozenset(
    {
        ("POST", "networks", "create"),
        ("POST", "volumes", "create"),
        ("POST", "images", "tag"),
        ("POST", "containers", "wait"),
        ("POST", "containers", "attach"),
    }
)
"""Requests that leave nothing behind once what they created is gone."""
_WRITTEN = Text("What it wrote to {name} stays there.", "写入 {name} 的内容会保留。")
_OTHER = Text("The request {name} is not taken back.", "请求 {name} 不会被撤销。")
