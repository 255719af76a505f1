"""Which command a question asks for: what it wants done, and what a note says of each command."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.acts import asked_for, done_by, not_wanted
from assistant.command_signs import SIGNS, Wanted
from assistant.placed import placed_in
from assistant.recommending import HITS, candidates, learned, recommend
from knowledge.library import Library
from tests.library import library_of

NOTES = """# Notes

## Containers

`docker ps` lists the running containers.

`docker ps -a` lists all containers, the stopped ones too.

Remove a stopped container:

```bash
docker rm web
```

## Images

Download an image without running it:

```bash
docker pull nginx
```

Save it to a file, and load it elsewhere:

```bash
# on the first machine
docker save -o web.tar nginx
# on the other machine
docker load -i web.tar
```

## Bread

Knead the dough for ten minutes.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def recommended(library: Library, question: str) -> list[str]:
    hits = library.matches(question, limit=HITS)
    asked = library.asked(question)
    wanted = Wanted.of(asked, library.likely(asked.question))
    found = recommend(candidates(hits, library, wanted, library.margin(asked, hits)))
    return [one.placed.command.text for one in found]


@pytest.mark.parametrize(
    ("question", "command"),
    [
        ("which containers are running?", "docker ps"),
        ("停止的容器也要列出来", "docker ps -a"),
        ("delete a container", "docker rm web"),
        ("只下载镜像，不运行", "docker pull nginx"),
        ("how do I load an image from a file", "docker load -i web.tar"),
        ("把镜像存成文件", "docker save -o web.tar nginx"),
    ],
)
def test_the_command_that_does_what_is_asked_comes_first(
    library: Library, question: str, command: str
) -> None:
    assert recommended(library, question)[:1] == [command]


def test_nothing_is_recommended_on_what_no_command_is_about(library: Library) -> None:
    assert recommended(library, "who won the chess tournament in Vienna last summer?") == []


def test_question_and_command_speak_of_the_same_act() -> None:
    assert asked_for("act", "get rid of it") & done_by("act", "docker rm web")
    assert asked_for("act", "把它删掉") & done_by("act", "docker rmi nginx")
    assert not asked_for("act", "download it") & done_by("act", "docker rm web")


def test_what_a_container_is_is_no_act() -> None:
    assert "stop" not in asked_for("act", "list the stopped containers")
    assert "stopped" in asked_for("state", "list the stopped containers")


def test_what_is_not_wanted_is_no_act() -> None:
    assert "start" not in asked_for("act", "download it without running")
    assert "start" in not_wanted("download it without running")
    assert "start" in not_wanted("只下载，不运行")


def test_a_command_is_placed_with_what_introduces_it(library: Library) -> None:
    note = library.notes["docker.md"]
    found = {p.command.text: p for section in library.sections("docker.md") for p in placed_in(note, section)}
    assert found["docker ps"].said == "`docker ps` lists the running containers."
    assert found["docker rm web"].said == "Remove a stopped container:"
    assert found["docker load -i web.tar"].said.endswith("on the other machine")
    assert (found["docker load -i web.tar"].number, found["docker load -i web.tar"].of) == (2, 3)


def test_what_was_learned_is_of_the_signs_there_are() -> None:
    assert len(learned().weights) == len(learned().gate) == len(SIGNS)
    assert Path(__file__).parents[3].joinpath("assistant", "data", "commands.json").is_file()
