"""``docker build`` with the Engine's own builder: the folder is packed here, each image used by its id.

Source: Engine API reference, ``POST /build`` (version 1, without BuildKit).
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path

from assistant.errors import CommandError, ImageUnavailableError, RefusedPlanError
from assistant.execution.images import image_id, pull_image
from assistant.execution.made_images import full_name
from assistant.execution.others.archives import Counted
from assistant.execution.others.context import packed
from assistant.execution.others.image_names import check_taken, ids_now, named, taken
from assistant.execution.others.job import Carrier, Job, Look, Steps
from assistant.execution.outcome import Ending, ending_of
from assistant.execution.pump import Pump
from assistant.execution.session import Cancelled
from assistant.execution.workspace_files import open_in_workspace
from assistant.protocols import Engine
from assistant.values import Created, JsonObject, OtherCommand, Output, Progress
from knowledge.language import Text

_STEP = re.compile(r"Step (\d+)/(\d+) : ")
_LAYER = re.compile(r" ---> ([0-9a-f]{12})\s*")
_DOCKERFILE = "Dockerfile"


def _names(action: OtherCommand) -> list[str]:
    return list(dict.fromkeys(full_name(name) for name in action.flags.get("tag", ())))


def _look(engine: Engine, action: OtherCommand, workspace: Path) -> Look:
    """The names that would be taken; the images built on as they are now, and the Dockerfile as it is."""
    from assistant.commands.others.builds import digest, parsed

    data = _dockerfile(action, workspace)
    stamps = {_DOCKERFILE: digest(data)}
    for image in parsed(data, action).images:
        there = image_id(engine, image)
        if there is not None and not action.is_on("pull"):
            stamps[image] = there
    return Look(tuple(taken(engine, _names(action))), stamps)


def _dockerfile(action: OtherCommand, workspace: Path) -> bytes:
    from assistant.commands.others.builds import dockerfile_path

    with open_in_workspace(workspace, dockerfile_path(action, workspace)) as file:
        return file.read(1024 * 1024)


def _steps(job: Job) -> Steps:
    names = _names(job.action)
    text = yield from _text(job)
    check_taken(job, names)
    before = {name: image_id(job.engine, name) for name in names}
    known = ids_now(job.engine)
    query = dict(next(op for op in job.plan.operations if op.sent == "here").query)
    query["labels"] = query["labels"].replace("{run}", job.session.run)
    query["dockerfile"] = _path_in_context(job)
    query |= {"t": names[0]} if names else {}
    query.pop("pull", None)
    seen: list[str] = []
    with tempfile.TemporaryFile(dir=job.lock.parent) as archive:
        context = _context(job)
        packed(
            archive,
            job.workspace,
            context,
            dockerfile=query["dockerfile"],
            text=text,
            stop=lambda: _stop_if_asked(job),
        )
        deadline = time.monotonic() + job.limits.time_seconds
        messages = job.engine.messages("build", query=query, data=Counted(archive, context))
        pump = Pump(messages, cancel=job.session.cancel, deadline=deadline)
        built = ""
        try:
            for items in pump:
                for item in items:
                    built = str((item.get("aux") or {}).get("ID") or built)
                    yield from _shown(item, seen)
        finally:
            _note_layers(job, [*seen, built], known)
            lost = list(_first_name(job, before, known))
    yield from lost
    if pump.timed_out:
        return ending_of(None, stopped="timed_out")
    if pump.cancelled:
        raise Cancelled
    return (yield from _named(job, built, before, known))


def _first_name(job: Job, before: Mapping[str, str | None], known: set[str]) -> Iterable[Output]:
    """The name the Engine has given to what it built, also where nobody waited for its last word."""
    for name, old in list(before.items())[:1]:
        now = image_id(job.engine, name)
        if now not in {None, old}:
            yield from named(job, str(now), {name: old}, known)


def _named(job: Job, built: str, before: Mapping[str, str | None], known: set[str]) -> Steps:
    """The names of what was built; the first one it has already, by the Engine."""
    if not built:
        return Ending("failed", None, _NOTHING)
    image = str(job.engine.inspect("image", built)["Id"])
    for name in list(before)[1:]:
        repository, _, tag = name.rpartition(":")
        job.engine.send("POST", "images", image, "tag", query={"repo": repository, "tag": tag})
    yield from named(job, image, dict(list(before.items())[1:]), {*known, image})
    return Ending("succeeded")


def _stop_if_asked(job: Job) -> None:
    if job.session.cancel.is_set():
        raise Cancelled


def _context(job: Job) -> str:
    from assistant.commands.files import guarded_path

    return guarded_path("build", job.action.args[0], job.workspace)


def _path_in_context(job: Job) -> str:
    from assistant.commands.others.builds import dockerfile_path

    return dockerfile_path(job.action, job.workspace)[len(_context(job)) :].lstrip("/")


# ---- the Dockerfile


def _text(job: Job) -> Generator[Progress, None, str]:
    """The Dockerfile that is sent: judged again, and each image from outside by its id.

    Raises:
        RefusedPlanError: it, or an image it takes, is another one than when the person approved.
    """
    from assistant.commands.others.builds import digest, dockerfile_reasons, parsed

    data = _dockerfile(job.action, job.workspace)
    if digest(data) != job.stamps.get(_DOCKERFILE):
        raise RefusedPlanError(_CHANGED)
    try:
        dockerfile = parsed(data, job.action)
    except CommandError as error:
        raise RefusedPlanError(error.text) from error
    _refuse(reason.text for reason in dockerfile_reasons(dockerfile, job.policy))
    ids: dict[str, str] = {}
    for image in dockerfile.images:
        if image not in job.stamps:
            yield from pull_image(job.engine, image, job.action.last("platform"), job.session)
        now = image_id(job.engine, image)
        if now is None or now != job.stamps.get(image, now):
            raise RefusedPlanError(_ANOTHER.filled(name=image))
        _check_triggers(job.engine, image, now)
        ids[image] = now
    return dockerfile.pinned(ids)


def _check_triggers(engine: Engine, name: str, image: str) -> None:
    """An image may bring instructions of its own, which are done before any other.

    Raises:
        RefusedPlanError: one of them would be refused in a Dockerfile.
    """
    from assistant.commands.dockerfile import trigger
    from assistant.commands.others.builds import instruction_reasons

    for text in (engine.inspect("image", image).get("Config") or {}).get("OnBuild") or ():
        try:
            instruction = trigger(str(text))
        except CommandError as error:
            raise RefusedPlanError(error.text) from error
        if instruction.name in {"ONBUILD", "FROM"} or dict(instruction.flags).get("from"):
            raise RefusedPlanError(_TRIGGER.filled(name=name))
        _refuse(reason.text for reason in instruction_reasons(instruction))


def _refuse(texts: Iterable[Text]) -> None:
    for text in texts:
        raise RefusedPlanError(text)


# ---- what the builder says


def _shown(item: JsonObject, seen: list[str]) -> Iterable[Output | Progress]:
    """A message as it is shown; ids of the layers are noted on the way."""
    text = str(item.get("stream") or "")
    if match := _LAYER.fullmatch(text):
        seen.append(match[1])
    if match := _STEP.match(text):
        yield Progress(_DOCKERFILE, text.strip(), int(match[1]) - 1, int(match[2]))
    if text:
        yield Output(text)
    elif item.get("status"):
        yield Progress(str(item.get("id", "")), str(item["status"]))


def _note_layers(job: Job, seen: list[str], known: set[str]) -> None:
    """Notes the images the build left, also one that failed: those without a name that were not there before.

    The steps of a build may print what they like, so an image that has a name is nobody's layer.
    """
    for image in dict.fromkeys(filter(None, seen)):
        try:
            found = job.engine.inspect("image", image)
        except ImageUnavailableError:
            continue
        identity = str(found["Id"])
        if identity not in known and not found.get("RepoTags"):
            known.add(identity)
            job.session.made(Created("image", identity))


_CHANGED = Text(
    "The Dockerfile was changed since you approved; look at the command again.",
    "批准之后 Dockerfile 发生了变化；请重新查看这条命令。",
)
_ANOTHER = Text(
    "The image {name} is another one than when you approved; look at the command again.",
    "镜像 {name} 与批准时的不是同一个；请重新查看这条命令。",
)
_TRIGGER = Text(
    "The image {name} brings instructions of its own (ONBUILD) that are not done here.",
    "镜像 {name} 自带的 ONBUILD 指令在这里不被允许。",
)
_NOTHING = Text("The builder did not say what it built.", "构建器没有给出结果。")

CARRIERS: dict[str, Carrier] = {"build": Carrier(_steps, look=_look)}
