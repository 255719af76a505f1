"""Names of images: what a name means now, what else the image is called, which names are taken."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from assistant.errors import ExecutionError, ImageUnavailableError, RefusedPlanError
from assistant.execution.images import image_id
from assistant.execution.made_images import RENAMED, full_name, short_id
from assistant.execution.others.job import Job
from assistant.protocols import Engine
from assistant.values import Created, JsonObject, OtherCommand, Output, Touched
from knowledge.language import Text

_NO_NAME = "<none>"


def tags_of(image: JsonObject) -> list[str]:
    """The names of an image with their tags, as the Engine lists them."""
    return [str(tag) for tag in image.get("RepoTags") or () if not str(tag).startswith(_NO_NAME)]


def named_by(image: JsonObject, word: str) -> str | None:
    """The name by which a word means an image; None where the word is its id, or the start of it."""
    if word.startswith("sha256:") or image["Id"].removeprefix("sha256:").startswith(word):
        return None
    names = [*tags_of(image), *(str(digest) for digest in image.get("RepoDigests") or ())]
    return next((name for name in names if full_name(name) == full_name(word)), word)


def to_remove(engine: Engine, words: Iterable[str], *, force: bool) -> Iterator[Touched]:
    """What ``docker rmi`` of these words would remove: names, and images that have none.

    Raises:
        RefusedPlanError: an image that goes by several names is meant by its id, without force.
    """
    for word in words:
        image = engine.inspect("image", word)
        name = named_by(image, word)
        if name is not None:
            yield Touched("image", str(image["Id"]), name, False)
        else:
            tags = tags_of(image)
            if len({tag.rpartition(":")[0] for tag in tags}) > 1 and not force:
                raise RefusedPlanError(_SEVERAL.filled(name=word, names=", ".join(tags)))
            yield from whole(image)
        yield from made_of(engine, image)


def whole(image: JsonObject) -> Iterator[Touched]:
    """An image by all its names, or by its id where it has none."""
    identity = str(image["Id"])
    for name in tags_of(image) or [short_id(identity)]:
        yield Touched("image", identity, name, False)


def made_of(engine: Engine, image: JsonObject) -> Iterator[Touched]:
    """The images without a name that a build left below an image, the nearest first."""
    while parent := str(image.get("Parent") or image.get("ParentId") or ""):
        try:
            image = engine.inspect("image", parent)
        except ImageUnavailableError:
            return
        if tags_of(image):
            return
        yield Touched("image", str(image["Id"]), "", False)


def remove(engine: Engine, item: Touched, *, force: bool = False, noprune: bool = False) -> list[str]:
    """Removes a frozen image or one of its names, and returns what the Engine says went.

    What others made is removed as docker does it, with the images without a name below it; of ours only
    what the ledger knows, and that is frozen besides.

    Raises:
        ExecutionError: it is another image now, it has got a name since, or something uses it.
    """
    nameless = item.name in {"", short_id(item.id)}
    image = engine.inspect("image", item.id if nameless else item.name)
    if str(image["Id"]) != item.id or (nameless and tags_of(image)):
        raise ExecutionError(_ANOTHER.filled(name=item.name or short_id(item.id)))
    query = {"force": "1"} if force else {}
    query |= {"noprune": "1"} if item.owned or noprune else {}
    answer = engine.send("DELETE", "images", item.id if nameless else item.name, query=query)
    return [f"{word}: {name}" for went in answer or () for word, name in went.items()]


# ---- names that are given


def taken(engine: Engine, names: Iterable[str], *, but: str | None = None) -> Iterator[Touched]:
    """The images that bear these names already and would lose them; ``but`` is the one to be named so."""
    for name in names:
        there = image_id(engine, name)
        if there is not None and there != but:
            yield Touched("image", there, name, False)


def check_taken(job: Job, names: Iterable[str], *, but: str | None = None) -> None:
    """Looks again, just before names are given: none may have been taken by an image that was not shown.

    Raises:
        RefusedPlanError: one was.
    """
    frozen = {(item.id, item.name) for item in job.frozen("image")}
    for item in taken(job.engine, names, but=but):
        if (item.id, item.name) not in frozen:
            raise RefusedPlanError(_TAKEN.filled(name=item.name))


def ids_now(engine: Engine) -> set[str]:
    """The ids of all images, also of those a build has left without a name."""
    return {str(image["Id"]) for image in engine.list_images(all=True)}


def named(job: Job, image: str, before: Mapping[str, str | None], known: Container[str]) -> Iterator[Output]:
    """Notes an image as made by this run where it is new (not ``known``), and the names it has got.

    ``before`` says what each name meant until then, None for nothing; a name that meant another image does
    not go back to it, which is said.
    """
    if image not in known:
        _note(job, Created("image", image))
    for name, old in before.items():
        if old != image:
            _note(job, Created("image", image, name))
        if old not in {None, image}:
            yield Output(f"{name} {RENAMED} ({old}).\n", "stderr")


def _note(job: Job, created: Created) -> None:
    if created not in job.session.created:
        job.session.made(created)


def tags_now(engine: Engine) -> dict[str, str]:
    """Every name of an image, in full, to the id of the image; those without a name under their own id."""
    return {
        full_name(tag): str(image["Id"])
        for image in engine.list_images(all=True)
        for tag in tags_of(image) or [str(image["Id"])]
    }


def put_back(job: Job, before: Mapping[str, str], given: Iterable[str], shown: Container[str]) -> Text | None:
    """Gives names back that an archive took without showing them; None where there are none."""
    wrong = [name for name in given if name not in shown]
    for name in wrong:
        old = before.get(name)
        repository, _, tag = name.rpartition(":")
        if old is not None:
            job.engine.send("POST", "images", old, "tag", query={"repo": repository, "tag": tag})
        else:
            job.engine.send("DELETE", "images", name, query={"noprune": "1"})
    return _HIDDEN.filled(name=", ".join(wrong)) if wrong else None


def stamps_of(engine: Engine, names: Iterable[str]) -> dict[str, str]:
    """The ids of images that are used by their names, to be kept with the approval."""
    return {name: str(engine.inspect("image", name)["Id"]) for name in names}


def stamp_of_first(engine: Engine, action: OtherCommand) -> dict[str, str]:
    """``stamps_of`` the first name of a line."""
    return stamps_of(engine, action.args[:1])


def pinned(job: Job, name: str) -> str:
    """The id of an image that is used by its name, the same as when the person approved.

    Raises:
        RefusedPlanError: the name means another image now.
        ImageUnavailableError: it means none.
    """
    now = str(job.engine.inspect("image", name)["Id"])
    if now != job.stamps.get(name):
        raise RefusedPlanError(_ANOTHER.filled(name=name))
    return now


_SEVERAL = Text(
    "The image {name} goes by several names: {names}. Name the one to be removed, or add --force.",
    "镜像 {name} 有多个名称：{names}。请写明要删除哪一个，或加上 --force。",
)
_ANOTHER = Text(
    "The image {name} is another one than when you approved; it was left alone.",
    "镜像 {name} 与批准时的不是同一个；没有改动它。",
)
_HIDDEN = Text(
    "The archive gave names it had not shown: {name}. They were put back to what they meant before.",
    "该归档给出了事先没有显示的名称：{name}。这些名称已恢复为原来的含义。",
)
_TAKEN = Text(
    "The name {name} was given to another image since you approved; look at the command again.",
    "在你批准之后，名称 {name} 已被赋予另一个镜像；请重新查看这条命令。",
)
