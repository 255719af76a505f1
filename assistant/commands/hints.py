"""What a valid ``docker run`` line probably does not mean: said beside the plan, never changed in it.

Source of the ports: EXPOSE in the Dockerfiles of the official images.
"""

from __future__ import annotations

import re

from assistant.commands.grammar import Parsed
from knowledge.language import Text

_LISTENS = {
    "nginx": "80",
    "httpd": "80",
    "wordpress": "80",
    "redis": "6379",
    "postgres": "5432",
    "mysql": "3306",
    "mariadb": "3306",
    "mongo": "27017",
    "rabbitmq": "5672",
    "elasticsearch": "9200",
    "registry": "5000",
    "tomcat": "8080",
}
_SHELLS = frozenset({"bash", "sh", "zsh", "ash", "/bin/bash", "/bin/sh"})
_COMMON = frozenset({"-d", "-it", "-p", "-v"})
_LATEST = frozenset({"lastest", "lates", "latests", "laest", "latst", "lateset", "latset"})


def hints(parsed: Parsed) -> tuple[Text, ...]:
    """Hints on a line of ``run`` or ``create``, none where all is as usual."""
    image, *command = parsed.args
    found = [_after_image(word) for word in _misplaced(command, parsed)]
    found += [hint for value in parsed.all("publish") if (hint := _port(value, image)) is not None]
    if (tag := image.rpartition(":")[2]) in _LATEST:
        found.append(
            Text(
                en=f"The tag `{tag}` is probably meant to be `latest`.",
                zh=f"标签 `{tag}` 大概应为 `latest`。",
            )
        )
    return tuple(found)


def _misplaced(command: list[str], parsed: Parsed) -> list[str]:
    """The words after the image that look like docker's options rather than the program's own."""
    found: list[str] = []
    program = ""
    for word in command:
        if not word.startswith("-"):
            # After an option it may be that option's value, else it is the program.
            program = program or ("" if found else word)
            continue
        name = word.lstrip("-").partition("=")[0]
        long = word.startswith("--") and name in parsed.grammar.flags
        letters = re.fullmatch(r"-[a-zA-Z]+", word) and all(parsed.grammar.short(char) for char in word[1:])
        # `ls -d` and `mkdir -p` are their own; a shell is rarely given such letters.
        short = letters and (not program or (program in _SHELLS and word in _COMMON))
        if long or short:
            found.append(word)
    return found


def _after_image(word: str) -> Text:
    return Text(
        en=f"`{word}` stands after the image, so it goes to the program in the container, not to docker. "
        "Put it before the image if docker is meant.",
        zh=f"`{word}` 写在镜像名之后，因此会传给容器里的程序，而不是 docker。如果是给 "
        "docker 的，请写在镜像名之前。",
    )


def _port(value: str, image: str) -> Text | None:
    parts = value.partition("/")[0].split(":")
    if len(parts) == 1 and parts[0].isdigit():
        port = parts[0]
        return Text(
            en=f"`-p {port}` opens port {port} of the container at a port of this machine that is chosen "
            f"at random; `-p {port}:{port}` chooses the same one.",
            zh=f"`-p {port}` 会把容器的 {port} 端口映射到本机的随机端口；"
            f"写成 `-p {port}:{port}` 则使用同一个端口。",
        )
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    listens = _LISTENS.get(name)
    if listens is None or len(parts) < 2 or parts[-1] == listens or parts[-2] != listens:
        return None
    return Text(
        en=f"The port of this machine stands first: `-p {value}` leads to port {parts[-1]} in the container, "
        f"but {name} listens on {listens}. Probably `-p {parts[-1]}:{listens}` is meant.",
        zh=f"本机端口写在前面：`-p {value}` 指向容器的 {parts[-1]} 端口，而 {name} 监听的是 {listens}。"
        f"大概应写成 `-p {parts[-1]}:{listens}`。",
    )
