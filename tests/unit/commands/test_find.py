from __future__ import annotations

import pytest

from assistant.commands.find import find_commands
from assistant.values import Command, Origin
from knowledge.notes import note_from_text
from knowledge.values import Note

NOTE = """\
# Images

Use `docker ps` for the running ones and `docker ps -a` for all; `docker run` starts one.
`docker commit [OPTIONS] CONTAINER` saves it, `sudo docker build` makes an image, `nginx` is a name.

* Pull it first

  ```bash
  sudo docker pull tensorflow/tensorflow:latest-gpu-jupyter
  ```

  * With a card

    ```bash
    # a comment: docker ps
    docker run --gpus all -it --rm tensorflow/tensorflow:2.10.1-gpu-jupyter\\   python -c "print(1)"
    ```

Then `sudo docker run -it -gpus all -p localport:containerport ImageID`.

> - As a group
>
>   ```bash
>   sudo usermod -aG docker $USER
>   ```
>
>   ```
>   docker run \\
>     -d nginx
>   ```

```dockerfile
RUN docker ps
```

```console
$ docker images
REPOSITORY   TAG
docker ps is not a command here
$ sudo apt-get update
```

~~~sh
curl -fsSL x | sudo gpg --dearmor -o y \\
  && curl -s z | \\
    sudo tee w
docker rm $(docker ps -aq)
docker commit a b
docker frobnicate x
docker run
docker stop <name>
docker rnu hello
~~~

``docker logs -f web`` 和 `docker stop Imagename`，还有 `docker: command not found`。
"""


def note(text: str) -> Note:
    return Note("a.md", tuple(text.splitlines()), "Images", "en")


def found(text: str = NOTE) -> list[tuple[int, int, str, str]]:
    lines = len(text.splitlines())
    return [
        (command.first_line, command.last_line, command.origin.value, command.text)
        for command in find_commands(note(text), 1, lines)
    ]


def test_commands_are_found_where_they_stand() -> None:
    image = "tensorflow/tensorflow:2.10.1-gpu-jupyter"
    assert found() == [
        (3, 3, "verbatim", "docker ps"),
        (3, 3, "verbatim", "docker ps -a"),
        (9, 9, "verbatim", "docker pull tensorflow/tensorflow:latest-gpu-jupyter"),
        (16, 16, "corrected", f'docker run --gpus all -it --rm {image} python -c "print(1)"'),
        (19, 19, "corrected", "docker run -it --gpus all -p localport:containerport ImageID"),
        (24, 24, "verbatim", "sudo usermod -aG docker $USER"),
        (28, 29, "verbatim", "docker run -d nginx"),
        (37, 37, "verbatim", "docker images"),
        (40, 40, "verbatim", "sudo apt-get update"),
        (44, 46, "verbatim", "curl -fsSL x | sudo gpg --dearmor -o y && curl -s z | sudo tee w"),
        (47, 47, "verbatim", "docker rm $(docker ps -aq)"),
        (48, 48, "verbatim", "docker commit a b"),
        (51, 51, "verbatim", "docker stop <name>"),
        (52, 52, "corrected", "docker run hello"),
        (55, 55, "verbatim", "docker logs -f web"),
        (55, 55, "verbatim", "docker stop Imagename"),
    ]


def test_only_the_lines_asked_for_are_looked_at() -> None:
    assert [command.text for command in find_commands(note(NOTE), 19, 24)] == [
        "docker run -it --gpus all -p localport:containerport ImageID",
        "sudo usermod -aG docker $USER",
    ]
    assert find_commands(note(NOTE), 100, 200) == []


def test_a_command_keeps_what_is_written_and_where() -> None:
    (command,) = find_commands(note(NOTE), 19, 19)

    assert command == Command(
        text="docker run -it --gpus all -p localport:containerport ImageID",
        origin=Origin.CORRECTED,
        written="sudo docker run -it -gpus all -p localport:containerport ImageID",
        note="a.md",
        first_line=19,
        last_line=19,
    )
    (joined,) = find_commands(note(NOTE), 28, 29)
    assert joined.written == "docker run \\\n-d nginx"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no code here",
        "`docker`",
        "`docker run`",
        "`docker pull`",
        "`docker run [OPTIONS] IMAGE [COMMAND]`",
        "`docker exec`",
        "`docker compose`",
        "`docker stop CONTAINER [CONTAINER...]`",
        "`-gpus`",
        "`apt-get`",
        "```python\nimport docker\ndocker.from_env()\n```",
        "```yaml\ncommand: docker ps\n```",
        "```\nunclosed",
        "`docker --help`",
    ],
)
def test_mentions_and_other_code_are_left_out(text: str) -> None:
    assert found(text) == []


def test_the_client_s_version_stands_as_it_is() -> None:
    assert found("`docker --version`") == [(1, 1, "verbatim", "docker --version")]


def test_an_open_fence_runs_to_the_end() -> None:
    assert found("```\ndocker ps") == [(2, 2, "verbatim", "docker ps")]


def test_a_fence_of_four_holds_one_of_three() -> None:
    assert found("````markdown\n```bash\ndocker ps\n```\n````\n`docker images`") == [
        (6, 6, "verbatim", "docker images")
    ]


def test_commands_in_the_code_of_other_dialects_are_found_on_their_lines() -> None:
    mkdocs = note_from_text("!!! note\n    ```bash\n    docker ps\n    ```\n", "n.md")
    hugo = note_from_text("{{< highlight bash >}}\ndocker ps\n{{< /highlight >}}\n", "n.md")
    rst = note_from_text("Run::\n\n    docker ps\n\nend\n", "n.rst")
    for note, line in ((mkdocs, 3), (hugo, 2), (rst, 3)):
        (command,) = find_commands(note, 1, len(note.lines))
        assert (command.text, command.first_line) == ("docker ps", line)


def test_a_line_that_reads_a_file_is_found_before_the_file_is_there() -> None:
    note = note_from_text("```bash\ndocker run --rm --env-file app.env alpine env\n```\n", "n.md")
    found = find_commands(note, 1, len(note.lines))
    assert [c.text for c in found] == ["docker run --rm --env-file app.env alpine env"]


def _texts(text: str) -> list[str]:
    note = note_from_text(text, "notes.md")
    return [command.text for command in find_commands(note, 1, len(note.lines))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Look:\n\n    docker ps -a\n    docker images\n", ["docker ps -a", "docker images"]),
        ("看一下：\ndocker stop web\n", ["docker stop web"]),
        ("docker run -d \\\n  -p 80:80 nginx\n\nThat is all.", ["docker run -d -p 80:80 nginx"]),
        ("- docker logs -f web\n- docker info\n", ["docker logs -f web", "docker info"]),
        ("> $ docker rm old\n", ["docker rm old"]),
        ("sudo docker compose up -d\n", ["docker compose up -d"]),
        ("docker stop $(docker ps -q)\n", ["docker stop $(docker ps -q)"]),
    ],
)
def test_lines_without_any_mark_of_code_are_found(text: str, found: list[str]) -> None:
    assert _texts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "docker run starts a container",
        "docker run starts a container from an image.",
        "docker volume is a place for data",
        "docker build cache",
        "docker rm 删除容器",
        "docker images, docker ps",
        "docker run options",
        "Docker compose up brings them up",
        "docker compose",
        "docker psa -a",  # a slip outside of code may be no command at all
    ],
)
def test_prose_that_begins_with_docker_is_no_command(text: str) -> None:
    assert _texts(f"# Docker\n\n{text}\n\nMore.") == []


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("docker ps -a   # all of them", "docker ps -a"),
        ("docker images    列出本地镜像", "docker images"),
        ("docker rm -f web\t强制删除", "docker rm -f web"),
        ("docker volume ls  ← 看数据卷", "docker volume ls"),
        ("docker network ls — all networks", "docker network ls"),
        ("docker rm 容器名", "docker rm 容器名"),
        ("docker rm   容器名", "docker rm 容器名"),
        ("docker ps --format '{{.Names}}  # {{.ID}}'", "docker ps --format '{{.Names}}  # {{.ID}}'"),
        ("df -i /var/lib/docker  # inodes", "df -i /var/lib/docker"),
        ("curl http://127.0.0.1:5000/v2/_catalog   # 有哪些", "curl http://127.0.0.1:5000/v2/_catalog"),
    ],
)
def test_a_remark_behind_a_command_is_no_part_of_it(line: str, command: str) -> None:
    note = note_from_text(f"```\n{line}\n```\n", "notes.md")

    (found,) = find_commands(note, 1, 3)

    assert (found.text, found.written) == (command, line)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("docker stop $(docker ps -q)", ["docker stop $(docker ps -q)"]),
        ("docker logs web > web.log 2>&1", ["docker logs web > web.log 2>&1"]),
        ("docker compose logs api > api.log", ["docker compose logs api > api.log"]),
        ("docker run --env-file app.env nginx", ["docker run --env-file app.env nginx"]),
        ("docker build --progress=plain -t app .", ["docker build --progress=plain -t app ."]),
        ("docker logs <container>", ["docker logs <container>"]),
        ("df -i /var/lib/docker", ["df -i /var/lib/docker"]),
        ("dokcer ps -a", ["docker ps -a"]),
        ("dockr start web", ["docker start web"]),
        ("docked in port", []),
        ("env", []),
        ("make test", []),
        ("docker run | stop", []),
    ],
)
def test_inline_code_may_be_a_line_for_a_shell(code: str, found: list[str]) -> None:
    assert _texts(f"Use `{code}` for it.\n") == found


def test_a_pipe_in_a_table_is_written_as_tables_need_it() -> None:
    text = "| 打包 | `docker save app:1 \\| gzip > app.tar.gz` |\n"

    assert _texts(f"| 做什么 | 命令 |\n| --- | --- |\n{text}") == ["docker save app:1 | gzip > app.tar.gz"]
