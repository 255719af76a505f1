"""Images: pulled where they are missing, and used by their id, so that a name given anew changes nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from assistant.errors import ImageUnavailableError, RefusedPlanError
from assistant.execution.pump import Later, Pump
from assistant.execution.session import Cancelled, Session
from assistant.protocols import Engine
from assistant.values import Action, Created, JsonObject, Progress, RunContainer
from knowledge.language import Text

IMAGE_LABEL = "docknotes.image"
"""The name of the image a container was made from; the Engine itself is told its id."""


def image_to_freeze(engine: Engine, action: Action) -> str | None:
    """The id of the image an approval of this action holds for; None where the image is to be pulled."""
    if not isinstance(action, RunContainer) or action.pull == "always":
        return None
    return image_id(engine, action.image)


def image_to_use(
    engine: Engine, action: RunContainer, frozen: str | None, session: Session
) -> Generator[Progress, None, str | None]:
    """The id of the image to make the container from: the frozen one, or the one that is pulled now.

    None where there is none and it is not to be pulled.

    Raises:
        RefusedPlanError: the name means another image than when the person approved.
        ImageUnavailableError: the image cannot be had.
    """
    if frozen is None and action.pull != "never":
        yield from pull_image(engine, action.image, action.platform, session)
        return image_id(engine, action.image)
    found = image_id(engine, action.image)
    if found != frozen:
        raise RefusedPlanError(
            Text(
                f"The image {action.image} is another one than when you approved; look at the command again.",
                f"镜像 {action.image} 与批准时的不是同一个；请重新查看这条命令。",
            )
        )
    return found


def from_image(body: JsonObject, image: str | None) -> JsonObject:
    """A create body that names its image by id, with the name kept in a label."""
    if image is None:
        return body
    labels = {**(body.get("Labels") or {}), IMAGE_LABEL: body["Image"]}
    return {**body, "Image": image, "Labels": labels}


def pull_image(engine: Engine, reference: str, platform: str | None, session: Session) -> Iterator[Progress]:
    """Pulls an image, and notes it as made where it was not there before.

    Raises:
        Cancelled: the person cancelled.
        ImageUnavailableError: the image cannot be had.
        RefusedPlanError: the policy refuses pulls.
    """
    if not session.pulls:
        raise RefusedPlanError(
            Text(
                f"The image {reference} would have to be downloaded, and the policy refuses pulls.",
                f"需要下载镜像 {reference}，而策略拒绝拉取镜像。",
            )
        )
    before = image_id(engine, reference)
    pump = Pump(Later(lambda: engine.pull(reference, platform=platform)), cancel=session.cancel)
    for progress in pump:
        yield from progress
    if pump.cancelled:
        raise Cancelled
    after = image_id(engine, reference)
    if after is not None and before is None:
        session.made(Created("image", after, reference))


def image_id(engine: Engine, reference: str) -> str | None:
    """The id of an image that is on the Engine."""
    try:
        return str(engine.inspect("image", reference)["Id"])
    except ImageUnavailableError:
        return None
