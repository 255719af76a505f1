"""Images on a real Engine as tests need them: made by somebody else, without a name, and gone at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from assistant.execution.engine import DockerEngine
from assistant.values import Ended, Run
from tests.images import make_image
from tests.runs import Bench


@pytest.fixture
def images_kept(engine: DockerEngine) -> Iterator[None]:
    """The images are the same after a test as before it; what it left is removed and told."""
    before = names(engine)
    yield
    after = names(engine)
    for identity, name in sorted(after - before):
        engine.send("DELETE", "images", name or identity, query={"force": "1"})
    assert after == before


def names(engine: DockerEngine) -> set[tuple[str, str]]:
    return {
        (str(image["Id"]), tag if not tag.startswith("<none>") else "")
        for image in engine.list_images(all=True)
        for tag in image["RepoTags"] or [""]
    }


def identity(engine: DockerEngine, name: str) -> str:
    return str(engine.inspect("image", name)["Id"])


def foreign(engine_address: str, tag: str, word: str = "x") -> None:
    """An image somebody else made."""
    make_image(engine_address, tag, {"word": word}, ())


def dangling(engine: DockerEngine, engine_address: str, word: str) -> str:
    """An image without a name that somebody else made."""
    foreign(engine_address, "soon:nameless", word)
    image = identity(engine, "soon:nameless")
    foreign(engine_address, "soon:nameless", f"{word} again")
    engine.remove_image("soon:nameless")
    return image


def remove_all(engine: DockerEngine, *images: str) -> None:
    for image in images:
        engine.send("DELETE", "images", image, query={"force": "1"})


def run_after(at: Bench, line: str, between: Callable[[], object], *, confirmed: tuple[str, ...] = ()) -> Run:
    """Approves a line, lets something happen (a callable), and runs it."""
    verdict = at.sandbox.review(line)
    approval = at.sandbox.approve(verdict, by="test", confirmed=confirmed)
    between()
    *_, ended = at.sandbox.run(verdict, approval=approval)
    assert isinstance(ended, Ended)
    return ended.run
