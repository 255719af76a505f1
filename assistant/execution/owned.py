"""Whose a container is. Its labels alone do not tell: a container inherits those of its image."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.errors import ImageUnavailableError, ObjectMissingError
from assistant.execution.session import RUN_LABEL, is_owned
from assistant.protocols import Engine
from assistant.values import JsonObject


class Owned:
    """Tells containers that docknotes made from others; asks for each image once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._labels_of_images: dict[str, Mapping[str, str] | None] = {}

    def __contains__(self, container: object) -> bool:
        """Whether docknotes made a container, given as it was listed or inspected.

        Every container of ours bears the label of its run, set when it was made. One that has it from
        its image was made by somebody else, and where the image is gone, nobody knows.

        Raises:
            EngineUnavailableError: no Engine answers.
        """
        if not isinstance(container, Mapping):
            return False
        config = container.get("Config") or {}
        labels = config.get("Labels") or container.get("Labels") or {}
        run = labels.get(RUN_LABEL)
        if not is_owned(labels) or not run:
            return False
        inherited = self._image_labels(_image_of(container, config))
        return inherited is not None and inherited.get(RUN_LABEL) != run

    def _image_labels(self, image: str) -> Mapping[str, str] | None:
        if image not in self._labels_of_images:
            try:
                config = self._engine.inspect("image", image).get("Config") or {}
                self._labels_of_images[image] = config.get("Labels") or {}
            except (ImageUnavailableError, ObjectMissingError):
                self._labels_of_images[image] = None
        return self._labels_of_images[image]


def _image_of(container: JsonObject, config: JsonObject) -> str:
    return str(container.get("ImageID") or container.get("Image") or config.get("Image") or "")
