"""Yes-or-no questions are answered by what the notes say, not by the commands they say it at."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Containers and their data

## Remove containers

Remove a stopped container; what was written in its own layer goes with it, while named volumes stay:

```bash
docker rm -f web
```

Remove all stopped containers:

```bash
docker container prune
```

Data in a volume is still there after the container is removed.

## Settings of the daemon

The daemon reads its settings file at start, so changes need a restart of docker.

Restart docker:

```bash
sudo systemctl restart docker
```

## 容器与数据

删除容器之后，数据卷里的数据还在；容器自己那一层的数据会消失：

```bash
docker rm -v web
```
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


@pytest.mark.parametrize(
    "question",
    [
        "is the data in the volume still there after the container is removed?",
        "do named volumes stay after a stopped container is removed",
        "删除容器之后数据卷里的数据还在吗",
        "删除容器之后数据会不会消失",
    ],
)
def test_no_command_is_offered_where_a_yes_or_no_is_wanted(library: Library, question: str) -> None:
    answer = asked(library, question)
    assert answer.answered
    assert answer.commands == ()
    assert "```" not in answer.text
    assert "volumes stay" in answer.text or "still there" in answer.text or "数据还在" in answer.text


@pytest.mark.parametrize(
    "question", ["can I remove all stopped containers at once?", "能不能一次删除所有停止的容器"]
)
def test_a_polite_request_gets_its_command(library: Library, question: str) -> None:
    assert "docker container prune" in [one.command.text for one in asked(library, question).commands]


def test_what_must_be_done_comes_with_the_command_that_does_it(library: Library) -> None:
    answer = asked(library, "do I need to restart docker after changing the settings of the daemon?")
    assert "need a restart" in answer.text
    assert [one.command.text for one in answer.commands] in ([], ["sudo systemctl restart docker"])


def test_removing_is_never_what_must_be_done(library: Library) -> None:
    answer = asked(library, "do I need to remove the container to keep the data in the volume?")
    assert answer.commands == ()
