"""What only a shell could do, recognised so that it can be refused with the reason."""

from __future__ import annotations

import os
import re
from typing import NoReturn

from assistant.errors import CommandSyntaxError
from knowledge.language import Text

PROMPT = re.compile(
    r"^(?:[\w.-]+@[\w.-]+(?::[^\s$#]*)?[ ]?[$#]|[$%❯➜]|PS [^>\n]*>|#(?=[ \t]+(?:sudo[ \t]+)?docker\b))[ \t]+"
)
"""A shell's prompt sign; ``# `` only before a docker command, it begins a comment elsewhere."""

PLACEHOLDER = re.compile(r"<[A-Za-z_\u3400-\u9fff](?:[^<>|;&\n\"'`$\\]*[A-Za-z0-9_.\u3400-\u9fff])?>")
"""``<name>``: a part to fill in, not a redirection."""

BRACES = re.compile(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
"""``{a,b}`` and ``{1..3}``: a shell would make several words of it."""

WORKSPACE = re.compile(
    r"\$\(\s*(?:pwd|PWD)\s*\)|\$\{(?:PWD|pwd)\}(?:\.Path)?|\$(?:PWD|pwd)(?![A-Za-z0-9_])(?:\.Path\b)?"
    r"|`\s*pwd\s*`|%[Cc][Dd]%"
)
"""What means the folder one is in, as sh, PowerShell and cmd write it."""

_OWN_ID = re.compile(
    r"\$\(\s*id\s+(-u|-g|--user|--group)\s*\)|`\s*id\s+(-u|-g|--user|--group)\s*`"
    r"|\$(?:\{(UID)\}|(UID)(?![A-Za-z0-9_]))"
)


def own_id(text: str, at: int) -> tuple[str, str] | None:
    """The number of the person or of their group, and what stands for it at this place; else None.

    No command is run for it: ``id -u`` and ``id -g`` say what this process knows of itself.
    """
    found = _OWN_ID.match(text, at)
    if found is None or not hasattr(os, "getuid"):
        return None
    word = next(part for part in found.groups() if part)
    return str(os.getgid() if word in {"-g", "--group"} else os.getuid()), found.group()


LINE_END = re.compile(r"[ \t]*\n")
"""What follows PowerShell's backtick or cmd's caret where it continues a line."""

ASKED = re.compile(
    r"\$(?:\{(?P<braced>[A-Za-z_]+)\}|(?P<plain>[A-Za-z_]+)(?![A-Za-z0-9_]))|%(?P<cmd>[A-Za-z_]+)%", re.ASCII
)
_ASKED_NAMES = re.compile(
    r"USER|USERNAME|LOGNAME|UID|GID|HOSTNAME"
    r"|(?:MY_)?(?:IMAGE|CONTAINER|VOLUME|NETWORK|REPO|REPOSITORY|REGISTRY|NAME|TAG|PORT|VERSION)"
    r"(?:_?(?:ID|NAME|TAG|PORT))?",
    re.IGNORECASE,
)
"""Variables that name a person or an object of docker: the person is asked for them. Any other may hold
a secret or a path of this machine, and stays refused."""

FILTERS = frozenset(
    {
        "grep",
        "egrep",
        "fgrep",
        "head",
        "tail",
        "wc",
        "less",
        "more",
        "sort",
        "uniq",
        "cat",
        "column",
        "findstr",
    }
)
"""Programs a pipe often leads to, that only change how the output is looked at."""

_VARIABLE = re.compile(r"\$(?:\{[^}\n]*\}?|[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])")

_OPERATORS = {
    "|": Text(
        en="A pipe (`|`) needs a shell, and nothing here reaches one. Run the docker command alone.",
        zh="管道（`|`）需要 shell，而这里不经过任何 shell。请只运行 docker 命令本身。",
    ),
    ">": Text(
        en="A redirection (`>`, `<`) needs a shell and would touch files of this machine; leave it out.",
        zh="重定向（`>`、`<`）需要 shell，并且会读写本机文件；请去掉这一部分。",
    ),
    "&": Text(
        en="A lone `&` puts a command in the background of a shell; for a container use `-d` instead.",
        zh="单独的 `&` 会让 shell 在后台执行命令；要让容器在后台运行，请使用 `-d`。",
    ),
    ";": Text(
        en="This is a sequence of commands, and one line is wanted here. Run them one by one.",
        zh="这是一串命令，而这里只能是一行。请逐条运行。",
    ),
    "(": Text(
        en="Parentheses start a subshell, and nothing here reaches a shell; quote them if they are meant.",
        zh="括号会启动子 shell，而这里不经过任何 shell；如果确实需要括号，请加引号。",
    ),
    "!": Text(
        en="`!` before a command belongs to a shell or a notebook; leave it out.",
        zh="命令前的 `!` 属于 shell 或 notebook 的写法；请去掉它。",
    ),
}


def asked_variable(text: str, at: int) -> tuple[str, str] | None:
    """A variable that is asked for, at a place in a text: as written, and its name; None where none is."""
    match = ASKED.match(text, at)
    name = next((found for found in match.groups() if found), "") if match else ""
    return (match.group(), name) if match and _ASKED_NAMES.fullmatch(name) else None


def before_filter(line: str, word: str) -> str | None:
    """What stands before a pipe, where all it leads to are programs that only filter what is shown."""
    first, *after = re.split(r"(?<!\|)\|(?!\|)", line)
    programs = [re.split(r"\s", part.strip(), maxsplit=1)[0] for part in after]
    more = any(re.search(r"[;&<>`$]", part) for part in after)
    if word != "|" or not programs or more or not FILTERS.issuperset(programs):
        return None
    return PROMPT.sub("", first.strip(), count=1)


def refuse_operator(operator: str) -> CommandSyntaxError:
    """The refusal of a shell operator, a line end among them."""
    first = operator[:1]
    if operator in {"&&", "||"} or first in {";", "\n"}:
        key = ";"
    elif first in {"<", ">"} or operator == "&>":
        key = ">"
    else:
        key = {")": "("}.get(first, first)
    word = operator if operator in {"&&", "||", "|&", ">>", "<<", "&>"} else first
    return CommandSyntaxError(_OPERATORS.get(key, _OPERATORS["("]), word=word.strip())


def refuse_braces(word: str) -> CommandSyntaxError:
    """The refusal of a brace expansion."""
    return CommandSyntaxError(
        Text(
            en=f"A shell would turn the braces in `{word}` into several words; write the words out, "
            "or quote.",
            zh=f"shell 会把 `{word}` 中的花括号展开成多个词；请逐个写出，或加上引号。",
        ),
        word=word,
    )


def unclosed(quote: str) -> CommandSyntaxError:
    """The refusal of a quote without its end."""
    return CommandSyntaxError(
        Text(en=f"A quote ({quote}) is opened and not closed.", zh=f"引号（{quote}）没有闭合。"), word=quote
    )


def refuse_substitution(rest: str, *, quoted: bool) -> None:
    """Returns where a dollar sign stands for itself.

    Raises:
        CommandSyntaxError: it begins a variable or a command substitution, or a backtick does.
    """
    if rest.startswith(("$(", "`")) or (not quoted and rest.startswith(("$'", '$"'))):
        _refuse_command(rest)
    if match := _VARIABLE.match(rest):
        name = match.group()
        raise CommandSyntaxError(
            Text(
                en=f"`{name}` would be filled in by a shell; write the value itself. Only `$PWD` "
                "and `$(pwd)` "
                "are understood: they mean the workspace.",
                zh=f"`{name}` 要由 shell 代入；请直接写出它的值。这里只认识 `$PWD` 和 `$(pwd)`，"
                "它们指工作区目录。",
            ),
            word=name,
        )


def _refuse_command(rest: str) -> NoReturn:
    word = re.split(r"[\s\n]", rest, maxsplit=1)[0][:40]
    raise CommandSyntaxError(
        Text(
            en=f"`{word}…` would run another command first (a substitution); nothing here reaches a shell. "
            "Run that command by itself and write its result into the line.",
            zh=f"`{word}…` 会先执行另一条命令（命令替换）；这里不经过任何 shell。请单独运行它，"
            "再把结果写进这一行。",
        ),
        word=word,
    )
