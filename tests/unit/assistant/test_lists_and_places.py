"""Lists are shown as the notes have them, places the best first, errors from their own section."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Docker

## Network drivers at a glance

| Driver | Meaning |
| --- | --- |
| `bridge` | the default |
| `overlay` | across hosts |

List all networks:

```bash
docker network ls
```

## Options of docker commit

- `-a` (`--author`): who made it.
- `-m` (`--message`): what changed.

List containers before a commit.

## Thirteen options of docker greet

{items}

## Common errors

### No daemon: Cannot connect to the Docker daemon

`Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?` means
that the service does not run. Nobody else is to blame.

Start the service:

```bash
sudo systemctl start docker
```

### Pods

- `ImagePullBackOff`: the image name is wrong.
- `CrashLoopBackOff`: the program ends again and again.

### Disk full: no space left on device

See what takes the space:

```bash
docker system df
```

## Building

What the builder is given leaves out what `.dockerignore` names, among other things.

## The file .dockerignore

Write one line of `.dockerignore` for each folder that stays out.
""".replace("{items}", "\n".join(f"- `--n{n}`: greets {n} times" for n in range(1, 14)))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def test_a_table_is_shown_whole_and_without_commands(library: Library) -> None:
    got = asked(library, "which network drivers are there")
    assert "| Driver | Meaning |\n| --- | --- |\n| `bridge` | the default |\n| `overlay`" in got.text
    assert got.commands == ()


def test_a_list_is_shown_whole(library: Library) -> None:
    got = asked(library, "list the options of docker commit")
    assert "- `-a` (`--author`): who made it. [1]\n- `-m` (`--message`): what changed. [2]" in got.text
    assert got.commands == ()


def test_a_long_list_is_begun_and_its_place_named(library: Library) -> None:
    got = asked(library, "which options of docker greet are there")
    assert "`--n10`" in got.text
    assert "`--n11`" not in got.text
    assert "The list goes on: 3 more in Docker > Thirteen options of docker greet." in got.text


def test_the_headings_under_one_are_a_list_too(library: Library) -> None:
    got = asked(library, "what errors are common")
    assert "- No daemon: Cannot connect to the Docker daemon [1]" in got.text
    assert "- Disk full: no space left on device [3]" in got.text


def test_what_is_there_is_told_by_a_command(library: Library) -> None:
    assert [c.command.text for c in asked(library, "what networks are there").commands] == [
        "docker network ls"
    ]


def test_the_place_that_tells_most_comes_first_with_its_line(library: Library) -> None:
    got = asked(library, "where did I write about .dockerignore?")
    first, second = [line for line in got.text.splitlines() if line.startswith("- ")]
    assert first.startswith(
        "- docker.md: Docker > The file .dockerignore [1] — Write one line of `.dockerignore`"
    )
    assert second.startswith("- docker.md: Docker > Building [2]")
    assert got.commands == ()


def test_the_sentence_of_an_error_is_whole_and_comes_with_what_follows(library: Library) -> None:
    error = (
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    )
    got = asked(library, error)
    said, after = got.text.split("What docknotes knows of this error")
    assert f"- `{error}` means that the service does not run. [1]\n- Nobody else is to blame. [2]" in said
    assert "Pull" not in said
    assert "sudo systemctl start docker" in after


def test_of_a_list_of_errors_only_the_one_is_told(library: Library) -> None:
    got = asked(library, "Error: pod web is waiting: ImagePullBackOff: the image name")
    assert "ImagePullBackOff" in got.text
    assert "again and again" not in got.text


def test_an_error_without_a_sentence_of_its_own_begins_with_the_cause(library: Library) -> None:
    got = asked(library, "no space left on device")
    assert got.text.startswith("What docknotes knows of this error, not from your notes:")
    assert got.commands[0].command.text == "docker system df"
