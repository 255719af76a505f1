"""What nobody asked for is not offered beside what was: above all nothing that removes or stops."""

from __future__ import annotations

import pytest

from assistant.acts import done_by
from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Containers

## Start a container again

Start a stopped container again:

```bash
docker start web
```

Stop a container:

```bash
docker stop web
```

## Why a container stops

A container runs as long as its main process; a container that stops right after its start had nothing to do.

See the output of a container, also of one that stopped right after its start:

```bash
docker logs web
```

Show all containers, also those that stopped:

```bash
docker ps -a
```

## Copy files

Copy a file of this machine into the container:

```bash
docker cp index.html web:/srv/index.html
```

Copy a file out of the container to this machine:

```bash
docker cp web:/srv/index.html .
```

## Use a volume

Create a volume:

```bash
docker volume create data
```

Remove a volume:

```bash
docker volume rm data
```
"""
ENDS = frozenset({"remove", "clean", "stop"})


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def lines(library: Library, question: str) -> list[str]:
    return [one.command.text for one in asked(library, question).commands]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("how do I create a volume", "docker volume create data"),
        ("how to start a stopped container again", "docker start web"),
        ("how do I see the output of a container", "docker logs web"),
    ],
)
def test_nothing_that_ends_something_stands_beside_what_does_not(
    library: Library, question: str, line: str
) -> None:
    offered = lines(library, question)
    assert line in offered
    assert not any(ENDS & done_by("act", other) for other in offered)


@pytest.mark.parametrize(
    ("question", "line"),
    [("how do I remove a volume", "docker volume rm data"), ("how to stop a container", "docker stop web")],
)
def test_what_ends_something_is_offered_where_that_is_asked_for(
    library: Library, question: str, line: str
) -> None:
    assert line in lines(library, question)


def test_what_stops_by_itself_is_looked_at_and_not_stopped(library: Library) -> None:
    offered = lines(library, "why does my container stop right after its start")
    assert "docker logs web" in offered
    assert not {"docker stop web", "docker start web"} & set(offered)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("how do I copy a file out of the container", "docker cp web:/srv/index.html ."),
        ("how do I copy a file into the container", "docker cp index.html web:/srv/index.html"),
    ],
)
def test_files_are_copied_the_way_that_is_asked_for(library: Library, question: str, line: str) -> None:
    assert lines(library, question)[0] == line
