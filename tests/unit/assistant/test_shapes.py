"""Each kind of question is answered in its own shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.composing import within, words_in
from assistant.flag_meanings import parts_of
from assistant.gist import gist_of
from assistant.kinds import kind_of
from assistant.sides import sides_of
from assistant.statements import Statement
from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Docker notes

## Words

- Image: the template of a container; it runs nothing itself.
- Container: a running instance of an image.

An image is pulled before a container is made.

## Options of docker run

- `-d` (`--detach`): runs in the background.
- `-p`: publishes a port, `HOST:CONTAINER`.
- `--name`: gives the container a name.

Start a web server in the background:

```bash
docker run -d -p 8080:80 --name web nginx
```

Do not forget to publish the port of the web server, or no browser reaches it.

## Options of docker ps

- `-a` (`--all`): stopped containers too.

## Stop and kill

- `docker stop`: sends SIGTERM and waits.
- `docker kill`: sends SIGKILL at once.

## Errors

`port is already allocated` means that another container holds the port. See which one with `docker ps`.

## 中文

容器停止之后，数据卷里的数据还在。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what is an image", "what"),
        ("镜像是什么", "what"),
        ("difference between stop and kill", "difference"),
        ("镜像和容器有什么区别", "difference"),
        ("how do I list containers", "how"),
        ("which command removes an image", "how"),
        ("what's running right now", "how"),
        ("docker run -d 是什么意思", "explain"),
        ("what does --rm mean", "explain"),
        ("-v", "how"),
        ("port is already allocated: bind failed", "fail"),
        ("容器启动失败", "fail"),
        ("what networks are there", "list"),
        ("where did I write about volumes", "where"),
        ("我在哪一章写过数据卷", "where"),
        ("compose in VS Code", "how"),
    ],
)
def test_the_kind_is_told_in_both_languages(question: str, kind: str) -> None:
    assert kind_of(question).kind == kind


def test_a_line_in_a_question_is_found_without_the_words_around_it() -> None:
    assert kind_of("what does docker run -d nginx do?").line == "docker run -d nginx"
    assert kind_of("docker run -d nginx 是什么意思").line == "docker run -d nginx"


def test_each_part_of_a_line_is_explained_from_the_notes_and_the_rest_is_said_to_be_missing(
    library: Library,
) -> None:
    got = asked(library, "what does docker run -d -p 8080:80 --name web --rm nginx do?")
    assert "- `-d` (`--detach`): runs in the background. [" in got.text
    assert "- `--name`: gives the container a name. [" in got.text
    assert "8080 is the host's port and 80 the container's, `nginx` is the image" in got.text.replace(
        " and `", ", `"
    )
    assert "Your notes do not say what `--rm` means." in got.text
    assert got.commands == ()


def test_a_flag_of_another_subcommand_explains_nothing(library: Library) -> None:
    got = asked(library, "what does docker run -d -a stdout nginx do?")
    assert "stopped containers too" not in got.text
    assert "Your notes do not say what `-a stdout` means." in got.text


def test_two_things_stand_side_by_side(library: Library) -> None:
    got = asked(library, "difference between docker stop and docker kill")
    stop, kill = got.text.index("**docker stop**"), got.text.index("**docker kill**")
    assert stop < got.text.index("SIGTERM") < kill < got.text.index("SIGKILL")
    assert got.commands == ()


def test_the_entry_of_a_term_stands_first_on_its_side(tmp_path: Path) -> None:
    notes = (
        "# 名词\n\n- 镜像（image）：只读的模板，容器由它创建。\n- 容器（container）：镜像的一个运行实例。\n"
        "- Dockerfile：描述如何构建镜像的文本文件。\n"
    )
    got = asked(library_of(tmp_path, {"words.md": notes}), "镜像和容器有什么区别")
    _, image, container = got.text.split("**镜像**")[0], *got.text.split("**镜像**")[1].split("**容器**")
    assert "- 镜像（image）：只读的模板" in image
    assert "Dockerfile" not in image
    assert "- 容器（container）：镜像的一个运行实例" in container


def test_what_is_said_of_one_command_does_not_stand_under_another(tmp_path: Path) -> None:
    notes = (
        "# Containers\n\n## docker run and docker start\n\n- `docker run`: makes a new container.\n"
        "- Create and start a container from an image; replace IMAGE.\n"
    )
    got = asked(library_of(tmp_path, {"c.md": notes}), "difference between docker run and docker start")
    assert got.answered
    assert "**docker start**" not in got.text


@pytest.mark.parametrize("said", ["hello", "Hi there!", "thanks a lot", "你好！", "谢谢你", "ok"])
def test_a_greeting_gets_a_hint_and_no_command(tmp_path: Path, said: str) -> None:
    notes = "# Try\n\nSay hello, hi and 你好, ok, thanks, 谢谢:\n\n```bash\ndocker run hello-world\n```\n"
    library = library_of(tmp_path, {"try.md": notes})
    got = asked(library, said)
    assert (got.answered, got.commands) == (False, ())
    assert got.text.startswith(("Ask something about Docker", "请问一个关于 Docker"))
    assert asked(library, "docker run hello-world").answered


def test_where_something_stands_is_a_list_of_places(library: Library) -> None:
    got = asked(library, "where did I write about docker run options?")
    assert got.text.startswith(
        "Your notes speak of it here:\n\n- docker.md: Docker notes > Options of docker run [1]"
    )
    assert got.commands == ()


def test_a_command_comes_with_its_flags_and_what_to_watch_for(library: Library) -> None:
    got = asked(library, "how do I start a web server in the background?")
    assert got.commands[0].command.text == "docker run -d -p 8080:80 --name web nginx"
    assert got.text.index("```bash") < got.text.index("- `-p`: publishes a port")
    assert "Do not forget to publish the port" in got.text


def test_a_known_error_is_explained_beside_the_notes(library: Library) -> None:
    got = asked(library, "Bind for 0.0.0.0:8080 failed: port is already allocated")
    assert "another container holds the port" in got.text
    assert "What docknotes knows of this error, not from your notes:" in got.text


def test_a_sentence_in_the_other_language_comes_with_the_names_of_what_it_is_about(library: Library) -> None:
    got = asked(library, "the volume of a stopped container")
    assert "容器停止之后，数据卷里的数据还在。" in got.text
    assert "*(about: container, stop, volume)*" in got.text


def test_a_gist_is_in_the_language_asked_for_and_missing_where_it_is_that_language() -> None:
    assert gist_of("pull the image of the container", "zh") == "*（说的是：下载、镜像、容器）*"
    assert gist_of("拉取镜像", "zh") == ""
    assert gist_of("端口发布到宿主机", "en") == "*(about: port, publish, host)*"


@pytest.mark.parametrize("sentence", ["发布一个新版本", "先看 docker 的版本", "`docker ps -a` 运行时的样子"])
def test_a_gist_names_nothing_that_is_only_said_in_a_plain_word(sentence: str) -> None:
    assert not any(word in gist_of(sentence, "en") for word in ("tag", "publish", "run-time", "image"))


def test_flags_are_read_as_docker_reads_them() -> None:
    name, parts = parts_of("sudo docker run -it --rm -p 80:80 nginx")
    assert name == "run"
    assert [part.written for part in parts] == ["-i", "-t", "--rm", "-p 80:80"]
    assert parts_of("docker frobnicate -x") == ("", [])


def test_sides_are_named_in_both_languages() -> None:
    assert sides_of("what's the difference between docker stop and docker kill?") == (
        "docker stop",
        "docker kill",
    )
    assert sides_of("RUN和CMD有什么区别") == ("RUN", "CMD")
    assert sides_of("what is different here") is None


def test_what_is_said_before_a_command_is_short() -> None:
    long = Statement(" ".join(["word"] * 80), "paragraph", "n", ("h",), 1, 1, 1.0, 1.0, frozenset())
    assert within([long, long]) == [long]
    assert words_in("两个字 and words") == 3.5
