"""What a line lacks, or has too much of: said by the name of the thing, with a mend where one is certain."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.commands.flag_forms import Grammar
from assistant.commands.lexer import Word
from assistant.errors import CommandSyntaxError
from knowledge.language import Text

_IMAGE = ("an image", "镜像")
_CONTAINER = ("a container", "容器")
_WANTED: dict[str, tuple[str, str]] = {
    "run": _IMAGE,
    "create": _IMAGE,
    "pull": _IMAGE,
    "push": _IMAGE,
    "rmi": _IMAGE,
    "history": _IMAGE,
    "save": _IMAGE,
    "tag": ("an image and its new name", "镜像和它的新名称"),
    "build": ("a folder to build from, usually `.`,", "构建目录（通常是 `.`）"),
    "exec": ("a container and a command", "容器和命令"),
    "cp": ("a source and a destination", "来源和目标"),
    "rename": ("the old and the new name", "旧名称和新名称"),
    "import": ("a file", "文件"),
    "search": ("a word to look for", "搜索词"),
    "network connect": ("a network and a container", "网络和容器"),
    "network disconnect": ("a network and a container", "网络和容器"),
    "network create": ("a name", "名称"),
    "network rm": ("a network", "网络"),
    "volume rm": ("a volume", "数据卷"),
    "inspect": ("a name", "名称"),
    "volume inspect": ("a volume", "数据卷"),
    "network inspect": ("a network", "网络"),
    "image inspect": _IMAGE,
}


def check_count(grammar: Grammar, args: Sequence[str], words: Sequence[Word]) -> None:
    """Passes a line with as many arguments as its subcommand takes.

    Raises:
        CommandSyntaxError: there are fewer, or more.
    """
    if len(args) < grammar.least:
        raise _too_few(grammar, args, words)
    if grammar.most is not None and len(args) > grammar.most:
        raise _too_many(grammar.name, args[grammar.most], grammar.most)


def _too_few(grammar: Grammar, args: Sequence[str], words: Sequence[Word]) -> CommandSyntaxError:
    en, zh = _WANTED.get(grammar.name, _CONTAINER)
    # A build is nearly always of the folder one is in, and what one wants inside a container is a shell.
    # The bare words alone are a mention of the command rather than a line with something left out.
    options = any(word.text.startswith("-") for word in words)
    added = "." if grammar.name == "build" and options else None
    added = "sh" if grammar.name == "exec" and len(args) == 1 else added
    line = " ".join([*(word.raw for word in words), added]) if added else None
    return CommandSyntaxError(
        Text(
            en=f"`docker {grammar.name}` needs {en} after it.", zh=f"`docker {grammar.name}` 后面需要{zh}。"
        ),
        word=words[-1].text,
        suggestion=line,
    )


def _too_many(name: str, extra: str, most: int) -> CommandSyntaxError:
    counts = {
        0: ("no name", "不接受名称"),
        1: ("one name", "只接受一个名称"),
        2: ("two names", "只接受两个名称"),
    }
    en, zh = counts[most]
    return CommandSyntaxError(
        Text(
            en=f"`docker {name}` takes {en}; `{extra}` is too many.",
            zh=f"`docker {name}` {zh}；`{extra}` 是多余的。",
        ),
        word=extra,
    )
