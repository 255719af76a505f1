from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.plan import plan_line
from assistant.errors import CommandError, CommandSyntaxError
from assistant.values import (
    Inspect,
    ListContainers,
    ListImages,
    Placeholder,
    PullImage,
    ReadLogs,
    RemoveContainers,
    RunContainer,
    ShowInfo,
    ShowVersion,
    StopContainers,
)

WORKSPACE = Path("/ws")
NGINX = {"reference": ("nginx",)}


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("docker ps -a", ListContainers(all=True)),
        ("docker ps -qln5 --no-trunc -s", ListContainers(last=5, size=True, quiet=True, no_trunc=True)),
        ("docker ps -f name=a -f name=b", ListContainers(filters={"name": ("a", "b")})),
        ("docker images --digests nginx", ListImages(digests=True, reference="nginx", filters=NGINX)),
        ("docker stop -t 3 a b", StopContainers(("a", "b"), 3)),
        ("docker stop a a", StopContainers(("a",))),
        ("docker rm -fv a", RemoveContainers(("a",), force=True, volumes=True)),
        ("docker logs -f --tail 5 a", ReadLogs("a", follow=True, tail="5")),
        ("docker logs --since 10m a", ReadLogs("a", since="400")),
        ("docker pull nginx", PullImage("docker.io/library/nginx:latest")),
        ("docker pull -q a/b@sha256:" + "a" * 64, PullImage("docker.io/a/b@sha256:" + "a" * 64, quiet=True)),
        ("docker version", ShowVersion()),
        ("docker system info", ShowInfo()),
        ("docker inspect -s a b", Inspect(("a", "b"), None, size=True)),
        ("docker image inspect nginx", Inspect(("nginx",), "image")),
        ("docker inspect --type volume data", Inspect(("data",), "volume")),
    ],
)  # fmt: skip
def test_actions(line: str, action: object) -> None:
    assert plan_line(line, workspace=WORKSPACE, now=1000.0).action == action


def test_a_run_keeps_what_the_client_needs_to_know() -> None:
    plan = plan_line(
        "sudo docker run -dit --rm --name web --pull never --platform linux/amd64 nginx", workspace=WORKSPACE
    )

    action = plan.action
    assert isinstance(action, RunContainer)
    assert (action.image, action.name, action.platform, action.pull) == (
        "nginx",
        "web",
        "linux/amd64",
        "never",
    )
    assert (action.detach, action.interactive, action.tty, action.remove) == (True, True, True, True)
    assert plan.line == "docker run -dit --rm --name web --pull never --platform linux/amd64 nginx"
    assert plan.argv[:2] == ("run", "-dit")
    assert any("sudo" in note.en for note in plan.client_notes)


def test_requests_come_in_the_order_of_the_client() -> None:
    plan = plan_line("docker run --pull always --rm alpine ls", workspace=WORKSPACE)

    assert [(operation.method, operation.path) for operation in plan.operations] == [
        ("POST", "/images/create"),
        ("POST", "/containers/create"),
        ("POST", "/containers/{container}/attach"),
        ("POST", "/containers/{container}/wait"),
        ("POST", "/containers/{container}/start"),
    ]
    assert all(operation.as_run is None for operation in plan.operations)


@pytest.mark.parametrize("word", ["--rm", "-d", "--gpus", "-p"])
def test_docker_options_after_the_image_are_pointed_out(word: str) -> None:
    plan = plan_line(f"docker run ubuntu bash {word}", workspace=WORKSPACE)

    assert any(word in note.en and word in note.zh for note in plan.client_notes)


def test_a_program_s_own_options_are_not_pointed_out() -> None:
    assert plan_line("docker run ubuntu ls -l --color", workspace=WORKSPACE).client_notes == ()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("docker run -it --gpus all ImageID", [("ImageID", "image")]),
        (
            "docker run -it --gpus all -p localport:containerport ImageID",
            [("localport:containerport", "port"), ("ImageID", "image")],
        ),
        ("docker stop Imagename", [("Imagename", "container")]),
        ("docker logs -f <container>", [("<container>", "container")]),
        ("docker run -e KEY=<value> -v <folder>:/x nginx", [("<folder>", "path"), ("<value>", "text")]),
        ("docker run -e KEY=YOUR_KEY nginx", [("YOUR_KEY", "text")]),
        ("docker run nginx sh -c '<script>' --user=<name>", [("<script>", "text"), ("<name>", "text")]),
        ("docker run nginx echo '<b>bold</b>' '<img src=x>y'", []),
        ("docker pull <image>:<tag>", [("<image>", "image"), ("<tag>", "image")]),
        ("docker inspect CONTAINER_ID", [("CONTAINER_ID", "container")]),
        ("docker run --name my-nginx -e A=b nginx", []),
        ("docker run ubuntu echo HELLO ID", []),
    ],
)
def test_placeholders_are_found_and_typed(line: str, found: list[tuple[str, str]]) -> None:
    plan = plan_line(line, workspace=WORKSPACE)

    assert [(item.text, item.kind) for item in plan.placeholders] == found
    assert all(isinstance(item, Placeholder) for item in plan.placeholders)


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("docker run -it Ubuntu bash", "docker run -it ubuntu bash"),
        ("docker pull NGINX:1.25", "docker pull nginx:1.25"),
        ("docker run Ubuntu:", None),
        ("docker run --memory ABC ubuntu", None),
        ("docker stop É", None),
    ],
)
def test_an_image_in_capitals_gets_its_mend(line: str, suggestion: str | None) -> None:
    with pytest.raises(CommandSyntaxError) as error:
        plan_line(line, workspace=WORKSPACE)

    assert error.value.suggestion == suggestion


@pytest.mark.parametrize("name", ["a b", "../x", "a/b", "a?b", "a%2fb", "a#b", "-", "é"])
def test_names_that_no_object_has_are_no_plan(name: str) -> None:
    for command in ("stop", "rm", "logs", "container inspect", "volume inspect"):
        with pytest.raises(CommandSyntaxError):
            plan_line(f"docker {command} '{name}'", workspace=WORKSPACE)


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("docker build -t x", "docker build -t x ."),
        ("docker build", None),
        ("docker exec -it web", "docker exec -it web sh"),
        ("docker -it run ubuntu", "docker run -it ubuntu"),
        ("docker --rm -d run ubuntu", "docker run --rm -d ubuntu"),
        ("docker run - it ubuntu", "docker run -it ubuntu"),
        ("docker containers ls", "docker container ls"),
        ("docker exce -it web bash", "docker exec -it web bash"),
        ("docker run --gpu all --nmae x Nginx", "docker run --gpus all --name x nginx"),
        ("docker network crate x", "docker network create x"),
        ("docker ps -a | grep web | head -3", "docker ps -a"),
        ("docker ps | sh", None),
        ("docker ps | grep x > y", None),
        ("docker ps || docker images", None),
        ("docker rm", None),
        ("docker image", None),
        ("docker rnu", None),
        ("docker run -z -gpus all x", None),
    ],
)
def test_a_suggestion_is_mended_to_the_end_or_not_made(line: str, suggestion: str | None) -> None:
    with pytest.raises(CommandError) as error:
        plan_line(line, workspace=Path("/ws"))

    assert error.value.suggestion == suggestion
    if suggestion is not None:
        assert plan_line(suggestion, workspace=Path("/ws")).line == suggestion


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run nginx -p 8080:80", "`-p` stands after the image"),
        ("run nginx --name web -d", "`--name` stands after the image"),
        ("run -p 8080 nginx", "`-p 8080:8080`"),
        ("run -p 80:8080 nginx:1.25", "`-p 8080:80` is meant"),
        ("create -p 6379:63 redis", "`-p 63:6379` is meant"),
        ("run nginx:lastest", "`latest`"),
    ],
)
def test_a_valid_line_that_is_probably_not_meant_gets_a_hint(line: str, said: str) -> None:
    notes = plan_line(f"docker {line}", workspace=Path("/ws")).client_notes

    assert any(said in note.en for note in notes)
    assert all(note.zh for note in notes)


@pytest.mark.parametrize(
    "line",
    ["run alpine ls -d", "run -p 8080:80 nginx", "run -p 80:80 nginx", "run -p 80:90 me/app", "run a -x"],
)
def test_a_usual_line_gets_none(line: str) -> None:
    assert plan_line(f"docker {line}", workspace=Path("/ws")).client_notes == ()
