"""A line or a flag is explained part by part, as far as the notes say, and what they do not say is named."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Docker

## Tips

Start short-lived containers with `--rm`: they never get in the way.

`--restart` and `--rm` exclude each other.

## Common options of docker run

- `-d` (`--detach`): runs in the background.
- `-p` (`--publish`): publishes a port, host first.
- `-i` (`--interactive`): keeps the input open; `-t` (`--tty`): gives a terminal.
- `--rm`: removes the container when it exits.

Options go before the image name; what follows the image name is the command inside.

## Restart policies of docker run

| Policy | When |
| --- | --- |
| `always` | after every exit |
| `unless-stopped` | unless you stopped it |

## Ways to publish a port with docker run

- `-p 8080:80`: port 8080 on every interface.
- `-p 80`: a random port.

## Examples

Run nginx in the background with a name:

```bash
docker run -d --name site -p 8080:80 nginx
```

Open a shell in the container web:

```bash
docker exec -it web bash
```

Start all services in the background:

```bash
docker compose up -d
```

Attach it to a network of its own:

```bash
docker run --network app-net nginx
```
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def test_the_line_that_defines_a_flag_comes_before_those_that_mention_it(library: Library) -> None:
    got = asked(library, "what does --rm do")
    assert got.text.startswith("Your notes say:\n\n- `--rm`: removes the container when it exits. [1]")
    assert "exclude each other" not in got.text


def test_joined_flags_are_told_letter_by_letter(library: Library) -> None:
    got = asked(library, "what does -it mean")
    assert "keeps the input open" in got.text
    assert "gives a terminal" in got.text


def test_the_value_of_a_flag_is_told_by_its_row(library: Library) -> None:
    got = asked(library, "what does --restart unless-stopped do")
    assert "| `unless-stopped` | unless you stopped it |" in got.text
    assert "after every exit" not in got.text


@pytest.mark.parametrize("question", ["what is 8080:80", "-p 8080:80 是什么意思"])
def test_ports_are_told_in_general_then_these(library: Library, question: str) -> None:
    got = asked(library, question)
    assert got.text.index("host first") < got.text.index("port 8080 on every interface")
    assert "8080 is the host's port and 80 the container's" in got.text or "8080 是宿主机端口" in got.text


def test_a_line_that_stands_in_the_notes_is_told_as_a_whole_and_in_parts(library: Library) -> None:
    got = asked(library, "explain docker exec -it web bash")
    assert got.text.startswith(
        "`docker exec -it web bash`, part by part:\n\n- Open a shell in the container web ["
    )
    assert "`-i` (`--interactive`): keeps the input open" in got.text
    assert "`web` is the container and `bash` is the command that runs in it" in got.text
    assert got.commands[0].command.text == "docker exec -it web bash"


def test_a_line_like_one_of_the_notes_is_told_by_that_one(library: Library) -> None:
    got = asked(library, "what does docker run -d -p 9000:80 --name web nginx do")
    assert (
        "- `docker run -d --name site -p 8080:80 nginx` [1] — Run nginx in the background with a name ["
        in got.text
    )
    assert "in `9000:80`, 9000 is the host's port and 80 the container's" in got.text
    assert "Options go before the image name" in got.text
    assert "Your notes do not say what `--name web` means." in got.text


def test_a_flag_that_no_entry_tells_of_is_told_by_the_line_it_stands_in(library: Library) -> None:
    got = asked(library, "explain docker compose up -d")
    assert "Start all services in the background [" in got.text
    got = asked(library, "what does --network do")
    assert got.text.startswith("Your notes do not say what `--network` means.\n\nIt stands in these lines")
    assert "- `docker run --network app-net nginx` [1] — Attach it to a network of its own [" in got.text


def test_a_flag_of_a_line_that_is_not_whole_is_told(library: Library) -> None:
    assert (
        "- `-d` (`--detach`): runs in the background. ["
        in asked(library, "what does docker run -d mean").text
    )
