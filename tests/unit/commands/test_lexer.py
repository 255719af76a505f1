from __future__ import annotations

from pathlib import Path

import pytest

from assistant.commands.lexer import lex
from assistant.errors import CommandSyntaxError

WORKSPACE = Path("/home/a/ws")


def words(line: str) -> list[str]:
    return [word.text for word in lex(line, workspace=WORKSPACE).words]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("docker ps", ["docker", "ps"]),
        ("  docker\tps  ", ["docker", "ps"]),
        ("$ docker ps", ["docker", "ps"]),
        ("# docker ps", ["docker", "ps"]),
        ("# sudo docker ps", ["sudo", "docker", "ps"]),
        ("user@host:~/x$ docker ps", ["docker", "ps"]),
        ("PS C:\\Users\\a> docker ps", ["docker", "ps"]),
        ("docker ps # all of them", ["docker", "ps"]),
        ("docker run \\\r\n -d nginx\r\n", ["docker", "run", "-d", "nginx"]),
        ("# a comment\ndocker ps\n# another", ["docker", "ps"]),
        ("docker run a#b", ["docker", "run", "a#b"]),
        ("docker run \\\n  -it \\\n  ubuntu", ["docker", "run", "-it", "ubuntu"]),
        ("$ docker run \\\n> -it ubuntu", ["docker", "run", "-it", "ubuntu"]),
        ("docker run ubuntu \\", ["docker", "run", "ubuntu"]),
        ("docker run 'a b' \"c d\" e\\ f", ["docker", "run", "a b", "c d", "e f"]),
        ("docker run \"a'b\" 'c\"d' a\"b\"'c'", ["docker", "run", "a'b", 'c"d', "abc"]),
        (r'docker run "a\"b\\c\$d\e"', ["docker", "run", r'a"b\c$d\e']),
        (r"docker run '\n' \n", ["docker", "run", r"\n", "n"]),
        ("docker run '' \"\"", ["docker", "run", "", ""]),
        ("docker run 'a|b;c&d>e$f`g'", ["docker", "run", "a|b;c&d>e$f`g"]),
        ('docker run "a|b;c"', ["docker", "run", "a|b;c"]),
        ('docker run a$ "$" 5$', ["docker", "run", "a$", "$", "5$"]),
        ("docker ps --format {{.Names}}", ["docker", "ps", "--format", "{{.Names}}"]),
        ("docker ps --format '{a,b}'", ["docker", "ps", "--format", "{a,b}"]),
        ("docker stop <name>", ["docker", "stop", "<name>"]),
        ("docker stop <容器名>", ["docker", "stop", "<容器名>"]),
        ("docker run -v $(pwd):/x", ["docker", "run", "-v", "/home/a/ws:/x"]),
        ('docker run -v "$PWD/a b":/x', ["docker", "run", "-v", "/home/a/ws/a b:/x"]),
        (
            "docker run -v ${PWD}/d:/x -v `pwd`:/y",
            ["docker", "run", "-v", "/home/a/ws/d:/x", "-v", "/home/a/ws:/y"],
        ),
        ("docker run -v ~/d:/x ~ a~b", ["docker", "run", "-v", "/home/a/ws/d:/x", "/home/a/ws", "a~b"]),
        ("docker run -v %cd%:/x a%b", ["docker", "run", "-v", "/home/a/ws:/x", "a%b"]),
        ('docker run -v "%CD%/d":/x', ["docker", "run", "-v", "/home/a/ws/d:/x"]),
        ("docker run -v ${pwd}/d:/x", ["docker", "run", "-v", "/home/a/ws/d:/x"]),
        ("docker run '$(pwd)' \\$PWD", ["docker", "run", "$(pwd)", "$PWD"]),
    ],
)
def test_words_are_those_of_a_shell(line: str, expected: list[str]) -> None:
    assert words(line) == expected
    assert lex(line, workspace=WORKSPACE).mends == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("docker run —name web nginx", ["docker", "run", "--name", "web", "nginx"]),
        ("docker run –it ubuntu", ["docker", "run", "-it", "ubuntu"]),
        ("docker run −d nginx", ["docker", "run", "-d", "nginx"]),
        ("docker run －d　nginx", ["docker", "run", "-d", "nginx"]),
        ("docker run －ｐ ８０：８０ nginx", ["docker", "run", "-p", "80:80", "nginx"]),
        ("docker run “a b” ‘c d’", ["docker", "run", "a b", "c d"]),
        ('docker run “a b"', ["docker", "run", "a b"]),
        ("docker\u00a0ps", ["docker", "ps"]),
        ("docker run ubuntu\\   bash", ["docker", "run", "ubuntu", "bash"]),
        ("docker run \\ -it ubuntu", ["docker", "run", "-it", "ubuntu"]),
        ("docker run \\  \n -it ubuntu", ["docker", "run", "-it", "ubuntu"]),
        ("docker run `\n  -it ubuntu", ["docker", "run", "-it", "ubuntu"]),
        ("docker run ^\r\n  -it ubuntu", ["docker", "run", "-it", "ubuntu"]),
    ],
)
def test_slips_are_mended_and_said(line: str, expected: list[str]) -> None:
    assert words(line) == expected
    (mend,) = lex(line, workspace=WORKSPACE).mends
    assert mend.en
    assert mend.zh


def test_typographic_characters_in_quotes_are_text() -> None:
    assert words("docker run 'a—b' \"“c”，\"") == ["docker", "run", "a—b", "“c”，"]


@pytest.mark.parametrize(
    ("line", "word", "said"),
    [
        ("docker ps | grep x", "|", "pipe"),
        ("docker ps && docker images", "&&", "sequence"),
        ("docker ps; docker images", ";", "sequence"),
        ("docker ps\ndocker images", "", "sequence"),
        ("docker ps > x", ">", "redirection"),
        ("docker run ubuntu < x", "<", "redirection"),
        ("docker ps &", "&", "-d"),
        ("docker run $HOME/x", "$HOME", "write the value"),
        ('docker run "${IMAGE:-x}"', "${IMAGE:-x}", "write the value"),
        ("docker rm $(docker ps -aq)", "$(docker", "substitution"),
        ("docker rm `docker ps -aq`", "`docker", "substitution"),
        ("docker run -v ~bob/x:/x a", "~", "another person"),
        ("docker run {a,b}", "{a,b}", "braces"),
        ("docker run 'x", "'", "not closed"),
        ('docker run "x', '"', "not closed"),
        ("docker run (x)", "(", "subshell"),
        ("docker ps\u200b", "U+200B ZERO WIDTH SPACE", "cannot be seen"),
        ("docker ps\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE", "cannot be seen"),
        ("docker ps\x00", "U+0000 control character", "cannot be seen"),
    ],
)
def test_what_only_a_shell_could_do_is_refused_with_its_reason(line: str, word: str, said: str) -> None:
    with pytest.raises(CommandSyntaxError) as error:
        words(line)

    assert error.value.word == word
    assert said in error.value.text.en
    assert error.value.text.zh


def test_a_line_without_end_is_refused() -> None:
    words("docker " + "a" * 8000)
    with pytest.raises(CommandSyntaxError, match="8 KiB"):
        words("docker " + "a" * 8192)
    with pytest.raises(CommandSyntaxError, match="8 KiB"):
        words("docker " + "器" * 3000)


def test_the_line_as_understood_keeps_quotes_and_reads_the_same_again() -> None:
    line = lex('$ docker run \\\n -v "$(pwd)":/x “a b” \\  c', workspace=WORKSPACE)

    assert line.line == 'docker run -v "$(pwd)":/x "a b" c'
    assert lex(line.line, workspace=WORKSPACE).words == line.words


@pytest.mark.parametrize(
    ("line", "text", "raw"),
    [
        ("docker stop $NAME", "<NAME>", "$NAME"),
        ("docker stop ${container_id}", "<container_id>", "${container_id}"),
        ('docker run "a $USER b"', "a <USER> b", '"a $USER b"'),
        ("docker run %USERNAME%", "<USERNAME>", "%USERNAME%"),
        ("docker push $USER/app", "<USER>/app", "$USER/app"),
    ],
)
def test_a_variable_of_a_person_or_an_object_is_asked_for(line: str, text: str, raw: str) -> None:
    lexed = lex(line, workspace=WORKSPACE)

    assert lexed.words[-1].text == text
    assert lexed.words[-1].raw == raw
    assert len(lexed.variables) == 1
    assert lex(lexed.line, workspace=WORKSPACE) == lexed


@pytest.mark.parametrize(
    "word", ["'$USER'", "\\$USER", "$USERS", "%USER", "$AWS_SECRET", "$HOME", "${NAME:-x}"]
)
def test_no_other_dollar_is_asked_for(word: str) -> None:
    try:
        assert lex(f"docker run {word}", workspace=WORKSPACE).variables == ()
    except CommandSyntaxError as error:
        assert "write the value" in error.text.en
