"""What a run did that no undo takes back, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.execution.made_images import RENAMED, makes_image
from assistant.values import Operation, Run
from knowledge.language import Text


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
            yield _PRUNED if rest == "{each}" else _DELETED.filled(name=rest)
        else:
            yield _KEPT.get(asked, _OTHER).filled(
                name=name if asked in _KEPT else f"{operation.method} {operation.path}"
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
            yield _WRITTEN.filled(name=source)
    for mount in host.get("Mounts") or ():
        source = mount.get("Source")
        if source and not mount.get("ReadOnly") and source not in new_volumes:
            yield _WRITTEN.filled(name=source)


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
