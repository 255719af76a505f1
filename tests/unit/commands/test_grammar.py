from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.grammar import Parsed, parse
from assistant.commands.lexer import lex
from assistant.errors import CommandSyntaxError, UnsupportedCommandError


def parsed(line: str) -> Parsed:
    return parse(lex(f"docker {line}", workspace=Path("/ws")).words)


@pytest.mark.parametrize(
    ("line", "flags", "args"),
    [
        ("run ubuntu", {}, ("ubuntu",)),
        ("run -itd ubuntu", {"interactive": ["true"], "tty": ["true"], "detach": ["true"]}, ("ubuntu",)),
        ("run -p 80:80 -p=81:81 -p82:82 a", {"publish": ["80:80", "81:81", "82:82"]}, ("a",)),
        ("run --publish 1:1 --publish=2:2 a", {"publish": ["1:1", "2:2"]}, ("a",)),
        ("run -itp 80:80 a", {"interactive": ["true"], "tty": ["true"], "publish": ["80:80"]}, ("a",)),
        ("run -eA=1 -e=B=2 a", {"env": ["A=1", "B=2"]}, ("a",)),
        ("run --rm=false --init=T a", {"rm": ["false"], "init": ["T"]}, ("a",)),
        ("run -it=false a", {"interactive": ["true"], "tty": ["false"]}, ("a",)),
        ("run --name a b -d --rm", {"name": ["a"]}, ("b", "-d", "--rm")),
        ("run -- a -d", {}, ("a", "-d")),
        ("run a -- b", {}, ("a", "--", "b")),
        ("run --net n --network m a", {"network": ["n", "m"]}, ("a",)),
        ("run --entrypoint '' a", {"entrypoint": [""]}, ("a",)),
        ("run -m 1g -c 5 -w /x -u 1 -h y -l a=b a", {
            "memory": ["1g"], "cpu-shares": ["5"], "workdir": ["/x"], "user": ["1"], "hostname": ["y"],
            "label": ["a=b"],
        }, ("a",)),
        ("ps -aq", {"all": ["true"], "quiet": ["true"]}, ()),
        ("stop a -t 5 b", {"timeout": ["5"]}, ("a", "b")),
        ("stop a -- -t", {}, ("a", "-t")),
        ("-D ps", {}, ()),
        ("--log-level debug -l info ps", {}, ()),
        ("container ls -a", {"all": ["true"]}, ()),
    ],
)  # fmt: skip
def test_flags_are_read_as_docker_reads_them(
    line: str, flags: dict[str, list[str]], args: tuple[str, ...]
) -> None:
    result = parsed(line)

    assert result.flags == flags
    assert result.args == args


def test_the_last_switch_counts() -> None:
    assert not parsed("run --rm --rm=false a").is_on("rm")
    assert parsed("run --rm=false --rm a").is_on("rm")


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("run -gpus all x", "docker run --gpus all x"),
        ("run -it -gpus all -p 1:2 x", "docker run -it --gpus all -p 1:2 x"),
        ("run -name web x", "docker run --name web x"),
        ("run -rm x", "docker run --rm x"),
        ("run -privileged x", "docker run --privileged x"),
        ("run -env A=1 x", "docker run --env A=1 x"),
        ("run -network=none x", "docker run --network=none x"),
        ("run --gpu all x", "docker run --gpus all x"),
        ("run --deatch x", "docker run --detach x"),
        ("run --volumes a:/b x", "docker run --volume a:/b x"),
        ("run --it x", None),
        ("run --d x", "docker run -d x"),
        ("ps -all", "docker ps --all"),
        ("ps --qiuet", "docker ps --quiet"),
        ("ru x", "docker run x"),
        ("runn x", "docker run x"),
        ("imags", "docker images"),
        ("container lst", "docker container list"),
        ("frobnicate", None),
        ("run -z x", None),
    ],
)
def test_a_slip_gets_a_mend_where_one_is_near(line: str, suggestion: str | None) -> None:
    with pytest.raises(CommandSyntaxError) as error:
        parsed(line)

    assert error.value.suggestion == suggestion
    assert error.value.word


@pytest.mark.parametrize("line", ["buildx build .", "scout quickview", "model ls"])
def test_a_plugin_is_recognised_and_not_run_yet(line: str) -> None:
    with pytest.raises(UnsupportedCommandError, match=r"plugin of docker's client.*not run it yet"):
        parsed(line)


@pytest.mark.parametrize(
    ("line", "name", "args"),
    [
        ("exec -it web sh -c ls", "exec", ("web", "sh", "-c", "ls")),
        ("container exec web ls -d", "exec", ("web", "ls", "-d")),
        ("top web -o pid", "top", ("web", "-o", "pid")),
        ("builder build .", "build", (".",)),
        ("image rm a b", "rmi", ("a", "b")),
        ("network list -q", "network ls", ()),
        ("system events", "events", ()),
        ("restart --time 3 a", "restart", ("a",)),
    ],
)
def test_every_name_of_a_command_has_one_grammar(line: str, name: str, args: tuple[str, ...]) -> None:
    result = parsed(line)

    assert result.grammar.name == name
    assert result.args == args


NEVER = """login; logout; swarm init; context ls; plugin ls; service ls; stack ls; node ls; secret ls;
config ls;
trust inspect a; manifest inspect a; checkpoint ls a; volume update v; -H x ps; --tls ps"""


@pytest.mark.parametrize("line", [line.strip() for line in NEVER.split(";")])
def test_what_is_never_run_is_said_so(line: str) -> None:
    with pytest.raises(UnsupportedCommandError) as error:
        parsed(line)

    assert "yet" not in error.value.text.en


@pytest.mark.parametrize("line", ["--version", "-v"])
def test_the_client_s_version_is_not_the_engine_s(line: str) -> None:
    with pytest.raises(UnsupportedCommandError) as error:
        parsed(line)

    assert error.value.suggestion == "docker version"


@pytest.mark.parametrize(
    "line", ["", "run", "stop", "logs a b", "ps x", "run --name", "run -p", "images a b"]
)
def test_missing_and_surplus_words_are_named(line: str) -> None:
    with pytest.raises(CommandSyntaxError) as error:
        parsed(line)

    assert error.value.text.en
    assert error.value.text.zh
